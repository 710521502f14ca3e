"""The quarters of a contract as one picture, narrow enough for a phone: spending, what was left, share of the promise.

Not its job: turning it into dots (`bot.pictures`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from dialogs.documents.markup import Content, Markup, tag
from dialogs.loop import quarter_names
from dialogs.loop.series import Case
from dialogs.speaking import Speaker

#: All in pixels.
WIDTH, HEIGHT, MARGIN, AXIS = 480, 560, 18, 38
_BARS_TOP, _BARS_BOTTOM = 112, 318
_LINE_TOP, _LINE_BOTTOM = 388, 496
_INK, _QUIET, _RULE, _SPENT, _WON, _LOST, _SHARE = (
    "#1d2327", "#5c666d", "#d5dade", "#c9a86a", "#2c6647", "#9e2a2b", "#31577f",
)  # fmt: skip
_FONT = "'Noto Sans SC','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',system-ui,sans-serif"
#: So many quarters can be read on a phone; the latest are shown.
MOST = 8
_WAN = 10_000
#: The share of the promise at the top of the picture; more is drawn there.
_MOST_SHARE = Fraction(5, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A quarter: money in yuan, the share of the promise as a fraction; None: not known."""

    label: str
    verdict: str
    spent: Fraction | None
    left: Fraction | None
    share: Fraction | None


def chart(speaker: Speaker, title: str, cases: Sequence[Case]) -> str:
    """The picture as SVG."""
    return _Chart(speaker, [_bar(speaker, case) for case in cases[-MOST:]]).svg(title)


def _bar(speaker: Speaker, case: Case) -> Bar:
    told = case.deduction
    verdict = speaker.text(told.flow.verdicts[told.rule.verdict].title)
    # 2026Q4 in full is wider than its place.
    label = quarter_names.short(speaker, case.period) if case.period.startswith("Q") else case.period
    return Bar(
        label=label, verdict=verdict, spent=told["total_spend"],
        left=told["contribution"], share=told["attainment"],
    )  # fmt: skip


