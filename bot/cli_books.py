"""The commands about the books, as `cli` offers them: ask, eval, gaps.

Not its job: what they do; each loads its own module only when it is given.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Language = Annotated[
    str | None, typer.Option("--lang", metavar="L", help="zh-Hans, zh-Hant or en. Not given: LAMPWISE_LANG.")
]


def ask(
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="The question, in your own words.")] = None,
    lang: Language = None,
    batch: Annotated[
        str | None,
        typer.Option("--batch", metavar="FILE", help='Questions, {"id":…,"text":…} a line; - is the standard input.'),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, an object a line.")] = False,
) -> int:
    """Ask the books a question. Keeps nothing."""
    from bot import ask_command, given

    return ask_command.run(given.settings(), text, lang, batch, as_json=as_json)


def evaluate(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help='Labelled questions, {"id","text","topics","style"} a line.')
    ],
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="FILE", help="The accepted run, to tell what has changed since."),
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help="Keep this run as the accepted one, in that file.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, an object a line.")] = False,
) -> int:
    """Measure how well questions find their entries: overall, by style, and what is mixed up."""
    from bot import eval_command, given

    return eval_command.run(given.settings(), file, baseline, accept=accept, as_json=as_json)


def gaps(lang: Language = None) -> int:
    """Tell what people asked in vain, alike questions together, each with a draft for the books."""
    from bot import gaps_command, given

    return gaps_command.run(given.settings(), lang)
