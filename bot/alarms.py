"""The alarms of a serving program: how each is noticed, and what it does.

A new alarm needs a line of ALARMS and its text `still-NAME` in gateways/telegram.yaml; a text `still-NAME-WHY` goes
before it where there is one. Not its job: looking, telling (`watch`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot import database_watch
from bot.link import Link
from bot.serving import Serving
from scheduler.working_days import shipped_working_days

#: Seconds without a sign of life that are one too many: of the database, of the server's answers, of the oldest reply,
#: of the look at what is due.
STILL: dict[str, float] = {"storage": 20.0, "polling": 120.0, "sending": 120.0, "reminders": 150.0}
#: Seconds until an alarm is repeated, and until the log repeats a notice.
HOUR, DAY = 3600.0, 24 * 3600.0
#: Seconds for which it is to be seen to that a message was given up.
LATELY = 3600.0
#: So long before the table of holidays ends it is time for the next year's.
TABLE_AHEAD = timedelta(days=30)
#: Why an alarm is on where there is nothing more to say.
ON = "on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What alarms are noticed by, at one moment of the loop."""

    serving: Serving
    link: Link
    #: When what is due was last asked for.
    ticked: float
    now: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that a person must see to. `why` is a word while it is on, None while it is off."""

    name: str
    why: Callable[[Signs], str | None]
    #: While it is on the program is not ready; otherwise it is a notice.
    unready: bool = True
    #: Whether the admins hear of the alarm on Telegram.
    tells: bool = True
    #: Seconds until the alarm is repeated.
    again: float = HOUR
    #: The action of its log line, and the facts in it.
    action: str = "alarm"
    facts: Callable[[], Mapping[str, Any]] = dict


def _still(name: str, silent: Callable[[Signs], float]) -> Callable[[Signs], str | None]:
    """On while nothing was heard for longer than STILL says."""
    return lambda signs: ON if silent(signs) > STILL[name] else None


def _polling(signs: Signs) -> str | None:
    if signs.serving.parts.settings.telegram_webhook_url is not None:
        return None
    if signs.link.is_contested:
        return signs.link.contested_by
    return (signs.link.failing or ON) if signs.now - signs.link.heard > STILL["polling"] else None


def _token(signs: Signs) -> str | None:
    seen = signs.serving.parts.client.token_seen
    return str(seen.status) if seen.is_refused else None


def _sending(signs: Signs) -> float:
    serving = signs.serving
    return max(serving.parts.tally.outbox_age, serving.dispatch.standing())


def _given_up(signs: Signs) -> str | None:
    return ON if signs.now - signs.serving.parts.tally.given_up_at < LATELY else None


def _holidays(signs: Signs) -> str | None:
    soon = (signs.serving.parts.clock() + TABLE_AHEAD).date()
    return ON if shipped_working_days().stale(soon) else None


ALARMS = (
    Alarm(name="storage", why=_still("storage", lambda signs: database_watch.silent(signs.serving))),
    Alarm(name="lease", why=lambda signs: ON if database_watch.standing(signs.serving) else None),
    Alarm(name="polling", why=_polling),
    Alarm(name="deliveries", why=lambda signs: signs.link.deliveries or None),
    # Nothing can be sent by a token that is refused: only the log and /readyz can tell.
    Alarm(name="token", why=_token, tells=False),
    Alarm(name="sending", why=_still("sending", _sending)),
    Alarm(name="sends", why=_given_up, unready=False),
    Alarm(name="reminders", why=_still("reminders", lambda signs: signs.now - signs.ticked)),
    Alarm(
        name="holidays-stale", why=_holidays, unready=False, tells=False, again=DAY, action="holidays-stale",
        facts=lambda: {"table_until": shipped_working_days().last},
    ),
)  # fmt: skip
NAMES = tuple(alarm.name for alarm in ALARMS)


def text_id(name: str, why: str, texts: Mapping[str, object]) -> str:
    """The id of the text that says it to people; the most particular one there is."""
    particular = f"still-{name}-{why}"
    return particular if particular in texts else f"still-{name}"
