"""Questions without an answer and ratings of entries: kept, counted, exported, forgotten, removed in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine

from dialogs.effects import LogUnanswered, RateEntry
from dialogs.events import Event
from dialogs.owner import Owner
from dialogs.talk import Turn
from storage import forgetting
from storage.export import export
from storage.questions import Asked, ratings, unanswered
from storage.retention import purge
from storage.store import Store
from tests.storage.sample import NOW, typed

GAP = LogUnanswered(why="none", text="为什么\ud800", language="zh-Hans", topics=("a", "b"))


def step(owner: Owner, event: Event) -> Turn:
    """One gap, one rating that changes with the text."""
    rating = RateEntry(topic="a", helped=getattr(event, "text", "") == "up")
    return Turn(owner=replace(owner, last_topic="a", last_question="为什么"), effects=(GAP, rating))


def test_they_are_kept_with_the_event(store: Store) -> None:
    """The later rating of one owner counts; what he asked last is read back."""
    store.apply([typed(1, "up"), typed(2, "down"), typed(3, "up", chat="li")], step)
    assert [(one.why, one.topics) for one in unanswered(store.engine)] == [("none", ("a", "b"))] * 3
    assert unanswered(store.engine)[0] == Asked(
        why="none", text="为什么\ufffd", language="zh-Hans", topics=("a", "b"), at=unanswered(store.engine)[0].at
    )
    assert ratings(store.engine) == {"a": (1, 1)}
    owner = store.snapshot("terminal", "wang")
    assert (owner.last_topic, owner.last_question) == ("a", "为什么")


def test_they_are_exported_and_forgotten_with_their_owner(store: Store) -> None:
    store.apply([typed(1, "up"), typed(2, "up", chat="li")], step)
    exported = export(store.engine, "terminal", "wang", NOW)
    assert exported is not None
    assert exported["kept"]["unanswered"][0]["topics"] == ["a", "b"]
    assert exported["kept"]["rating"][0]["helped"] is True
    assert forgetting.forget(store.engine, "terminal", "wang", NOW)
    assert len(unanswered(store.engine)) == 1
    assert ratings(store.engine) == {"a": (1, 0)}


def test_questions_are_kept_for_90_days(store: Store, engine: Engine) -> None:
    """Longer than messages; ratings stay."""
    store.apply([typed(1)], step)
    asked = unanswered(engine)[0].at
    assert purge(engine, asked + timedelta(days=89), timedelta(days=30)).questions == 0
    assert purge(engine, asked + timedelta(days=91), timedelta(days=30)).questions == 1
    assert unanswered(engine) == []
    assert ratings(engine) == {"a": (0, 1)}
