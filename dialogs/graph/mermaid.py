"""A picture as Mermaid text: a flowchart with a subgraph for each section.

Not its job: what stands in it (`picture`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from dialogs.graph.picture import Box, Group, Picture

_STYLES = (
    "classDef taken fill:#e6efe9,stroke:#2c6647,stroke-width:2px",
    "classDef passed fill:#fff,stroke:#b9c0c5,color:#7b858c,stroke-dasharray:4 3",
    "classDef waiting fill:#fff,stroke:#5c666d",
    "classDef verdict fill:#fbf4e8,stroke:#8a5a12",
)
#: Mermaid reads these in a text as its own signs.
_SIGNS = re.compile(r'["#&<>`\\|{}\[\]()]')


def mermaid(picture: Picture) -> str:
    """The whole text, with a line break at its end."""
    questions = [box for group in picture.groups for box in group.boxes]
    lines = ["flowchart TD", f'  start(["{_text(picture.title)}"])']
    for number, group in enumerate(picture.groups):
        lines += _group(group, f"section{number}")
    lines += _group(picture.rules, "rules", shape=("{{", "}}"))
    lines += ["  " + step for step in _steps(["start", *map(_id, questions)], questions)]
    lines += _to_rules(questions, picture.rules.boxes)
    lines += ["  " + style for style in _STYLES]
    marked = [f"  class {_id(box)} {box.mark}" for box in (*questions, *picture.rules.boxes) if box.mark != "plain"]
    return "\n".join([*lines, *marked, ""])


def _group(group: Group, id: str, shape: tuple[str, str] = ("[", "]")) -> Iterator[str]:
    yield f'  subgraph {id}["{_text(group.title)}"]'
    for box in group.boxes:
        parts = filter(None, (box.title, box.note, box.guard, box.answer))
        yield f'    {_id(box)}{shape[0]}"{"<br/>".join(map(_text, parts))}"{shape[1]}'
    yield "  end"


def _steps(ids: list[str], questions: Iterable[Box]) -> Iterator[str]:
    """From each question to the next; past those that may be left out, dotted."""
    boxes = list(questions)
    for at, box in enumerate(boxes):
        yield f"{ids[at]} --> {_id(box)}"
        before = at
        while before > 0 and boxes[before - 1].guard and not box.guard:
            before -= 1
        if before < at:
            yield f"{ids[before]} -.-> {_id(box)}"


def _to_rules(questions: list[Box], rules: tuple[Box, ...]) -> Iterator[str]:
    chain = [_id(questions[-1]) if questions else "start", *map(_id, rules)]
    for one, after in pairwise(chain):
        yield f"  {one} --> {after}"
    if rules:
        yield f"  class {','.join(map(_id, rules))} verdict"


def _id(box: Box) -> str:
    """Words such as `end` mean something to Mermaid."""
    return "q_" + re.sub(r"\W", "_", box.id)


def _text(text: str) -> str:
    return _SIGNS.sub(lambda sign: f"#{ord(sign[0])};", " ".join(text.split()))
