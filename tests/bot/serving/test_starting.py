"""The start: probes answer first, the log tells why the server is not reached, and no webhook is taken away unasked."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot import web
from bot.gateways.http_post import Cut, NotReached, Server
from bot.gateways.telegram_client import Hooked
from bot.gateways.telegram_http import Http, OtherInstance, TokenRefused
from bot.given import settings
from bot.refusal import Refusal
from bot.rounds import TooMuch
from bot.starting import Front, hold_to_ours, reached, set_hook
from bot.tally import Tally
from bot.watch import Watch
from tests.bot.serving.fake import ME, FakeClient, talking
from tests.bot.serving.test_web import ask, free_port
from tests.telegram.gateways import LIBRARIES, reader
from tests.telegram.gateways import run as run_for_a_minute

OURS = "https://ours.example/hook"


def test_probes_answer_before_the_server_is_reached(
    settings_of_ours: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Alive, not ready, and why; afterwards as the program says. What is delivered meanwhile is to come again."""
    monkeypatch.setattr("bot.starting.PAUSE", 0.0)
    tries = ["dns", "tls"]

    async def main() -> None:
        front, ended, port = Front(), asyncio.Event(), free_port()
        said: list[tuple[int | str, ...]] = []

        async def opened() -> Any:
            said.append((await ask(port, "GET", "/readyz"))[::2])
            if tries:
                raise NotReached(tries.pop(0))
            return ME

        async with AsyncExitStack() as held, talking(settings_of_ours) as talk:
            await web.listen({f"127.0.0.1:{port}": [*web.probes(front, Tally())]}, held)
            with pytest.raises(TooMuch):
                await front.take([])
            assert await reached(opened, front, ended) == ME
            assert (await ask(port, "GET", "/healthz"))[0] == 200
            front.watch, front.intake = Watch(talk.serving), talk.serving.intake
            said.append((await ask(port, "GET", "/readyz"))[::2])
            await front.take([])
        assert said == [
            (503, "starting\n"), (503, "starting: server not reached: dns\n"),
            (503, "starting: server not reached: tls\n"), (200, "ok\n"),
        ]  # fmt: skip

    run_for_a_minute(main())
    said = capsys.readouterr().out
    assert [f"reason={why}" in said for why in ("dns", "tls")] == [True, True]


def test_who_is_told_to_end_at_the_start_ends(settings_of_ours: Path) -> None:
    """Without another try."""

    async def main() -> None:
        ended = asyncio.Event()

        async def opened() -> Any:
            ended.set()
            raise Cut("502")

        assert await reached(opened, Front(), ended) is None

    run_for_a_minute(main())


def test_a_token_that_is_none_at_the_start_is_bad_input() -> None:
    async def opened() -> Any:
        raise TokenRefused

    with pytest.raises(Refusal, match="401"):
        run_for_a_minute(reached(opened, Front(), asyncio.Event()))


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (socket.gaierror(-2, "secret"), "dns"), (ConnectionRefusedError(111, "secret"), "refused"),
        (OSError("Multiple exceptions: [Errno 111] x, [Errno 111] y"), "refused"),
        (ssl.SSLCertVerificationError("secret"), "tls"), (ssl.SSLError("secret"), "tls"), (TimeoutError(), "timeout"),
        (ConnectionResetError("secret"), "cut"), (OSError(101, "secret"), "unreachable"),
    ],
)  # fmt: skip
def test_why_no_connection_can_be_made_is_a_word(monkeypatch: pytest.MonkeyPatch, error: Exception, why: str) -> None:
    """And holds nothing of the error's text."""

    async def main() -> None:
        async def fails(*_: Any, **__: Any) -> Any:
            raise error

        monkeypatch.setattr(asyncio.get_running_loop(), "create_connection", fails)
        with pytest.raises(NotReached, match=f"^{why}$"):
            await Server("http://x").post("/", b"", "text/plain", 1.0)

    run_for_a_minute(main())


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[str]:
    """A server that says the same to everybody; its root."""

    async def serve(incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        await incoming.read(65536)
        outgoing.write(answer)
        outgoing.close()
        await outgoing.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def http(status: int, body: bytes) -> bytes:
    """An answer."""
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


def error(status: int, description: str = "x") -> bytes:
    """The Bot API says that it went wrong."""
    body = b'{"ok":false,"error_code":%d,"description":"%s"}' % (status, description.encode())
    return http(status, body)


@pytest.mark.parametrize(
    ("answer", "raised", "why"),
    [
        (http(200, b"<html>log in</html>"), Cut, "proxy"), (http(502, b"<html>"), Cut, "proxy"), (b"", Cut, "closed"),
        (http(407, b"{}"), Cut, "proxy"), (error(500), Cut, "500"), (error(503), Cut, "503"),
        (http(404, b"<html>"), Cut, "proxy"), (error(401), TokenRefused, ""), (error(404), TokenRefused, ""),
        (http(401, b""), TokenRefused, ""), (error(409, "terminated by other"), OtherInstance, "conflict"),
        (error(409, "while webhook is active"), OtherInstance, "webhook"), (http(200, b'{"ok":true,'), Cut, "no list"),
        (http(200, b'{"ok":true,"result":{}}'), Cut, "no list"), (b"SMTP", Cut, "not HTTP"),
    ],
)  # fmt: skip
def test_why_a_poll_fails_is_a_word(answer: bytes, raised: type[Exception], why: str) -> None:
    async def main() -> None:
        async with answering(answer) as root:
            with pytest.raises(raised, match=f"^{why}$"):
                await Http(root).updates("1:x", 0, 0)

    run_for_a_minute(main())


@pytest.mark.parametrize("library", LIBRARIES)
def test_both_libraries_say_why_the_server_is_not_reached(library: str) -> None:
    """Nobody listens there."""

    async def main() -> None:
        one = reader(library)
        with pytest.raises(NotReached, match=r"^refused$"):
            await one.open()
        await one.close()

    run_for_a_minute(main())


def test_a_server_without_tls_is_told() -> None:
    async def main() -> None:
        async with answering(http(200, b"{}")) as root:
            with pytest.raises(NotReached, match=r"^(tls|cut)$"):
                await Server(root.replace("http:", "https:")).post("/", b"", "text/plain", 1.0)

    run_for_a_minute(main())


@pytest.mark.parametrize("ours", [None, OURS])
@pytest.mark.parametrize("found", ["", OURS, "https://other.example/secret"])
@pytest.mark.parametrize("take_over", [False, True])
def test_a_webhook_of_another_is_taken_away_only_by_take_over(
    settings_of_ours: Path, ours: str | None, found: str, take_over: bool
) -> None:
    """Also one of ours, where updates are to be fetched from now on: whoever set it may still run."""
    told = settings().model_copy(update={"telegram_webhook_url": ours})
    if found in ("", ours) or take_over:
        hold_to_ours(told, Hooked(url=found), take_over=take_over)
        return
    with pytest.raises(Refusal, match="--take-over") as refused:
        hold_to_ours(told, Hooked(url=found), take_over=take_over)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(("ours", "found", "after"), [(None, "", ""), (None, OURS, ""), (OURS, "", OURS)])
def test_the_webhook_is_set_or_deleted(settings_of_ours: Path, ours: str | None, found: str, after: str) -> None:
    told = settings().model_copy(update={"telegram_webhook_url": ours})
    client = FakeClient(hook_now=Hooked(url=found))
    asyncio.run(set_hook(client, told, client.hook_now))
    assert client.hook_now.url == after
