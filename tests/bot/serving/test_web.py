"""What is answered over HTTP: to Telegram, and to those who watch us."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import web
from bot.refusal import Refusal
from bot.watch import Watch
from storage.errors import DatabaseBusy
from tests.bot.serving.fake import Talk, talking

PROOF = "0123456789abcdef"
ADMIN_TOKEN = "CANARY-admin-token"
UPDATE = json.dumps({"update_id": 1, "sort": "text", "chat": "7", "text": "/lamps"}).encode()


async def ask(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str, str]:
    """The status, the head and the body of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    told = {"Host": "x", "Connection": "close", "Content_Length": str(len(body)), **headers}
    told = {name.replace("_", "-"): value for name, value in told.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    writer.write(f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body)
    answer = (await reader.read()).decode()
    writer.close()
    head, _, rest = answer.partition("\r\n\r\n")
    return int(head.split()[1]), head.lower(), rest


def free_port() -> int:
    """One on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def served(database: Path, play: Callable[[Talk, int, Any], Any]) -> None:
    """Run `play` with a bot that listens on a port."""

    async def main() -> None:
        port = free_port()
        async with talking(database) as talk, AsyncExitStack() as held:
            watch = Watch(talk.serving)
            routes = [
                web.webhook("/hook", PROOF, talk.serving.intake, talk.serving.parts.tally),
                *web.probes(watch, talk.serving.parts.tally, ADMIN_TOKEN),
            ]
            await web.listen({f"127.0.0.1:{port}": routes}, held)
            await play(talk, port, watch)

    asyncio.run(main())


def test_a_delivery_counts_once_it_is_kept(settings_of_ours: Path) -> None:
    """Twice delivered is once answered."""

    async def play(talk: Talk, port: int, _: Any) -> None:
        for _ in range(2):
            status, _, _ = await ask(port, "POST", "/hook", UPDATE, X_Telegram_Bot_Api_Secret_Token=PROOF)
            assert status == 200
        await talk.settle()
        assert len(talk.client.said) == 1

    served(settings_of_ours, play)


@pytest.mark.parametrize("proof", [None, "", "0123456789abcdeX", PROOF + "x", "ä"])
def test_case_52_without_the_secret_nothing_is_read(settings_of_ours: Path, proof: str | None) -> None:
    """401, and no row."""

    async def play(talk: Talk, port: int, _: Any) -> None:
        headers = {} if proof is None else {"X_Telegram_Bot_Api_Secret_Token": proof}
        status, _, _ = await ask(port, "POST", "/hook", UPDATE, **headers)
        assert status == 401
        await talk.settle()
        assert talk.client.said == []
        assert not talk.serving.parts.tally.updates

    served(settings_of_ours, play)


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"[" * 100_000, 200), (b"no json", 200), (b"[1]", 200), (b'{"a":1}', 200)],
)
def test_case_41_what_is_no_update_holds_nothing_up(settings_of_ours: Path, body: bytes, status: int) -> None:
    """It is taken, or it would come again for a day."""

    async def play(_talk: Talk, port: int, _: Any) -> None:
        assert (await ask(port, "POST", "/hook", body, X_Telegram_Bot_Api_Secret_Token=PROOF))[0] == status

    served(settings_of_ours, play)


def test_case_41_too_much_is_refused_unread(settings_of_ours: Path) -> None:
    """By what its head says, and by what comes."""

    async def play(_talk: Talk, port: int, _: Any) -> None:
        proof = {"X_Telegram_Bot_Api_Secret_Token": PROOF}
        assert (await ask(port, "POST", "/hook", b"x", Content_Length=str(web.MOST_BYTES + 1), **proof))[0] == 413
        assert (await ask(port, "POST", "/hook", b"x", Content_Length="-1", **proof))[0] in (400, 413)

    served(settings_of_ours, play)


def test_case_06_a_database_that_fails_means_come_again(
    settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never 200 without a row; afterwards all goes on."""

    async def play(talk: Talk, port: int, _: Any) -> None:
        def busy(*_: object) -> None:
            raise DatabaseBusy

        with monkeypatch.context() as broken:
            broken.setattr("storage.store.Store.round", busy)
            status, head, _ = await ask(port, "POST", "/hook", UPDATE, X_Telegram_Bot_Api_Secret_Token=PROOF)
            assert status == 503
            assert "retry-after: 5" in head
        status, _, _ = await ask(port, "POST", "/hook", UPDATE, X_Telegram_Bot_Api_Secret_Token=PROOF)
        assert status == 200
        await talk.settle()
        assert len(talk.client.said) == 1

    served(settings_of_ours, play)


def test_it_tells_how_it_is(settings_of_ours: Path) -> None:
    """Alive, ready, and in numbers that hold nobody's words."""

    async def play(talk: Talk, port: int, watch: Watch) -> None:
        await talk.type("/lamps")
        assert (await ask(port, "GET", "/healthz"))[0] == 200
        assert (await ask(port, "GET", "/readyz"))[0] == 200
        talk.serving.parts.tally.outbox_age = 9999.0
        status, _, said = await ask(port, "GET", "/readyz")
        assert status == 503
        assert "sending" in said
        _, _, numbers = await ask(port, "GET", "/metrics")
        assert 'lampwise_updates_total{kind="text"} 1.0' in numbers
        assert 'lampwise_sends_total{outcome="sent"} 2.0' in numbers
        assert "lampwise_round_seconds_bucket" in numbers
        assert "lampwise_step_seconds_count 1.0" in numbers
        for name in ("outbox_depth", "reminders_due", "reminders_late", "failed_events_total"):
            assert f"\nlampwise_{name} 0.0" in numbers
        assert "lamps" not in numbers

    served(settings_of_ours, play)


def test_the_numbers_are_for_those_who_may_see_them(settings_of_ours: Path) -> None:
    """Not for what a proxy brings, unless it brings the token; health is for everybody."""

    async def play(talk: Talk, port: int, watch: Watch) -> None:
        proxied = {"X_Forwarded_For": "203.0.113.9"}
        assert (await ask(port, "GET", "/metrics", b"", **proxied))[0] == 401
        assert (await ask(port, "GET", "/metrics", b"", **proxied, Authorization="Bearer wrong"))[0] == 401
        status, _, numbers = await ask(port, "GET", "/metrics", b"", **proxied, Authorization=f"Bearer {ADMIN_TOKEN}")
        assert (status, ADMIN_TOKEN in numbers) == (200, False)
        assert (await ask(port, "GET", "/healthz", b"", **proxied))[0] == 200

    served(settings_of_ours, play)


def test_deliveries_are_counted_by_what_became_of_them(settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are refused, too."""

    async def play(talk: Talk, port: int, watch: Watch) -> None:
        known = {"X_Telegram_Bot_Api_Secret_Token": PROOF}
        await ask(port, "POST", "/hook", UPDATE)
        await ask(port, "POST", "/hook", b"[]", **known)
        await ask(port, "POST", "/hook", b"", **known, Content_Length="300000")
        await ask(port, "POST", "/hook", UPDATE, **known)
        monkeypatch.setattr("bot.rounds.MOST_WAITING", -1)
        await ask(port, "POST", "/hook", UPDATE, **known)
        counts = dict(talk.serving.parts.tally.deliveries)
        assert counts == dict.fromkeys(("secret", "unreadable", "long", "taken", "later"), 1)

    served(settings_of_ours, play)


def test_case_37_that_the_holidays_are_not_known_is_to_be_seen(settings_of_ours: Path) -> None:
    """Some weeks before the table ends; nothing stands still by it."""

    async def play(talk: Talk, port: int, watch: Watch) -> None:
        assert (await ask(port, "GET", "/readyz"))[2] == "ok\n"
        talk.clock.now = datetime(2026, 12, 15, tzinfo=UTC)
        assert (await ask(port, "GET", "/readyz"))[::2] == (200, "ok\nholidays-stale\n")

    served(settings_of_ours, play)


def test_a_place_that_is_taken_is_told(settings_of_ours: Path) -> None:
    """With its name."""

    async def main() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            async with AsyncExitStack() as held:
                await web.listen({f"127.0.0.1:{taken.getsockname()[1]}": []}, held)

    with pytest.raises(Refusal, match="cannot listen"):
        asyncio.run(main())


def test_case_05_a_send_that_hangs_holds_up_no_delivery(settings_of_ours: Path) -> None:
    """Telegram is told 200 once the update is on the disk, not once it is answered."""

    async def play(talk: Talk, port: int, _: Any) -> None:
        talk.client.hold = asyncio.Event()
        for number in (1, 2):
            body = UPDATE.replace(b'"update_id": 1', b'"update_id": %d' % number)
            async with asyncio.timeout(5):
                status, _, _ = await ask(port, "POST", "/hook", body, X_Telegram_Bot_Api_Secret_Token=PROOF)
            assert status == 200
        assert talk.client.said == []
        talk.client.hold.set()
        await talk.settle()
        assert len(talk.client.said) == 2

    served(settings_of_ours, play)
