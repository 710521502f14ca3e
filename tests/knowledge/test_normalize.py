"""What people type comes into one plain form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.loader import SHIPPED
from knowledge.normalize import LONGEST, Normalizer, clauses
from knowledge.pinyin import sound, syllables
from knowledge.scripts import to_simplified, to_traditional
from knowledge.synonyms import read_synonyms
from knowledge.views import PAIRS, Synonyms, Views, stem

SYNONYMS = read_synonyms(SHIPPED / "synonyms.yaml")
PLAIN = Normalizer(SYNONYMS.words)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("ＲＯＩ　２．８", "roi 2.8"),
        ("契約要簽幾年", "合同要签几年"),
        ("妳們公司", "你们公司"),
        ("抽成幾多", "提成多少"),
        ("佢哋唔肯退錢", "他们不肯退款"),
        ("点解咁贵", "为什么这么贵"),
        ("咋整", "怎么办"),
        ("请问代操靠谱吗", "代运营可靠吗"),
        ("代\u200b运营\u0007", "代运营"),
        ("这边", "这边"),
        ("don’t", "don't"),
    ],
)
def test_plain_form(typed: str, plain: str) -> None:
    """Width, script, dialect, trade words, fillers and hidden characters make no difference."""
    assert PLAIN(typed) == plain


def test_one_cantonese_word_alone_is_not_taken_for_cantonese() -> None:
    """邊 means where in a Cantonese text and side in any other."""
    assert PLAIN("旁边的店") == "旁边的店"
    assert PLAIN("佢喺边") == "他在哪"


@pytest.mark.parametrize(
    ("letters", "cut"),
    [("daiyunying", ("dai", "yun", "yin")), ("shenme", ("sen", "me")), ("contract", ()), ("", ())],
)
def test_typed_pinyin(letters: str, cut: tuple[str, ...]) -> None:
    """Letters are cut into syllables as they sound in the south, or not at all."""
    assert syllables(letters) == cut


def test_homophones_sound_alike() -> None:
    """People type 铲 for 产; the sound stays."""
    assert sound("铲") == sound("产")
    assert sound("十") == sound("四")


@pytest.mark.parametrize("words", [("contract", "contracts"), ("refund", "refunded"), ("agency", "agencies")])
def test_stems(words: tuple[str, str]) -> None:
    """Forms of an English word are one."""
    assert len({stem(word) for word in words}) == 1


def test_a_concept_is_known_in_both_languages_and_by_sound() -> None:
    """The trade word, its English name, a misspelling and pinyin name one thing."""
    views = Views(SYNONYMS)
    texts = ("提成多少", "what commission", "提城多少", "ticheng duoshao")
    assert all("c:commission" in views.see(text).features for text in texts)


@given(st.text(max_size=80))
def test_plain_form_is_stable(text: str) -> None:
    """No text raises, and the same text always looks the same."""
    for views in (Views(SYNONYMS), Views(Synonyms(), PAIRS)):
        assert views.see(text).features == views.see(text).features
        assert all(weight > 0 for weight in views.see(text).features.values())


def test_a_huge_text_is_cut() -> None:
    """The beginning and the end are what counts."""
    units = [unit for clause in clauses(PLAIN("起" + "中" * 10**6 + "终")) for unit in clause]
    assert len(units) == LONGEST
    assert (units[0], units[-1]) == ("起", "终")


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("这台电脑的后台", "這台電腦的後台"),
        ("在群里确认", "在群裡確認"),
        ("下一次启动", "下一次啟動"),
        ("签一份标签", "簽一份標籤"),
    ],
)
def test_traditional_characters_are_those_that_people_write(simplified: str, traditional: str) -> None:
    """Neither 臺 nor 羣 nor 啓; and what is traditional is read back."""
    assert to_traditional(simplified) == traditional
    assert to_traditional(traditional) == traditional
    assert to_simplified(traditional) == simplified
