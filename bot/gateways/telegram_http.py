"""Calls the Bot API for whichever library is used.

Not its job: what an answer means to a message, trying again.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlsplit

from bot.gateways.http_post import Cut, NotReached, Server

__all__ = ["ALLOWED", "TIMEOUT", "Cut", "File", "Http", "NotReached", "OtherInstance", "TokenRefused", "read"]

#: Seconds for one call, well under the sender's lease; a long poll takes its own time on top.
TIMEOUT = 20.0

#: What Telegram is asked to deliver; the rest it need not send.
ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member", "channel_post"]

#: A file to hand over: its name and its bytes.
File = tuple[str, bytes]


class TokenRefused(Exception):
    """The server does not know the token."""


class OtherInstance(Exception):
    """Another program fetches the updates of this bot, or a webhook is set."""


class Http:
    """Calls one Bot API server. `root` is its address."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._server = Server(root)
        self._path = urlsplit(root).path.rstrip("/")

    async def close(self) -> None:
        """End all connections."""
        await self._server.close()

    async def call(
        self,
        token: str,
        method: str,
        told: Mapping[str, Any],
        files: Mapping[str, File] | None = None,
        timeout: float = TIMEOUT,
    ) -> tuple[int, bytes]:
        """The status and the body of the answer; raises NotReached or Cut."""
        path = f"{self._path}/bot{token}/{method}"
        if files:
            content_type, body = _form(told, files)
        else:
            content_type, body = "application/json", json.dumps(told, separators=(",", ":")).encode()
        return await self._server.post(path, body, content_type, timeout)

    async def updates(self, token: str, offset: int, wait: int) -> Sequence[Mapping[str, Any]]:
        """What one long poll of `wait` seconds brought, as it came; raises all four exceptions of this module."""
        told = {"offset": offset, "timeout": wait, "allowed_updates": ALLOWED}
        status, body = await self.call(token, "getUpdates", told, timeout=wait + TIMEOUT)
        if status == HTTPStatus.CONFLICT:
            raise OtherInstance
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
            raise TokenRefused
        result = read(body).get("result")
        if status != HTTPStatus.OK or not isinstance(result, list):
            raise Cut(f"status {status}")
        return [cast(dict[str, Any], update) for update in cast(list[Any], result) if isinstance(update, dict)]


def read(body: bytes) -> dict[str, Any]:
    """The answer as an object; empty where it is none."""
    try:
        answer: Any = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return cast(dict[str, Any], answer) if isinstance(answer, dict) else {}


def _form(told: Mapping[str, Any], files: Mapping[str, File]) -> tuple[str, bytes]:
    """As multipart/form-data: the content type and the body."""
    boundary = secrets.token_hex(16)
    body = bytearray()
    for name, value in told.items():
        text = value if isinstance(value, str) else json.dumps(value)
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
    for name, (filename, content) in files.items():
        quoted = filename.replace("\\", "_").replace('"', "_").replace("\r", "_").replace("\n", "_")
        body += (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="{quoted}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        body += content + b"\r\n"
    return f"multipart/form-data; boundary={boundary}", bytes(body + f"--{boundary}--\r\n".encode())
