"""The webhook is looked at: whether it is ours, and whether deliveries arrive."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.gateways.http_post import Cut, NotReached
from bot.gateways.telegram_client import Hooked
from bot.gateways.telegram_http import TokenRefused
from bot.given import settings
from bot.hook_watch import SILENT, HookState, HookWatch
from bot.link import GIVES_UP, Link
from tests.bot.serving.fake import FakeClient

OURS = "https://ours.example/hook"


def hooked(pending: int = 0, failed_at: int = 0, url: str = OURS) -> Hooked:
    """How it is."""
    return Hooked(url=url, pending=pending, failed_at=failed_at)


@pytest.mark.parametrize(
    ("looks", "wrong"),
    [
        ([hooked()], [""]),
        ([hooked(url=""), hooked()], ["gone", ""]),
        ([hooked(url="https://other.example"), hooked()], ["other", ""]),
        # A failure from before the start is none of ours; a new one is, until nothing waits any more.
        ([hooked(5, 100), hooked(5, 160), hooked(5, 160), hooked(0, 160)], ["", "failing", "failing", ""]),
        ([hooked(5), hooked(9), hooked(14), hooked(14)], ["", "", "piling-up", ""]),
        ([hooked(1), hooked(2), hooked(3), hooked(4)], ["", "", "", ""]),
    ],
)
def test_what_is_wrong(looks: Sequence[Hooked], wrong: Sequence[str]) -> None:
    state = HookState(OURS, 100)
    assert [state.seen(look) for look in looks] == wrong


@dataclass
class Telling(FakeClient):
    """Says how the webhook is, one after the other."""

    looks: list[Hooked | Exception] = field(default_factory=list[Hooked | Exception])

    async def hooked(self) -> Hooked:
        found = self.looks.pop(0)
        if isinstance(found, Exception):
            if isinstance(found, TokenRefused):
                self.token_seen.refused(401)
            raise found
        return found


def watched(*looks: Hooked | Exception, take_over: bool = False, later: float = 0.0) -> tuple[Link, Telling]:
    """After these looks; `later` seconds pass before the last."""

    async def main() -> tuple[Link, Telling]:
        told = settings().model_copy(update={"telegram_webhook_url": OURS})
        client, link = Telling(looks=list(looks)), Link()
        watch = HookWatch(client, told, link, hooked(), take_over=take_over)
        for _ in looks[:-1]:
            await watch.look()
        loop = asyncio.get_running_loop()
        now = loop.time() + later
        loop.time = lambda: now
        await watch.look()
        return link, client

    return asyncio.run(main())


def test_it_is_not_set_again_unless_it_was_taken_over(settings_of_ours: Path) -> None:
    """And one that another program has set is never taken away while running."""
    for take_over, url, after in [(False, "", ""), (True, "", OURS), (True, "https://other.example", "")]:
        link, client = watched(hooked(url=url), take_over=take_over)
        assert link.deliveries == ("other" if url else "gone")
        assert client.hook_now.url == after


@pytest.mark.parametrize("error", [NotReached("dns"), Cut("502"), RuntimeError("secret")], ids=repr)
def test_a_server_that_does_not_answer_is_told_after_some_looks(settings_of_ours: Path, error: Exception) -> None:
    """One answer ends it."""
    assert watched(*[error] * (SILENT - 1))[0].deliveries == ""
    assert watched(*[error] * SILENT)[0].deliveries == "unseen"
    assert watched(*[error] * SILENT, hooked())[0].deliveries == ""


def test_a_token_that_stays_refused_ends_it(settings_of_ours: Path) -> None:
    """After some minutes; until then it is an alarm."""
    watched(*[TokenRefused()] * 9)
    with pytest.raises(TokenRefused):
        watched(*[TokenRefused()] * 3, later=GIVES_UP + 1)
