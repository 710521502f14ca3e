"""What must hold of any run: each check gives findings, a sentence each, that begin with what was broken.

lost: an event without an effect, or a message that never came. double: an effect or a message too many. order: what
came later was said earlier. wrong: the owner is not as he should be. stalled: it never came to its end. early: somebody
was not left alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.simulation.marking import mark_of
from tests.simulation.reference import Expected, Reference
from tests.simulation.telegram import Delivery
from tests.simulation.world import World

#: How often a message may come again whose fate was unknown. What the design promises, whatever the program says.
REPEATS = {"reply": 4, "reminder": 4}
#: So many of the messages that are said in passing always come.
NEWEST = 3


def findings(world: World) -> list[str]:
    """All that is wrong with a run that was played; nothing is as it should be."""
    reference = Reference().take_all(world.run.history)
    found = [*world.telegram.findings, *_events(world), *_owners(world, reference)]
    for chat in world.telegram.people:
        for lane in REPEATS:
            expected = [one for one in reference.told.get(chat, []) if one.lane == lane]
            found += _lane(world, lane, chat, expected)
    if not world.run.finished:
        found.append("stalled: something waits for ever")
    return [f"{sentence} (seed {world.run.seed})" for sentence in found]


def _events(world: World) -> Iterator[str]:
    taken = Counter(event.id for event in world.run.history)
    posted = Counter(event.id for event in world.telegram.posted)
    yield from (f"lost: event {id_} had no effect" for id_ in posted - taken)
    yield from (f"double: event {id_} had its effect twice" for id_ in taken - posted)


def _owners(world: World, reference: Reference) -> Iterator[str]:
    for chat in world.telegram.people:
        if world.store.snapshot("telegram", chat) != reference.owner(chat):
            yield f"wrong: the owner of {chat} is not as his events make him"


def _lane(world: World, lane: str, chat: str, expected: Sequence[Expected]) -> Iterator[str]:
    marks = {one.mark for one in expected}
    deliveries = [one for one in world.telegram.log if one.chat == chat and mark_of(one.message) in marks]
    excused = _excused(world, REPEATS[lane])
    excused.update(_may_give_way(expected))
    yield from _copies(world, lane, deliveries)
    yield from _late(world, deliveries)
    place = 0
    for delivery in _first_of_each(deliveries):
        at = _found(expected, delivery, place)
        if at is None and delivery.id in world.run.overtaken:
            continue
        if at is None:
            yield f"order: {chat} was told {mark_of(delivery.message)} too late or twice"
            continue
        if expected[at].message != delivery.message:
            yield f"wrong: {chat} was told something else as {mark_of(delivery.message)}"
        yield from _missing(expected[place:at], excused)
        place = at + 1
    yield from _missing(expected[place:], excused)


def _may_give_way(expected: Sequence[Expected]) -> Iterator[str]:
    """What was said in passing need not come where enough of its like came later."""
    passing = [one.mark for one in expected if one.message.passing]
    yield from passing[:-NEWEST]


def _first_of_each(deliveries: Sequence[Delivery]) -> list[Delivery]:
    first: dict[int, Delivery] = {}
    for delivery in deliveries:
        first.setdefault(delivery.id, delivery)
    return list(first.values())


def _found(expected: Sequence[Expected], delivery: Delivery, place: int) -> int | None:
    mark = mark_of(delivery.message)
    return next((at for at in range(place, len(expected)) if expected[at].mark == mark), None)


def _copies(world: World, lane: str, deliveries: Sequence[Delivery]) -> Iterator[str]:
    """A message comes again only where its fate was unknown."""
    uncertain = _uncertain(world)
    for id_, times in Counter(one.id for one in deliveries).items():
        if times > 1 + min(uncertain[id_], REPEATS[lane]):
            yield f"double: {lane} {id_} came {times} times, its fate was unknown {uncertain[id_]} times"


def _late(world: World, deliveries: Sequence[Delivery]) -> Iterator[str]:
    """A copy may come after a later message only where the clock was set, so that a sender was given up too soon."""
    newest = 0
    for delivery in deliveries:
        if delivery.id < newest and delivery.id not in world.run.overtaken:
            yield f"order: message {delivery.id} came after {newest}"
        newest = max(newest, delivery.id)


def _missing(expected: Sequence[Expected], excused: Counter[str]) -> Iterator[str]:
    """A message may fail to come where its chat was blocked or forgotten, or its last try was of unknown fate, too."""
    for one in expected:
        if one.forgotten:
            continue
        if excused[one.mark] <= 0:
            yield f"lost: {one.mark} was never told"
        excused[one.mark] -= 1


def _excused(world: World, repeats: int) -> Counter[str]:
    uncertain = _uncertain(world)
    ids = (id_ for id_ in world.telegram.marks if id_ in world.telegram.told_blocked or uncertain[id_] > repeats)
    return Counter(world.telegram.marks[id_] for id_ in ids)


def _uncertain(world: World) -> Counter[int]:
    return Counter(world.run.uncertain) + Counter(world.telegram.cut)
