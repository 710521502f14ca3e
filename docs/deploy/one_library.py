"""Prints what an image needs of requirements-serve.txt, with one Telegram library: `python one_library.py FILE ptb`.

The tools that build our own package are left out, too. What only these or the other library need goes with them, by
the remarks (`# via`) that `make lock` leaves. The hashes stay.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

#: The package of each LAMPWISE_TELEGRAM_LIBRARY.
PACKAGES = {"ptb": "python-telegram-bot", "aiogram": "aiogram"}
#: They make our own package, and nothing of it runs.
TOOLS = {"hatchling", "editables"}


def with_one(requirements: str, library: str) -> str:
    """The requirements with only this library; KeyError for another."""
    wanted = PACKAGES[library]
    # A package may stand there twice, for different versions of Python.
    entries = [(_name(entry), entry) for entry in re.split(r"\n(?=[a-z0-9])", requirements.rstrip("\n"))]
    gone = {*PACKAGES.values(), *TOOLS} - {wanted}
    while more := {name for name, entry in entries if name not in gone and _wanted_by(entry) <= gone}:
        gone |= more
    return "\n".join(entry for name, entry in entries if name not in gone) + "\n"


def _name(entry: str) -> str:
    return re.split(r"==", entry, maxsplit=1)[0] if "==" in entry else ""


def _wanted_by(entry: str) -> set[str]:
    """Who needs it; itself where nobody is named, so that it stays."""
    remarks = re.findall(r"^ +#(?: via)?\s+([^\s#].*)$", entry, re.MULTILINE)
    return {remark for remark in remarks if remark != "via" and not remark.startswith("-c ")} or {_name(entry) or "?"}


if __name__ == "__main__":
    sys.stdout.write(with_one(Path(sys.argv[1]).read_text("utf-8"), sys.argv[2]))
