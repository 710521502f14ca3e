"""How many cases a second `lampwise run` answers, beside a bare reference that works out the sums and little else."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from benchmarks import bare_vet
from benchmarks.books import TODAY, book
from benchmarks.measured import Row, seconds, show
from dialogs.flow import Flow, Question
from dialogs.headless import Headless

CASES = 60
AMOUNTS = {
    "money": (0, 3000, 8000, 27000, 100000, 4000000),
    "percent": (0.02, 0.08, 0.25, 0.3, 0.55),
    "months": (3, 6, 12, 24),
    "number": (1, 2, 3, 10, 25, 60),
}
#: What the bare reference says as well.
COMMON = frozenset({"guarantee-trap", "sales-driven", "loses-money", "below-break-even", "guarantee-unreal"})


def main() -> None:
    """Print the table."""
    rows: list[Row] = []
    for name in ("vet", "assess"):
        flow = book().flows[name]
        lines = made_up(flow)
        headless = Headless(book(), flow, "zh-Hans", TODAY)
        bare = a_second(bare_vet.answer, made_up(book().flows["vet"]))
        goal = "goal: 300 or more" if name == "vet" else ""
        rows.append(Row(what=name, figure=a_second(told(headless), lines), peer=bare, remark=goal))
        if flow.what_if:
            shorter = Headless(book(), replace(flow, what_if=False), "zh-Hans", TODAY)
            rows.append(Row(what=f"{name} without what_if", figure=a_second(told(shorter), lines), peer=bare))
    rows.append(
        Row(what="vet, nothing known", figure=a_second(told(_vet()), ['{"id":1,"answers":{}}'] * CASES), peer=bare)
    )
    show("run", "cases a second", "a bare reference", rows)
    print(f"  the bare reference agrees in {agreeing()} of {CASES} cases on the flags that it knows")


def made_up(flow: Flow) -> list[str]:
    """Cases with an answer to every question, always the same ones."""
    drawn = random.Random(7)
    return [
        json.dumps({"id": n, "answers": {one.id: _value(one, drawn) for one in flow.questions}}) for n in range(CASES)
    ]


def _value(question: Question, drawn: random.Random) -> Any:
    ids = [option.id for option in question.options]
    if question.kind == "many":
        return [one for one in ids if drawn.random() < 0.8]
    return drawn.choice(ids or AMOUNTS.get(question.kind, ("Lumen",)))


def told(headless: Headless) -> Callable[[str], str]:
    """A line in, a line out."""
    return lambda line: json.dumps(headless.answer(line), ensure_ascii=False)


def a_second(answer: Callable[[str], str], lines: Sequence[str]) -> float:
    """How many of the lines are answered in a second of the processor."""
    return len(lines) / seconds(lambda: [answer(line) for line in lines])


def _vet() -> Headless:
    return Headless(book(), book().flows["vet"], "zh-Hans", TODAY)


def agreeing() -> int:
    """In how many cases the bare reference raises the same of the flags that it knows."""
    headless, count = _vet(), 0
    for line in made_up(book().flows["vet"]):
        flags = {flag["id"] for flag in headless.answer(line)["flags"]}
        count += COMMON & flags == set(json.loads(bare_vet.answer(line))["flags"])
    return count


if __name__ == "__main__":
    main()
