"""What can be set from outside: one frozen model, read from the environment and from `.env` in the current folder.

The environment goes before `.env`; an empty value counts as not set.
Not its job: opening what it names, how each is written (`setting_forms`).
"""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal, Self

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

import dialogs
import knowledge
from bot import setting_forms

PREFIX = "LAMPWISE_"
ENV_FILE = Path(".env")
PUBLIC_API = "https://api.telegram.org"


class BadSetting(Exception):
    """A setting stops the start: `name` is the whole name of the variable, `reason` what to write instead."""

    def __init__(self, name: str, reason: str) -> None:
        """Keep both; the message is one line."""
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class Unfitting(ValueError):
    """Settings that are each right do not go together; `field` is the one to change."""

    def __init__(self, field: str, reason: str) -> None:
        """Keep both."""
        super().__init__(reason)
        self.field = field


def cache_folder() -> Path:
    """Where this user's files lie that can be made anew at any time; it may not be there yet."""
    return platformdirs.user_cache_path("lampwise")


def data_folder() -> Path:
    """Where this user's data lies unless the settings say otherwise; it may not be there yet."""
    return platformdirs.user_data_path("lampwise")


def _default_database() -> str:
    return f"sqlite:///{data_folder() / 'lampwise.db'}"


def _is_a_secret(hidden: SecretStr) -> SecretStr:
    setting_forms.secret(hidden.get_secret_value())
    return hidden


def _is_a_token(hidden: SecretStr) -> SecretStr:
    setting_forms.token(hidden.get_secret_value())
    return hidden


def revealed(hidden: SecretStr | None) -> str:
    """What is hidden; empty where nothing is set."""
    return "" if hidden is None else hidden.get_secret_value()


Folder = Annotated[Path, AfterValidator(setting_forms.folder)]
Address = Annotated[str, AfterValidator(setting_forms.address)]
PlaceToListen = Annotated[str, AfterValidator(setting_forms.place_to_listen)]
Limit = Annotated[str, AfterValidator(setting_forms.rate)]


