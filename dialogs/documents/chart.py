"""The quarters of a contract as one picture for a phone, a quarter a row: spent, left, share of the promise.

Rows, not columns: so every sum has room to be written in full, and more quarters only make the picture longer.
Not its job: turning it into dots (`bot.pictures`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from dialogs.documents.markup import Content, Markup, tag
from dialogs.graph.text_wrap import width, wrap
from dialogs.loop import quarter_names
from dialogs.loop.series import Case
from dialogs.outcome import exact
from dialogs.speaking import Speaker

#: All in pixels.
WIDTH, MARGIN, BAR, GAP = 400, 14, 15, 8
_TITLE, _LABEL, _TEXT = 20, 17, 16
_INK, _QUIET, _RULE, _SPENT, _WON, _LOST, _SHARE, _TRACK = (
    "#1d2126", "#555d64", "#dcdfe1", "#c7a15a", "#24603f", "#9c2526", "#31577f", "#ebedee",
)  # fmt: skip
_TONES = {"blocker": "#9c2526", "warning": "#865409", "good": "#24603f"}
_FONT = "'Noto Sans SC','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',system-ui,sans-serif"
#: So many quarters are drawn, the latest: three years.
MOST = 12
#: The share of the promise at the end of its track; more is drawn there.
_MOST_SHARE = Fraction(5, 4)
_ALL = Fraction(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A quarter: money in yuan, the share of the promise as a fraction; None: not known."""

    label: str
    verdict: str
    level: str | None
    spent: Fraction | None
    left: Fraction | None
    share: Fraction | None


def chart(speaker: Speaker, title: str, cases: Sequence[Case]) -> str:
    """The picture as a file of SVG."""
    picture = drawn(speaker, title, cases, xmlns="http://www.w3.org/2000/svg")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{picture.text}\n'


def drawn(speaker: Speaker, title: str, cases: Sequence[Case], **attributes: str) -> Markup:
    """The picture as an element, to stand in a page; `attributes` are added to it."""
    return _Chart(speaker, [_bar(speaker, case) for case in cases[-MOST:]]).svg(title, attributes)


def _bar(speaker: Speaker, case: Case) -> Bar:
    told = case.deduction
    verdict = told.flow.verdicts[told.rule.verdict]
    return Bar(
        label=quarter_names.short(speaker, case.period), verdict=speaker.text(verdict.title), level=verdict.level,
        spent=told["total_spend"], left=told["contribution"], share=told["attainment"],
    )  # fmt: skip


