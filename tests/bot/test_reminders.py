"""Reminders from the plan to the outbox, on a database: once, at the right time, and not to who wants none."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from bot.advisor import apology
from bot.cli import answer
from bot.reminders import Reminders
from dialogs.events import CommandGiven, Event, TextReceived
from dialogs.owner import Owner
from dialogs.step import step
from dialogs.talk import Turn
from scheduler.owners import OwnersCalendar
from scheduler.runner import Runner, due_events
from storage import schema
from storage.engine import open_database, write
from storage.memory import Memory
from storage.outbox import Outcome
from storage.owners import people
from storage.rounds import Claiming, Round, Settling, park
from storage.store import Store
from storage.tables import OUTBOX, REMINDER
from tests.dialogs.loop.loop_desk import CONTRACT, at, stage

CHANNEL = "talk"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_database(f"sqlite:///{tmp_path}/lampwise.db")
    schema.ensure(engine)
    book = stage().book
    yield Store(engine=engine, apology=partial(apology, book), planner=OwnersCalendar().rows)
    engine.dispose()


def take(store: Store, now: datetime, *lines: str, chat: str = "wang") -> None:
    for place, line in enumerate(lines):
        event: dict[str, Any] = {"id": f"{now.isoformat()}-{chat}-{place}", "at": now, "channel": CHANNEL, "chat": chat}
        name, _, argument = line.removeprefix("/").partition(" ")
        given = (
            CommandGiven(name=name, argument=argument, **event) if line[0] == "/" else TextReceived(text=line, **event)
        )
        applied = store.apply([given], partial(step, stage().book))
        assert not applied.failed


def enter(store: Store, chat: str = "wang") -> None:
    take(store, at("2026-02-28 10:00"), "/contract", *CONTRACT, chat=chat)


def tick(store: Store, now: datetime) -> int:
    events = due_events(store, CHANNEL, now, 100)
    return len(store.apply(events, partial(step, stage().book)).taken) if events else 0


def waiting(engine: Engine) -> list[str]:
    """What is ready in the lane of reminders: the first line of each."""
    query = select(OUTBOX.c.body).where(OUTBOX.c.lane == "reminder", OUTBOX.c.state == "ready").order_by(OUTBOX.c.id)
    with engine.connect() as connection:
        return [json.loads(body)["lines"][0]["text"] for body in connection.execute(query).scalars()]


def states(engine: Engine) -> list[tuple[str, int, str]]:
    """Period, nth and state of the first quarter's."""
    query = select(REMINDER.c.period, REMINDER.c.nth, REMINDER.c.state).where(REMINDER.c.period == "Q1")
    with engine.connect() as connection:
        return sorted((period, nth, state) for period, nth, state in connection.execute(query))


def test_it_goes_out_once_at_its_hour(store: Store) -> None:
    enter(store)
    assert tick(store, at("2026-06-01 09:59")) == 0
    assert tick(store, at("2026-06-01 10:00")) == 1
    assert tick(store, at("2026-06-01 10:01")) == 0
    assert waiting(store.engine) == ["该复盘了：光明电商，第 1 季（2026-03-01 到 2026-05-31）"]
    assert states(store.engine) == [("Q1", 1, "sent"), ("Q1", 2, "planned"), ("Q1", 3, "planned")]


def test_two_tickers_say_it_once(store: Store) -> None:
    enter(store)
    now = at("2026-06-01 10:00")
    events = [*due_events(store, CHANNEL, now, 9), *due_events(store, CHANNEL, now, 9)]
    assert len(events) == 2
    store.apply(events, partial(step, stage().book))
    assert len(waiting(store.engine)) == 1


def test_case_33_after_two_quarters_off_one_for_the_last(store: Store) -> None:
    enter(store)
    assert tick(store, at("2026-12-02 11:00")) == 1
    assert waiting(store.engine) == ["该复盘了：光明电商，第 3 季（2026-09-01 到 2026-11-30）"]


