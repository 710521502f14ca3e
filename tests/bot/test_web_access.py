"""Who may see the numbers."""

from __future__ import annotations

import pytest

from bot.web_access import may_see_numbers

TOKEN = "CANARY-admin-token"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_this_machine_sees_them(host: str) -> None:
    """With and without a token set."""
    assert may_see_numbers(host, {"host": "x"}, "")
    assert may_see_numbers(host, {"host": "x"}, TOKEN)


@pytest.mark.parametrize(
    "header",
    ["x-forwarded-for", "X-Forwarded-Proto", "forwarded", "via", "x-real-ip", "cf-connecting-ip", "true-client-ip",
     "x-forwarded", "X-Forwarded-Host", "x-client-ip"],
)  # fmt: skip
def test_a_proxy_on_this_machine_is_not_this_machine(header: str) -> None:
    """Whatever it says, also that it speaks for this machine."""
    assert not may_see_numbers("127.0.0.1", {header: "127.0.0.1"}, TOKEN)
    assert may_see_numbers("127.0.0.1", {header: "127.0.0.1", "authorization": f"Bearer {TOKEN}"}, TOKEN)


@pytest.mark.parametrize("host", ["10.0.0.1", "192.168.1.2", "::2", "", "testclient", "localhost", "::ffff:10.0.0.1"])
def test_others_need_the_token(host: str) -> None:
    """Also by a name instead of an address, which nobody has checked."""
    assert not may_see_numbers(host, {}, TOKEN)
    assert may_see_numbers(host, {"authorization": f"bearer {TOKEN}"}, TOKEN)


@pytest.mark.parametrize(
    "given", ["", "Bearer", "Bearer ", "Bearer x", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer 灯\ud800"]
)
def test_another_token_is_none(given: str) -> None:
    """Nor does an empty one open anything where none is set."""
    assert not may_see_numbers("10.0.0.1", {"authorization": given}, TOKEN)
    assert not may_see_numbers("10.0.0.1", {"authorization": given}, "")