@dataclass(slots=True)
class _Chart:
    speaker: Speaker
    bars: Sequence[Bar]
    y: float = MARGIN
    marks: list[Markup] = field(default_factory=list[Markup])

    def svg(self, title: str, attributes: Mapping[str, str]) -> Markup:
        for line in wrap(title, (WIDTH - 2 * MARGIN) / _TITLE):
            self.y += _TITLE * 1.35
            self._text(line, MARGIN, self.y - 6, _TITLE, weight="650")
        self._legend()
        for bar in self.bars:
            self._row(bar)
        height = str(round(self.y + GAP))
        return tag(
            "svg", tag("title", title), tag("rect", width=str(WIDTH), height=height, fill="#fff"), self.marks,
            viewBox=f"0 0 {WIDTH} {height}", width=str(WIDTH), height=height, font_family=_FONT, role="img",
            **attributes,
        )  # fmt: skip

    def _legend(self) -> None:
        self.y += 28
        x = float(MARGIN)
        for key, colour in (("chart-spent", _SPENT), ("chart-left", _WON), ("chart-lost", _LOST)):
            label = self._phrase(key)
            self._rect(x, self.y - 12, 13, 13, colour)
            self._text(label, x + 19, self.y, _TEXT, fill=_QUIET)
            x += 41 + width(label) * _TEXT
        self.y += 26
        self._rect(MARGIN, self.y - 9, 13, 7, _SHARE)
        self._text(self._phrase("chart-share"), MARGIN + 19, self.y, _TEXT, fill=_QUIET)
        self.y += 16

    def _row(self, bar: Bar) -> None:
        self._rect(MARGIN, self.y, WIDTH - 2 * MARGIN, 1, _RULE)
        self.y += 26
        self._text(bar.label, MARGIN, self.y, _LABEL, weight="650")
        room = WIDTH - 2 * MARGIN - width(bar.label) * _LABEL - GAP
        if width(bar.verdict) * _TEXT > room:
            self.y += 22
        self._text(bar.verdict, WIDTH - MARGIN, self.y, _TEXT, fill=_TONES.get(bar.level or "", _QUIET), anchor="end")
        top = self.y + 11
        self._money(bar.spent, top, _SPENT)
        self._money(bar.left, top + BAR + 5, _LOST if (bar.left or 0) < 0 else _WON)
        self._rect(self._x(Fraction(0)), top - 3, 1, 2 * BAR + 11, _INK)
        self._share(bar.share, top + 2 * BAR + 18)
        self.y = top + 2 * BAR + 51

    def _money(self, value: Fraction | None, y: float, colour: str) -> None:
        """A bar from zero to the sum, which is written where there is nothing drawn: to its right."""
        zero, end = self._x(Fraction(0)), self._x(value or Fraction(0))
        if value is not None:
            self._rect(min(zero, end), y, max(abs(end - zero), 1), BAR, colour)
        self._text(self._amount(value), max(zero, end) + GAP, y + BAR - 1.5, _TEXT)

    def _share(self, share: Fraction | None, y: float) -> None:
        long = WIDTH - 2 * MARGIN - self._share_room
        self._rect(MARGIN, y, long, 7, _TRACK)
        if share is not None:
            self._rect(MARGIN, y, float(_within(share) / _MOST_SHARE) * long, 7, _SHARE)
        self._rect(MARGIN + float(_ALL / _MOST_SHARE) * long - 1, y - 4, 2, 15, _INK)
        self._text(self._percent(share), WIDTH - MARGIN, y + 10, _TEXT, fill=_SHARE, anchor="end")

    @property
    def _share_room(self) -> float:
        return max([width(self._percent(bar.share)) for bar in self.bars], default=0) * _TEXT + GAP

    def _x(self, value: Fraction) -> float:
        """Where a sum stands across, with room at the right for the longest one in words."""
        sums = [Fraction(0), *(one for bar in self.bars for one in (bar.spent, bar.left) if one is not None)]
        low, top = min(sums), max(sums)
        told = max((width(self._amount(one)) for bar in self.bars for one in (bar.spent, bar.left)), default=0)
        long = WIDTH - 2 * MARGIN - told * _TEXT - GAP
        return MARGIN + float((value - low) / (top - low) if top > low else 0) * long

    def _amount(self, value: Fraction | None) -> str:
        return self.speaker.figure(value, "money")

    def _percent(self, share: Fraction | None) -> str:
        return "–" if share is None else self.speaker.amount(exact(share, 2), "percent")

    def _phrase(self, key: str) -> str:
        return self.speaker.phrase(key)

    def _rect(self, x: float, y: float, wide: float, high: float, colour: str) -> None:
        self._mark("rect", x=_px(x), y=_px(y), width=_px(wide), height=_px(high), fill=colour)

    def _text(
        self, text: str, x: float, y: float, size: int, *, fill: str = _INK, anchor: str = "start", weight: str = "400"
    ) -> None:
        self._mark(
            "text", text, x=_px(x), y=_px(y), font_size=str(size), fill=fill, text_anchor=anchor, font_weight=weight
        )

    def _mark(self, name: str, *content: Content, **attributes: str) -> None:
        self.marks.append(tag(name, *content, **attributes))


def _within(share: Fraction) -> Fraction:
    return min(max(share, Fraction(0)), _MOST_SHARE)


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
