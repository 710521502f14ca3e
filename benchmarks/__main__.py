"""`make bench`: runs the quick measurements, or those that are named: `make bench ARGS="steps storage"`."""

from __future__ import annotations

import ast
import platform
import subprocess
import sys
from pathlib import Path

#: Less than a minute each; they run when none is named.
QUICK = ("steps", "cases", "start", "storage", "checks", "matching")
#: What the others stand on.
_PARTS = frozenset({"__init__", "__main__", "measured", "books", "bare_vet"})


def main(names: list[str]) -> int:
    """Run them one after the other; 2 for a name that is none."""
    known = sorted(file.stem for file in Path(__file__).parent.glob("*.py") if file.stem not in _PARTS)
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"There is no {unknown[0]}. There are: {', '.join(known)}.", file=sys.stderr)
        return 2
    # Each in a process of its own: what one has loaded must not count for the next.
    print(f"Python {platform.python_version()} on {platform.system()} {platform.machine()}", flush=True)
    for name in names or QUICK:
        subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
    longer = [name for name in known if name not in QUICK]
    if longer and not names:
        print("\nThe longer ones, minutes each:")
        for name in longer:
            print(f"  make bench ARGS={name:12} {_first_line(name)}")
    return 0


def _first_line(name: str) -> str:
    """What a measurement says that it does."""
    told = ast.get_docstring(ast.parse(Path(__file__).with_name(f"{name}.py").read_text("utf-8"))) or ""
    return told.partition("\n")[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
