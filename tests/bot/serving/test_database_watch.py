"""A serving program notices that its database takes nothing, is another file, or belongs to another program now."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, text

from bot import admins, rounds
from bot.database_watch import tell_gone, while_held
from bot.watch import Watch
from storage import making
from storage.address import parse
from storage.engine import reading
from storage.errors import DatabaseFull, DatabaseGone, LeaseLost, StorageError
from storage.leases import Lease
from storage.locks import Held
from storage.opening import open_newest
from storage.server_engine import connected
from tests.bot.serving.fake import FakeClient, Talk, talking


def watched(
    database: Path | str, play: Callable[[Talk, Watch], Awaitable[None]], held: Held | None = None
) -> FakeClient:
    async def main() -> FakeClient:
        async with talking(database, admin_ids="900", held=held) as talk:
            watch = Watch(talk.serving)
            admins.serve(talk.serving, watch)
            await play(talk, watch)
            return talk.client

    return asyncio.run(main())


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.01)


class Disk:
    """The disk of a database, which may be full: SQLite itself is told how long its file may be."""

    def __init__(self, engine: Engine) -> None:
        self.is_full = False
        event.listen(engine, "begin", self._begun)

    def _begun(self, connection: Connection) -> None:
        most = "PRAGMA page_count" if self.is_full else "SELECT 1000000"
        connection.exec_driver_sql(
            f"PRAGMA max_page_count={connection.exec_driver_sql(most).scalar_one()}",
        )


@pytest.mark.parametrize("somebody_writes", [True, False])
def test_case_25_a_full_disk_is_seen_by_all_and_ends_by_itself(
    settings_of_ours: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, somebody_writes: bool
) -> None:
    """Whether or not somebody says anything meanwhile, and without anybody's doing afterwards."""
    monkeypatch.setattr(rounds, "PAUSE", 0.02)
    monkeypatch.setattr(rounds, "IDLE", 0.02)

    async def play(talk: Talk, watch: Watch) -> None:
        await talk.type("/lamps")
        disk, serving = Disk(talk.serving.parts.store.engine), talk.serving
        disk.is_full = True
        if somebody_writes:
            with pytest.raises(DatabaseFull):
                await serving.intake.take([{"update_id": 70, "sort": "text", "chat": "8", "text": "x" * 9000}])
        else:
            # What is tried is so small that it may still find room; what it stands for would not.
            monkeypatch.setattr(rounds, "TOUCH", 0.0)
            monkeypatch.setattr(rounds.Rounds, "_trial", lambda _: rounds.HEAVY)
        await until(lambda: "storage" in watch.standing())
        await watch.look()
        assert talk.client.said[-1][0] == "900"
        assert "（storage）" in talk.client.said[-1][2]
        disk.is_full = False
        await until(lambda: not watch.standing())
        await watch.look()
        await talk.come({"sort": "text", "chat": "8", "text": "/lamps"})
        assert talk.last.startswith("灯怎么卖")

    watched(settings_of_ours, play)
    said = capsys.readouterr().out
    assert "error=DatabaseFull sqlite=SQLITE_FULL" in said
    assert said.count("action=alarm ") == said.count("action=alarm-over") == 1


