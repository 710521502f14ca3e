"""Checks of sense, beyond shape and names; importing this package registers all rules."""

from dialogs.lint import (
    advice_missing,
    answer_ambiguous,
    button_too_long,
    example_unreadable,
    label_too_long,
    offer_unknown,
    place_unknown,
    places_differ,
    points_against_level,
    question_too_long,
    result_too_long,
    share_over_one,
    topic_unknown,
    unused_name,
    wide_digits,
)
from dialogs.lint.base import RULES, Around, lint

__all__ = [
    "RULES",
    "Around",
    "advice_missing",
    "answer_ambiguous",
    "button_too_long",
    "example_unreadable",
    "label_too_long",
    "lint",
    "offer_unknown",
    "place_unknown",
    "places_differ",
    "points_against_level",
    "question_too_long",
    "result_too_long",
    "share_over_one",
    "topic_unknown",
    "unused_name",
    "wide_digits",
]
