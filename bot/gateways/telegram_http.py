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
from bot.gateways.telegram_pieces import pieces
from bot.link import TokenSeen

__all__ = [
    "ALLOWED", "TIMEOUT", "Cut", "Declined", "File", "Http", "NotReached", "OtherInstance", "TokenRefused", "read",
]  # fmt: skip

#: Seconds for one call, well under the sender's lease; a long poll takes its own time on top.
TIMEOUT = 20.0

#: What Telegram is asked to deliver; the rest it need not send.
ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member", "channel_post"]

#: A file to hand over: its name and its bytes.
File = tuple[str, bytes]


class TokenRefused(Exception):
    """The server does not know the token."""


class OtherInstance(Exception):
    """Another program takes the updates of this bot; the text is `conflict` (it polls) or `webhook` (one is set)."""


class NotTaken(NotReached):
    """The server, or a proxy in front of it, failed by itself (5xx): it says that it did not take the call."""


class Declined(Exception):
    """The server answered that it will not: with a `status` and an object, `answer`, which may be empty."""

    def __init__(self, status: int, answer: Mapping[str, Any]) -> None:
        super().__init__(str(status))
        self.status = status
        self.answer = answer


class Http:
    """Calls one Bot API server. `root` is its address."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._server = Server(root)
        self._path = urlsplit(root).path.rstrip("/")
        self.token_seen = TokenSeen()

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
        status, answer = await self._server.post(path, body, content_type, timeout)
        self._note_token(status, answer)
        return status, answer

    def _note_token(self, status: int, body: bytes) -> None:
        if status == HTTPStatus.OK:
            self.token_seen.accepted()
        elif _refuses_token(status, body):
            self.token_seen.refused(status)
        elif status < HTTPStatus.INTERNAL_SERVER_ERROR and "error_code" in read(body):
            self.token_seen.accepted()

    async def accepted(
        self,
        token: str,
        method: str,
        told: Mapping[str, Any],
        files: Mapping[str, File] | None = None,
        timeout: float = TIMEOUT,
    ) -> bytes:
        """The body of the answer of a call that the server took; raises NotReached, NotTaken, Cut or Declined.

        Here alone is decided what a status says about a call, so that it does not depend on the library.
        """
        status, body = await self.call(token, method, told, files, timeout)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
            raise NotTaken(f"status {status}")
        answer = read(body)
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise Declined(status, answer)
        if not answer:
            raise Cut("unreadable")
        if not answer.get("ok"):
            code = answer.get("error_code")
            raise Declined(code if isinstance(code, int) else HTTPStatus.BAD_REQUEST, answer)
        return body

    async def ask(
        self, token: str, method: str, told: Mapping[str, Any] | None = None, timeout: float = TIMEOUT
    ) -> Any:
        """The result of a call that sends no message; raises all four exceptions of this module."""
        status, body = await self.call(token, method, told or {}, timeout=timeout)
        if _refuses_token(status, body):
            raise TokenRefused
        answer = read(body)
        if status == HTTPStatus.CONFLICT:
            raise OtherInstance("webhook" if "webhook" in str(answer.get("description")) else "conflict")
        if status != HTTPStatus.OK or not body.lstrip().startswith(b"{"):
            raise Cut(_why(status, answer))
        return answer.get("result", body)

    async def updates(self, token: str, offset: int, wait: int) -> Sequence[object]:
        """What one long poll of `wait` seconds brought, as it came; raises all four exceptions of this module.

        An update that cannot be read as JSON stands there as its text.
        """
        told = {"offset": offset, "timeout": wait, "allowed_updates": ALLOWED}
        result = await self.ask(token, "getUpdates", told, timeout=wait + TIMEOUT)
        if isinstance(result, bytes):
            # One odd update must not hold up all others.
            result = pieces(result)
        if not isinstance(result, list):
            raise Cut("no list")
        return cast(list[object], result)


def _refuses_token(status: int, body: bytes) -> bool:
    """A 404 is one only where the Bot API says so: that of a proxy is none."""
    return status == HTTPStatus.UNAUTHORIZED or (status == HTTPStatus.NOT_FOUND and "error_code" in read(body))


def _why(status: int, answer: Mapping[str, Any]) -> str:
    """Why a call failed, as a word: the status, or `proxy` where it was not the Bot API that answered."""
    return str(status) if answer and status != HTTPStatus.PROXY_AUTHENTICATION_REQUIRED else "proxy"


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
