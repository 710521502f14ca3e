"""A question, flag, verdict, rule, reason, plan rule, demand or passage that no answers reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dialogs.lint.deep.base import Bench, rule
from dialogs.lint.deep.cases import Case
from dialogs.lint.deep.hunting import hunted
from dialogs.lint.deep.proving import all_cases
from dialogs.lint.deep.targets import Target
from knowledge.finding import Finding

#: By the sort of what is not reached.
CODES = {
    "question": "question-unreachable",
    "flag": "flag-unreachable",
    "verdict": "verdict-unreachable",
    "rule": "rule-unreachable",
    "reason": "reason-unreachable",
    "plan": "plan-unreachable",
    "demand": "demand-unreachable",
    "passage": "passage-unreachable",
}

_DECIDING = ("question", "flag", "verdict", "rule")


@rule
def check(bench: Bench) -> Iterable[Finding]:
    """What no case has reached is tried with all answers, where they are few enough; else it is hunted for."""
    missing = bench.missing()
    for _ in range(len(bench.targets) - len(missing)):
        bench.claim(proved=True)
    unreached = {target.trail[:2] for target in missing if target.sort == "rule"}
    given = {rule.verdict for rule in bench.flow.rules}
    for target in missing:
        told_by_rule = target.sort == "reason" and target.trail[:2] in unreached
        if not told_by_rule and not (target.sort == "verdict" and target.name in given):
            yield from _of(target, bench)


def _of(target: Target, bench: Bench) -> Iterator[Finding]:
    if target.sort == "plan" and None in target.hangs_on[:-1]:
        # A rule before it, without a condition, always applies.
        yield bench.finding(target.trail, CODES["plan"], proved=True, name=target.name)
        return
    cases = all_cases(bench.flow, target.hangs_on, bench.reader)
    proved = cases is not None
    if any(map(target.holds, cases if cases is not None else hunted(bench.flow, bench.draw, target))):
        bench.claim(proved=True)
    elif target.sort == "rule":
        yield _rule(target, bench, cases, proved=proved)
    else:
        level = _level(target, proved=proved)
        yield bench.finding(target.trail, CODES[target.sort], proved=proved, level=level, name=target.name)


def _level(target: Target, *, proved: bool) -> str:
    """What decides is hunted for long enough to call it an error; words that are never said only if it is proved."""
    return "error" if proved or target.sort in _DECIDING else "warning"


def _rule(target: Target, bench: Bench, cases: list[Case] | None, *, proved: bool) -> Finding:
    """A rule that could apply but for one before it is told with that one."""
    index = int(target.trail[1])
    own = bench.flow.rules[index].when
    applying = [one for one in (cases if cases is not None else bench.cases()) if one.deduction.surely(own)]
    if not applying:
        return bench.finding(
            target.trail, "rule-unreachable", proved=proved, level=_level(target, proved=proved), name=target.name
        )
    before = bench.flow.rules.index(applying[0].deduction.rule)
    other = bench.flow.rules[before]
    line = str(bench.document.finding(("decide", before), "").line)
    same = all(
        one.deduction.surely(other.when) == one.deduction.surely(own)
        for one in (cases if cases is not None else bench.cases())
    )
    code = "rules-contradict" if same and other.verdict != target.name and own is not None else "rule-shadowed"
    trail = target.trail if own is not None else target.trail[:-1]
    return bench.finding(
        trail,
        code,
        proved=proved,
        level=_level(target, proved=proved),
        name=target.name,
        other=other.verdict,
        line=line,
    )
