"""A picture as Mermaid text: a flowchart with a subgraph for each section, side by side.

Not its job: what stands in it (`picture`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from dialogs.graph.picture import Box, Group, Picture

_STYLES = (
    "classDef part fill:#f4f4f1,stroke:#d5d5ce,color:#1d2126",
    "classDef plain fill:#fff,stroke:#98a0a6,color:#1d2126",
    "classDef verdict fill:#fbf6ec,stroke:#865409,color:#1d2126",
    "classDef taken fill:#eef5f0,stroke:#24603f,color:#1d2126,stroke-width:2px",
    "classDef passed fill:#fafafa,stroke:#98a0a6,color:#6b747b,stroke-dasharray:4 3",
    "classDef waiting fill:#fff,stroke:#555d64,color:#1d2126",
)
#: Mermaid reads these in a text as its own signs.
_SIGNS = re.compile(r'["#&<>`\\|{}\[\]()]')


def mermaid(picture: Picture) -> str:
    """The whole text, with a line break at its end."""
    groups = (*picture.groups, picture.rules)
    ids = [*(f"section{number}" for number in range(len(picture.groups))), "rules"]
    lines = ["flowchart LR", f'  start(["{_text(picture.title)}"])']
    for id, group in zip(ids, groups, strict=True):
        lines += _group(group, id)
    # Sections are joined, not their questions: a section that is tied up from inside loses its direction.
    lines += [f"  {one} --> {after}" for one, after in pairwise(["start", *ids])]
    lines += _terms(picture)
    lines += ["  " + style for style in _STYLES]
    lines += [f"  class {id} part" for id in ids]
    lines += [f"  class {_id(box)} {box.mark}" for group in picture.groups for box in group.boxes]
    lines += [f"  class {_id(box)} {_ruled(box)}" for box in picture.rules.boxes]
    return "\n".join([*lines, ""])


def _group(group: Group, id: str) -> Iterator[str]:
    yield f'  subgraph {id}["{_text(group.title)}"]'
    yield "    direction TB"
    for box in group.boxes:
        parts = filter(None, (box.title, box.note, *box.guard.split("\n"), box.answer))
        yield f'    {_id(box)}["{"<br/>".join(map(_text, parts))}"]'
    steps = _past(group.boxes) if id != "rules" else ()
    yield from (f"    {_id(one)} --> {_id(after)}" for one, after in pairwise(group.boxes))
    yield from (f"    {_id(one)} -.-> {_id(after)}" for one, after in steps)
    yield "  end"


def _ruled(box: Box) -> str:
    return "verdict" if box.mark == "plain" else box.mark


def _past(boxes: Sequence[Box]) -> Iterator[tuple[Box, Box]]:
    """The ways past questions of a section that may be left out."""
    for at, box in enumerate(boxes):
        before = at - 1
        while before >= 0 and boxes[before].guard and not box.guard:
            before -= 1
        if 0 <= before < at - 1:
            yield boxes[before], box


def _terms(picture: Picture) -> Iterator[str]:
    """What the words of conditions stand for, as a box beside the rest."""
    told = [picture.terms_title, *(f"{name} = {meaning}" for name, meaning in picture.terms)]
    if picture.terms:
        yield f'  terms["{"<br/>".join(map(_text, told))}"]'
        yield "  class terms plain"


def _id(box: Box) -> str:
    """Words such as `end` mean something to Mermaid."""
    return "q_" + re.sub(r"\W", "_", box.id)


def _text(text: str) -> str:
    return _SIGNS.sub(lambda sign: f"#{ord(sign[0])};", " ".join(text.split()))
