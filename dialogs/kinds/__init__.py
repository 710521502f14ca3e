"""The kinds of question; importing this package registers all of them."""

from dialogs.kinds import choice, date, many, money, months, number, percent, text, time, zone
from dialogs.kinds.base import KINDS, Circumstance, Kind, Note, Read, Reading, Unclear, Unread

__all__ = [
    "KINDS",
    "Circumstance",
    "Kind",
    "Note",
    "Read",
    "Reading",
    "Unclear",
    "Unread",
    "choice",
    "date",
    "many",
    "money",
    "months",
    "number",
    "percent",
    "text",
    "time",
    "zone",
]
