"""Holds `advice.yaml` to the dialogs it judges: a law that names what there is not would hold of nothing, in silence.

Not its job: whether a dialog keeps the laws (`lint.deep`), or has what they name (`lint.advice_missing`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from dialogs.compiling.scope import Scope
from dialogs.derived_names import previous_name
from dialogs.expression import NUMBER, TRUTH, UNKNOWN, Sort
from dialogs.flow import Flow
from dialogs.lint.deep.laws import OPEN
from dialogs.lint.deep.naming import scope
from dialogs.schema import AdviceShape, ContractShape, HeldShape
from dialogs.shaping import shape
from knowledge.finding import Document, Finding, Trail
from knowledge.fitting import nearest

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def check(document: Document, flows: Mapping[str, Flow]) -> Iterator[Finding]:
    """All that is wrong in the file; a law can be judged where its dialog is among `flows`."""
    contract, wrong = shape(ContractShape, document)
    yield from wrong
    for id, advice in ({} if contract is None else contract.flows).items():
        above: Trail = ("flows", id)
        flow = flows.get(id)
        yield from _Ids(document, above, advice, flow).findings()
        if flow is not None:
            yield from _Laws(document, above, advice, flow).findings()


@dataclass(frozen=True, slots=True)
class _Ids:
    """The ids that the laws of one dialog name, against those that the contract fixes for it."""

    document: Document
    above: Trail
    advice: AdviceShape
    flow: Flow | None

    def findings(self) -> Iterator[Finding]:
        advice, laws = self.advice, ("laws",)
        yield from self._keys((*laws, "flags"), advice.laws.flags, advice.flags)
        yield from self._keys((*laws, "demands"), advice.laws.demands, advice.clauses)
        computed = () if self.flow is None else self.flow.formulas
        yield from self._keys((*laws, "figures"), advice.laws.figures, [*advice.figures, *computed])
        orders = advice.orders
        yield from self._listed(("orders", "verdicts"), orders.verdicts, advice.verdicts)
        yield from self._listed(("orders", "hoped"), orders.hoped, advice.verdicts)
        for at, one in enumerate(orders.slots):
            yield from self._one(("orders", "slots", at, "slot"), one.slot, advice.slots)
            yield from self._listed(("orders", "slots", at, "good_to_bad"), one.good_to_bad, self._options(one.slot))
        for at, never in enumerate(orders.never):
            yield from self._one(("orders", "never", at, "verdict"), never.verdict, advice.verdicts)
            for slot, options in never.bad_to_good.items():
                trail = ("orders", "never", at, "bad_to_good")
                yield from self._keys(trail, (slot,), advice.slots)
                yield from self._listed((*trail, slot), options, self._options(slot))
        for at, held in enumerate(advice.laws.held):
            yield from self._held((*laws, "held", at), held)

    def _options(self, slot: str) -> Collection[str]:
        fixed = self.advice.slots.get(slot)
        return () if fixed is None else fixed.options

    def _held(self, trail: Trail, held: HeldShape) -> Iterator[Finding]:
        advice = self.advice
        yield from self._listed((*trail, "verdicts"), held.verdicts, advice.verdicts)
        yield from self._listed((*trail, "never"), held.never, advice.verdicts)
        yield from self._listed((*trail, "taught"), held.taught, advice.ways)
        if held.verdict is not None:
            yield from self._one((*trail, "verdict"), held.verdict, advice.verdicts)
        lists = [slot.options for slot in advice.slots.values() if slot.kind == "many"]
        functions = {"all", *(option for options in lists for option in options)}
        yield from self._keys((*trail, "ways"), held.ways, functions)
        for function, ways in held.ways.items():
            yield from self._listed((*trail, "ways", function), ways, advice.ways)
        half = next((key for key in ("verdict", "needs") if getattr(held, key) is not None), None)
        if half is not None and (held.verdict is None or held.needs is None):
            yield self.document.at_key((*self.above, *trail, half), "law-void", name=held.law)
        elif not _wants_something(held, advice.verdicts):
            yield self.document.finding((*self.above, *trail), "law-void", name=held.law)

    def _keys(self, trail: Trail, names: Iterable[str], known: Collection[str]) -> Iterator[Finding]:
        for name in names:
            if name not in known:
                yield self.document.at_key((*self.above, *trail, name), "law-names-unknown", **_near(name, known))

    def _listed(self, trail: Trail, names: Iterable[str], known: Collection[str]) -> Iterator[Finding]:
        for at, name in enumerate(names):
            yield from self._one((*trail, at), name, known)

    def _one(self, trail: Trail, name: str, known: Collection[str]) -> Iterator[Finding]:
        if name not in known:
            yield self.document.finding((*self.above, *trail), "law-names-unknown", **_near(name, known))


def _near(name: str, known: Collection[str]) -> Mapping[str, str]:
    return {"name": name, "known": ", ".join(known) or "-", "near": nearest(name, known)}


def _wants_something(held: HeldShape, verdicts: Collection[str]) -> bool:
    """Whether some result could break the law."""
    of_verdict = bool(held.never) or bool(held.verdicts and set(verdicts) - set(held.verdicts))
    return of_verdict or (held.verdict is not None and held.needs is not None) or bool(held.ways or held.taught)


@dataclass(frozen=True, slots=True)
class _Laws:
    """The conditions of the laws of one dialog, against the names that they may read."""

    document: Document
    above: Trail
    advice: AdviceShape
    flow: Flow

    def findings(self) -> Iterator[Finding]:
        names = Scope(self.document)
        # What the contract fixes and the dialog lacks is found in the dialog.
        fixed = dict.fromkeys((*self.advice.slots, *self.advice.figures), UNKNOWN)
        names.sorts = {**fixed, **scope(self.flow), OPEN: NUMBER}
        if self.flow.trend:
            # A name may read what it was in the case before, wherever it stands.
            names.sorts |= {previous_name(name): UNKNOWN for name in self.advice.laws.let}
        read = {name for _, text, _ in self._texts() for name in _NAME.findall(text)}
        for trail, text, wanted in self._texts():
            made = names.expression(text, (*self.above, *trail), wanted)
            if trail[1] == "let":
                self._named(names.sorts, str(trail[2]), UNKNOWN if made is None else made.sort)
        yield from names.findings
        for name in self.advice.laws.let:
            if not {name, previous_name(name)} & read:
                yield self.document.at_key((*self.above, "laws", "let", name), "unused-name", name=name)

    def _named(self, sorts: dict[str, Sort], name: str, sort: Sort) -> None:
        sorts[name] = sort
        if self.flow.trend:
            sorts[previous_name(name)] = sort

    def _texts(self) -> Iterator[tuple[Trail, str, Sort | None]]:
        laws = self.advice.laws
        for part, told in (("let", laws.let), ("figures", laws.figures), ("flags", laws.flags)):
            yield from ((("laws", part, id), text, None) for id, text in told.items())
        for id, text in laws.demands.items():
            if text != "always":
                yield ("laws", "demands", id), text, TRUTH
        for at, held in enumerate(laws.held):
            for key, text in (("when", held.when), ("needs", held.needs)):
                if text is not None:
                    yield ("laws", "held", at, key), text, TRUTH
        for at, order in enumerate(self.advice.orders.slots):
            if order.when is not None:
                yield ("orders", "slots", at, "when"), order.when, TRUTH
