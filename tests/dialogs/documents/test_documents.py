"""Documents: one file that fetches nothing, with whatever was typed as text."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.documents.compared import LONGEST_HEAD
from dialogs.documents.making import made, of_position
from dialogs.documents.markup import lines, tag, written
from dialogs.documents.page import Document, Page, file_name
from dialogs.documents.sheet import sheet
from dialogs.documents.wish import Wish, read, wish
from dialogs.offers.vetted import refolded
from dialogs.wording import LANGUAGES, Wording
from knowledge.cited import CitedSources
from tests.dialogs.offers.desk import GOOD, HOSTILE, TRAP, book, clauses, owner, record, speaker, vet

ASSESSED = {"owner_time": "weekly", "role": "factory", "business_model": "b2c", "functions": ["promotion", "site"]}
WISHES = [
    wish("result", "vet", (1,)), wish("result", "vet", (2,)), wish("result", "assess", (1,)),
    wish("sheet", "vet", (2,)), wish("sheet", "vet", (1,)), wish("compare", "vet", (1, 2, 3)),
]  # fmt: skip
NEVER_CLOSED = {"meta", "br", "hr"}
SOURCES = CitedSources()


class Reader(HTMLParser):
    """Reads a document strictly: every element closed in its order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in NEVER_CLOSED:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text.append(data)


def parsed(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def desk(name: str = "金灯") -> Any:
    whole = {**GOOD, "clauses": clauses()}
    return owner([
        record(1, whole), record(2, {**TRAP, "name": name}), record(3, {"name": "x"}),
        record(1, ASSESSED, kind="assess"),
    ])  # fmt: skip


def document(wished: Wish, language: str, name: str = "金灯") -> Document:
    found = made(book(), SOURCES, desk(name), speaker(language), wished)
    assert found is not None
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wished", WISHES, ids=Wish.text)
def test_a_document_is_whole_and_fetches_nothing(wished: Wish, language: str) -> None:
    """Well-formed, in one piece, nothing that a browser would ask a server for; no place left unfilled."""
    reader = parsed(document(wished, language).html)
    fetching = {"src", "href", "action", "srcset", "poster", "data", "background", "formaction", "ping"}
    for name, attributes in reader.tags:
        assert name not in {"script", "link", "img", "iframe", "object", "embed", "form", "a", "base", "svg"}
        assert not fetching & attributes.keys()
        assert not any(attribute.startswith("on") for attribute in attributes)
    html = document(wished, language).html
    style = html[html.index("<style>") : html.index("</style>")]
    assert not any(word in style for word in ("url(", "@import", "http"))
    text = "".join(reader.text)
    assert "{" not in text
    assert "2026-11-23" in text
    assert speaker(language).phrase("disclaimer") in text


@pytest.mark.parametrize("wished", [one for one in WISHES if 2 in one.numbers], ids=Wish.text)
def test_a_hostile_name_stays_text(wished: Wish) -> None:
    """It is shown letter for letter, without what would turn the writing around."""
    found = document(wished, "en", HOSTILE[:60])
    reader = parsed(found.html)
    assert "script" not in {name for name, _ in reader.tags}
    assert HOSTILE.replace("\u202e", "") in "".join(reader.text)
    assert "\u202e" not in found.html


def test_the_result_names_sources_and_interests() -> None:
    """Whose word it is stands in the document, its address as text."""
    text = "".join(parsed(document(wish("result", "vet", (2,)), "en").html).text)
    assert "Deng Shang Zhi Lu" in text
    assert "Interest:" in text


@pytest.mark.parametrize(("number", "level"), [(1, "good"), (2, "blocker"), (3, "")])
def test_the_verdict_is_seen_first_and_in_its_colour(number: int, level: str) -> None:
    """Before all else below the title; what is not known yet has no colour of its own."""
    html = document(wish("result", "vet", (number,)), "zh-Hans").html
    marked = f'</header><section class="{f"verdict {level}".rstrip()}"><strong>'
    assert marked in html
    assert html.index(marked) < html.index("<h2>")


def test_a_loss_is_marked_and_a_name_that_is_none_is_no_title() -> None:
    """Negative sums have a class of their own; ? is what stands for a missing name."""
    assert document(wish("result", "vet", (2,)), "en").html.count('class="below"') == 2
    assert document(wish("result", "vet", (3,)), "en", "x").title == "x"
    nameless = of_position(
        Page(speaker=speaker("en"), sources={}), vet(), refolded(vet(), record(1, {"name": "?"})), "a"
    )
    assert nameless.title == "Vet an agency"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_document_says_its_language_and_title(language: str) -> None:
    """For readers that speak, and for the tab of a browser."""
    for wished in WISHES:
        found = document(wished, language)
        reader = parsed(found.html)
        assert ("html", {"lang": language}) in reader.tags
        assert f"<title>{written(found.title)}</title>" in found.html
        assert [name for name, _ in reader.tags].count("h1") == 1


def test_long_names_share_the_head_of_a_table() -> None:
    """Cut there, whole where there is room."""
    long = "中山市古镇镇光明照明电子商务代运营服务有限公司"
    html = document(wish("compare", "vet", (1, 2)), "zh-Hans", long).html
    assert f'data-label="{long[:LONGEST_HEAD]}…"' in html
    assert f"{long}</th>" not in html
    assert f"2. {long}<span" in html


def test_colours_can_be_read_by_day_and_by_night() -> None:
    """Each colour of writing against each ground that it stands on: 4.5 to 1, as WCAG asks."""
    style = document(WISHES[0], "en").html
    for palette in re.findall(r":root \{(.*?)\}", style, re.DOTALL):
        colours = dict(re.findall(r"--(\w+): (#\w+);", palette))
        for ink in ("ink", "quiet", "neutral", "blocker", "warning", "good"):
            assert min(contrast(colours[ink], colours[ground]) for ground in ("paper", "wash")) >= 4.5, ink


def contrast(one: str, other: str) -> float:
    lights = sorted((light(one), light(other)), reverse=True)
    return (lights[0] + 0.05) / (lights[1] + 0.05)


def light(colour: str) -> float:
    digits = "".join(sign * 2 for sign in colour[1:]) if len(colour) == 4 else colour[1:]
    shares = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares]
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_no_letter_is_too_small_on_a_phone() -> None:
    """Nothing under 16 pixels on a screen."""
    style = document(WISHES[0], "en").html
    screen = style[style.index("<style>") : style.index("@page")]
    base = re.search(r"html \{ font-size: (\d+)px", screen)
    assert base is not None
    sizes = [float(one) for one in re.findall(r"font-size: ([\d.]+)rem", screen)]
    assert sizes
    assert min(sizes) * int(base[1]) >= 16
    assert set(re.findall(r"font-size: [\d.]+(\w+)", screen)) == {"px", "rem"}


