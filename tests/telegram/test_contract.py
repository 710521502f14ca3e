"""Both gateways read the same updates as the same, send the same, and name what went wrong alike.

test_case_07, 11, 13 to 21, 50: what a library makes of Telegram's answers is the same outcome in either.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bot import command_table
from bot.gateways.base import Blocked, Delivery, Gone, Migrated, NotSent, Refused, RetryAfter, Sent, Unknown, Unparsed
from bot.gateways.telegram_client import Client, Profile
from bot.gateways.telegram_incoming import Incoming, Reader
from bot.gateways.telegram_text import Page, page
from dialogs.events import Event
from dialogs.message import Button, Line, Message
from tests.telegram.double import TOKEN, Call, Double
from tests.telegram.faults import Fault, Kind
from tests.telegram.gateways import CHAT, LIBRARIES, Library, reader, run, talking

UPDATES = Path(__file__).with_name("updates")
NAMES = sorted(file.stem for file in UPDATES.glob("*.json"))
NOW = datetime(2026, 3, 2, tzinfo=UTC)

#: What each update means: the kind of event and the words that matter; all others mean nothing that is answered.
MEANS = {
    "text": ("TextReceived", "10万 <b>&amp;"), "command": ("CommandGiven", "vet 甲公司"),
    "command-to-us": ("CommandGiven", "vet"), "start": ("CommandGiven", "start"),
    "start-vet": ("CommandGiven", "vet"), "start-forget": ("CommandGiven", "start forget"),
    "start-campaign": ("CommandGiven", "start guzhen2026"), "start-continue": ("CommandGiven", "resume"),
    "press": ("Tapped", "a:1:trade:factory"), "press-too-old": ("Tapped", "m:menu:"),
    "edited": ("Unreadable", "edited"), "forwarded-text": ("TextReceived", "/forget"),
    "group-command": ("Unreadable", "group"), "press-in-group": ("Unreadable", "group"),
    "unknown-fields": ("TextReceived", "hello"), "no-language": ("TextReceived", "hello"),
    **dict.fromkeys(
        ("sticker", "voice", "photo", "album-1", "album-2", "document", "location", "contact", "dice"),
        ("Unreadable", "other"),
    ),
}  # fmt: skip
#: What else may be said of these is up to the reader, but both must say the same.
FREE = {
    "command-to-another", "lone-surrogate", "right-to-left", "empty-text", "long-text", "press-in-group",
    "without-from",
}  # fmt: skip


def update(name: str) -> Mapping[str, Any]:
    """A recorded update."""
    return json.loads((UPDATES / f"{name}.json").read_text("utf-8"))


@cache
def client_of(library: str) -> Client:
    """One for all readings."""
    return reader(library)


def read(library: str, name: str) -> Incoming:
    """What a library makes of it; what it cannot read is as good as nothing."""
    told = update(name)
    try:
        return client_of(library).read(told)
    except Exception:
        return Incoming(update=told["update_id"], sort="ignored")


def event_of(incoming: Incoming) -> Event | None:
    """As the program takes it in."""
    table, _ = command_table.load("telegram")
    return Reader(table=table, links=("vet", "assess"), bot="lampwise_bot").event(incoming, NOW, 0)


@pytest.mark.parametrize("name", NAMES)
def test_case_11_both_read_the_same(name: str) -> None:
    first, second = (event_of(read(library, name)) for library in LIBRARIES)
    assert first == second
    one, other = (read(library, name) for library in LIBRARIES)
    assert one == replace(other, language=one.language)


@pytest.mark.parametrize("name", [name for name in NAMES if name not in FREE])
def test_case_11_each_update_means_what_it_should(name: str) -> None:
    event = event_of(read("ptb", name))
    if event is None:
        assert name not in MEANS
        return
    said = next(
        value
        for value in (
            f"{getattr(event, 'name', '')} {getattr(event, 'argument', '')}".strip(),
            *(getattr(event, field, "") for field in ("text", "press", "what")),
        )
        if value
    )
    assert (type(event).__name__, said) == MEANS[name]


def test_an_album_is_one_event() -> None:
    events = [event_of(read(library, name)) for library in LIBRARIES for name in ("album-1", "album-2")]
    assert len({event.id for event in events if event}) == 1


@pytest.mark.parametrize(("name", "sort"), [("blocked", "left"), ("unblocked", "returned"), ("migrated", "migrated")])
def test_case_16_17_changes_of_a_chat(name: str, sort: str) -> None:
    assert {read(library, name).sort for library in LIBRARIES} == {sort}


# ---- Sending

MESSAGE = Message(
    lines=(
        Line(text="<灯> & 'co' \"x\"", style="heading"),
        Line(text="a & b < c", link='https://example.com/?a=1&b="2"'),
        Line(text="& <b>", style="item"),
        Line(text="😀𝔘", style="quiet"),
    ),
    buttons=((Button(label="是 <b>", press="a:1:trade:factory"), Button(label="否", press="c:1:x:" + "é" * 29)),),
    progress=(3, 14),
)


async def everything(double: Double, one: Client) -> None:
    """Each call that a client can make."""
    sent = await one.say(str(CHAT), page(MESSAGE))
    assert isinstance(sent, Sent)
    await one.say(str(CHAT), page(replace(MESSAGE, progress=(4, 14))), over=sent.message)
    await one.say(str(CHAT), page(MESSAGE), plain=True)
    await one.hand(str(CHAT), ("灯.html", b"<html>\xff</html>"), page(Message(lines=(Line(text="给您的文件"),))))
    await one.hand(str(CHAT), ('a"b\\c\n.csv', b"1"), Page(html="", plain=""))
    await one.typing(str(CHAT))
    number = double.chat(CHAT).presses("否")
    await one.answer(double.queue.waiting[number]["callback_query"]["id"])
    commands = [("vet", "看一家代运营"), ("help", "x")]
    for language in ("", "zh", "en"):
        await one.introduce(Profile(language=language, commands=commands, description="灯" * 500, short="灯"))
    await one.menu(str(CHAT), commands)
    await one.hook("https://example.com/hook", "secret-of-the-hook")
    await one.hook("", "")


def sent_by(library: Library) -> tuple[list[Call], Double]:
    """What it sent, and the double that got it."""

    async def work() -> Double:
        async with talking(library) as (double, one):
            await everything(double, one)
            return double

    double = run(work())
    return double.log, double


def test_both_send_the_same_in_meaning() -> None:
    (first, one), (second, other) = (sent_by(library) for library in LIBRARIES)
    assert [(call.method, call.status) for call in first] == [(call.method, call.status) for call in second]
    assert one.chat(CHAT).seen == other.chat(CHAT).seen
    assert {call.status for call in first} == {200}
    assert one.profile.keys() == other.profile.keys()
    assert ("commands", str(CHAT)) in one.profile
    assert len(one.chat(CHAT).answered) == 1


@pytest.mark.parametrize("library", LIBRARIES)
def test_neither_makes_a_call_that_the_other_does_not_know(library: Library) -> None:
    assert sent_by(library)[1].complaints == []


@pytest.mark.parametrize("library", LIBRARIES)
def test_case_44_what_is_seen_is_what_was_said(library: Library) -> None:
    seen = sent_by(library)[1].chat(CHAT).seen
    for line in MESSAGE.lines:
        assert line.text in seen[0].text
    assert {entity.type for entity in seen[0].entities} == {"bold", "italic", "text_link"}
    assert next(one.url for one in seen[0].entities if one.type == "text_link") == MESSAGE.lines[1].link
    assert (seen[1].id, seen[1].times) == (seen[0].id, 2)
    assert next(one.file[0] for one in seen if one.file) == "灯.html"


FATES: list[tuple[Fault, Delivery]] = [
    (Fault(kind="limit-chat", seconds=35), RetryAfter(wait=timedelta(seconds=35))),
    (Fault(kind="refuse-403"), Blocked()),
    (Fault(kind="refuse-400"), Blocked()),
    (Fault(kind="refuse-markup"), Unparsed()),
    (Fault(kind="migrate", to=-100200), Migrated(chat="-100200")),
]
UNKNOWN: tuple[Kind, ...] = ("cut-before", "cut-after", "html", "cut-short")


async def outcome_of(library: Library, fault: Fault, *, warm: bool) -> tuple[Delivery, Double]:
    """Of one message, on a new connection or on one that was used already."""
    async with talking(library) as (double, one):
        if warm:
            await one.typing(str(CHAT))
        double.faults.append(replace(fault))
        return await one.say(str(CHAT), page(MESSAGE)), double


@pytest.mark.parametrize(("fault", "outcome"), FATES, ids=[fault.kind for fault, _ in FATES])
@pytest.mark.parametrize("library", LIBRARIES)
def test_case_13_16_17_18_an_answer_is_an_outcome(library: Library, fault: Fault, outcome: Delivery) -> None:
    assert run(outcome_of(library, fault, warm=True))[0] == outcome


@pytest.mark.parametrize("kind", UNKNOWN)
@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("warm", [False, True])
def test_case_14_21_what_cannot_be_known_is_unknown_and_not_repeated(library: Library, kind: Kind, warm: bool) -> None:
    outcome, double = run(outcome_of(library, Fault(kind=kind), warm=warm))
    assert isinstance(outcome, Unknown)
    assert len(double.calls("sendMessage")) <= 1
    assert len(double.chat(CHAT).seen) == (kind in ("cut-after", "html", "cut-short"))


@pytest.mark.parametrize("kind", ["refuse-500", "refuse-html"])
@pytest.mark.parametrize("library", LIBRARIES)
def test_case_21_a_server_that_fails_by_itself_has_not_taken_it(library: Library, kind: Kind) -> None:
    outcome, double = run(outcome_of(library, Fault(kind=kind), warm=True))
    assert outcome == NotSent(reason="status 502")
    assert double.chat(CHAT).seen == []


@pytest.mark.parametrize("library", LIBRARIES)
def test_case_15_a_server_that_is_not_there_got_nothing(library: Library) -> None:
    async def work() -> Delivery:
        async with talking(library) as (double, one):
            await double.__aexit__()
            return await one.say(str(CHAT), page(MESSAGE))

    assert isinstance(run(work()), NotSent | Unknown)
    assert isinstance(run(_to_nobody(library)), NotSent)


async def _to_nobody(library: Library) -> Delivery:
    one = reader(library)
    try:
        return await one.say(str(CHAT), page(MESSAGE))
    finally:
        await one.close()


@pytest.mark.parametrize("library", LIBRARIES)
def test_edits_that_cannot_be(library: Library) -> None:
    async def work() -> list[Delivery]:
        async with talking(library) as (_, one):
            sent = await one.say(str(CHAT), page(MESSAGE))
            assert isinstance(sent, Sent)
            same = await one.say(str(CHAT), page(MESSAGE), over=sent.message)
            return [same, await one.say(str(CHAT), page(MESSAGE), over=999)]

    same, gone = run(work())
    assert isinstance(same, Sent)
    assert isinstance(gone, Gone)


@pytest.mark.parametrize("library", LIBRARIES)
def test_case_19_a_message_too_long_is_refused_as_data(library: Library) -> None:
    async def work() -> Delivery:
        async with talking(library) as (_, one):
            return await one.say(str(CHAT), Page(html="灯" * 4097, plain="x"))

    assert isinstance(run(work()), Refused)


@pytest.mark.parametrize("library", LIBRARIES)
def test_case_53_no_outcome_and_no_name_holds_the_token(library: Library) -> None:
    outcomes = [run(outcome_of(library, Fault(kind=kind), warm=True))[0] for kind in UNKNOWN]
    outcomes.append(run(_to_nobody(library)))
    assert TOKEN not in repr(outcomes)
    assert TOKEN not in repr(reader(library))
