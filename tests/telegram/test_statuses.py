"""What each answer of a server says about a message: the same by either library."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from bot.gateways.base import Blocked, Delivery, NotSent, Refused, RetryAfter, Sent, TokenUnknown, Unknown
from bot.gateways.telegram_library import client
from bot.gateways.telegram_text import page
from dialogs.message import Line, Message
from tests.telegram.double import TOKEN
from tests.telegram.gateways import LIBRARIES, Library, run

PAGE = b"<html><body>nginx</body></html>"


def no(code: int, description: str = "no", **parameters: Any) -> bytes:
    """A refusal as the Bot API words it."""
    return json.dumps(
        {"ok": False, "error_code": code, "description": description, "parameters": parameters or None}
    ).encode()


def down(status: int) -> NotSent:
    """Not taken, and tried again."""
    return NotSent(reason=f"status {status}")


ANSWERS: list[tuple[int, bytes, Delivery]] = [
    *((status, body, down(status)) for status in (500, 502, 503, 504, 522, 599) for body in (PAGE, b"", no(status))),
    (500, b'{"ok": fal', down(500)),
    (500, no(500, "Internal Server Error: restart"), down(500)),
    (503, no(503, "x", retry_after=3), down(503)),
    (408, PAGE, down(408)),
    (302, b"", down(302)),
    (403, PAGE, down(403)),
    (429, PAGE, down(429)),
    (429, no(429, "Too Many Requests: retry after 7", retry_after=7), RetryAfter(wait=timedelta(seconds=7))),
    (403, no(403, "Forbidden: bot was blocked by the user"), Blocked()),
    (401, no(401, "Unauthorized"), TokenUnknown()),
    (404, no(404, "Not Found"), TokenUnknown()),
    (401, PAGE, TokenUnknown()),
    (400, no(400, "Bad Request: message is too long"), Refused(reason="400")),
    (400, PAGE, Refused(reason="400")),
    (413, PAGE, Refused(reason="413")),
    (409, no(409, "Conflict"), Refused(reason="409")),
    (200, no(400, "Bad Request: x"), Refused(reason="400")),
    (200, no(429, "x", retry_after=2), RetryAfter(wait=timedelta(seconds=2))),
    (200, PAGE, Unknown(reason="unreadable")),
    (200, b'{"ok": true, "res', Unknown(reason="unreadable")),
    (200, b"[]", Unknown(reason="unreadable")),
    (200, b'{"ok": true}', Sent()),
    (200, b'{"ok": true, "result": {"odd": []}}', Sent()),
    (200, b'{"ok": true, "result": [1]}', Sent()),
]


async def outcome_of(library: Library, status: int, body: bytes, short_by: int = 0) -> Delivery:
    """Of one message to a server that always answers so; its connection ends `short_by` bytes too soon."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, EOFError, asyncio.CancelledError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body) + short_by}\r\n\r\n".encode() + body)
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        one = client(library, f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", TOKEN)
        try:
            return await one.say("7", page(Message(lines=(Line(text="灯"),))))
        finally:
            await one.close()


@pytest.mark.parametrize(("status", "body", "wanted"), ANSWERS)
@pytest.mark.parametrize("library", LIBRARIES)
def test_case_13_16_18_21_each_answer_has_one_meaning(
    library: Library, status: int, body: bytes, wanted: Delivery
) -> None:
    assert run(outcome_of(library, status, body)) == wanted


@pytest.mark.parametrize(
    ("status", "wanted"), [(500, down(500)), (502, down(502)), (413, Refused(reason="413")), (200, Unknown)]
)
@pytest.mark.parametrize("library", LIBRARIES)
def test_case_21_an_answer_that_breaks_off_is_judged_by_its_status(library: Library, status: int, wanted: Any) -> None:
    outcome = run(outcome_of(library, status, b'{"ok": fal', short_by=40))
    assert outcome == wanted or outcome.__class__ is wanted
