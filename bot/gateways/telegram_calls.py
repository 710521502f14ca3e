"""The calls of the Bot API that send no message: who we are, and the webhook. They are alike whichever library is used.

A library's own would hide why a call failed: DNS, TLS and a proxy are one and the same error there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from bot.gateways.telegram_client import Hooked, Me
from bot.gateways.telegram_http import ALLOWED, Cut, Http


async def me(http: Http, token: str) -> Me:
    """Our own account; raises TokenRefused, NotReached or Cut."""
    told = _object(await http.ask(token, "getMe"))
    number, name = told.get("id"), told.get("username")
    if not isinstance(number, int):
        raise Cut("proxy")
    return Me(id=number, name=name if isinstance(name, str) else "")


async def hook(http: Http, token: str, url: str, secret: str) -> None:
    """Set the webhook, or delete it where `url` is empty; raises TokenRefused, NotReached or Cut."""
    if url:
        await http.ask(token, "setWebhook", {"url": url, "secret_token": secret, "allowed_updates": ALLOWED})
    else:
        await http.ask(token, "deleteWebhook")


async def hooked(http: Http, token: str) -> Hooked:
    """How the webhook is; raises TokenRefused, NotReached or Cut."""
    told = _object(await http.ask(token, "getWebhookInfo"))
    url = told.get("url")
    return Hooked(
        url=url if isinstance(url, str) else "", pending=_count(told, "pending_update_count"),
        failed_at=_count(told, "last_error_date"),
    )  # fmt: skip


def _object(result: object) -> Mapping[str, Any]:
    if not isinstance(result, dict):
        raise Cut("proxy")
    return cast(Mapping[str, Any], result)


def _count(told: Mapping[str, Any], name: str) -> int:
    number = told.get(name)
    return number if isinstance(number, int) else 0