def test_case_33_off_over_night_it_goes_out_as_soon_as_the_hours_allow(store: Store) -> None:
    enter(store)
    tick(store, at("2026-06-02 09:05"))
    assert len(waiting(store.engine)) == 1
    assert tick(store, at("2026-06-02 09:06")) == 0


def test_case_34_a_clock_set_back_repeats_nothing(store: Store) -> None:
    enter(store)
    tick(store, at("2026-06-01 10:00"))
    for now in ("2026-05-31 10:00", "2026-06-01 10:00", "2026-06-01 11:00"):
        tick(store, at(now))
    assert len(waiting(store.engine)) == 1


def test_case_37_at_night_it_waits_for_the_morning(store: Store) -> None:
    enter(store)
    tick(store, at("2026-06-01 23:00"))
    assert waiting(store.engine) == []
    assert tick(store, at("2026-06-01 23:01")) == 0
    tick(store, at("2026-06-02 10:00"))
    assert len(waiting(store.engine)) == 1


def test_case_38_a_moment_reckoned_by_other_rules_of_its_zone_is_reckoned_anew(store: Store) -> None:
    """Kept are day, hour and zone; what was planned when the clocks were still to be changed comes at its hour."""
    enter(store)
    earlier = update(REMINDER).values(due=at("2026-06-01 09:00")).where(REMINDER.c.period == "Q1", REMINDER.c.nth == 1)
    write(store.engine, "apply", lambda connection: connection.execute(earlier))
    assert tick(store, at("2026-06-01 09:00")) == 1
    assert waiting(store.engine) == []
    assert tick(store, at("2026-06-01 09:59")) == 0
    assert tick(store, at("2026-06-01 10:00")) == 1
    assert len(waiting(store.engine)) == 1


def test_case_39_muted_between_making_and_sending(store: Store) -> None:
    enter(store)
    tick(store, at("2026-06-01 10:00"))
    take(store, at("2026-06-01 10:01"), "/remind mute 1")
    assert waiting(store.engine) == []
    assert tick(store, at("2026-06-04 10:00")) == 0


def test_case_39_forgotten_between_making_and_sending(store: Store) -> None:
    enter(store)
    tick(store, at("2026-06-01 10:00"))
    take(store, at("2026-06-01 10:01"), "/forget yes")
    assert waiting(store.engine) == []
    assert states(store.engine) == []


def test_case_16_a_blocked_chat_parks_until_it_comes_back(store: Store) -> None:
    enter(store)
    write(store.engine, "apply", lambda one: park(one, [(CHANNEL, "wang")], at("2026-05-01 10:00")))
    assert tick(store, at("2026-06-01 10:00")) == 0
    take(store, at("2026-06-03 10:00"), "/start")
    assert states(store.engine)[0] == ("Q1", 1, "sent")
    tick(store, at("2026-09-01 10:00"))
    assert waiting(store.engine) == ["该复盘了：光明电商，第 2 季（2026-06-01 到 2026-08-31）"]


def test_case_8_one_that_cannot_be_made_is_put_off_and_nobody_is_told(store: Store) -> None:
    """It holds up no others, and comes once the mistake is mended."""
    enter(store)
    enter(store, "li")
    now, said_before = at("2026-06-01 10:00"), store.pending(CHANNEL, "wang")

    def broken(owner: Owner, event: Event) -> Turn:
        if owner.chat == "wang":
            raise ValueError
        return step(stage().book, owner, event)

    events = due_events(store, CHANNEL, now, 9)
    assert [one.chat for one in store.apply(events, broken).taken] == ["li"]
    assert [failed.kind for failed in store.failed()] == ["RemindersDue"]
    assert store.pending(CHANNEL, "wang") == said_before
    assert due_events(store, CHANNEL, at("2026-06-02 09:59"), 9) == []
    assert len(waiting(store.engine)) == 1
    assert tick(store, at("2026-06-02 10:00")) == 1
    assert len(waiting(store.engine)) == 2
    assert store.pending(CHANNEL, "wang") == said_before + 1


