"""A way to a PostgreSQL server that is cut as a test says: whatever is on it at that moment is lost."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from random import Random

#: Closing sends a reset at once, as a firewall or a dying machine does.
_RESET = struct.pack("ii", 1, 0)


class Way:
    """Leads from a port of this machine to the server's socket."""

    def __init__(self, target: str) -> None:
        self.cuts = 0
        self._target = target
        self._open: set[socket.socket] = set()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End all that is open."""
        ends, self._open = self._open, set()
        self.cuts += bool(ends)
        for end in ends:
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self) -> None:
        """End it."""
        self._listening.close()
        self.cut()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listening.accept()
                self._lead(here)

    def _lead(self, here: socket.socket) -> None:
        there = socket.socket(socket.AF_UNIX)
        try:
            there.connect(self._target)
        except OSError:
            # The server is not there, or has no time.
            here.close()
            there.close()
            return
        self._open |= {here, there}
        for source, sink in ((here, there), (there, here)):
            threading.Thread(target=_pass_on, args=(source, sink), daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextmanager
def way_to(target: str) -> Iterator[Way]:
    way = Way(target)
    try:
        yield way
    finally:
        way.close()


@contextmanager
def again_and_again(cut: Callable[[], object], seed: int = 1) -> Iterator[None]:
    """Cut every 10 to 50 milliseconds."""
    chance, ended = Random(seed), threading.Event()

    def run() -> None:
        while not ended.wait(chance.uniform(0.01, 0.05)):
            cut()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
