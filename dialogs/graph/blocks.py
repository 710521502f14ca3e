"""Draws the blocks of a picture, each from its own corner: a section with its boxes, or the notes at the end.

Not its job: where a block stands and how the way goes from one to the next (`svg`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from dialogs.documents.markup import Content, Markup, tag
from dialogs.graph.picture import Box, Group, Picture
from dialogs.graph.text_wrap import width, wrap

#: All in pixels. The gutter on the left is for the lines that go past a question; the way runs down the spine.
COLUMN, MARGIN, GUTTER, PAD = 470, 16, 26, 11
SPINE = MARGIN + GUTTER + 14
INK, QUIET, LINE = "#1d2126", "#555d64", "#98a0a6"
_LEFT, _RIGHT = MARGIN + GUTTER, COLUMN - MARGIN
_ACCENT, _TAKEN, _PALE = "#865409", "#24603f", "#6b747b"
_LEADING = 1.42
#: How much wider bold letters are.
_BOLD = 1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Type:
    size: int
    colour: str
    weight: str = "400"


TITLE = Type(size=22, colour=INK, weight="650")
_SECTION = Type(size=16, colour=INK, weight="650")
_ASK = Type(size=15, colour=INK)
_VERDICT = Type(size=15, colour=INK, weight="650")
NOTE = Type(size=13, colour=QUIET)
_GUARD = Type(size=13, colour=_ACCENT)
_ANSWER = Type(size=14, colour=_TAKEN, weight="650")


@dataclass(slots=True)
class Drawing:
    """What is drawn so far, and how far down."""

    y: float = 0
    marks: list[Markup] = field(default_factory=list[Markup])

    def write(self, text: str, kind: Type, x: float, room: float) -> None:
        """Lines of text, one below the other."""
        for line in wrap(text, room / kind.size / (_BOLD if kind.weight != "400" else 1)):
            self.y += kind.size * _LEADING
            self.add(
                "text", line, x=px(x), y=px(self.y - kind.size * 0.35), font_size=str(kind.size), fill=kind.colour,
                font_weight=kind.weight,
            )  # fmt: skip

    def beside(self, text: str, kind: Type, end: float) -> None:
        """In the line written last, at its right end."""
        self.add(
            "text", text, x=px(end), y=px(self.y - _ASK.size * 0.35), font_size=str(kind.size), fill=kind.colour,
            text_anchor="end",
        )  # fmt: skip

    def add(self, name: str, *content: Content, **attributes: str) -> None:
        """One more mark."""
        self.marks.append(tag(name, *content, **attributes))


def section(group: Group) -> Drawing:
    """The section as a box, with its questions or rules one below the other, in the order of the way through them."""
    drawing = Drawing(y=PAD * 0.7)
    drawing.write(group.title, _SECTION, SPINE + 12, _RIGHT - SPINE - 12)
    rule = group.id == "verdict"
    tops: list[float] = []
    for run in _runs(group.boxes, joined=not rule):
        begin = drawing.y
        for box in run:
            tops.append(drawing.y + PAD)
            _box(drawing, box, rule=rule)
        if run[0].guard and not rule:
            _past(drawing, begin + 5, drawing.y + 3)
    drawing.y += PAD
    drawing.write(group.stop, NOTE, SPINE + 12, _RIGHT - SPINE - 12)
    drawing.y += PAD * (0.5 if group.stop else 0)
    behind = tag(
        "rect", x="6", y="0", width=px(COLUMN - 24), height=px(drawing.y), rx="8", fill="#f4f4f1", stroke="#e3e3de"
    )
    # The last rule has nothing after it.
    end = px(tops[-1] if rule and tops else drawing.y)
    spine = tag("line", x1=px(SPINE), y1="0", x2=px(SPINE), y2=end, stroke=LINE, stroke_width="2")
    drawing.marks[:0] = [behind, spine, *(head(SPINE, top) for top in tops)]
    return drawing


def _runs(boxes: Iterable[Box], *, joined: bool) -> list[list[Box]]:
    """Neighbours with the same guard go past together."""
    runs: list[list[Box]] = []
    for box in boxes:
        if joined and runs and box.guard and runs[-1][0].guard == box.guard:
            runs[-1].append(box)
        else:
            runs.append([box])
    return runs


def _box(drawing: Drawing, box: Box, *, rule: bool) -> None:
    drawing.y += PAD
    top, at = drawing.y, len(drawing.marks)
    drawing.y += PAD * 0.5
    left, room = _LEFT + PAD, _RIGHT - _LEFT - 2 * PAD - 14
    pale = box.mark == "passed"
    for text, kind in _texts(box, rule=rule):
        if kind is NOTE and _fits_beside(box, room):
            drawing.beside(text, _pale(kind) if pale else kind, left + room)
        else:
            drawing.write(text, _pale(kind) if pale else kind, left, room)
    drawing.y += PAD * 0.6
    taken = box.mark == "taken"
    frame = tag(
        "rect", x=px(_LEFT), y=px(top), width=px(_RIGHT - _LEFT - 14), height=px(drawing.y - top), rx="6",
        fill=_fill(box, rule=rule), stroke=_TAKEN if taken else LINE, stroke_width="2" if taken else "1.2",
        stroke_dasharray="5 4" if box.mark == "passed" else "none",
    )  # fmt: skip
    inside = drawing.marks[at:]
    del drawing.marks[at:]
    drawing.add("g", frame, inside, _dot(box, top))


def _texts(box: Box, *, rule: bool) -> list[tuple[str, Type]]:
    if rule:
        return [(box.guard, _GUARD), (f"→ {box.title}", _VERDICT)]
    told = [(box.title, _ASK), (box.note, NOTE), (box.guard, _GUARD), (box.answer, _ANSWER)]
    return [one for one in told if one[0]]


def _fits_beside(box: Box, room: float) -> bool:
    """Whether what sort of answer it takes fits behind the question."""
    last = wrap(box.title, room / _ASK.size)[-1:]
    return sum(map(width, last)) * _ASK.size + (width(box.note) + 1) * NOTE.size <= room


def _pale(kind: Type) -> Type:
    return replace(kind, colour=_PALE)


def _fill(box: Box, *, rule: bool) -> str:
    if box.mark == "taken":
        return "#eef5f0"
    if box.mark == "passed":
        return "#fafafa"
    return "#fbf6ec" if rule else "#fff"


def _dot(box: Box, top: float) -> Markup | None:
    """Where the conversation stands to this box."""
    if box.mark == "plain":
        return None
    full = box.mark == "taken"
    return tag(
        "circle", cx=px(MARGIN + 5), cy=px(top + 16), r="6", fill=_TAKEN if full else "#fff",
        stroke=_TAKEN if full else QUIET, stroke_width="1.5", stroke_dasharray="none" if full else "3 2",
    )  # fmt: skip


def _past(drawing: Drawing, begin: float, end: float) -> None:
    """The line that goes round questions which may be left out, from the way and back to it."""
    x, turn = _LEFT - 7, 6
    down = f"Q{x} {px(begin)} {x} {px(begin + turn)} V{px(end - turn)} Q{x} {px(end)} {x + turn} {px(end)}"
    path = f"M{SPINE} {px(begin)} H{x + turn} {down} H{SPINE - 2}"
    head = f"M{SPINE - 8} {px(end - 4)} L{SPINE - 1} {px(end)} L{SPINE - 8} {px(end + 4)} Z"
    drawing.add("path", d=path, fill="none", stroke=_ACCENT, stroke_width="1.5", stroke_dasharray="4 3")
    drawing.add("path", d=head, fill=_ACCENT)


def notes(picture: Picture) -> list[Drawing]:
    """What the words of conditions stand for, as a block of its own."""
    if not picture.terms:
        return []
    drawing = Drawing()
    drawing.write(picture.terms_title, _SECTION, MARGIN, COLUMN - 2 * MARGIN)
    for name, meaning in picture.terms:
        drawing.y += 5
        drawing.write(f"{name} = {meaning}", NOTE, MARGIN, COLUMN - 2 * MARGIN)
    return [drawing]


def px(length: float) -> str:
    """The length as it is written."""
    return f"{length:.1f}".removesuffix(".0")


def head(x: float, y: float) -> Markup:
    """The head of an arrow that ends here, from above."""
    return tag("path", d=f"M{px(x - 4.5)} {px(y - 7)} H{px(x + 4.5)} L{px(x)} {px(y)} Z", fill=LINE)
