"""Draws a picture as SVG: one column, wide enough for a phone, so that a reader only ever scrolls down.

Not its job: what stands in the boxes (`picture`), breaking lines (`text_wrap`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dialogs.documents.markup import Content, Markup, tag, written
from dialogs.graph.picture import Box, Group, Picture
from dialogs.graph.text_wrap import wrap

#: All in pixels. The gutter on the left is for the lines that go past a question.
WIDTH, MARGIN, GUTTER, GAP, PAD = 480, 14, 26, 14, 12
_LEFT, _RIGHT = MARGIN + GUTTER, WIDTH - MARGIN
_INK, _QUIET, _LINE, _ACCENT, _TAKEN = "#1d2327", "#5c666d", "#b9c0c5", "#8a5a12", "#2c6647"
_FONT = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',system-ui,sans-serif"
_LEADING = 1.45


@dataclass(frozen=True, slots=True, kw_only=True)
class _Type:
    size: int
    colour: str
    weight: str = "400"


_TITLE = _Type(size=20, colour=_INK, weight="650")
_SECTION = _Type(size=16, colour=_INK, weight="650")
_ASK = _Type(size=15, colour=_INK)
_VERDICT = _Type(size=15, colour=_INK, weight="650")
_NOTE = _Type(size=13, colour=_QUIET)
_GUARD = _Type(size=13, colour=_ACCENT)
_ANSWER = _Type(size=13, colour=_TAKEN, weight="650")


def svg(picture: Picture) -> str:
    """The whole file."""
    drawing = _Drawing()
    drawing.write(picture.title, _TITLE, MARGIN, WIDTH - 2 * MARGIN)
    drawing.write(picture.legend, _NOTE, MARGIN, WIDTH - 2 * MARGIN)
    for group in picture.groups:
        _section(drawing, group)
    _section(drawing, picture.rules)
    _terms(drawing, picture)
    height = round(drawing.y + MARGIN)
    root = tag(
        "svg",
        tag("title", picture.title),
        tag("rect", width=str(WIDTH), height=str(height), fill="#fff"),
        drawing.marks,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {WIDTH} {height}", width=str(WIDTH), height=str(height),
        style="max-width:100%;height:auto", font_family=_FONT, role="img",
    )  # fmt: skip
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root.text}\n'


@dataclass(slots=True)
class _Drawing:
    """What is drawn so far, and how far down."""

    y: float = MARGIN
    marks: list[Markup] = field(default_factory=list[Markup])

    def write(self, text: str, kind: _Type, x: float, room: float) -> None:
        """Lines of text, one below the other."""
        for line in wrap(text, room / kind.size):
            self.y += kind.size * _LEADING
            self.add(
                "text", line, x=_px(x), y=_px(self.y - kind.size * 0.35), font_size=str(kind.size), fill=kind.colour,
                font_weight=kind.weight,
            )  # fmt: skip

    def add(self, name: str, *content: Content, **attributes: str) -> None:
        """One more mark."""
        self.marks.append(tag(name, *content, **attributes))


def _section(drawing: _Drawing, group: Group) -> None:
    drawing.y += GAP
    panel = drawing.y
    drawing.y += PAD / 2
    drawing.write(group.title, _SECTION, MARGIN, WIDTH - 2 * MARGIN)
    drawing.y += 4
    top = drawing.y
    rule = group.id == "verdict"
    for run in _runs(group.boxes, joined=not rule):
        begin = drawing.y
        for box in run:
            _box(drawing, box, rule=rule)
        if run[0].guard and not rule:
            _past(drawing, begin, drawing.y)
    end = drawing.y
    drawing.y += PAD / 2
    drawing.write(group.stop, _NOTE, _LEFT + 26, _RIGHT - _LEFT - 26)
    spine = tag(
        "line", x1=_px(_LEFT + 14), y1=_px(top), x2=_px(_LEFT + 14), y2=_px(end), stroke=_LINE, stroke_width="2"
    )
    behind = tag(
        "rect", x="5", y=_px(panel), width=_px(WIDTH - 10), height=_px(drawing.y - panel), rx="9", fill="#f4f5f3"
    )
    drawing.marks[:0] = [behind, spine]


def _runs(boxes: Iterable[Box], *, joined: bool) -> list[list[Box]]:
    """Neighbours with the same guard go past together."""
    runs: list[list[Box]] = []
    for box in boxes:
        if joined and runs and box.guard and runs[-1][0].guard == box.guard:
            runs[-1].append(box)
        else:
            runs.append([box])
    return runs


def _box(drawing: _Drawing, box: Box, *, rule: bool) -> None:
    drawing.y += GAP / 2
    top, at = drawing.y, len(drawing.marks)
    drawing.y += PAD * 0.6
    left, room = _LEFT + PAD, _RIGHT - _LEFT - 2 * PAD
    for text, kind in _texts(box, rule=rule):
        drawing.write(text, kind, left, room)
    drawing.y += PAD * 0.7
    passed = box.mark == "passed"
    frame = tag(
        "rect", x=_px(_LEFT), y=_px(top), width=_px(_RIGHT - _LEFT), height=_px(drawing.y - top), rx="6",
        fill=_fill(box, rule=rule), stroke=_TAKEN if box.mark == "taken" else _LINE,
        stroke_width="2" if box.mark == "taken" else "1.2", stroke_dasharray="5 4" if passed else "none",
    )  # fmt: skip
    inside = drawing.marks[at:]
    del drawing.marks[at:]
    drawing.add("g", frame, inside, _dot(box, top), opacity="0.55" if passed else "1")
    drawing.y += GAP / 2


def _texts(box: Box, *, rule: bool) -> list[tuple[str, _Type]]:
    asked = [(box.title, _ASK), (box.note, _NOTE), (box.guard, _GUARD), (box.answer, _ANSWER)]
    return [(box.guard, _GUARD), (f"→ {box.title}", _VERDICT)] if rule else [one for one in asked if one[0]]


def _fill(box: Box, *, rule: bool) -> str:
    if box.mark == "taken":
        return "#eef5f0"
    return "#fbf6ec" if rule else "#fff"


def _dot(box: Box, top: float) -> Markup | None:
    """Where the conversation stands to this box."""
    if box.mark == "plain":
        return None
    full = box.mark == "taken"
    return tag(
        "circle", cx=_px(MARGIN + 7), cy=_px(top + 18), r="6", fill=_TAKEN if full else "#fff",
        stroke=_TAKEN if full else _QUIET, stroke_width="1.5", stroke_dasharray="none" if full else "3 2",
    )  # fmt: skip


def _past(drawing: _Drawing, begin: float, end: float) -> None:
    """The line that goes round questions which may be left out."""
    x, turn = _LEFT - 6, 6
    down = f"Q{x} {begin:.1f} {x} {begin + turn:.1f} V{end - turn:.1f} Q{x} {end:.1f} {x + turn} {end:.1f}"
    path = f"M{_LEFT + 2} {begin:.1f} H{x + turn} {down} H{_LEFT + 8}"
    head = f"M{_LEFT + 3} {end - 4:.1f} L{_LEFT + 9} {end:.1f} L{_LEFT + 3} {end + 4:.1f}"
    for shape in (path, head):
        drawing.add(
            "path",
            d=shape,
            fill="none",
            stroke=_ACCENT,
            stroke_width="1.4",
            stroke_dasharray="4 3" if shape == path else "none",
        )


def _terms(drawing: _Drawing, picture: Picture) -> None:
    if picture.terms:
        drawing.y += GAP
        drawing.write(picture.terms_title, _SECTION, MARGIN, WIDTH - 2 * MARGIN)
    for name, meaning in picture.terms:
        drawing.y += 4
        drawing.write(f"{name} = {meaning}", _NOTE, MARGIN, WIDTH - 2 * MARGIN)


def _px(length: float) -> str:
    return written(f"{length:.1f}".removesuffix(".0"))
