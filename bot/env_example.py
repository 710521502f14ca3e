"""`.env.example`, written from the settings model: `make env-example` makes it, a test compares it."""

from __future__ import annotations

import sys
from textwrap import wrap

from bot.settings import Settings, variable

_HEAD = """\
# Settings of Lampwise. Copy this file to .env, take the # from the lines you want and change the value.
# What the environment sets goes before .env. Made by `make env-example` from bot/settings.py; do not edit.
"""


def render() -> str:
    """The whole text of `.env.example`: every setting with its sentence, commented out."""
    return _HEAD + "".join(_entry(name) for name in Settings.model_fields)


def _entry(name: str) -> str:
    field = Settings.model_fields[name]
    sentence = "\n".join(f"# {line}" for line in wrap(field.description or "", 110))
    value = field.examples[0] if field.examples else field.default
    return f"\n{sentence}\n#{variable(name)}={value}\n"


if __name__ == "__main__":
    sys.stdout.write(render())