def round_of(store: Store, now: datetime, **work: Any) -> None:
    """One round of a serving program."""
    claiming = Claiming(channel=CHANNEL, sender="s", most=0)
    store.round(Round(now=now, claiming=claiming, **work), partial(step, stage().book), Memory())


def blocked_at(store: Store, now: datetime) -> None:
    """The reminder goes out, and the platform says that he does not want to hear from us."""
    while replies := store.claim(now, "s", 8, lanes=("reply",)):
        for one in replies:
            store.settle(one, "sent", now)
    (reminder,) = store.claim(now, "s", 8, lanes=("reminder",))
    round_of(store, now, settling=[Settling(outgoing=reminder, outcome="cancelled")], parked=[(CHANNEL, "wang")])


def said(store: Store) -> list[str]:
    """What is ready in the lane of replies: the first line of each."""
    query = select(OUTBOX.c.body).where(OUTBOX.c.lane == "reply", OUTBOX.c.state == "ready").order_by(OUTBOX.c.id)
    with store.engine.connect() as connection:
        return [json.loads(body)["lines"][0]["text"] for body in connection.execute(query).scalars()]


REVIEW_DUE = "该复盘了：光明电商，第 1 季（2026-03-01 到 2026-05-31）"


@pytest.mark.parametrize("back", ["2026-06-01 10:05", "2026-06-03 09:00", "2026-06-05 09:00"])
def test_case_16_who_missed_his_review_while_we_were_blocked_is_offered_it_once(store: Store, back: str) -> None:
    """Whether he is back at once or days later, and in the words of the first time: he never saw it."""
    enter(store)
    tick(store, at("2026-06-01 10:00"))
    blocked_at(store, at("2026-06-01 10:00"))
    assert {state for _, nth, state in states(store.engine) if nth > 1} == {"parked"}
    assert tick(store, at("2026-06-04 10:00")) == 0
    take(store, at(back), "/start", "/start")
    assert said(store).count(REVIEW_DUE) == 1
    assert "花五分钟看看" in bodies(store)
    assert {state for _, nth, state in states(store.engine) if nth > 1} == {"planned"}


def test_case_16_who_lets_us_in_again_without_a_word_is_reminded(store: Store) -> None:
    """What fell due meanwhile comes as one that is late; whoever left again since hears nothing."""
    enter(store)
    write(store.engine, "apply", lambda one: park(one, [(CHANNEL, "wang")], at("2026-05-01 10:00")))
    round_of(store, at("2026-06-02 10:00"), returned=[(CHANNEL, "wang")])
    assert tick(store, at("2026-06-02 10:00")) == 1
    assert waiting(store.engine) == [REVIEW_DUE]


def bodies(store: Store) -> str:
    """All that waits to be said."""
    with store.engine.connect() as connection:
        return " ".join(connection.execute(select(OUTBOX.c.body).where(OUTBOX.c.state == "ready")).scalars())


def test_the_job_adds_nothing_while_much_waits(store: Store) -> None:
    enter(store)
    offered: list[Sequence[Event]] = []

    async def offer(events: Sequence[Event]) -> None:
        offered.append(events)

    job = Reminders(store=store, channel=CHANNEL, clock=lambda: at("2026-06-01 10:00"), offer=offer)
    asyncio.run(job.tick())
    assert [len(events) for events in offered] == [1]


def test_the_runner_runs_its_jobs() -> None:
    ran = 0

    async def job() -> None:
        nonlocal ran
        ran += 1

    async def some_time() -> None:
        runner = Runner({"often": (timedelta(milliseconds=10), job)})
        runner.start()
        while ran < 2:
            await asyncio.sleep(0.01)
        runner.end()

    asyncio.run(asyncio.wait_for(some_time(), 10))
    assert ran >= 2


