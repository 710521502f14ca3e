"""Calls the Bot API over HTTP for whichever library is used: lean, and exact about what surely did not go out.

The only door to aiohttp. Not its job: what an answer means, trying again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

import aiohttp

#: Seconds for one call, well under the sender's lease; a long poll takes its own time on top.
TIMEOUT = 20.0
#: Seconds for the connection alone.
CONNECT = 10.0

#: A file to hand over: its name and its bytes.
File = tuple[str, bytes]


class NotReached(Exception):
    """The server could not be connected to, so the call surely had no effect."""


class Cut(Exception):
    """The connection ended before an answer came: the call may have had its effect."""


class TokenRefused(Exception):
    """The server does not know the token."""


class OtherInstance(Exception):
    """Another program fetches the updates of this bot, or a webhook is set."""


class Http:
    """Posts to one Bot API server. `root` is its address without a path."""

    def __init__(self, root: str, connections: int = 64) -> None:
        self._root = root.rstrip("/")
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make ready to call."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ttl_dns_cache=300, keepalive_timeout=50),
                timeout=aiohttp.ClientTimeout(total=None),
                auto_decompress=True,
            )

    async def close(self) -> None:
        """End all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def url(self, token: str, method: str) -> str:
        """Where a method is called."""
        return f"{self._root}/bot{token}/{method}"

    async def post(
        self, url: str, told: Mapping[str, Any], files: Mapping[str, File] | None = None, timeout: float = TIMEOUT
    ) -> tuple[int, bytes]:
        """The status and the body of the answer; raises NotReached or Cut."""
        if self._session is None:
            raise NotReached("closed")
        body = _form(told, files) if files else json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {} if files else {"Content-Type": "application/json"}
        limits = aiohttp.ClientTimeout(total=timeout, sock_connect=CONNECT)
        try:
            async with self._session.post(url, data=body, headers=headers, timeout=limits) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            # Their own texts hold the address, and the address holds the token.
            raise NotReached(type(error).__name__) from None
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise Cut(type(error).__name__) from None

    async def updates(self, token: str, offset: int, wait: int) -> Sequence[Mapping[str, Any]]:
        """What one long poll of `wait` seconds brought, as it came; raises all four exceptions of this module."""
        told = {"offset": offset, "timeout": wait, "allowed_updates": ALLOWED}
        status, body = await self.post(self.url(token, "getUpdates"), told, timeout=wait + TIMEOUT)
        if status == HTTPStatus.CONFLICT:
            raise OtherInstance
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
            raise TokenRefused
        try:
            answer = json.loads(body)
        except ValueError:
            answer = None
        result = answer.get("result") if isinstance(answer, dict) else None
        if status != HTTPStatus.OK or not isinstance(result, list):
            raise Cut(f"status {status}")
        return [update for update in cast(list[Any], result) if isinstance(update, dict)]


#: What Telegram is asked to deliver; the rest it need not send.
ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member", "channel_post"]


def _form(told: Mapping[str, Any], files: Mapping[str, File] | None) -> aiohttp.FormData:
    form = aiohttp.FormData(quote_fields=False)
    for name, value in told.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    for name, (filename, content) in (files or {}).items():
        form.add_field(name, content, filename=filename, content_type="application/octet-stream")
    return form
