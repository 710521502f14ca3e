"""Checks of what answers can do to a flow; importing this package registers all deep rules."""

from dialogs.lint.deep import (
    condition_idle,
    guard_hides,
    hope_broken,
    law_broken,
    law_idle,
    order_broken,
    path_without_verdict,
    plan_gap,
    unreachable,
)
from dialogs.lint.deep.base import DEEP, Depth, deep_lint

#: The codes that only these rules give.
DEEP_CODES = frozenset(
    (
        *unreachable.CODES.values(), "rule-shadowed", "rules-contradict", "condition-idle", "guard-hides", "plan-gap",
        "path-without-verdict", "law-broken", "law-idle", "choice-changed", "order-broken", "hope-broken",
    )
)  # fmt: skip

__all__ = [
    "DEEP",
    "DEEP_CODES",
    "Depth",
    "condition_idle",
    "deep_lint",
    "guard_hides",
    "hope_broken",
    "law_broken",
    "law_idle",
    "order_broken",
    "path_without_verdict",
    "plan_gap",
    "unreachable",
]