def test_the_database_is_tried_every_ten_seconds(settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though nobody says anything; in between idle rounds write nothing."""

    async def play(talk: Talk, _watch: Watch) -> None:
        loop, serving = asyncio.get_running_loop(), talk.serving
        await talk.type("/menu")
        await serving.rounds.once()
        tried = written(serving.parts.store.engine)
        for later, changes in ((9.0, False), (11.0, True)):
            talk.clock.move(1)
            base = loop.time()
            with monkeypatch.context() as patch:
                patch.setattr(loop, "time", lambda base=base, later=later: base + later)
                await serving.rounds.once()
            assert (written(serving.parts.store.engine) != tried) is changes

    watched(settings_of_ours, play)


def written(engine: Engine) -> str | None:
    with reading(engine) as connection:
        return connection.execute(text("SELECT value FROM installation WHERE name = 'written'")).scalar_one_or_none()


@pytest.mark.parametrize("how", ["deleted", "replaced by an empty one", "replaced by a copy"])
def test_a_file_that_is_gone_ends_the_rounds_and_takes_nothing_more(settings_of_ours: Path, how: str) -> None:
    """Nothing is written into a file without a name, nor into the one that has its name now."""

    async def play(talk: Talk, _watch: Watch) -> None:
        await talk.type("/lamps")
        copy = settings_of_ours.with_name("copy.db")
        shutil.copyfile(settings_of_ours, copy)
        settings_of_ours.unlink()
        if how != "deleted":
            settings_of_ours.touch()
        if how == "replaced by a copy":
            copy.replace(settings_of_ours)
        before = settings_of_ours.read_bytes() if settings_of_ours.exists() else None
        with pytest.raises(DatabaseGone, match=r"lampwise\.db"):
            await talk.serving.intake.take([{"update_id": 70, "sort": "text", "chat": "8", "text": "x"}])
        with pytest.raises(DatabaseGone):
            await talk.serving.rounds.once()
        assert (settings_of_ours.read_bytes() if settings_of_ours.exists() else None) == before
        await tell_gone(talk.serving.parts)
        assert talk.client.said[-1][0] == "900"
        assert "（file）" in talk.client.said[-1][2]

    watched(settings_of_ours, play)


def test_the_rounds_end_where_the_file_is_gone(settings_of_ours: Path) -> None:
    """So that the program does: with nobody writing, too."""

    async def play(talk: Talk, _watch: Watch) -> None:
        task = asyncio.create_task(talk.serving.rounds.run())
        settings_of_ours.unlink()
        async with asyncio.timeout(5):
            with pytest.raises(DatabaseGone):
                await task

    watched(settings_of_ours, play)


class Owned:
    """A lease of a server whose time a test moves."""

    def __init__(self, url: str) -> None:
        open_newest(url).dispose()
        self.now, self.engine = 1000.0, connected(parse(url))
        making.make(self.engine)
        self.ours, self.theirs = (self._lease(name) for name in ("ours", "theirs"))
        assert self.ours.take()

    def _lease(self, holder: str) -> Lease:
        return Lease(self.engine, "serve", holder, lambda *_: None, lambda: self.now)

    def pass_(self, seconds: float) -> None:
        self.now += seconds
        with self.engine.begin() as connection:
            connection.execute(text("UPDATE lease SET until = until - :gone * interval '1 second'"), {"gone": seconds})


@pytest.fixture
def owned(server_url: str) -> Iterator[Owned]:
    made = Owned(server_url)
    yield made
    made.engine.dispose()


def test_case_24_while_the_lease_is_lost_nothing_is_taken_in_and_nothing_goes_out(
    settings_of_ours: Path, server_url: str, owned: Owned
) -> None:
    """And all goes on when it is had again; what was claimed before is sent by whoever has it now."""

    async def play(talk: Talk, watch: Watch) -> None:
        talk.client.hold = asyncio.Event()
        await talk.serving.intake.take([{"update_id": 71, "sort": "text", "chat": "7", "text": "/lamps"}])
        await until(lambda: talk.client.at_once)
        owned.pass_(20)
        assert owned.theirs.take()
        assert watch.standing() == {"lease"}
        with pytest.raises(LeaseLost):
            await talk.serving.intake.take([{"update_id": 72, "sort": "text", "chat": "8", "text": "/lamps"}])
        talk.client.hold.set()
        await until(lambda: not talk.client.at_once)
        await talk.serving.rounds.once()
        assert sent(owned.engine) == []
        store = talk.serving.parts.store
        theirs = owned.theirs.fenced(store.engine)
        with pytest.raises(LeaseLost):
            store.release_channel("telegram", talk.clock())
        assert not owned.ours.holds()
        assert type(store)(engine=theirs, apology=store.apology).release_channel("telegram", talk.clock()) == 1
        owned.theirs.give_back()
        assert owned.ours.take()
        assert watch.standing() == set()
        await talk.come({"sort": "text", "chat": "8", "text": "/lamps"})
        await until(lambda: {chat for chat, _, _ in talk.client.said} == {"7", "8"})

    watched(server_url, play, owned.ours)


def sent(engine: Engine) -> list[Any]:
    with reading(engine) as connection:
        return list(connection.execute(text("SELECT id FROM outbox WHERE state = 'sent'")).scalars())


def test_polling_stops_with_the_lease_and_begins_with_it() -> None:
    """What it raises is raised."""
    held, begun, stopped = Now(), list[int](), list[int]()

    async def poll() -> None:
        begun.append(1)
        if len(begun) == 3:
            raise StorageError
        try:
            await asyncio.Event().wait()
        finally:
            stopped.append(1)

    async def main() -> None:
        task = asyncio.create_task(while_held(held, poll))
        for count in (1, 2):
            await until(lambda count=count: len(begun) == count)
            held.is_held = False
            await until(lambda count=count: len(stopped) == count)
            held.is_held = True
        with pytest.raises(StorageError):
            await task

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.database_watch.LOOK", 0.01)
        asyncio.run(main())


class Now:
    """Held or not, as a test says."""

    epoch = 1
    is_held = True

    def holds(self) -> bool:
        return self.is_held

    def fenced(self, engine: Engine) -> Engine:
        return engine
