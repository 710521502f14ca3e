"""The picture of every flow: well-formed, complete, in words."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.flow import Flow
from dialogs.fold import position
from dialogs.graph.blocks import COLUMN
from dialogs.graph.columns import columns
from dialogs.graph.guard_words import GuardWords, noted
from dialogs.graph.mermaid import mermaid
from dialogs.graph.picture import picture
from dialogs.graph.svg import MOST, TALLEST, svg
from dialogs.graph.text_wrap import width, wrap
from dialogs.offers.vetted import refolded
from dialogs.wording import LANGUAGES
from tests.dialogs.offers.desk import GOOD, HOSTILE, TRAP, book, record, speaker, vet

FLOWS = list(book().flows.values())
SVG = "{http://www.w3.org/2000/svg}"


def named(flow: Flow) -> str:
    return flow.id


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("flow", FLOWS, ids=named)
def test_the_svg_is_well_formed_and_has_every_question(flow: Flow, language: str) -> None:
    """Each question and each verdict of a rule stands in it, and nothing is fetched."""
    text = svg(picture(speaker(language), flow))
    root = ET.fromstring(text)
    assert root.tag == f"{SVG}svg"
    said = "".join("".join(line.itertext()) for line in root.iter(f"{SVG}text"))
    bare = re.sub(r"\s", "", said)
    for question in flow.questions:
        assert re.sub(r"\s", "", question.ask.fill(language)) in bare
    for rule in flow.rules:
        title = flow.verdicts[rule.verdict].title
        assert re.sub(r"\s", "", title.fill(language, dict.fromkeys(title.names, "…"))) in bare
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "rect", "line", "text", "g", "path", "circle"
    }  # fmt: skip
    assert "{" not in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("flow", FLOWS, ids=named)
def test_no_text_leaves_its_box_or_covers_another(flow: Flow, language: str) -> None:
    """By the widths that lines were broken by: each within its frame, those of a box one below the other."""
    root = ET.fromstring(svg(picture(speaker(language), flow)))
    framed = [
        box for box in root.iter(f"{SVG}g") if box.find(f"{SVG}rect") is not None and box.find(f"{SVG}text") is not None
    ]
    assert len([box for box in framed if "transform" not in box.attrib]) == len(flow.questions) + len(flow.rules)
    for box in framed:
        frame = box.find(f"{SVG}rect")
        assert frame is not None
        right = float(frame.attrib["x"]) + float(frame.attrib["width"])
        lines = sorted(box.findall(f"{SVG}text"), key=lambda line: (float(line.attrib["y"]), end(line)))
        assert max(map(end, lines)) <= right
        for one, after in pairwise(lines):
            lower = float(after.attrib["y"]) - float(one.attrib["y"]) >= float(after.attrib["font-size"])
            assert lower or end(one) <= end(after) - long(after)


def end(line: ET.Element) -> float:
    return float(line.attrib["x"]) + (0 if line.get("text-anchor") == "end" else long(line))


def long(line: ET.Element) -> float:
    return width(line.text or "") * float(line.attrib["font-size"])


@pytest.mark.parametrize("flow", FLOWS, ids=named)
def test_the_picture_fits_a_screen_across_and_is_not_a_strip(flow: Flow) -> None:
    """At most four columns; never taller than the tallest section has to be."""
    drawn = picture(speaker("en"), flow)
    root = ET.fromstring(svg(drawn))
    wide, high = float(root.attrib["width"]), float(root.attrib["height"])
    assert wide <= MOST * COLUMN
    tallest = max(len(group.boxes) for group in drawn.groups)
    assert high <= max(TALLEST, 110 * tallest, 200 * len(flow.rules)) + 150


@settings(max_examples=40)
@given(
    st.lists(st.floats(min_value=1, max_value=900), min_size=1, max_size=9), st.floats(min_value=100, max_value=2000),
    st.integers(min_value=1, max_value=4),
)  # fmt: skip
def test_columns_keep_the_order_and_waste_no_height(heights: list[float], tallest: float, most: int) -> None:
    """All in their order, in so many columns at most; one more only where it is needed."""
    placed = columns(heights, tallest, most)
    assert [at for column in placed for at in column] == list(range(len(heights)))
    assert 1 <= len(placed) <= most
    high = max(sum(heights[at] for at in column) for column in placed)
    assert high >= max(heights) - 0.01
    if len(placed) == 1:
        assert most == 1 or len(heights) == 1 or sum(heights) <= tallest + 0.01 or high <= max(heights) + 0.01
    if len(placed) == most == 2:
        best = min(max(sum(heights[:cut]), sum(heights[cut:])) for cut in range(1, len(heights)))
        assert high <= best + 0.01


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("flow", FLOWS, ids=named)
def test_the_mermaid_text_names_every_question_once(flow: Flow, language: str) -> None:
    """A node a question, a subgraph a section, and only arrows between what exists."""
    text = mermaid(picture(speaker(language), flow))
    assert text.startswith("flowchart LR\n")
    nodes = re.findall(r'^ +(q_\w+)\["', text, re.MULTILINE)
    assert len(nodes) == len(set(nodes)) == len(flow.questions) + len(flow.rules)
    parts = re.findall(r"^ +subgraph (\w+)", text, re.MULTILINE)
    assert len(parts) == len(flow.sections) + 1
    arrows = re.findall(r"^ +(\w+) (?:-->|-\.->) (\w+)$", text, re.MULTILINE)
    assert {one for arrow in arrows for one in arrow} <= {*nodes, *parts, "start"}
    assert {after for _, after in arrows} >= set(parts)
    assert len([arrow for arrow in arrows if set(arrow) <= set(nodes)]) >= len(nodes) - len(parts)
    assert all(line.count('"') in (0, 2) for line in text.splitlines())


def test_a_section_of_the_mermaid_text_keeps_its_direction() -> None:
    """It would lose it, were one of its questions joined to what stands outside."""
    text = mermaid(picture(speaker(), vet()))
    inside = dict(re.findall(r"subgraph (\w+).*?\n(.*?)  end", text, re.DOTALL))
    outside = re.sub(r"subgraph.*?  end", "", text, flags=re.DOTALL)
    assert not re.search(r"q_\w+ -", outside)
    for one in inside.values():
        held = set(re.findall(r"(q_\w+)\[", one))
        joined = re.findall(r"(q_\w+) (?:-->|-\.->) (q_\w+)", one)
        assert {end for ends in joined for end in ends} <= held
        assert len(joined) >= len(held) - 1
        assert "direction TB" in one


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("flow", FLOWS, ids=named)
def test_no_name_of_the_yaml_is_left_to_the_reader(flow: Flow, language: str) -> None:
    """What is computed stands as the number of a note, and each note is there, once."""
    drawn = picture(speaker(language), flow)
    told = [
        *(box.guard for group in (*drawn.groups, drawn.rules) for box in group.boxes),
        *(f"{a} {b}" for a, b in drawn.terms),
    ]
    computed = {name for name in flow.formulas if "_" in name}
    assert not [one for one in told if any(re.search(rf"\b{name}\b", one) for name in computed)]
    assert not re.search("[\u2460-\u2473]", "".join(told))
    assert len({name for name, _ in drawn.terms}) == len(drawn.terms)


def test_a_computed_name_without_words_is_a_numbered_note() -> None:
    """In the order in which they are met, each explained once."""
    drawn = picture(speaker(), replace(vet(), words={}))
    assert [name for name, _ in drawn.terms] == [noted(place) for place in range(3)]
    told = "".join(box.guard for box in drawn.rules.boxes)
    assert noted(0) in told


def test_the_way_of_a_conversation_is_marked() -> None:
    """What was asked, what was passed by, and the rule that decided."""
    kept = record(1, {**TRAP, "ad_payer": "agency"})
    drawn = picture(speaker(), vet(), refolded(vet(), kept))
    marks = {box.id: box.mark for group in drawn.groups for box in group.boxes}
    assert marks["refund"] == "taken"
    assert marks["ad_budget"] == "passed"
    assert [box.title for box in drawn.rules.boxes if box.mark == "taken"] == ["这份别签"]
    begun = picture(speaker(), vet(), position(vet(), ()))
    assert {box.mark for group in begun.groups for box in group.boxes} == {"waiting"}


def test_a_hostile_name_breaks_no_picture() -> None:
    """It stays text in both."""
    drawn = picture(speaker(), vet(), refolded(vet(), record(1, {**GOOD, "name": HOSTILE[:60]})))
    ET.fromstring(svg(drawn))
    assert "<script>" not in mermaid(drawn)


@pytest.mark.parametrize(("language", "expected"), [
    ("zh-Hans", "“广告费谁出”不是“代运营出”"), ("en", '"Who pays for the ads" is not "The agency does"'),
])  # fmt: skip
def test_a_guard_is_said_in_words(language: str, expected: str) -> None:
    """As a person would put it."""
    guard = vet().by_slot["ad_budget"].when
    assert guard is not None
    assert GuardWords(speaker(language), vet()).say(guard) == expected


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("flow", FLOWS, ids=named)
def test_every_expression_of_every_flow_has_words(flow: Flow, language: str) -> None:
    """No operator and no place is left over."""
    words = GuardWords(speaker(language), flow)
    told = [*flow.formulas.values(), *(flag.when for flag in flow.flags)]
    for expression in told:
        said = words.say(expression)
        assert "{" not in said
        assert "==" not in said
        assert " not in " not in said


@given(st.text(max_size=120), st.floats(min_value=4, max_value=60))
def test_wrapping_loses_nothing_and_keeps_to_the_width(text: str, ems: float) -> None:
    """All that is no white space stays, in its order; a closing sign may stand out."""
    broken = wrap(text, ems)
    assert "".join("".join(line.split()) for line in broken) == "".join(text.split())
    assert all(width(line) <= ems + 4 for line in broken)