def test_the_sheet_does_not_say_the_verdict() -> None:
    """The other side sees it."""
    text = "".join(parsed(document(wish("sheet", "vet", (2,)), "zh-Hans").html).text)
    assert all(verdict.title.zh_hans not in text for verdict in vet().verdicts.values())
    assert "当季" in text


def test_the_sheet_has_every_demanded_clause_with_room() -> None:
    """One block a clause."""
    html = document(wish("sheet", "vet", (2,)), "zh-Hans").html
    assert html.count('class="boxes"') == len(clauses())


def test_what_is_gone_gives_no_document() -> None:
    """A record or dialog that is no more."""
    for gone in (wish("result", "vet", (9,)), wish("result", "nothing", (1,)), wish("compare", "vet", (1, 9))):
        assert made(book(), {}, desk(), speaker(), gone) is None


def test_a_broken_topic_has_no_sources() -> None:
    """No document stops at it."""
    assert list(SOURCES.get("no-such-topic", ())) == []
    assert len(SOURCES["sales-guarantee-trap"]) > 1


@given(st.text())
def test_whatever_is_typed_is_text_again(text: str) -> None:
    """Escaping loses only what no reader sees."""
    html = tag("p", text, title=text).text
    reader = parsed(html)
    assert [name for name, _ in reader.tags] == ["p"]
    html.encode("utf-8")
    assert written(lines("<b>\n\n&")) == "<p>&lt;b&gt;</p><p>&amp;</p>"


def test_room_to_fill_in_is_never_cut() -> None:
    """【 】 stays on one line; other spaces stay as they are."""
    assert written("在【 】天内 [ ] a b") == "在【\u00a0\u00a0】天内 [\u00a0\u00a0] a b"


def test_a_sheet_without_a_name_has_a_title_of_its_own() -> None:
    """Not one that meets a question mark."""
    stand = refolded(vet(), record(1, {"name": "?"}))
    assert sheet(Page(speaker=speaker("en"), sources={}), vet(), stand, "a").title == "Sheet for the meeting"


@given(st.text(max_size=200))
def test_a_file_name_stays_in_its_folder(text: str) -> None:
    """No separators, no hidden files, never empty, never long."""
    name = file_name(text)
    assert name
    assert not set(name) & set('/\\:*?"<>|\0\n ')
    assert not name.startswith(".")
    assert len(name) <= 60


@given(st.text(max_size=80))
def test_a_wish_is_read_as_it_was_written(text: str) -> None:
    """And any other text is none."""
    found = read(text)
    assert found is None or read(found.text()) == found
    for one in WISHES:
        assert read(one.text()) == one


def test_a_title_with_places_is_not_a_template() -> None:
    """A name such as {fee} is not filled in."""
    renamed = desk("{fee} 家")
    found = made(book(), {}, renamed, replace(speaker(), today=date(2027, 1, 1)), wish("result", "vet", (2,)))
    assert found is not None
    assert "{fee} 家" in found.html
    assert found.name == "result-fee-家-2027-01-01.html"
    assert Wording("{a}", "", "").fill("zh-Hans", {"a": "{b}"}) == "{b}"
