"""Every YAML file that the program reads is held to what is looked up in it: each slip is found in its line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import settings
from bot.check_command import by_reading
from dialogs.check import sentences, tell
from dialogs.wording import LANGUAGES
from knowledge.finding import Finding

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "dialogs", "knowledge", "scheduler")

#: The file, what stands in it, what is written instead (at the line of the first difference), and the finding.
SLIPS = [
    # Words
    ("dialogs/kinds/words.yaml", "not_sure:", "notsure:", "entry-key-unknown"),
    ("dialogs/kinds/words.yaml", '"no": [不,', '"no": [是, 不,', "word-twice"),
    ("dialogs/kinds/words.yaml", "\n  before: [不到,", "\n  befor: [不到,", "entry-key-unknown"),
    ("dialogs/kinds/words.yaml", "\n  back: [back,", "\n  bakc: [back,", "command-does-nothing"),
    ("dialogs/kinds/words.yaml", "\n  later: [later,", "\n  later: [later, 返回,", "word-twice"),
    ("dialogs/kinds/words.yaml", "saturday, sunday]", "saturday]", "words-count"),
    ("dialogs/kinds/words.yaml", "今天: 0", "今天: 零", "whole-number-wanted"),
    ("dialogs/kinds/words.yaml", "Asia/Macau:", "Asia/Makau:", "zone-unknown"),
    ("dialogs/kinds/words.yaml", "half: [一半,", "half: 一半 #[", "text-cut"),
    ("dialogs/kinds/words.yaml", "  zh-Hant: [zh-hant,", "  zh-hant: [zh-hant,", "entry-key-unknown"),
    # The hand-over
    ("dialogs/documents/handover.yaml", "who: merchant, when: week", "who: agencies, when: week", "not-one-of"),
    ("dialogs/documents/handover.yaml", "{who: both, when: end}", "{who: both, when: soon}", "not-one-of"),
    ("dialogs/documents/handover.yaml", "passwords:", "pass-words:", "not-one-of"),
    ("dialogs/documents/handover.yaml", "{who: agency, when: fortnight}", "{whom: agency, when: fortnight}",
     "entry-key-unknown"),
    # The contract
    ("dialogs/advice.yaml", "sales-driven: sales_share >= 0.5", "sales-driven: sale_share >= 0.5", "unknown-name"),
    ("dialogs/advice.yaml", "        sales-driven: sales_share", "        sales-drivn: sales_share",
     "law-names-unknown"),
    ("dialogs/advice.yaml", "verdicts: walk-away", "verdicts: walk-way", "law-names-unknown"),
    ("dialogs/advice.yaml", '- law: A1\n          when: owner_time == "none"\n          verdicts: learn-first',
     '- law: A1\n          when: owner_time == "none"\n          verdict: learn-first', "law-void"),
    ("dialogs/advice.yaml", 'owner_time == "none"', 'owner_time == "non"', "unknown-option"),
    ("dialogs/advice.yaml", "lock: max(months", "lokc: max(months", "unused-name"),
    ("dialogs/advice.yaml", "personal-brand: keep", "personal-brand: keeps", "law-names-unknown"),
    ("dialogs/advice.yaml", "- slot: proof", "- slot: prove", "law-names-unknown"),
    ("dialogs/advice.yaml", "good_to_bad: [verifiable, shown-only", "good_to_bad: [verifiable, shown",
     "law-names-unknown"),
    ("dialogs/advice.yaml", "hoped: [proceed]", "hopt: [proceed]", "unknown-key"),
    # Days
    ("scheduler/holidays.yaml", "2026-01-01 to 2026-01-03", "2026-01-01 to 2026-02-30", "no-such-day"),
    ("scheduler/holidays.yaml", "labour-day: 2026-05-01 to", "labour-day: 2025-05-01 to", "stretch-wrong"),
    ("scheduler/holidays.yaml", "dragon-boat: 2026-06-19 to 2026-06-21", "dragon-boat: 2025-06-19 to 2025-06-21",
     "day-outside-year"),
    ("scheduler/holidays.yaml", "[2026-01-04,", "[2026-01-02,", "day-off-and-worked"),
    ("scheduler/holidays.yaml", "[2026-01-04,", "[2026-1-4,", "day-unreadable"),
    ("scheduler/holidays.yaml", "national-day: 2026-10-01 to", "national-day: 2026-10-01 至", "days-unreadable"),
    ("scheduler/holidays.yaml", "\n  2026:", "\n  2027:", "year-out-of-turn"),
    ("scheduler/holidays.yaml", "\n  2026:", "\n  26:", "year-unreadable"),
    ("scheduler/holidays.yaml", "2026-02-14, 2026-02-28", "2026-02-14, 2026-02-14", "day-twice"),
    ("scheduler/holidays.yaml", "    worked: [2026", "    workt: [2026", "entry-key-unknown"),
    ("scheduler/blackouts.yaml", "double-eleven:", "double-elevn:", "blackout-unnamed"),
    ("scheduler/blackouts.yaml", "11-01 to 11-14", "11-01 to 11-31", "yearly-unreadable"),
    ("scheduler/blackouts.yaml", "14 before, 14 after", "14 before", "around-unreadable"),
    ("scheduler/blackouts.yaml", "2027-02-06", "2027-02-30", "no-such-day"),
    ("scheduler/blackouts.yaml", "  yearly: 06-05 to", "  yearli: 06-05 to", "entry-key-unknown"),
    ("scheduler/blackouts.yaml", "yearly: 11-01 to 11-14", "around: 14 before, 14 after", "blackout-shape"),
    # The books
    ("knowledge/entries/commission-range.yaml", "W028", "W947", "fact-unknown"),
    ("knowledge/entries/commission-range.yaml", "[S1-15, W028", "[S0-15, W028", "fact-without-source"),
    ("knowledge/sources.yaml", "    kind: vendor\n    date: \"2020-02-11\"\n    interest:",
     "    kind: vendor\n    date: \"2020-02-11\"\n    interst:", "entry-key-unknown"),
    ("knowledge/synonyms.yaml", "怎么办: [咋整", "怎么办: [咋辦", "synonym-traditional"),
    ("knowledge/calibration.yaml", "answer:", "answr:", "entry-key-unknown"),
    ("knowledge/calibration.yaml", "answer: 0", "answer: o", "calibration-no-number"),
    ("knowledge/outside.yaml", "zh-Hans:", "zh-Hanz:", "language-unknown"),
    ("knowledge/facts.yaml", "D: [", "D: {D001: 1}\nE: [", "entry-shape"),
    ("knowledge/facts.yaml", "W028,", "W28,", "fact-unknown"),
    # Commands and dialogs
    ("bot/commands.yaml", "  vet:", "  vett:", "command-does-nothing"),
    ("dialogs/flows/vet.yaml", "flow: vet", "flow: help", "flow-is-command"),
    ("dialogs/flows/vet.yaml", "flow: vet", "flow: print", "flow-is-command"),
    ("dialogs/flows/vet.yaml", "flow: vet", "flow: quarter", "flow-is-command"),
    ("dialogs/talks/vet-why.yaml", "says:", "sasy:", "unknown-key"),
]  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The YAML that we ship, to be broken."""
    root = tmp_path_factory.mktemp("held")
    for file in yaml_files():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, root / file)
    return root


