"""What a deep rule is, the registry of them, and the bench that they share: one flow and the cases tried on it.

A deep rule asks what answers can do to a flow; a shallow one (`dialogs.lint`) only reads the file. To add one: add the
module, name it in `__init__.py`, put its sentence into `dialogs/texts/findings.yaml` and a broken edit into
`tests/dialogs/broken/deep.yaml`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from dialogs.flow import Flow
from dialogs.lint.base import Around
from dialogs.lint.deep.cases import Case, Draw
from dialogs.lint.deep.hunting import hunted
from dialogs.lint.deep.laws import Judged, Laws, laws_of
from dialogs.lint.deep.reading import Reader
from dialogs.lint.deep.targets import Target, targets
from knowledge.finding import Document, Finding, Trail

#: So many cases are drawn where not all can be tried.
TRIES = 2000
#: After so many cases, what no case has reached of the rules is hunted for.
_SEED_CASES = 150
#: Of the cases that one rule decided, so many are kept to go on from.
_KEPT = 5
#: What goes wrong while a case is worked out.
_FAILURES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Failed:
    """A case that gives no result, and the name of what stood in the way."""

    case: Case
    error: str


class Bench:
    """One flow under test. `proved` and `tried` count what could be proved and what was only tried."""

    def __init__(self, flow: Flow, document: Document, around: Around, tries: int = TRIES) -> None:
        """No case is drawn yet; `tries` is how many there will be."""
        self.flow = flow
        self.document = document
        self.tries = tries
        self.laws: Laws = laws_of(flow, around.advice.get(flow.id))
        self.reader = Reader(flow)
        #: Reads what the laws work out by themselves, too.
        self.law_reader = Reader(flow, self.laws.names)
        self.targets = targets(flow, document)
        self.draw = Draw(flow, self.laws.conditions)
        self.failed: list[Failed] = []
        self.reached: dict[int, Case] = {}
        self.proved = self.tried = 0
        self._judged: dict[int, tuple[Case, Judged]] = {}
        self._cases: list[Case] = []
        self._ruled: dict[int, deque[Case]] = {}
        self._next = 0

    def cases(self) -> Iterator[Case]:
        """The cases of this flow, drawn as far as they are asked for."""
        for number in range(self.tries):
            while number >= len(self._cases):
                if self._next >= self.tries:
                    return
                self._draw()
            yield self._cases[number]

    def _draw(self) -> None:
        """Every fourth is drawn anew, one near the first that reached something, the others near one of each rule."""
        self._next += 1
        if self._next == _SEED_CASES and not self.failed:
            self._hunt_rules()
        met: Sequence[Case] = list(self.reached.values())
        ruled = list(self._ruled.values())
        if self._next % 4 == 0 or not met or not ruled:
            drawn = self.draw.anew()
        else:
            cases = met if self._next % 4 == 1 else ruled[self._next // 2 % len(ruled)]
            drawn = self._near(cases[self._next // 4 % len(cases)])
        self._note(drawn)

    def _near(self, other: Case) -> Case:
        try:
            return self.draw.near(other)
        except _FAILURES:
            # It looks for an edge by working things out; that they cannot be is found by any case that is drawn.
            return self.draw.anew()

    def _hunt_rules(self) -> None:
        """So that there are cases near to each rule."""
        for index, target in enumerate(self.targets):
            if target.sort == "rule" and index not in self.reached:
                found = next((one for one in hunted(self.flow, self.draw, target) if target.holds(one)), None)
                if found is not None:
                    self._note(found)

    def _note(self, drawn: Case) -> None:
        try:
            for index, target in enumerate(self.targets):
                if index not in self.reached and target.holds(drawn):
                    self.reached[index] = drawn
            self._ruled.setdefault(id(drawn.deduction.rule), deque(maxlen=_KEPT)).append(drawn)
        except _FAILURES as error:
            self.failed.append(Failed(drawn, type(error).__name__))
        else:
            self._cases.append(drawn)

    def missing(self) -> list[Target]:
        """What no case has reached."""
        for _ in self.cases():
            if len(self.reached) == len(self.targets):
                break
        return [target for index, target in enumerate(self.targets) if index not in self.reached]

    def judged(self, case: Case) -> Judged:
        """What a law reads of a case, worked out once for all laws."""
        known = self._judged.get(id(case))
        if known is None:
            unknown = sum(case.answers.get(question.id) is None for question in case.asked)
            known = self._judged[id(case)] = (case, Judged(self.laws, case.deduction, unknown))
        return known[1]

    def claim(self, *, proved: bool) -> None:
        """Count something that was found to hold."""
        self.proved += proved
        self.tried += not proved

    def finding(self, trail: Trail, code: str, *, proved: bool, level: str = "error", **values: str) -> Finding:
        """A finding that says whether it is proved or only so many cases were tried."""
        told = {"proof": "proved"} if proved else {"tried": f"{self.tries:,}"}
        return self.document.finding(trail, code, level=level, **values, **told)


Check = Callable[[Bench], Iterable[Finding]]

DEEP: dict[str, Check] = {}


def rule(check: Check) -> Check:
    """Enter a deep rule under the name of its module; a name is taken once."""
    name = check.__module__.rpartition(".")[2]
    if name in DEEP:
        raise ValueError(f"two deep rules are called {name}")
    DEEP[name] = check
    return check


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How far the check of one flow reached: claims that are proved, and others for which `cases` were tried."""

    flow: str
    proved: int
    tried: int
    cases: int


def deep_lint(flow: Flow, document: Document, around: Around) -> tuple[tuple[Finding, ...], Depth]:
    """What all deep rules find in a flow without errors, in the order of the file."""
    bench = Bench(flow, document, around)
    endless = tuple(DEEP["path_without_verdict"](bench))
    others = (check for name, check in DEEP.items() if name != "path_without_verdict" and not endless)
    findings = tuple(sorted((*endless, *(finding for check in others for finding in check(bench)))))
    return findings, Depth(flow=flow.id, proved=bench.proved, tried=bench.tried, cases=bench.tries)
