"""The settings: where they come from, what is refused and how, and that `.env.example` tells of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.env_example import render
from bot.settings import BadSetting, Settings, load, variable

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test starts in an empty folder."""
    monkeypatch.chdir(tmp_path)


def test_nothing_has_to_be_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A fresh machine gets a database in the user data folder and what is shipped."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    settings = load()
    assert settings.database_url == f"sqlite:///{tmp_path}/lampwise/lampwise.db"
    assert settings.dialogs == ROOT / "dialogs"
    assert settings.knowledge == ROOT / "knowledge"
    assert (settings.lang, settings.timezone, settings.clock_file) == ("zh-Hans", "Asia/Shanghai", None)


def test_loading_writes_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Commands that keep nothing leave no folder behind; the storage makes it when it is opened."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    load()
    assert list(tmp_path.iterdir()) == []


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """`.env` is the lasting choice, the environment that of one start."""
    Path(".env").write_text("LAMPWISE_LANG=en\nLAMPWISE_TIMEZONE=Asia/Taipei\nSOMEBODY_ELSES=1\n")
    monkeypatch.setenv("LAMPWISE_LANG", "zh-Hant")
    assert (load().lang, load().timezone) == ("zh-Hant", "Asia/Taipei")


def test_an_empty_value_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """`LAMPWISE_LANG=` means the default."""
    Path(".env").write_text("LAMPWISE_CLOCK_FILE=\n")
    monkeypatch.setenv("LAMPWISE_LANG", "")
    assert (load().lang, load().clock_file) == ("zh-Hans", None)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("LAMPWISE_LANG", "fr", "'zh-Hans', 'zh-Hant' or 'en'"),
        ("LAMPWISE_TIMEZONE", "Mars/Olympus", "no time zone 'Mars/Olympus'"),
        ("LAMPWISE_TIMEZONE", "../zone", "no time zone"),
        ("LAMPWISE_TIMEZONE", "Asia", "no time zone 'Asia'"),
        ("LAMPWISE_DIALOGS", "nowhere", "there is no folder nowhere"),
        ("LAMPWISE_KNOWLEDGE", "nowhere", "there is no folder nowhere"),
        ("LAMPWISE_CLOCK_FILE", "nothing", "there is no file nothing"),
        ("LAMPWISE_DATABASE_URL", "mysql://host/name", "write sqlite:///PATH"),
        ("LAMPWISE_DATABASE_URL", "lampwise.db", "write sqlite:///PATH"),
        ("LAMPWISE_DATABASE_URL", "sqlite://", "write sqlite:///PATH"),
        ("LAMPWISE_DATABASE_URL", "sqlite:///:memory:", "write sqlite:///PATH"),
    ],
)
@pytest.mark.parametrize("place", ["environment", "file"])
def test_a_bad_value_is_named_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, place: str, name: str, value: str, says: str
) -> None:
    """One line: the variable, what is wrong with it, and what to write where that is not plain."""
    if place == "file":
        Path(".env").write_text(f"{name}={value}\n")
    else:
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting) as caught:
        load()
    assert caught.value.name == name
    assert says in caught.value.reason
    assert str(caught.value) == f"{name}: {caught.value.reason}"
    assert "\n" not in str(caught.value)


def test_a_misspelt_name_in_the_file_is_refused() -> None:
    """It would be a setting silently lost."""
    Path(".env").write_text("LAMPWISE_TIMEZON=Asia/Taipei\n")
    with pytest.raises(
        BadSetting, match=r"LAMPWISE_TIMEZON: there is no such setting; did you mean LAMPWISE_TIMEZONE\?"
    ):
        load()


def test_an_unknown_name_in_the_environment_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be for another version, or for the tests."""
    monkeypatch.setenv("LAMPWISE_FROM_TOMORROW", "1")
    assert load().lang == "zh-Hans"


def test_a_file_that_is_not_text_is_refused() -> None:
    """Windows editors save UTF-16 gladly."""
    Path(".env").write_bytes("LAMPWISE_LANG=en".encode("utf-16"))
    with pytest.raises(BadSetting, match=r"^\.env: is not UTF-8 text"):
        load()


def test_the_password_of_a_database_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in the settings' repr nor in a refusal."""
    monkeypatch.setenv("LAMPWISE_DATABASE_URL", "postgresql://wang:hunter2@host/name")
    assert "hunter2" not in repr(load())
    monkeypatch.setenv("LAMPWISE_DATABASE_URL", "mysql://wang:hunter2@host/name")
    with pytest.raises(BadSetting) as caught:
        load()
    assert "hunter2" not in str(caught.value) + repr(caught.value)


def test_env_example_is_the_model() -> None:
    """`.env.example` is written by `make env-example`."""
    expected = render()
    actual = (ROOT / ".env.example").read_text("utf-8")
    assert actual == expected, "bot/settings.py has changed: run `make env-example` and commit .env.example"


def test_env_example_can_be_used_as_it_is() -> None:
    """Copied to `.env` it changes nothing, and it names every setting."""
    Path(".env").write_text(render(), "utf-8")
    assert load() == Settings()
    assert all(f"\n#{variable(field)}=" in render() for field in Settings.model_fields)


def test_every_setting_has_a_sentence() -> None:
    """Its description is what `.env.example` says of it."""
    assert [name for name, field in Settings.model_fields.items() if not (field.description or "").endswith(".")] == []
