"""The rules of the house that no linter knows: what may lie where, and how things are written."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("bot", "dialogs", "knowledge", "scheduler", "storage")
TOP_LEVEL = {
    *PACKAGES, "tests", "docs", "benchmarks", ".ci", ".env.example", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md",
    "LICENSE", "Makefile", "README.md", "pyproject.toml", "requirements.txt", "requirements-dev.txt",
    "requirements-serve.txt",
}  # fmt: skip

REQUIREMENTS = ("requirements.txt", "requirements-serve.txt", "requirements-dev.txt")

#: One library, one door: whoever needs it asks the module that has it. A folder ends with a slash.
DOORS = {
    "aiogram": ("bot/gateways/telegram_aiogram.py",),
    "alembic": ("storage/",),
    "borax": ("scheduler/statutory_days.py",),
    "resvg_py": ("bot/pictures.py",),
    "cn2an": ("dialogs/kinds/numerals.py",),
    "httptools": ("bot/gateways/http_post.py",),
    "icalendar": ("scheduler/calendar_file.py",),
    "numpy": ("knowledge/vectors.py",),
    "opencc": ("knowledge/scripts.py",),
    "platformdirs": ("bot/settings.py",),
    "prometheus_client": ("bot/metrics.py",),
    "prompt_toolkit": ("bot/gateways/terminal.py",),
    "pydantic": ("bot/settings.py", "dialogs/schema.py", "dialogs/shaping.py"),
    "pydantic_settings": ("bot/settings.py",),
    "pypinyin": ("knowledge/pinyin.py",),
    "rapidfuzz": ("knowledge/names.py", "knowledge/search.py"),
    "rich": ("bot/gateways/terminal.py",),
    "sqlalchemy": ("storage/",),
    "starlette": ("bot/web.py",),
    "structlog": ("bot/logs.py",),
    "telegram": ("bot/gateways/telegram_ptb.py",),
    "typer": ("bot/cli.py", "bot/cli_books.py", "bot/cli_db.py"),
    "uvicorn": ("bot/listening.py",),
    "uvloop": ("bot/serve_command.py",),
    "yaml": ("knowledge/yaml_reader.py",),
}

LONGEST_FUNCTION = 40
LONGEST_MODULE = 300


@cache
def committed() -> tuple[Path, ...]:
    """Every file of the project that is committed or would be, relative to the root."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if listing.returncode:
        pytest.skip("this folder is not a git checkout")
    return tuple(Path(name) for name in listing.stdout.split("\0") if name and (ROOT / name).is_file())


def texts() -> Iterator[tuple[Path, str]]:
    """Every committed text with its file."""
    for file in committed():
        content = (ROOT / file).read_bytes()
        if b"\0" not in content:
            yield file, content.decode("utf-8")


def modules(*folders: str) -> Iterator[tuple[Path, str]]:
    """The Python modules of these folders."""
    return ((file, text) for file, text in texts() if file.suffix == ".py" and file.parts[0] in folders)


def places(pattern: str, found_in: Iterator[tuple[Path, str]]) -> list[str]:
    """Where the pattern occurs, as file:line: what stands there."""
    return [
        f"{file}:{text.count(chr(10), 0, match.start()) + 1}: {match[0]}"
        for file, text in found_in
        for match in re.finditer(pattern, text)
    ]


def test_the_top_level_is_fixed() -> None:
    """A new file belongs into one of the folders there are."""
    assert {file.parts[0] for file in committed()} - TOP_LEVEL == set()


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    """Paths are relative to the project or come from the settings."""
    assert places(r"(?<![\w.~/-])/(?:home|root|Users|work|tmp)/\w+|\b[A-Z]:\\Users", texts()) == []


def test_no_file_names_a_registry() -> None:
    """Where packages are fetched from is the business of whoever installs them."""
    hosts = r"pypi\.org|pythonhosted\.org|registry\.npmjs"
    assert places(hosts, texts()) == []
    build_files = {"Makefile", "pyproject.toml", *REQUIREMENTS, "run"}
    assert places(r"\w+://", ((file, text) for file, text in texts() if file.name in build_files)) == []


def test_nothing_is_silenced_or_put_off() -> None:
    """A checker that complains is answered, and work to do is an issue."""
    slips = r"#\s*noqa|type:\s*ignore|pyright:\s*ignore|pragma:\s*no cover|\bTO[D]O\b|\bFIX[M]E\b"
    assert places(slips, (text for text in texts() if text[0].suffix in (".py", ".yaml", ".toml"))) == []


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_requirements_are_exact(name: str) -> None:
    """Every package is pinned with its hashes, and nothing else stands there."""
    for entry in re.split(r"\n(?=\S)", requirements(name)):
        assert entry.startswith("#") or re.fullmatch(
            r"[a-z0-9-]+==\S+( ; [^\\]+)?( \\\n +--hash=sha256:\w{64})+", entry
        )