def yaml_files() -> list[Path]:
    """Every YAML file of the packages."""
    return [file.relative_to(ROOT) for package in PACKAGES for file in sorted((ROOT / package).rglob("*.yaml"))]


def found(copy: Path, name: str, find: str, put: str) -> tuple[int, list[Finding]]:
    """The line of the slip, and what is found while it stands there; where facts are missed, also in the entries."""
    file = copy / name
    whole = file.read_text("utf-8")
    assert find in whole, "this slip finds nothing to break"
    start = whole.index(find)
    start += next(
        (at for at, (old, new) in enumerate(zip(find, put, strict=False)) if old != new), min(len(find), len(put))
    )
    file.write_text(whole.replace(find, put, 1), "utf-8")
    try:
        paths = [copy / "knowledge"] if name.startswith("knowledge/facts") else [file]
        return whole.count("\n", 0, start) + 1, list(by_reading(settings.load(), paths))
    finally:
        file.write_text(whole, "utf-8")


@pytest.mark.parametrize(("name", "find", "put", "code"), SLIPS)
def test_a_slip_is_found_in_its_line(copy: Path, name: str, find: str, put: str, code: str) -> None:
    """With a whole sentence in each language."""
    line, findings = found(copy, name, find, put)
    first = next((one for one in findings if one.code == code), None)
    assert first is not None, findings
    assert code == "fact-unknown" or first.line == line, findings
    for language in LANGUAGES:
        assert len(tell(first, language, sentences())) > 40
        assert sentences()[code].names <= first.values.keys()


def misspelt(file: Path) -> Iterator[tuple[str, str]]:
    """A key of the file that its reader looks up, and the same mistyped."""
    text = (ROOT / file).read_text("utf-8")
    keys = {"texts": "  ", "entries": "", "flows": "", "talks": ""}.get(file.parent.name)
    if file.as_posix() in ("bot/gateways/telegram.yaml", "bot/gateways/terminal.yaml", "bot/gaps.yaml"):
        keys = "  "
    if keys is not None:
        line = [one for one in text.split("\n") if one.startswith(keys) and one[len(keys) :][:1].isalpha()][-1]
        key = line.partition(":")[0]
        yield f"\n{key}:", f"\n{key[:-2]}{key[-1]}{key[-2]}x:"


def test_every_file_is_held_by_some_check(copy: Path) -> None:
    """A key that is mistyped is an error in its line, in all files at once; the slips above show it of the others."""
    broken = {file: slip for file in yaml_files() if (slip := next(misspelt(file), None)) is not None}
    lines: dict[Path, int] = {}
    for file, (find, put) in broken.items():
        whole = (copy / file).read_text("utf-8")
        lines[copy / file] = whole.count("\n", 0, whole.index(find)) + 2
        (copy / file).write_text(whole.replace(find, put, 1), "utf-8")
    findings = by_reading(settings.load(), [copy / package for package in PACKAGES])
    for file in broken:
        shutil.copy(ROOT / file, copy / file)
    told = {(Path(one.file), one.line) for one in findings if one.level == "error"}
    assert [file for file, line in lines.items() if (file, line) not in told] == []
    assert {file.as_posix() for file in yaml_files() if file not in broken} <= {name for name, _, _, _ in SLIPS}


def test_what_we_ship_is_sound(copy: Path) -> None:
    """Else the slips would prove nothing."""
    assert by_reading(settings.load(), [copy / package for package in PACKAGES]) == ()
