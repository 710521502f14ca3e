"""Fits how evidence turns into a probability, and the thresholds; `python -m knowledge.calibrate` writes them down.

The matcher learns from the books alone; labelled questions (questions.jsonl) and questions of other subjects
(foreign.jsonl) only weigh its evidence. The weights maximise the
probability of what is right (an entry, or none), held small by a penalty. The thresholds are chosen on questions that
are judged by the weights of the other folds: those win that answer most within the limits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

from knowledge.evaluate import Figures, Question, across_folds, read_questions, report
from knowledge.loader import SHIPPED
from knowledge.search import Calibration, Evidence, Ranked, decision, ranked
from knowledge.shipped import open_matcher

HEADING = (
    "# Made by `python -m knowledge.calibrate` out of questions.jsonl and foreign.jsonl; not to be edited by hand."
)
#: The weights of the evidence, in the order of a row.
WEIGHTS = (
    "votes", "nearness", "likeness", "covered", "worded",
    "outside_votes", "unknown", "outside_covered", "outside_worded", "bias",
)  # fmt: skip

#: The penalty on weights, the steps of Newton's rule, and the thresholds tried.
PENALTY, STEPS = 0.3, 12
TRIED = [round(0.02 * step, 2) for step in range(1, 49)]
#: A margin over half would only be another threshold for the best, and `GUARD` would not raise it.
MARGINS = [0.0, *TRIED[:24:4]]
#: Direct answers: at least so many right, at most so many to questions that have none. Stricter than what is asked
#: of a stranger's questions (0.95 and 0.03), since the books were written with these in mind.
RIGHT, FALSE = 0.99, 0.0
#: How much surer than these questions ask for an answer has to be: a stranger's questions are harder.
GUARD = 0.02
#: How much help the threshold of offering may cost, against offering always: a list of three that are all wrong costs
#: more trust than an honest "not in my books", and the owner can ask again.
HELP = 0.015

Row = list[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What could be said to a question, each with its evidence; `right` numbers what should be said."""

    rows: Sequence[Row]
    right: int


def example(question: Question, evidence: Evidence) -> Example | None:
    """The question as rows of evidence, the last one for saying that no entry answers it."""
    for_none = [*evidence.outside, 1.0]
    rows = [[*seen, *(0.0 for _ in for_none)] for seen in evidence.topics.values()]
    rows.append([*(0.0 for _ in WEIGHTS[len(for_none) :]), *for_none])
    names = [*evidence.topics, None]
    wanted = [number for number, name in enumerate(names) if name in (question.topics or (None,))]
    return Example(rows=rows, right=wanted[0]) if wanted else None


def fitted(examples: Sequence[Example]) -> Row:
    """The weights by Newton's rule."""
    weights = [0.0] * len(examples[0].rows[0])
    for _ in range(STEPS):
        slope = [-PENALTY * weight for weight in weights]
        bend = [[PENALTY * (a == b) for b in range(len(weights))] for a in range(len(weights))]
        for one in examples:
            _add(one, weights, slope, bend)
        weights = [weight + step for weight, step in zip(weights, solved(bend, slope), strict=True)]
    return weights


def _add(one: Example, weights: Row, slope: Row, bend: list[Row]) -> None:
    """Add what one question says about the slope and the curvature of the likelihood."""
    logits = [_dot(row, weights) for row in one.rows]
    highest = max(logits)
    raised = [math.exp(logit - highest) for logit in logits]
    total = sum(raised)
    size = range(len(weights))
    mean = [sum(p * row[a] for p, row in zip(raised, one.rows, strict=True)) / total for a in size]
    for a in size:
        slope[a] += one.rows[one.right][a] - mean[a]
        for b in size:
            both = sum(p * row[a] * row[b] for p, row in zip(raised, one.rows, strict=True)) / total
            bend[a][b] += both - mean[a] * mean[b]


def _dot(left: Row, right: Row) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))


def solved(matrix: Sequence[Row], right: Row) -> Row:
    """The solution of a small system of linear equations whose matrix is positive definite (Gauss)."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for pivot, row in enumerate(rows):
        rows[pivot] = [value / row[pivot] for value in row]
        for other, below in enumerate(rows):
            if other != pivot:
                factor = below[pivot]
                rows[other] = [value - factor * lead for value, lead in zip(below, rows[pivot], strict=True)]
    return [row[-1] for row in rows]


def weighed(questions: Sequence[Question], evidence: Mapping[str, Evidence]) -> Calibration:
    """The weights that fit these questions, with thresholds yet to be found."""
    examples = [one for question in questions if (one := example(question, evidence[question.id]))]
    return Calibration(**dict(zip(WEIGHTS, (round(weight, 3) for weight in fitted(examples)), strict=True)))


def calibrated(questions: Sequence[Question], evidence: Mapping[str, Evidence]) -> Calibration:
    """Weights from all questions; thresholds from each judged by the weights of the other folds."""

    def learn(others: Sequence[Question]) -> Callable[[Question], Sequence[Ranked]]:
        by = weighed(others, evidence)
        return lambda question: ranked(evidence[question.id], by)

    orders = across_folds(questions, learn)
    by = weighed(questions, evidence)
    answering = [replace(by, answer=answer, margin=margin) for answer in TRIED for margin in MARGINS]
    by = _best(answering, questions, orders, _answers)
    by = replace(by, answer=round(by.answer + GUARD, 2))
    offering = [replace(by, suggest=suggest) for suggest in TRIED]
    most = max(_figures(questions, orders, tried).helped for tried in offering)
    return _best(offering, questions, orders, lambda found: found.passed if found.helped >= most - HELP else None)


def _answers(found: Figures) -> float | None:
    kept = found.direct_right >= RIGHT and found.false_answers <= FALSE
    return found.direct if kept else None


def _figures(questions: Sequence[Question], orders: Sequence[Sequence[Ranked]], by: Calibration) -> Figures:
    return report(questions, [decision(order, by) for order in orders]).overall


def _best(
    tried: Sequence[Calibration],
    questions: Sequence[Question],
    orders: Sequence[Sequence[Ranked]],
    worth: Callable[[Figures], float | None],
) -> Calibration:
    """The calibration that is worth most; of equals the first; the strictest when none keeps the limits."""
    valued = [(worth(_figures(questions, orders, by)), by) for by in tried]
    kept = [(value, by) for value, by in valued if value is not None]
    return max(kept, key=lambda one: one[0])[1] if kept else tried[-1]


def gathered(folder: Path, questions: Sequence[Question]) -> dict[str, Evidence]:
    """The evidence for each question, by its id, from a matcher that knows the books alone."""
    matcher = open_matcher(folder)
    return {question.id: matcher.evidence(question.text) for question in questions}


def asked_in(folder: Path) -> list[Question]:
    """The questions that a folder is calibrated on: labelled ones, and those of other subjects where there are any."""
    files = [folder / "questions.jsonl", folder / "foreign.jsonl"]
    return [question for file in files if file.is_file() for question in read_questions(file)]


def written(by: Calibration) -> str:
    """The calibration as YAML."""
    lines = [f"{field.name.replace('_', '-')}: {getattr(by, field.name)}" for field in fields(by)]
    return "\n".join([HEADING, *lines, ""])


def main(folder: Path = SHIPPED) -> None:
    """Calibrate the books of a folder on its questions."""
    questions = asked_in(folder)
    by = calibrated(questions, gathered(folder, questions))
    (folder / "calibration.yaml").write_text(written(by), encoding="utf-8")


if __name__ == "__main__":
    main()
