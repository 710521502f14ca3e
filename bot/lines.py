"""Lines of JSON in and out, for the commands that answer many cases as they are read."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from bot.refusal import Refusal

#: What stands for the standard input.
STANDARD_INPUT = "-"

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@contextmanager
def opened(option: str, name: str) -> Generator[BinaryIO]:
    """The file `name`, or the standard input; raises Refusal, which names the option that gave it."""
    if name == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    with ExitStack() as open_files:
        try:
            source = open_files.enter_context(Path(name).open("rb"))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "not a file name"
            raise Refusal(f"{option}: {name[:200]}: {reason}") from error
        yield source


def lines(source: Iterable[bytes]) -> Iterator[str]:
    """The lines as text; one that is not UTF-8 is as good as empty, which is no JSON object either."""
    for number, line in enumerate(source):
        tidy = line.removeprefix(_BYTE_ORDER_MARK) if number == 0 else line
        try:
            yield tidy.decode("utf-8")
        except UnicodeDecodeError:
            yield ""


def json_object(line: str) -> dict[str, Any] | None:
    """The object of a line; None where there is none."""
    try:
        read: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", read) if isinstance(read, dict) else None


def json_text(told: Mapping[str, Any]) -> str:
    """A line of JSON."""
    try:
        return json.dumps(told, ensure_ascii=False, allow_nan=False) + "\n"
    except (ValueError, RecursionError):
        # Only the id is given back as it came: a number beyond all numbers, or nested without end.
        return json.dumps({**told, "id": None}, ensure_ascii=False) + "\n"
