"""Draws a picture as SVG: every section a box, in as many columns as a screen has room for, one way through them all.

Not its job: what stands in the boxes (`picture`), drawing one (`blocks`), which column it is in (`columns`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dialogs.documents.markup import Markup, tag
from dialogs.graph.blocks import COLUMN, INK, LINE, MARGIN, NOTE, QUIET, SPINE, TITLE, Drawing, notes, px, section
from dialogs.graph.columns import columns
from dialogs.graph.picture import Picture

#: All in pixels: between two blocks.
GAP = 30
#: So tall a column may be before there is another, and so many there are at most.
TALLEST, MOST = 1150, 4
_FONT = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',system-ui,sans-serif"


def svg(picture: Picture) -> str:
    """The whole file."""
    blocks = [section(group) for group in (*picture.groups, picture.rules)] + notes(picture)
    placed = columns([block.y + GAP for block in blocks], TALLEST, MOST)
    wide = len(placed) * COLUMN
    head = Drawing(y=MARGIN)
    head.write(picture.title, TITLE, MARGIN, wide - 2 * MARGIN)
    head.write(picture.legend, NOTE, MARGIN, wide - 2 * MARGIN)
    spots = dict(_spots(placed, [block.y for block in blocks], head.y + GAP))
    height = round(max(spots[at][1] + block.y for at, block in enumerate(blocks)) + GAP)
    joined = [_joint(spots[at], blocks[at].y, spots[at + 1]) for at in range(len(picture.groups))]
    root = tag(
        "svg",
        tag("title", picture.title),
        tag("rect", width=str(wide), height=str(height), fill="#fff"),
        head.marks,
        _start(picture.start, *spots[0]),
        [tag("g", block.marks, transform=f"translate({px(spots[at][0])} {px(spots[at][1])})")
         for at, block in enumerate(blocks)],
        joined,
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {wide} {height}", width=str(wide), height=str(height),
        font_family=_FONT, role="img",
    )  # fmt: skip
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root.text}\n'


def _spots(
    placed: Sequence[Sequence[int]], heights: Sequence[float], top: float
) -> Iterator[tuple[int, tuple[float, float]]]:
    """Where each block has its corner."""
    for column, places in enumerate(placed):
        y = top
        for at in places:
            yield at, (float(column * COLUMN), y)
            y += heights[at] + GAP


def _joint(one: tuple[float, float], height: float, other: tuple[float, float]) -> Markup:
    """The way from a block to the next: straight down, or through the gap between two columns."""
    x, y, below, end = one[0] + SPINE, one[1] + height, one[1] + height + GAP / 2, other[0] + SPINE
    if one[0] == other[0]:
        return _way(f"M{px(x)} {px(y)} V{px(other[1])}")
    path = f"M{px(x)} {px(y)} V{px(below)} H{px(other[0] - 6)} V{px(other[1] - GAP / 2)} H{px(end)} V{px(other[1])}"
    return _way(path)


def _way(path: str) -> Markup:
    return tag("path", d=path, fill="none", stroke=LINE, stroke_width="2", stroke_linejoin="round")


def _start(text: str, x: float, y: float) -> Markup:
    dot = tag("circle", cx=px(x + SPINE), cy=px(y - GAP / 2 - 3), r="5", fill=INK)
    size = str(NOTE.size)
    label = tag("text", text, x=px(x + SPINE + 12), y=px(y - GAP / 2 + 2), font_size=size, fill=QUIET)
    return tag("g", dot, label, _way(f"M{px(x + SPINE)} {px(y - GAP / 2)} V{px(y)}"))
