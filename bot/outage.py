"""Whether a server as a whole takes anything: while it takes nothing, one message at a time tries it for all.

So no outage uses up the tries of many messages, and what waits goes out as soon as one send goes well.
"""

from __future__ import annotations

#: Seconds between two trials while nothing is taken: the first, and the longest. Each is twice the one before.
FIRST_TRIAL, LONGEST_TRIAL = 1.0, 16.0
#: Chats in a row to which nothing could be sent, so that it is not a matter of one of them.
CHATS = 2
#: After an outage of so many seconds all that waits is tried at once. A server that fails now and then is not hurried.
LONG = 5.0


class Outage:
    """Of one channel. Moments are seconds of a clock that only goes forward."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._chats: set[str] = set()
        self._pause = FIRST_TRIAL
        self._next = 0.0
        self._is_tried = False

    @property
    def is_on(self) -> bool:
        """Nothing goes out to anybody."""
        return len(self._chats) >= CHATS

    def failed(self, chat: str, now: float) -> None:
        """A send to `chat` failed in a way that is not the message's own."""
        was_on = self.is_on
        self._since = now if self._since is None else self._since
        self._chats.add(chat)
        if self.is_on and not was_on:
            self._pause, self._next = FIRST_TRIAL, now + FIRST_TRIAL
        elif self._is_tried:
            self._pause = min(LONGEST_TRIAL, self._pause * 2)
            self._next = now + self._pause
        self._is_tried = False

    def taken(self, now: float) -> bool:
        """The server has dealt with a message; True: an outage is over, and what waits is to be tried at once."""
        was_long = self._since is not None and now - self._since >= LONG
        self._since, self._is_tried = None, False
        self._chats.clear()
        return was_long

    def room(self, now: float, on_their_way: int, most: int) -> int:
        """How many more may be sent now, `most` without an outage."""
        if not self.is_on:
            return most
        return 1 if most > 0 and on_their_way == 0 and now >= self._next else 0

    def tries(self) -> None:
        """One of the messages is sent."""
        self._is_tried = self.is_on

    def wait(self, now: float) -> float | None:
        """Seconds until the next trial; None: there is no outage."""
        return max(0.0, self._next - now) if self.is_on else None

    def lasts(self, now: float) -> float:
        """For how many seconds all sends have failed; 0 where the last one went well."""
        return 0.0 if self._since is None else now - self._since
