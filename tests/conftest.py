"""What holds in every test: no network beyond this machine, no settings or data of the person who runs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterator
from ipaddress import ip_address

import pytest
from hypothesis import HealthCheck, settings

from tests.storage.server import Server, serving

#: Stands in every token, secret and name that tests make up, and may be written nowhere.
CANARY = "CANARY"

_SLOW_MACHINE = [HealthCheck.too_slow, HealthCheck.data_too_large]

# The suite tries the same examples each time; `make fuzz` looks for new ones. A test sets no number of its own.
settings.register_profile(
    "suite", max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=_SLOW_MACHINE
)
settings.register_profile(
    "fuzz",
    max_examples=int(os.environ.get("FUZZ", "100000")),
    deadline=None,
    print_blob=True,
    suppress_health_check=_SLOW_MACHINE,
)
settings.load_profile("suite")


class NetworkUsed(Exception):
    """A test tried to reach beyond this machine."""


def _is_here(host: object) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        return ip_address(host.decode() if isinstance(host, bytes) else str(host)).is_loopback
    except ValueError:
        return False


def _stay_here(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: it sees every socket, whichever library opens it."""
    if event == "socket.getaddrinfo" and not _is_here(arguments[0]):
        raise NetworkUsed(f"looked up {arguments[0]!r}")
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = arguments[1]
        if isinstance(address, tuple) and not _is_here(address[0]):
            raise NetworkUsed(f"{event} to {address!r}")


sys.addaudithook(_stay_here)


@pytest.fixture(scope="session", autouse=True)
def _nobodys_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No LAMPWISE_ variable is set, and the user data folder is an empty one."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("LAMPWISE_")]:
            patch.delenv(name)
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("user-data")))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("user-cache")))
        yield


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """The PostgreSQL server of this worker, started when a test first asks for it."""
    with serving() as server:
        yield server


@pytest.fixture
def server_url(postgresql: Server) -> Iterator[str]:
    """The address of an empty database on it."""
    with postgresql.database() as url:
        yield url


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every property is part of `make fuzz`; what waits for programs goes first, so that nobody waits for it alone."""
    items.sort(key=lambda item: "telegram" not in item.path.parts)
    for item in items:
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker(pytest.mark.fuzz)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """test_case_53: what any test prints or logs holds no canary."""
    return judged((yield))


def judged(report: pytest.TestReport) -> pytest.TestReport:
    """The report, which is of a failure now if a canary stands in what was put out."""
    where = [name for name, said in report.sections if CANARY in said]
    if report.passed and where:
        report.outcome, report.longrepr = "failed", f"a canary was let out: {', '.join(where)}"
    return report