def test_remind_prints_the_plan(capsys: pytest.CaptureFixture[str]) -> None:
    given = ["remind", "--from", "2026-03-01", "--until", "2026-12-31", "--owners", "20", "--json"]
    assert answer(given) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"owner", "contract", "period", "kind", "nth", "due"} == set(told[0])
    moments = [datetime.fromisoformat(one["due"]) for one in told]
    assert moments == sorted(moments)
    assert len({(one["owner"], one["contract"], one["period"], one["kind"], one["nth"]) for one in told}) == len(told)


def test_remind_spreads_what_is_kept_as_serve_does(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the people of the channel: two are few, so that each has his own hour."""
    enter(store)
    enter(store, "li")
    assert people(store.engine, CHANNEL) == 2
    assert people(store.engine, "telegram") == 0
    monkeypatch.setenv("LAMPWISE_DATABASE_URL", f"sqlite:///{tmp_path}/lampwise.db")
    for most, hours in ((2, {"10:00"}), (1, {"10:05", "10:40"})):
        monkeypatch.setattr("scheduler.rules.ONE_MINUTE_SENDS", most)
        assert answer(["remind", "--from", "2026-06-01", "--until", "2026-06-01"]) == 0
        assert {line[11:16] for line in capsys.readouterr().out.splitlines()} == hours


def test_remind_leaves_out_what_is_muted(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    enter(store)
    enter(store, chat="li")
    take(store, at("2026-03-02 10:00"), "/mute", chat="li")
    monkeypatch.setenv("LAMPWISE_DATABASE_URL", f"sqlite:///{tmp_path}/lampwise.db")
    assert answer(["remind", "--from", "2026-03-01", "--until", "2026-06-30", "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["owner"], one["nth"]) for one in told] == [("talk:wang", nth) for nth in (1, 2, 3)]


def test_case_37_remind_says_from_when_the_holidays_are_not_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["remind", "--from", "2026-03-01", "--until", "2027-01-01", "--owners", "1"]) == 0
    assert "after 2026" in capsys.readouterr().err
    assert answer(["remind", "--from", "2026-03-01", "--until", "2026-12-31", "--owners", "1"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "given", [["--until", "soon"], ["--until", "2026-02-30"], ["--until", "2026-12-31", "--owners", "0"]]
)
def test_remind_refuses_what_it_cannot_use(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(["remind", *given]) == 2
    assert "--" in capsys.readouterr().err


def given_up_at(store: Store, now: datetime, outcome: Outcome) -> None:
    """The reminder is tried in vain until nobody tries it any more."""
    while replies := store.claim(now, "s", 8, lanes=("reply",)):
        for one in replies:
            store.settle(one, "sent", now)
    while reminders := store.claim(now, "s", 8, lanes=("reminder",)):
        round_of(store, now, settling=[Settling(outgoing=one, outcome=outcome) for one in reminders])


@pytest.mark.parametrize("outcome", ["unknown", "failed", "expired"])
def test_case_14_15_a_reminder_that_was_given_up_comes_again_a_day_later(store: Store, outcome: Outcome) -> None:
    """Not before, once, and in the words of the first time; the later ones of its quarter are still planned."""
    enter(store)
    assert tick(store, at("2026-06-01 10:00")) == 1
    given_up_at(store, at("2026-06-01 10:00"), outcome)
    assert waiting(store.engine) == []
    assert tick(store, at("2026-06-02 09:59")) == 0
    assert tick(store, at("2026-06-02 10:00")) == 1
    assert waiting(store.engine) == [REVIEW_DUE]
    assert "花五分钟看看" in bodies(store)
    assert {state for _, nth, state in states(store.engine) if nth > 1} == {"planned"}
    assert tick(store, at("2026-06-02 10:05")) == 0


def test_case_14_15_who_comes_by_before_that_is_told_of_it_at_once_and_once(store: Store) -> None:
    enter(store)
    tick(store, at("2026-06-01 10:00"))
    given_up_at(store, at("2026-06-01 10:00"), "expired")
    take(store, at("2026-06-01 18:00"), "/start")
    assert said(store).count(REVIEW_DUE) == 1
    tick(store, at("2026-06-02 10:00"))
    assert waiting(store.engine) == []
