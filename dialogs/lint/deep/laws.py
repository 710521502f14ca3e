"""The laws of `dialogs/advice.yaml`, made ready for one flow: what must follow from answers, whatever the flow says.

A law has names of its own (`let`), worked out from the answers alone, so that it does not lean on what it judges. A law
about what the flow does not have is none: that something is missing is found elsewhere (`lint.advice_missing`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from dialogs.decide import Deduction
from dialogs.derived_names import PREVIOUS, previous_name
from dialogs.expression import TRUTH, UNKNOWN, Expression, ExpressionError, Sort
from dialogs.flow import Flow
from dialogs.lint.deep.naming import compiled, scope
from dialogs.schema import AdviceShape, HeldShape, OrderShape

#: Under this name a law reads how many of the questions asked are not sure.
OPEN = "open_questions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """While `when` is surely true, the verdict and the plan are as told; `verdict` is given only where `needs` is."""

    law: str
    #: A choice of ours that the contract leaves open: whoever changes it is only told.
    ours: bool = False
    when: Expression | None = None
    verdicts: frozenset[str] = frozenset()
    never: frozenset[str] = frozenset()
    needed_by: str = ""
    needs: Expression | None = None
    ways: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    taught: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The answers to `slot` from good to bad while `when` is surely true; amounts count from `above` on."""

    slot: str
    good_to_bad: tuple[str, ...] = ()
    better: str = ""
    above: Decimal | None = None
    when: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Never:
    """A better answer never turns another verdict into this one."""

    law: str
    verdict: str
    slot: str
    bad_to_good: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Laws:
    """All that must hold of one flow; empty for a flow that is in no contract."""

    names: Mapping[str, Expression] = field(default_factory=dict[str, Expression])
    figures: Mapping[str, Expression] = field(default_factory=dict[str, Expression])
    flags: Mapping[str, Expression] = field(default_factory=dict[str, Expression])
    demands: Mapping[str, Expression | None] = field(default_factory=dict[str, Expression | None])
    held: tuple[Held, ...] = ()
    order_law: str = ""
    #: From the worst to the best; others stand apart.
    verdicts: tuple[str, ...] = ()
    orders: tuple[Order, ...] = ()
    never: tuple[Never, ...] = ()
    hope_law: str = ""
    #: Verdicts that an answer which is not sure never gives where one that is known would not.
    hoped: tuple[str, ...] = ()

    @property
    def conditions(self) -> tuple[Expression, ...]:
        """All that the laws read, for the lines that they draw."""
        conditions = (one for held in self.held for one in (held.when, held.needs))
        named = (self.names, self.figures, self.flags, self.demands)
        found = (*(one for told in named for one in told.values()), *conditions, *(order.when for order in self.orders))
        return tuple(one for one in found if one is not None and not any(name in self.names for name in one.names))


class Judged(dict[str, Any]):
    """What a law reads: its own names first, then those of the flow."""

    def __init__(self, laws: Laws, deduction: Deduction, open_questions: int = 0) -> None:
        super().__init__({OPEN: open_questions})
        self._laws = laws
        self._deduction = deduction

    def __missing__(self, name: str) -> Any:
        own, before = self._laws.names.get(name), name.removeprefix(PREVIOUS)
        if own is not None:
            self[name] = value = own.evaluate(self)
        elif before != name and before in self._laws.names:
            self[name] = value = None if self._previous is None else self._previous[before]
        else:
            self[name] = value = self._deduction[name]
        return value

    @cached_property
    def _previous(self) -> Judged | None:
        """The case before in a series, by the same laws."""
        previous = self._deduction.previous
        return None if previous is None else Judged(self._laws, previous)


def laws_of(flow: Flow, advice: AdviceShape | None) -> Laws:
    """The laws that `advice` has for the flow."""
    return _Maker(flow).laws(advice) if advice is not None else Laws()


class _Maker:
    """Compiles the laws against the names of one flow."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._sorts: dict[str, Sort] = {**scope(flow), OPEN: Sort("number")}

    def laws(self, advice: AdviceShape) -> Laws:
        told, orders = advice.laws, advice.orders
        names = self._names(told.let)
        self._sorts |= {name: one.sort for name, one in names.items()}
        demands = {clause: self._made(text) for clause, text in told.demands.items() if text != "always"}
        return Laws(
            names=names,
            figures=self._all(told.figures),
            flags=self._all(told.flags),
            demands={id: demands.get(id) for id in told.demands if id not in demands or demands[id]},
            held=tuple(self._held(told.held)),
            order_law=orders.law,
            verdicts=tuple(orders.verdicts),
            orders=tuple(self._orders(orders.slots)),
            never=tuple(
                Never(law=one.law, verdict=one.verdict, slot=slot, bad_to_good=tuple(options))
                for one in orders.never
                for slot, options in one.bad_to_good.items()
                if slot in self._flow.by_slot
            ),
            hope_law=orders.hope_law,
            hoped=tuple(orders.hoped),
        )

    def _names(self, let: Mapping[str, str]) -> dict[str, Expression]:
        found: dict[str, Expression] = {}
        if self._flow.trend:
            # A name may read what it was in the case before, wherever it stands.
            self._sorts |= {previous_name(name): UNKNOWN for name in let}
        for name, text in let.items():
            made = self._made(text, None)
            if made is not None:
                found[name] = made
                self._sorts[name] = made.sort
                if self._flow.trend:
                    self._sorts[previous_name(name)] = made.sort
        return found

    def _all(self, texts: Mapping[str, str]) -> dict[str, Expression]:
        made = {id: self._made(text, None) for id, text in texts.items()}
        return {id: one for id, one in made.items() if one is not None}

    def _made(self, text: str | None, wanted: Sort | None = TRUTH) -> Expression | None:
        try:
            return None if text is None else compiled(text, self._sorts, wanted)
        except ExpressionError:
            return None

    def _held(self, told: Iterable[HeldShape]) -> Iterator[Held]:
        for one in told:
            when, needs = self._made(one.when), self._made(one.needs)
            if (when is None) == (one.when is None) and (needs is None) == (one.needs is None):
                yield Held(
                    law=one.law, ours=one.ours, when=when, verdicts=frozenset(one.verdicts), never=frozenset(one.never),
                    needed_by=one.verdict or "", needs=needs, taught=frozenset(one.taught),
                    ways={function: frozenset(ways) for function, ways in one.ways.items()},
                )  # fmt: skip

    def _orders(self, told: Iterable[OrderShape]) -> Iterator[Order]:
        for one in told:
            when = self._made(one.when)
            if one.slot in self._flow.by_slot and (when is None) == (one.when is None):
                yield Order(slot=one.slot, good_to_bad=tuple(one.good_to_bad), better=one.better or "", above=one.above,
                            when=when)  # fmt: skip