class Settings(BaseSettings):
    """Each field is the variable LAMPWISE_ + its name; its description stands in `.env.example`.

    A field without a fixed default has an example instead.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    database_url: Annotated[str, AfterValidator(setting_forms.database)] = Field(
        default_factory=_default_database,
        # It may hold a password.
        repr=False,
        examples=["sqlite:///lampwise.db"],
        description="Where everything is kept: sqlite:///PATH (a fourth slash begins an absolute path) "
        "or postgresql://... Not set: lampwise.db in your user data folder.",
    )
    dialogs: Folder = Field(
        default=Path(dialogs.__path__[0]),
        examples=["my/dialogs"],
        description="The folder with the dialogs (flows, texts). Not set: those shipped.",
    )
    knowledge: Folder = Field(
        default=Path(knowledge.__path__[0]),
        examples=["my/knowledge"],
        description="The folder with the knowledge (entries, sources). Not set: those shipped.",
    )
    timezone: Annotated[str, AfterValidator(setting_forms.time_zone)] = Field(
        default="Asia/Shanghai",
        description="The time zone of a new owner, as the tz database names it.",
    )
    lang: Literal["zh-Hans", "zh-Hant", "en"] = Field(
        default="zh-Hans",
        description="The language of a new owner: zh-Hans, zh-Hant or en.",
    )
    keep_days: int = Field(
        default=30,
        ge=1,
        le=3650,
        description="For how many days a message that came in or was sent is kept, from 1 to 3650. Answers and results "
        "stay until their owner deletes them.",
    )
    keep_gaps: bool = Field(
        default=True,
        description="Whether free questions that found no answer are kept, for 90 days, shortened and without digits, "
        "for whoever keeps the books (`lampwise gaps`): true or false.",
    )
    telegram_token: SecretStr | None = Field(
        default=None,
        examples=["123456:ABC-DEF"],
        description="What BotFather gave for your bot: switches Telegram on in `lampwise serve`. Tell it to nobody.",
    )
    telegram_library: Literal["ptb", "aiogram"] = Field(
        default="ptb",
        description="Which library talks to Telegram: ptb (python-telegram-bot, starts faster and needs less memory) "
        "or aiogram. Both behave alike.",
    )
    telegram_api_root: Address = Field(
        default=PUBLIC_API,
        description="The Bot API server to talk to: the public one, or the address of your own.",
    )
    telegram_webhook_url: Address | None = Field(
        default=None,
        examples=["https://bot.example.com/telegram"],
        description="Where Telegram shall deliver what comes in. Not set: it is fetched (long polling), which needs no "
        "address of your own.",
    )
    telegram_webhook_secret: Annotated[SecretStr, AfterValidator(_is_a_secret)] | None = Field(
        default=None,
        examples=["letters-digits_and-dashes"],
        description="Needed with the address above: proves that a delivery comes from Telegram. 16 to 256 letters, "
        "digits, _ and -.",
    )
    telegram_webhook_listen: PlaceToListen | None = Field(
        default=None,
        examples=["127.0.0.1:8081"],
        description="host:port where deliveries arrive on this machine; the path is that of the address above.",
    )
    web_listen: PlaceToListen | None = Field(
        default=None,
        examples=["127.0.0.1:8080"],
        description="host:port for /healthz, /readyz and /metrics. Not set: none of them.",
    )
    admin_ids: Annotated[str, AfterValidator(setting_forms.ids)] = Field(
        default="",
        examples=["123456789,987654321"],
        description="Telegram ids of those who are told when something stands still, with commas between; they may ask "
        "for /status.",
    )
    admin_token: Annotated[SecretStr, AfterValidator(_is_a_token)] | None = Field(
        default=None,
        examples=["letters-digits_and-dashes"],
        description="Lets who sends it as `Authorization: Bearer ...` see /metrics from anywhere. Not set: only this "
        "machine sees them, and not through a proxy. 8 to 256 letters, digits and signs, without spaces.",
    )
    limit_user: Limit = Field(
        default="120/min burst 60",
        description="How much one person may send; what goes beyond is not answered. 0 switches this off.",
    )
    limit_send: Limit = Field(
        default="30/s", description="How many messages the platform takes from us in all. 0 switches this off."
    )
    limit_chat: Limit = Field(
        default="1/s", description="How many messages the platform takes in one chat. 0 switches this off."
    )
    limit_group: Limit = Field(
        default="20/min", description="How many messages the platform takes in one group. 0 switches this off."
    )
    clock_file: Annotated[Path, AfterValidator(setting_forms.file)] | None = Field(
        default=None,
        examples=["clock.txt"],
        description="For tests: a file holding the moment that stands for now, such as 2026-03-01T09:00:00+08:00; "
        "it is read again at each use. Not set: the machine's clock.",
    )

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.telegram_webhook_url is not None and self.telegram_webhook_secret is None:
            raise Unfitting(
                "telegram_webhook_secret", "a webhook needs a secret; write 16 to 256 letters, digits, _ and -"
            )
        if self.telegram_webhook_url is not None and self.telegram_webhook_listen is None:
            raise Unfitting("telegram_webhook_listen", "a webhook needs a place to listen, such as 127.0.0.1:8081")
        if self.clock_file is not None and self.telegram_token is not None and self.telegram_api_root == PUBLIC_API:
            raise Unfitting("clock_file", "real people live by real time; not with the public Bot API")
        return self


def variable(field: str) -> str:
    """The name of the variable that sets this field."""
    return PREFIX + field.upper()


def load() -> Settings:
    """The settings of this start; BadSetting for the first that cannot be used."""
    try:
        _refuse_unknown_names()
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        reason = first["msg"].removeprefix("Value error, ")
        raise BadSetting(_named(first["loc"], first.get("ctx", {}).get("error")), reason) from error
    except OSError as error:
        raise BadSetting(str(ENV_FILE), f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadSetting(str(ENV_FILE), "is not UTF-8 text; save it as UTF-8") from error


def _named(place: tuple[int | str, ...], problem: object) -> str:
    return variable(problem.field if isinstance(problem, Unfitting) else str(place[0]))


def _refuse_unknown_names() -> None:
    """A misspelt name in `.env` would be a setting silently lost. The environment may hold names of other versions."""
    known = [variable(field) for field in Settings.model_fields]
    for name in DotEnvSettingsSource(Settings).env_vars:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = get_close_matches(name.upper(), known, n=1)
            hint = f"did you mean {near[0]}?" if near else "see .env.example for those there are"
            raise BadSetting(name.upper(), f"there is no such setting; {hint}")
