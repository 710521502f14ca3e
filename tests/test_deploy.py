"""What stands in docs/deploy and the runbook holds to the program: files, keys, numbers, alarms."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import cli
from bot.alarms import NAMES
from bot.metrics import written
from bot.settings import Settings, variable
from bot.tally import Tally

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "docs" / "deploy"
RUNBOOKS = [ROOT / "docs" / name for name in ("runbook.md", "runbook.zh-CN.md")]
#: The alarm of a program that ends, which no running program can show.
LAST = {"file"}


def unit(name: str) -> Mapping[str, list[str]]:
    """The values of each key."""
    found = dict[str, list[str]]()
    for line in (DEPLOY / name).read_text("utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def compose() -> Mapping[str, Any]:
    """The services, each with what it shares with the others."""
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]


def instructions(text: str) -> list[tuple[str, str]]:
    """Of a Dockerfile, those that go on over several lines in one."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(line.split()[0], line.split(None, 1)[1]) for line in joined.splitlines()]


DOCKERFILE = instructions((DEPLOY / "Dockerfile").read_text("utf-8"))
LAST_STAGE = DOCKERFILE[max(at for at, (word, _) in enumerate(DOCKERFILE) if word == "FROM") :]


# ---- systemd


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("Type", "notify"), ("WatchdogSec", "60"), ("RestartPreventExitStatus", "2"), ("Restart", "on-failure"),
        ("NoNewPrivileges", "yes"), ("CapabilityBoundingSet", ""), ("ProtectSystem", "strict"), ("DynamicUser", "yes"),
        ("UMask", "0077"), ("StartLimitIntervalSec", "0"),
    ],
)  # fmt: skip
def test_the_unit_has_what_is_promised(key: str, value: str) -> None:
    """And says each once."""
    assert unit("lampwise.service")[key] == [value]


def test_what_the_unit_writes_lies_where_it_may_write() -> None:
    """Nothing else of the system can be written to."""
    told = unit("lampwise.service")
    settings = dict(value.split("=", 1) for value in told["Environment"])
    assert settings["LAMPWISE_DATABASE_URL"] == f"sqlite:////var/lib/{told['StateDirectory'][0]}/lampwise.db"
    assert settings["XDG_CACHE_HOME"] == f"/var/cache/{told['CacheDirectory'][0]}"
    backup = unit("lampwise-backup.service")
    assert set(backup["StateDirectory"][0].split()) == {told["StateDirectory"][0], "lampwise-backups"}
    assert "/var/lib/lampwise-backups" in backup["ExecStart"][0]
    assert (backup["User"], backup["Environment"]) == (told["User"], told["Environment"][:1])


def commands() -> list[list[str]]:
    """What the units, the image and compose start, without the program's place."""
    started = [unit(name)["ExecStart"][0].split() for name in ("lampwise.service", "lampwise-backup.service")]
    started.append(yaml.safe_load(dict(LAST_STAGE)["CMD"]))
    started += [shlex.split(one) for one in re.findall(r"lampwise [^;]+", compose()["backup"]["command"][2])]
    return [command[1:] for command in started]


def test_commands_that_are_started_exist(capsys: pytest.CaptureFixture[str]) -> None:
    """With the options that they are given."""
    assert len(commands()) == 4
    for command in commands():
        options = {word for word in command if word.startswith("--")}
        assert cli.answer([*(word for word in command if not word.startswith(("-", "/"))), "--help"]) == 0
        assert options <= set(re.findall(r"--[a-z-]+", capsys.readouterr().out))


