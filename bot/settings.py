"""What can be set from outside: one frozen model, read from the environment and from `.env` in the current folder.

The environment goes before `.env`; an empty value counts as not set. Not its job: opening what it names.
"""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

import dialogs
import knowledge

PREFIX = "LAMPWISE_"
ENV_FILE = Path(".env")


class BadSetting(Exception):
    """A setting stops the start: `name` is the whole name of the variable, `reason` what to write instead."""

    def __init__(self, name: str, reason: str) -> None:
        """Keep both; the message is one line."""
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


def data_folder() -> Path:
    """Where this user's data lies unless the settings say otherwise; it may not be there yet."""
    return platformdirs.user_data_path("lampwise")


def _default_database() -> str:
    return f"sqlite:///{data_folder() / 'lampwise.db'}"


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

    database_url: str = Field(
        default_factory=_default_database,
        # It may hold a password.
        repr=False,
        examples=["sqlite:///lampwise.db"],
        description="Where everything is kept: sqlite:///PATH (a fourth slash begins an absolute path) "
        "or postgresql://... Not set: lampwise.db in your user data folder.",
    )
    dialogs: Path = Field(
        default=Path(dialogs.__path__[0]),
        examples=["my/dialogs"],
        description="The folder with the dialogs (flows, texts). Not set: those shipped.",
    )
    knowledge: Path = Field(
        default=Path(knowledge.__path__[0]),
        examples=["my/knowledge"],
        description="The folder with the knowledge (entries, sources). Not set: those shipped.",
    )
    timezone: str = Field(
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
    clock_file: Path | None = Field(
        default=None,
        examples=["clock.txt"],
        description="For tests: a file holding the moment that stands for now, such as 2026-03-01T09:00:00+08:00; "
        "it is read again at each use. Not set: the machine's clock.",
    )

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, url: str) -> str:
        if url.startswith("postgresql://"):
            return url
        if not url.startswith("sqlite:///") or url.removeprefix("sqlite:///") in ("", ":memory:"):
            raise ValueError("write sqlite:///PATH or postgresql://USER@HOST/NAME")
        return url

    @field_validator("dialogs", "knowledge")
    @classmethod
    def _is_a_folder(cls, folder: Path) -> Path:
        if not folder.is_dir():
            raise ValueError(f"there is no folder {folder}")
        return folder

    @field_validator("timezone")
    @classmethod
    def _is_a_time_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ValueError, LookupError, OSError) as error:
            raise ValueError(f"there is no time zone {name!r}; write one like Asia/Shanghai") from error
        return name

    @field_validator("clock_file")
    @classmethod
    def _is_a_file(cls, file: Path | None) -> Path | None:
        if file is not None and not file.is_file():
            raise ValueError(f"there is no file {file}")
        return file


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
        raise BadSetting(variable(str(first["loc"][0])), reason) from error
    except OSError as error:
        raise BadSetting(str(ENV_FILE), f"cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadSetting(str(ENV_FILE), "is not UTF-8 text; save it as UTF-8") from error


def _refuse_unknown_names() -> None:
    """A misspelt name in `.env` would be a setting silently lost. The environment may hold names of other versions."""
    known = [variable(field) for field in Settings.model_fields]
    for name in DotEnvSettingsSource(Settings).env_vars:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = get_close_matches(name.upper(), known, n=1)
            hint = f"did you mean {near[0]}?" if near else "see .env.example for those there are"
            raise BadSetting(name.upper(), f"there is no such setting; {hint}")
