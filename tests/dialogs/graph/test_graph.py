"""The picture of every flow: well-formed, complete, in words."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.flow import Flow
from dialogs.fold import position
from dialogs.graph.guard_words import GuardWords
from dialogs.graph.mermaid import mermaid
from dialogs.graph.picture import picture
from dialogs.graph.svg import WIDTH, svg
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


@pytest.mark.parametrize("flow", FLOWS, ids=named)
def test_the_svg_is_narrow_enough_for_a_phone(flow: Flow) -> None:
    """No line of text goes beyond the right edge, by the widths that it was broken by."""
    root = ET.fromstring(svg(picture(speaker("en"), flow)))
    for line in root.iter(f"{SVG}text"):
        assert float(line.attrib["x"]) + width(line.text or "") * float(line.attrib["font-size"]) <= WIDTH


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("flow", FLOWS, ids=named)
def test_the_mermaid_text_names_every_question_once(flow: Flow, language: str) -> None:
    """A node a question, a subgraph a section, and only arrows between what exists."""
    text = mermaid(picture(speaker(language), flow))
    assert text.startswith("flowchart TD\n")
    nodes = re.findall(r'^ +(q_\w+)(?:\[|\{\{)"', text, re.MULTILINE)
    assert len(nodes) == len(set(nodes)) == len(flow.questions) + len(flow.rules)
    assert text.count("subgraph ") == len(flow.sections) + 1
    arrows = re.findall(r"^ +(\w+) (?:-->|-\.->) (\w+)$", text, re.MULTILINE)
    assert {end for arrow in arrows for end in arrow} <= {*nodes, "start"}
    assert {after for _, after in arrows} == set(nodes)
    assert all(line.count('"') in (0, 2) for line in text.splitlines())


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
