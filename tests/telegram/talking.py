"""A whole assess or vet, as one person has it through buttons alone: so that what two libraries say can be compared."""

from __future__ import annotations

from tests.telegram.people import Chat, Shown

#: Of no use on the way to a result.
_LEADS_AWAY = {"c", "m", "k", "r"}
LONGEST = 60


def meaning(shown: Shown) -> tuple[object, ...]:
    """What a message says, whichever library sent it."""
    return shown.text, shown.entities, shown.buttons, shown.file and shown.file[0]


async def settled(chat: Chat, count: int) -> Shown:
    """The newest message once there are more than `count` and one with buttons is the last."""
    return await chat.until(lambda seen: len(seen) > count and bool(seen[-1].buttons))


async def walk(chat: Chat, command: str, typed: str = "10万") -> list[tuple[object, ...]]:
    """From the command to the result: the first answer each time, typed where there is none to press."""
    count = len(chat.seen)
    chat.says(command)
    shown = await settled(chat, count)
    for _ in range(LONGEST):
        if not any("/" in line and line.replace("/", "").replace(" ", "").isdigit() for line in shown.text.split("\n")):
            return [meaning(one) for one in chat.seen[count:]]
        before = len(chat.seen)
        _answer(chat, shown, typed)
        shown = await settled(chat, before)
    raise AssertionError(f"no result after {LONGEST} answers: {shown.text}")


def _answer(chat: Chat, shown: Shown, typed: str) -> None:
    presses = [press for row in shown.buttons for _, press in row]
    ticked = next((press for press in presses if press.startswith("c:") and press.endswith(":done")), None)
    answers = [press for press in presses if press[0] not in _LEADS_AWAY and not press.endswith(":0")]
    unticked = [press for press in answers if press.startswith("t:")]
    if ticked is not None and len(unticked) < len([press for press in presses if press.startswith("t:")]):
        chat.presses_data(ticked, shown.id)
    elif answers:
        chat.presses_data(answers[0], shown.id)
    else:
        chat.says(typed)
