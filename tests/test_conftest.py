"""The fence round the suite holds."""

from __future__ import annotations

import os
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import CANARY, judged


@pytest.mark.parametrize("host", ["example.com", "192.0.2.1", "2001:db8::1"])
def test_a_test_reaches_no_other_machine(host: str) -> None:
    """Both ways out are closed: looking up a name, and connecting to a number."""
    with pytest.raises(Exception, match=host):
        socket.create_connection((host, 9), timeout=0.01)


def test_a_test_reaches_this_machine() -> None:
    """A double on the loopback address can be talked to."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=1):
        pass


def test_no_setting_of_the_person_at_the_keyboard_is_seen() -> None:
    """The environment holds no LAMPWISE_ variable."""
    assert [name for name in os.environ if name.startswith("LAMPWISE_")] == []


@given(nothing=st.none())
def test_a_property_is_part_of_make_fuzz(nothing: None) -> None:
    """Hypothesis tests are marked by themselves; this one is there to be marked."""


def test_the_mark_is_set(request: pytest.FixtureRequest) -> None:
    """The property above carries the mark `fuzz`, and this test does not."""
    marked = {item.name for item in request.session.items if item.get_closest_marker("fuzz")}
    assert "test_a_property_is_part_of_make_fuzz" in marked
    assert "test_the_mark_is_set" not in marked


@pytest.mark.parametrize(("said", "outcome"), [("nothing", "passed"), (f"a {CANARY}, alas", "failed")])
def test_case_53_a_test_that_lets_a_canary_out_fails(said: str, outcome: str) -> None:
    """Though it passed by itself."""
    report = pytest.TestReport("x", ("x", 0, "x"), {}, "passed", None, "call", sections=[("Captured stderr", said)])
    assert judged(report).outcome == outcome
