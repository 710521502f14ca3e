"""Which library talks to Telegram: loaded only when it is wanted, since either is slow to load."""

from __future__ import annotations

from typing import Literal

from bot.gateways.telegram_client import Client

Library = Literal["ptb", "aiogram"]


class LibraryMissing(Exception):
    """The library that was chosen is not installed; `package` brings it."""

    def __init__(self, package: str) -> None:
        """Keep its name."""
        super().__init__(f"{package} is not installed; install Lampwise with its extra {package}")
        self.package = package


def client(library: Library, root: str, token: str) -> Client:
    """A client of the Bot API server `root`; raises LibraryMissing."""
    try:
        if library == "aiogram":
            from bot.gateways import telegram_aiogram

            return telegram_aiogram.Client(root, token)
        from bot.gateways import telegram_ptb

        return telegram_ptb.Client(root, token)
    except ModuleNotFoundError as error:
        raise LibraryMissing("telegram" if library == "ptb" else "aiogram") from error
