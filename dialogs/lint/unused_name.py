"""A computed name or an assumption that nothing reads: work in vain, or a slip of the pen where it was meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dialogs.derived_names import PREVIOUS
from dialogs.expression import Expression
from dialogs.flow import Flow
from dialogs.lint.asked import texts
from dialogs.lint.base import Around, rule
from dialogs.wording import names_in
from knowledge.finding import Document, Finding


@rule
def check(flow: Flow, document: Document, around: Around) -> Iterable[Finding]:
    """Names count as read in any expression, also in that of the next case, as a figure, or in a place of a text."""
    read = {name for expression in _expressions(flow) for name in expression.names}
    read |= {name.removeprefix(PREVIOUS) for name in read}
    read |= {figure.id for figure in flow.figures}
    read |= {name for _, told in texts(document) for text in told.values() for name in names_in(text)}
    for name in flow.formulas:
        if name not in read:
            yield document.at_key(("compute", name), "unused-name", level="warning", name=name)
    for index, told in enumerate(flow.assumptions):
        if told.id not in read:
            yield document.finding(("assume", index, "id"), "unused-name", level="warning", name=told.id)


def _expressions(flow: Flow) -> Iterator[Expression]:
    plan = flow.plan
    conditions = (
        *(question.when for question in flow.questions),
        *flow.formulas.values(),
        *(flag.when for flag in flow.flags),
        *(flag.counts for flag in flow.flags),
        *(rule.when for rule in flow.rules),
        *(reason.when for rule in flow.rules for reason in rule.because),
        *((rule.when for rule in (*plan.rules, *plan.always)) if plan else ()),
        *((demand.when for demand in flow.demands.required) if flow.demands else ()),
        *(passage.when for passage in flow.passages),
    )
    return (condition for condition in conditions if condition is not None)
