"""What every rule of the linter is, and the registry of rules.

A rule is one module of this folder, named like the finding that it mostly gives, with one function that is registered
with `rule`. To add one: add the module, name it in `dialogs/lint/__init__.py`, put its sentence into
`dialogs/texts/findings.yaml` and a broken edit into `tests/dialogs/broken/edits.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from dialogs.flow import Flow
from dialogs.schema import AdviceShape
from knowledge.finding import Document, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a flow is judged against: the topics of the knowledge base, the other flows, what `advice.yaml` fixes."""

    topics: frozenset[str] = frozenset()
    flows: Mapping[str, Flow] = field(default_factory=dict[str, Flow])
    advice: Mapping[str, AdviceShape] = field(default_factory=dict[str, AdviceShape])


Check = Callable[[Flow, Document, Around], Iterable[Finding]]

RULES: dict[str, Check] = {}


def rule(check: Check) -> Check:
    """Enter a rule under the name of its module; a name is taken once."""
    name = check.__module__.rpartition(".")[2]
    if name in RULES:
        raise ValueError(f"two rules are called {name}")
    RULES[name] = check
    return check


def lint(flow: Flow, document: Document, around: Around) -> tuple[Finding, ...]:
    """What all rules find in a flow that compiles, in the order of the file."""
    return tuple(sorted(finding for check in RULES.values() for finding in check(flow, document, around)))
