"""What `make` says where the machine lacks something: a sentence that tells what to do, never a traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")

_TOO_OLD = "#!/bin/sh\nexit 1\n"
_SHIM = "#!/bin/sh\necho 'this version is not switched on' >&2\nexit 127\n"
_NO_VENV = '#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec "{python}" "$@"\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with what the set-up reads."""
    for name in ("Makefile", "pyproject.toml", "requirements.txt", "requirements-serve.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def program(folder: Path, name: str, script: str) -> Path:
    """A shell script that can be run."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(script.format(python=sys.executable))
    file.chmod(0o755)
    return file


def make_chat(checkout: Path, *arguments: str, path: str = os.defpath) -> str:
    """What `make chat` complains of."""
    run = subprocess.run(
        [shutil.which("make") or "make", "chat", *arguments],
        cwd=checkout,
        env={"PATH": path},
        capture_output=True,
        encoding="utf-8",
        timeout=20,
        check=False,
    )
    assert run.returncode != 0
    assert "Traceback" not in run.stderr
    assert not (checkout / ".venv").exists()
    return run.stderr


def test_an_older_python_gets_a_sentence(checkout: Path) -> None:
    """It says which versions suit, and how to name another."""
    python = program(checkout / "bin", "python", _TOO_OLD)
    said = make_chat(checkout, f"PYTHON={python}")
    assert f"Lampwise needs Python 3.11, 3.12 or 3.13; {python} is none of these." in said
    assert "make chat PYTHON=" in said


def test_no_python_gets_a_sentence(checkout: Path) -> None:
    """A name on the PATH that does not run is no Python."""
    for name in ("python3", "python3.11", "python3.12", "python3.13"):
        program(checkout / "bin", name, _SHIM)
    said = make_chat(checkout, path=f"{checkout / 'bin'}:{os.defpath}")
    assert "Lampwise needs Python 3.11, 3.12 or 3.13, and none was found." in said


def test_a_missing_venv_module_gets_a_sentence(checkout: Path) -> None:
    """Debian ships it apart: the sentence names the package."""
    python = program(checkout / "bin", "python", _NO_VENV)
    said = make_chat(checkout, f"PYTHON={python}")
    assert f"{python} lacks its venv module." in said
    assert "apt-get install python3-venv" in said