@dataclass(slots=True)
class _Chart:
    speaker: Speaker
    bars: Sequence[Bar]
    marks: list[Markup] = field(default_factory=list[Markup])

    def svg(self, title: str) -> str:
        self._text(title, MARGIN, 36, 19, weight="650")
        self._legend()
        self._money()
        self._shares()
        root = tag(
            "svg", tag("title", title), tag("rect", width=str(WIDTH), height=str(HEIGHT), fill="#fff"), self.marks,
            xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {HEIGHT}", width=str(WIDTH), height=str(HEIGHT),
            font_family=_FONT, role="img",
        )  # fmt: skip
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{root.text}\n'

    def _legend(self) -> None:
        unit = self._phrase("chart-unit-wan" if self._in_wan else "chart-unit-yuan")
        x = float(MARGIN)
        for key, colour in (("chart-spent", _SPENT), ("chart-left", _WON), ("chart-lost", _LOST)):
            label = self._phrase(key)
            self._mark("rect", x=_px(x), y="58", width="12", height="12", rx="2", fill=colour)
            self._text(label, x + 17, 69, 13, fill=_QUIET)
            x += 34 + _wide(label) * 13
        self._text(unit, WIDTH - MARGIN, 69, 13, fill=_QUIET, anchor="end")

    def _money(self) -> None:
        top, low = self._range()
        scale = (_BARS_BOTTOM - _BARS_TOP) / float(top - low)
        zero = _BARS_BOTTOM + float(low) * scale
        self._mark("line", x1=str(MARGIN), x2=str(WIDTH - MARGIN), y1=_px(zero), y2=_px(zero), stroke=_INK)
        for place, bar in enumerate(self.bars):
            middle, half = self._middle(place), min(22.0, self._step / 2.6)
            self._column(middle - half - 1, half, zero, scale, bar.spent, _SPENT)
            self._column(middle + 1, half, zero, scale, bar.left, _LOST if (bar.left or 0) < 0 else _WON)
            self._text(bar.label, middle, _BARS_BOTTOM + 24, 12, anchor="middle")

    def _column(self, x: float, width: float, zero: float, scale: float, value: Fraction | None, colour: str) -> None:
        middle = x + width / 2
        if value is None:
            self._text("?", middle, zero - 6, 13, fill=_QUIET, anchor="middle")
            return
        height = abs(float(value)) * scale
        y = zero if value < 0 else zero - height
        self._mark("rect", x=_px(x), y=_px(y), width=_px(width), height=_px(max(height, 1)), fill=colour)
        at = y + height + 13 if value < 0 else y - 5
        self._text(self._amount(value), middle, at, 11, anchor="middle")

    def _shares(self) -> None:
        self._text(self._phrase("chart-share"), MARGIN, _LINE_TOP - 16, 14, weight="650")
        for level in (Fraction(1), Fraction(3, 5)):
            y = _px(_share_y(level))
            self._mark(
                "line", x1=str(MARGIN + AXIS), x2=str(WIDTH - MARGIN), y1=y, y2=y, stroke=_RULE, stroke_dasharray="4 3"
            )
            self._text(f"{int(level * 100)}%", MARGIN + AXIS - 6, _share_y(level) + 4, 12, fill=_QUIET, anchor="end")
        points = [
            (self._middle(place), _share_y(bar.share)) for place, bar in enumerate(self.bars) if bar.share is not None
        ]
        if len(points) > 1:
            way = " ".join(f"{_px(x)},{_px(y)}" for x, y in points)
            self._mark("polyline", points=way, fill="none", stroke=_SHARE, stroke_width="2")
        for place, bar in enumerate(self.bars):
            self._share(self._middle(place), bar)

    def _share(self, x: float, bar: Bar) -> None:
        if bar.share is None:
            self._text("–", x, _LINE_BOTTOM - 6, 13, fill=_QUIET, anchor="middle")
        else:
            y = _share_y(bar.share)
            self._mark("circle", cx=_px(x), cy=_px(y), r="4", fill=_SHARE)
            self._text(f"{round(float(bar.share) * 100)}%", x, y - 9, 12, fill=_SHARE, anchor="middle")
        for row, part in enumerate(_broken(bar.verdict, self._step / 11)):
            self._text(part, x, _LINE_BOTTOM + 18 + 14 * row, 11, anchor="middle")

    @property
    def _step(self) -> float:
        return (WIDTH - 2 * MARGIN - AXIS) / max(1, len(self.bars))

    def _middle(self, place: int) -> float:
        return MARGIN + AXIS + self._step * (place + 0.5)

    def _range(self) -> tuple[Fraction, Fraction]:
        """The most and the least that is drawn, with room for the numbers."""
        known = [value for bar in self.bars for value in (bar.spent, bar.left) if value is not None]
        top, low = max([*known, Fraction(0)]), min([*known, Fraction(0)])
        room = (top - low) * Fraction(1, 9) or Fraction(1)
        return top + room, low - (room if low < 0 else 0)

    @property
    def _in_wan(self) -> bool:
        return any(abs(value) >= _WAN for bar in self.bars for value in (bar.spent, bar.left) if value is not None)

    def _amount(self, value: Fraction) -> str:
        shown = float(value) / _WAN if self._in_wan else float(value)
        # A real minus is as wide as a plus.
        told = f"{shown:.1f}".removesuffix(".0") if self._in_wan else f"{shown:.0f}"
        return told.replace("-", "\u2212")

    def _phrase(self, key: str) -> str:
        return self.speaker.phrase(key)

    def _text(
        self, text: str, x: float, y: float, size: int, *, fill: str = _INK, anchor: str = "start", weight: str = "400"
    ) -> None:
        self._mark(
            "text", text, x=_px(x), y=_px(y), font_size=str(size), fill=fill, text_anchor=anchor, font_weight=weight
        )

    def _mark(self, name: str, *content: Content, **attributes: str) -> None:
        self.marks.append(tag(name, *content, **attributes))


def _share_y(share: Fraction) -> float:
    shown = min(max(share, Fraction(0)), _MOST_SHARE)
    return _LINE_BOTTOM - float(shown / _MOST_SHARE) * (_LINE_BOTTOM - _LINE_TOP)


def _wide(text: str) -> float:
    """How wide the text is, in its own height: a Chinese sign is as wide as it is high."""
    return sum(1.0 if ord(sign) > 0x2E7F else 0.55 for sign in text)


def _broken(text: str, room: float) -> list[str]:
    """The text in up to two lines of so many signs."""
    words = text.split(" ") if " " in text else list(text)
    glue, lines = (" " if " " in text else ""), [""]
    for word in words:
        joined = f"{lines[-1]}{glue if lines[-1] else ''}{word}"
        if _wide(joined) > room and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = joined
    return lines[:3]


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
