"""What a trial finds; small, so that a chat that begins need not load the check."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Something wrong: an error of the check, or a place where a talk goes otherwise than written.

    `file` is its path below its folder. With code and key it tells what is wrong, wherever the line has moved; `line`
    says it to whoever edits.
    """

    file: str
    code: str
    key: str
    line: str

    @property
    def what(self) -> tuple[str, str, str]:
        """The same in a state of the files before and after."""
        return self.file, self.code, self.key
