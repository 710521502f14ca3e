"""What one step costs in a dialog of 30 questions, beside a questionnaire that has nothing but a list of questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from statistics import fmean

from benchmarks.books import Asked, answered, book, widened
from benchmarks.measured import Row, seconds, show
from dialogs.compile import Book
from dialogs.effects import SendMessage
from dialogs.events import TextReceived
from dialogs.fold import position
from dialogs.owner import Owner
from dialogs.step import step

QUESTIONS = 30
TIMES = 30


def main() -> None:
    """Print the table."""
    flow = widened(book().flows["vet"], QUESTIONS)
    reading = replace(book(), flows={**book().flows, flow.id: flow})
    way = answered(reading, flow)
    bare = min(seconds(partial(_bare, asked), TIMES) for asked in way) * 1e6
    costs = [seconds(partial(step, reading, asked.owner, asked.event), TIMES) * 1e6 for asked in way[:-1]]
    told = [cost for cost, asked in zip(costs, way, strict=False) if _tells_verdict(reading, asked)]
    plain = [cost for cost, asked in zip(costs, way, strict=False) if not _tells_verdict(reading, asked)]
    answers = way[-1].owner.conversations[1].answers
    show(
        f"a step at {len(flow.questions)} questions", "µs of the processor", "a bare questionnaire",
        [
            Row(what="an answer and the next question, on average", figure=fmean(plain), peer=bare),
            Row(what="the slowest of these", figure=max(plain), peer=bare),
            Row(what="an answer that ends a section: the verdict so far", figure=fmean(told), peer=bare),
            Row(what="all but the last, on average", figure=fmean(costs), peer=bare, remark="goal: under 100"),
            Row(what="of which: folding all answers, once", figure=_cost(partial(position, flow, answers)), peer=bare),
            Row(
                what="the last answer: the whole result with what would change it",
                figure=_cost(partial(step, reading, way[-1].owner, way[-1].event)), peer=bare,
            ),
        ],
    )  # fmt: skip


def _cost(work: Callable[[], object]) -> float:
    return seconds(work, TIMES) * 1e6


def _tells_verdict(reading: Book, asked: Asked) -> bool:
    after = step(reading, asked.owner, asked.event)
    said = [effect.message for effect in after.effects if isinstance(effect, SendMessage)]
    return any(button.press.endswith(":finish") for message in said for row in message.buttons for button in row)


def _bare(asked: Asked) -> tuple[Owner, str]:
    """The answer is put at the end of the list as typed; the next question is the first without one."""
    conversation, event = asked.owner.conversations[1], asked.event
    text = event.text.strip() if isinstance(event, TextReceived) else ""
    answers = {answer.slot: answer.raw for answer in conversation.answers} | {asked.question.id: text}
    flow = book().flows[conversation.flow]
    waiting = next((question for question in flow.questions if question.id not in answers), flow.questions[-1])
    kept = replace(conversation, shown=waiting.id)
    return replace(asked.owner, conversations={**asked.owner.conversations, 1: kept}), waiting.ask.zh_hans


if __name__ == "__main__":
    main()