def requirements(name: str) -> str:
    """The file without its indented remarks."""
    return re.sub(r"\n +#[^\n]*", "", (ROOT / name).read_text("utf-8")).strip()


def pins(name: str) -> set[str]:
    """The file's `package==version`."""
    return set(re.findall(r"^[a-z0-9-]+==[^\s;]+", requirements(name), re.MULTILINE))


def test_requirements_agree() -> None:
    """The maintainers' file holds all of the operators', theirs all of the users', and so each what is declared."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert pins("requirements.txt") <= pins("requirements-serve.txt") <= pins("requirements-dev.txt")
    extras = {
        re.split(r"[<>=\[]", one)[0] for some in project["project"]["optional-dependencies"].values() for one in some
    }
    assert extras <= {pin.split("==")[0] for pin in pins("requirements-serve.txt")}, "run `make lock`"
    assert set(project["build-system"]["requires"]) <= pins("requirements.txt")
    names = {re.split(r"[<>=\[]", needed)[0] for needed in project["project"]["dependencies"]}
    assert names <= {pin.split("==")[0] for pin in pins("requirements.txt")}, "run `make lock`"
    ours = {
        re.split(r"[<>=\[]", needed)[0] for needed in project["dependency-groups"]["dev"] if isinstance(needed, str)
    }
    assert ours <= {pin.split("==")[0] for pin in pins("requirements-dev.txt")}, "run `make lock`"


def test_every_module_says_its_job() -> None:
    """A module opens with a docstring; only an empty one needs none."""
    silent = [str(file) for file, text in modules(*PACKAGES, "tests", "benchmarks") if text and not says_its_job(text)]
    assert silent == []


def says_its_job(text: str) -> bool:
    """It has a docstring of some words."""
    return len((ast.get_docstring(ast.parse(text)) or "").split()) > 2


def test_modules_and_functions_are_short() -> None:
    """About 150 lines a module and 10 a function are good; these are the ends of it."""
    long = [f"{file}: {n} lines" for file, text in short_files() if (n := text.count("\n")) > LONGEST_MODULE]
    for file, text in short_files():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                long += [f"{file}:{node.lineno}: {node.name}: {lines} lines"] * (lines > LONGEST_FUNCTION)
    assert long == []


def short_files() -> Iterator[tuple[Path, str]]:
    """The modules that have to be short: a migration is as long as the change it makes."""
    return ((file, text) for file, text in modules(*PACKAGES) if "migrations" not in file.parts)


def test_one_library_one_door() -> None:
    """A library is imported where the table says and nowhere else; a new one gets a line in the table."""
    outside = sys.stdlib_module_names | set(PACKAGES)
    wrong = [
        f"{file}:{line}: {library}"
        for file, text in modules(*PACKAGES)
        for library, line in imported(text)
        if library not in outside and not is_door(file.as_posix(), library)
    ]
    assert wrong == []


def is_door(module: str, library: str) -> bool:
    """The table lets this module import the library."""
    doors = DOORS.get(library, ())
    return any(module.startswith(door) if door.endswith("/") else module == door for door in doors)


def imported(text: str) -> Iterator[tuple[str, int]]:
    """The libraries that a module imports anywhere in it, each with its line."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0], node.lineno


#: What a pattern lists to read numbers is no wording.
NUMERALS = "零〇一二两三四五六七八九十百千万亿第"


def test_texts_for_people_stand_in_yaml() -> None:
    """No Chinese wording in Python: four characters in a row that are no numerals are a text."""
    found = [
        f"{file}:{line}: {value[:20]}"
        for file, text in modules(*PACKAGES)
        for line, value in strings(ast.parse(text))
        if re.search(rf"(?:(?![{NUMERALS}])[\u4e00-\u9fff]){{4}}", re.sub(r"\[[^]]*\]", "", value))
    ]
    assert found == []


def strings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The string literals of a module that are no docstring, each with its line."""
    remarks = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in remarks:
            yield node.lineno, node.value


@pytest.mark.parametrize(
    "code", ["import datetime\n\ndatetime.datetime.now(datetime.UTC)\n", "from time import time\n\ntime()\n"]
)
@pytest.mark.parametrize(("module", "refused"), [("dialogs/step.py", True), ("bot/clock.py", False)])
def test_only_the_clock_reads_the_clock(code: str, module: str, refused: bool) -> None:
    """The linter is told so: this shows that it bites, and where it does not."""
    command = [
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--quiet",
        "--no-cache",
        "--select=TID251",
        f"--stdin-filename={module}",
        "-",
    ]
    judged = subprocess.run(command, cwd=ROOT, input=code, capture_output=True, encoding="utf-8", check=False)
    assert ("only bot/clock.py reads the clock" in judged.stdout) is refused
