"""The log of a serving program: what may stand in it, and what never does."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from bot import logs

TOKEN = "123456789:AAF-CANARY_0123456789abcdefghijklmn"

#: A program that lets all of it out: through our own log, and through that of a library.
_CARELESS = f"""
import logging
from bot import logs
logs.set_up({TOKEN!r}, "CANARY-secret-of-the-hook")
logs.log("careless", reason="https://host/bot{TOKEN}/getMe", others=["CANARY-secret-of-the-hook"])
logging.getLogger("httpx").error("POST /bot{TOKEN}/sendMessage CANARY 4000000")
try:
    raise ValueError("CANARY 4000000")
except ValueError:
    logging.getLogger("asyncio").exception("CANARY")
"""


def test_case_53_a_line_is_json_and_holds_no_secret_whoever_writes_it() -> None:
    """What a library says is left out; where it says so stands there."""
    done = subprocess.run([sys.executable, "-c", _CARELESS], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["action"] for line in lines] == ["careless", "library", "library"]
    assert [line.get("library") for line in lines[1:]] == ["httpx", "asyncio"]
    assert lines[2]["error"] == "ValueError"
    assert "CANARY" not in done.stderr
    assert "4000000" not in done.stderr


@pytest.mark.parametrize("text", ["127.0.0.1:8080", "bot/rounds.py:120", "12:30:00", "host:443"])
def test_what_only_looks_a_little_like_a_token_is_left(text: str) -> None:
    """Who reads the log needs it."""
    assert logs.mask(text) == text


@pytest.mark.parametrize("text", [TOKEN, f"x {TOKEN} y", f"/bot{TOKEN}/getMe", "https://host/botABC/getMe"])
def test_case_53_what_looks_like_a_token_is_masked(text: str) -> None:
    """Also that of another bot."""
    assert TOKEN not in logs.mask(text)
    assert "ABC" not in logs.mask(text)