def placed(folder: Path) -> list[str]:
    """The units in a folder, starting something that is there."""
    for file in DEPLOY.glob("lampwise*.*"):
        (folder / file.name).write_text(re.sub(r"(?m)^ExecStart=.*", "ExecStart=/bin/true", file.read_text("utf-8")))
    return [f"./{file.name}" for file in sorted(folder.iterdir())]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_takes_the_units_and_finds_little_exposed(tmp_path: Path) -> None:
    """Without a complaint, and under 3.0 of 10."""
    units = placed(tmp_path)
    done = subprocess.run(
        ["systemd-analyze", "verify", *units], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    for one in units:
        if one.endswith(".service"):
            security = ["systemd-analyze", "security", "--offline=true", "--threshold=29", "--no-pager", one]
            done = subprocess.run(security, cwd=tmp_path, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout[-200:]


# ---- The image


def test_the_image_is_made_of_what_the_package_needs() -> None:
    """Every package and file of pyproject.toml, and whatever is copied is let through."""
    copied = {
        source for word, rest in DOCKERFILE if word == "COPY" and "--from" not in rest for source in rest.split()[:-1]
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    assert packages | {"pyproject.toml", "README.md", "LICENSE"} <= copied
    assert all((ROOT / source).exists() for source in copied)
    let_through = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").splitlines()
    assert {line[1:] for line in let_through if line.startswith("!")} == copied


def test_the_last_stage_holds_no_tools() -> None:
    """One copy out of the first stage; no package is installed there, and another account runs it."""
    assert sum(word == "FROM" for word, _ in DOCKERFILE) == 2
    assert [rest for word, rest in LAST_STAGE if word == "COPY"] == ["--from=build /opt/lampwise /opt/lampwise"]
    assert not any("pip" in rest or "apt" in rest for word, rest in LAST_STAGE if word == "RUN")
    assert dict(LAST_STAGE)["USER"] == "10001"
    assert all("--no-cache-dir" in rest for word, rest in DOCKERFILE if word == "RUN" and "pip install" in rest)


def test_the_image_is_looked_at_for_life_and_not_for_readiness() -> None:
    """An outage of Telegram would restart it."""
    assert "/healthz" in dict(LAST_STAGE)["HEALTHCHECK"]
    assert "readyz" not in dict(LAST_STAGE)["HEALTHCHECK"]


@pytest.mark.parametrize(("library", "there", "gone"), [
    ("ptb", {"python-telegram-bot", "httpx", "numpy"}, {"aiogram", "aiohttp", "magic-filter"}),
    ("aiogram", {"aiogram", "aiohttp", "numpy"}, {"python-telegram-bot", "httpx"}),
])  # fmt: skip
def test_the_image_has_one_library(library: str, there: set[str], gone: set[str]) -> None:
    """What is left stands there as it was pinned, with its hashes."""
    script, pins = DEPLOY / "one_library.py", ROOT / "requirements-serve.txt"
    done = subprocess.run([sys.executable, script, pins, library], capture_output=True, text=True, check=True)
    names = set(re.findall(r"^([a-z0-9-]+)==", done.stdout, re.MULTILINE))
    assert there <= names
    assert not {*gone, "hatchling"} & names
    lines = pins.read_text("utf-8").splitlines()
    assert [line for line in done.stdout.splitlines() if line not in lines] == []
    assert done.stdout.count("--hash") > 5 * len(names)
    # What is needed without any library is left; of the rest only what makes our own package is not.
    needed = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE))
    tools = {"hatchling", "editables", "pathspec", "packaging", "pluggy", "tomlkit", "trove-classifiers"}
    assert needed - names <= tools


def test_every_setting_that_is_set_there_exists() -> None:
    """In the image, in compose and in the units."""
    text = "".join(file.read_text("utf-8") for file in DEPLOY.iterdir() if file.is_file())
    assert set(re.findall(r"LAMPWISE_[A-Z_]+", text)) <= {variable(name) for name in Settings.model_fields}


@pytest.mark.parametrize("service", ["lampwise", "backup"])
def test_compose_has_what_is_promised(service: str) -> None:
    """No capability, nothing new, nothing written but its volumes, and an end to memory, processes and log."""
    told = compose()[service]
    assert told["cap_drop"] == ["ALL"]
    assert told["security_opt"] == ["no-new-privileges:true"]
    assert told["read_only"] is True
    assert told["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    assert {"mem_limit", "pids_limit", "stop_grace_period"} <= told.keys()
    assert "/data" in {volume.split(":")[1] for volume in told["volumes"]}


def test_compose_lets_the_drain_end_and_opens_nothing_to_others() -> None:
    """More than ten seconds; one port, on this machine."""
    told = compose()["lampwise"]
    assert int(told["stop_grace_period"].removesuffix("s")) > 10
    assert [port.split(":")[0] for port in told["ports"]] == ["127.0.0.1"]


# ---- Alerts and the runbook


def rules() -> list[Mapping[str, Any]]:
    """Of alerts.yaml."""
    groups = yaml.safe_load((DEPLOY / "alerts.yaml").read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_rules_ask_for_numbers_and_labels_that_there_are() -> None:
    """A misspelt name would never alarm anybody."""
    page = written(Tally()).decode()
    for rule in rules():
        for name, chosen in re.findall(r"(lampwise_\w+)(?:\{(.*?)\})?", rule["expr"]):
            assert re.search(rf"^{name}[ {{]", page, re.MULTILINE), name
            for label, values in re.findall(r'(\w+)[!=~]+"([^"]+)"', chosen):
                missing = [one for one in values.split("|") if f'{label}="{one}"' not in page]
                assert (name, label, missing) == (name, label, [])


def sections(runbook: Path, marks: str) -> list[str]:
    """The headings with so many #."""
    return re.findall(rf"^{marks} (.+)$", runbook.read_text("utf-8"), re.MULTILINE)


def anchor(heading: str) -> str:
    """As a link names it."""
    return re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-"))


@pytest.mark.parametrize("runbook", RUNBOOKS, ids=lambda file: file.name)
def test_every_alarm_has_its_section_and_every_section_its_alarm(runbook: Path) -> None:
    """Both ways, in both languages."""
    assert sorted(sections(runbook, "###")) == sorted({*NAMES, *LAST})


@pytest.mark.parametrize("runbook", RUNBOOKS, ids=lambda file: file.name)
def test_rules_and_links_lead_to_sections(runbook: Path) -> None:
    """Of either language; a rule for all alarms has the alarm's name in its link."""
    there = {anchor(heading) for heading in (*sections(runbook, "##"), *sections(runbook, "###"))}
    links = {rule["annotations"]["runbook_url"].replace("{{ $labels.what }}", "storage") for rule in rules()}
    assert {link.split("#")[1] for link in links} <= there
    assert {link.split("#")[0] for link in links} == {"docs/runbook.md"}
    assert set(re.findall(r"\]\(#([\w-]+)\)", runbook.read_text("utf-8"))) <= there


def test_both_runbooks_say_the_same_things_in_the_same_order() -> None:
    """What one sees, what it means, what to do: three a section."""
    english, chinese = (file.read_text("utf-8") for file in RUNBOOKS)
    assert re.findall(r"^##+ .+$", english, re.MULTILINE) == re.findall(r"^##+ .+$", chinese, re.MULTILINE)
    for text, marks in ((english, ("You see", "It means", "Do")), (chinese, ("看到", "说明", "处理"))):
        found = re.findall(rf"^- ({'|'.join(marks)})[:：]", text, re.MULTILINE)
        assert found == list(marks) * (len(found) // 3)
        assert len(found) == 3 * (len({*NAMES, *LAST}) + 3)


@pytest.mark.skipif(not shutil.which("promtool"), reason="prometheus is not installed")
@pytest.mark.parametrize("arguments", [("check", "rules", "alerts.yaml"), ("test", "rules", "alerts.test.yaml")])
def test_prometheus_takes_the_rules(arguments: tuple[str, ...]) -> None:
    """And they alarm when they should."""
    done = subprocess.run(["promtool", *arguments], cwd=DEPLOY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
