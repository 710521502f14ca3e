"""What has changed between two times of vetting the same: answers, verdict, score, figures, flags.

Both are judged by today's rules, so that what differs comes from the answers; where the rules themselves have changed
the former verdict, that is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from dialogs.flow import Flag, Flow
from dialogs.message import Line, Message
from dialogs.offers.vetted import Offer, offer
from dialogs.owner import Kept, Owner
from dialogs.short_asks import short
from dialogs.speaking import Filler, Speaker


def since_last(speaker: Speaker, flow: Flow, owner: Owner, now: Kept) -> tuple[Message, ...]:
    """What has changed since the record before of the same subject; nothing where there is none."""
    same = (one for one in owner.records if (one.kind, one.subject) == (now.kind, now.subject) and now.subject)
    before = max((one for one in same if one.number < now.number), key=lambda one: one.number, default=None)
    if before is None or flow.compare is None:
        return ()
    lines = since(speaker, flow, offer(flow, before), offer(flow, now), day(before.at, owner.timezone))
    return (Message(lines=tuple(lines)),)


def since(speaker: Speaker, flow: Flow, former: Offer, now: Offer, when: str) -> Sequence[Line]:
    """What to tell of the changes; `when` is the date of the former time in words."""
    heading = speaker.line("since-heading", "heading", when=when)
    return (heading, *_rules(speaker, flow, former), *changes(speaker, flow, former, now))


def changes(speaker: Speaker, flow: Flow, former: Offer, now: Offer) -> Sequence[Line]:
    """Each difference in a line; that there is none is a line, too."""
    found = [
        *_verdict(speaker, flow, former, now),
        *_answers(speaker, flow, former, now),
        *_figures(speaker, flow, former, now),
        *_flags(speaker, flow, former, now),
    ]
    return found or [speaker.line("since-nothing", "item")]


def day(at: datetime, timezone: str) -> str:
    """The date of a moment, where the owner lives."""
    return at.astimezone(ZoneInfo(timezone)).date().isoformat()


def _rules(speaker: Speaker, flow: Flow, former: Offer) -> Iterable[Line]:
    told = str(former.kept.result.get("verdict"))
    if told in flow.verdicts and told != former.deduction.rule.verdict:
        then, today = flow.verdicts[told], former.deduction.rule.verdict
        yield speaker.line(
            "since-rules", "quiet", then=speaker.text(then.title), today=speaker.text(flow.verdicts[today].title)
        )


def _verdict(speaker: Speaker, flow: Flow, former: Offer, now: Offer) -> Iterable[Line]:
    before, after = former.deduction.rule.verdict, now.deduction.rule.verdict
    if before != after:
        titles = (speaker.text(flow.verdicts[verdict].title) for verdict in (before, after))
        yield _changed(speaker, speaker.phrase("the-verdict"), *titles)
    scores = (former.deduction.score, now.deduction.score)
    if scores[0] != scores[1]:
        yield _changed(speaker, speaker.phrase("the-score"), *map(str, scores))


def _answers(speaker: Speaker, flow: Flow, former: Offer, now: Offer) -> Iterable[Line]:
    for question in flow.questions:
        before, after = (one.answers.get(question.id) for one in (former, now))
        if before != after:
            said = (speaker.value(question, one.answers) for one in (former, now))
            yield _changed(speaker, short(question, speaker.language), *said)


def _figures(speaker: Speaker, flow: Flow, former: Offer, now: Offer) -> Iterable[Line]:
    for figure in flow.figures:
        before, after = (one.deduction[figure.id] for one in (former, now))
        if figure.in_result and before != after:
            said = (speaker.figure(value, figure.unit) for value in (before, after))
            yield _changed(speaker, speaker.text(figure.label), *said)


def _flags(speaker: Speaker, flow: Flow, former: Offer, now: Offer) -> Iterable[Line]:
    before, after = ({flag.id for flag in one.deduction.flags} for one in (former, now))
    for flag in flow.flags:
        if flag.id in after - before:
            yield _flag(speaker, "since-new", flow, flag, now)
        elif flag.id in before - after:
            yield _flag(speaker, "since-gone", flow, flag, former)


def _flag(speaker: Speaker, key: str, flow: Flow, flag: Flag, one: Offer) -> Line:
    filler = Filler(speaker, flow, one.answers, one.deduction)
    return speaker.line(key, "item", level=speaker.phrase(f"level-{flag.level}"), says=filler.fill(flag.says))


def _changed(speaker: Speaker, what: str, before: str, after: str) -> Line:
    return speaker.line("since-changed", "item", what=what, before=before, after=after)
