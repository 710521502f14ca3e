"""The commands of the program, and nothing of what they do: each loads its own module only when it is given.

Not its job: reading settings or files. Help and `--help` must come at once, so nothing slow is imported here.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot import cli_books, cli_db, refusal
from bot.cli_books import Language

TalkLanguage = Annotated[
    str | None, typer.Option("--lang", metavar="L", help="zh-Hans, zh-Hant or en, from now on. Not given: as before.")
]
Owner = Annotated[str, typer.Argument(metavar="OWNER", help="Channel and name, such as terminal:wang.")]

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Lampwise helps lighting merchants decide on agencies, contracts and quarterly reviews.",
    epilog="Example: lampwise chat",
)
app.add_typer(cli_db.db, name="db")
failed = typer.Typer(rich_markup_mode=None, help="What could not be answered because of a mistake in the program.",
                     epilog="Example: lampwise failed list")  # fmt: skip
app.add_typer(failed, name="failed")


def _tell_version(wanted: bool) -> None:
    if wanted:
        # Only now: who asks for help need not wait for the database to be loaded.
        from importlib.metadata import version

        from storage.schema import HEAD

        typer.echo(f"lampwise {version('lampwise')} (schema {HEAD})")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _nothing_given(
    context: typer.Context,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="The version, and the schema it writes."),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command(epilog="Example: lampwise chat --lang en --as wang")
def chat(
    lang: TalkLanguage = None,
    name: Annotated[
        str, typer.Option("--as", metavar="NAME", help="Who talks; each name has answers of its own.")
    ] = "me",
) -> int:
    """Talk in this terminal. Comes back where NAME left off; nothing leaves this machine."""
    try:
        from bot import chat_command, given

        return chat_command.run(given.settings(), name, lang)
    except KeyboardInterrupt:
        return refusal.DONE


@app.command(epilog="Example: lampwise serve")
def serve(
    check: Annotated[
        bool, typer.Option("--check", help="Only look whether it could serve: settings, database, token, folders.")
    ] = False,
    take_over: Annotated[
        bool, typer.Option("--take-over", help="Take the bot's messages away from a webhook that another program set.")
    ] = False,
) -> int:
    """Serve everybody on the channels that the settings switch on, until it is told to end."""
    from bot import given

    if check:
        from bot import serve_check

        return serve_check.run(given.settings(), take_over=take_over)
    from bot import serve_command

    return serve_command.run(given.settings(), take_over=take_over)


@app.command(epilog="Example: lampwise run vet --cases cases.jsonl --json")
def run(
    flow: Annotated[str, typer.Argument(metavar="FLOW", help="The dialog, such as assess or vet.")],
    cases: Annotated[
        str, typer.Option("--cases", metavar="FILE", help="Cases, a JSON object a line; - is the standard input.")
    ],
    lang: Language = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, an object a line.")] = False,
    document: Annotated[
        Path | None, typer.Option("--document", metavar="DIR", help="Also write each case's documents to print.")
    ] = None,
) -> int:
    """Run a dialog without a person. Reads {"id":…,"answers":{slot: raw}} lines; keeps nothing."""
    from bot import given, run_command

    return run_command.run(given.settings(), flow, cases, lang, as_json=as_json, documents=document)


@app.command(epilog="Example: lampwise graph vet -o vet.svg")
def graph(
    flow: Annotated[str, typer.Argument(metavar="FLOW", help="The dialog, such as assess or vet.")],
    output: Annotated[
        Path | None, typer.Option("-o", metavar="FILE", help="The picture, .svg or .mmd; else Mermaid to the output.")
    ] = None,
    lang: Language = None,
    path: Annotated[
        str | None,
        typer.Option("--path", metavar="OWNER", help="Mark the way of an owner (terminal:NAME) or of a case."),
    ] = None,
) -> int:
    """Draw a dialog: its questions in order, what turns them off, and how the verdict is found."""
    from bot import given, graph_command

    return graph_command.run(given.settings(), flow, output, lang, path)


app.command(epilog='Example: lampwise ask "what commission is usual" --lang en')(cli_books.ask)
app.command("eval", epilog="Example: lampwise eval questions.jsonl --baseline accepted.json")(cli_books.evaluate)
app.command(epilog="Example: lampwise gaps > gaps.yaml")(cli_books.gaps)


@app.command(epilog="Example: lampwise check my/dialogs/flows/vet.yaml")
def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH...", help="Files or folders. Not given: all in use.")
    ] = None,
    lang: Language = None,
    form: Annotated[str, typer.Option("--format", metavar="F", help="text, json or github.")] = "text",
) -> int:
    """Find what is wrong in dialogs and knowledge, each problem as file:line:column: code message."""
    from bot import check_command, given

    settings = given.settings()
    language = settings.lang if lang is None else given.meant_language(lang)
    return check_command.run(paths or [], language, settings, form)


@app.command(epilog="Example: lampwise diff old/dialogs dialogs --database")
def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="A flow, or a folder with flows and texts.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The same, changed.")],
    lang: Language = None,
    database: Annotated[
        bool, typer.Option("--database", help="Also tell which half-done conversations of the database are touched.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, an object a line.")] = False,
) -> int:
    """Tell in words what changed between two versions of the dialogs."""
    from bot import diff_command, given

    settings = given.settings()
    language = settings.lang if lang is None else given.meant_language(lang)
    return diff_command.run(settings, old, new, language, database=database, as_json=as_json)


@app.command(epilog="Example: lampwise export terminal:wang --sheet wang.csv")
def export(
    owner: Owner,
    sheet: Annotated[
        Path | None, typer.Option("--sheet", metavar="FILE", help="Write a sheet (CSV) to this new file, too.")
    ] = None,
) -> int:
    """Print all that is kept on one owner, as JSON."""
    from bot import given, owner_commands

    return owner_commands.export(given.settings(), owner, sheet)


@app.command(epilog="Example: lampwise forget terminal:wang")
def forget(
    owner: Owner,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> int:
    """Delete all that is kept on one owner; says what goes and asks."""
    from bot import given, owner_commands

    return owner_commands.forget(given.settings(), owner, sure=yes)


@app.command("test", epilog="Example: lampwise test --coverage")
def play_talks(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH...", help="Talks or folders. Not given: those we use.")
    ] = None,
    lang: Language = None,
    update: Annotated[bool, typer.Option("--update", help="Rewrite what the talks expect; read the diff.")] = False,
    accept: Annotated[
        bool, typer.Option("--accept-verdicts", help="With --update: also where a verdict or a noted answer changes.")
    ] = False,
    coverage: Annotated[bool, typer.Option("--coverage", help="Tell what no talk reaches, and a way there.")] = False,
) -> int:
    """Play the scripted conversations that are kept beside the dialogs."""
    from bot import given, talk_command

    settings = given.settings()
    language = settings.lang if lang is None else given.meant_language(lang)
    return talk_command.run(paths or [], language, settings, update=update, coverage=coverage, accept=accept)


@app.command(epilog="Example: lampwise record terminal:wang > dialogs/talks/wang.yaml")
def record(
    owner: Annotated[str, typer.Argument(metavar="OWNER", help="Such as terminal:NAME.")],
    number: Annotated[
        int | None, typer.Option("--conversation", metavar="N", help="Which one, from 1. Not given: the latest.")
    ] = None,
    lang: Language = None,
) -> int:
    """Print a real conversation as a talk, with names and sums masked."""
    from bot import given, record_command

    settings = given.settings()
    language = settings.lang if lang is None else given.meant_language(lang)
    return record_command.run(settings, owner, language, number)


@app.command(epilog="Example: lampwise remind --until 2026-12-31 --owners 1000 --json")
def remind(
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="The last day to look at, such as 2026-12-31.")],
    since: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The first day. Not given: from now on.")
    ] = None,
    owners: Annotated[
        int | None, typer.Option("--owners", metavar="N", help="For N made-up owners. Not given: those that are kept.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, an object a line.")] = False,
) -> int:
    """Show the plan of reminders as if nobody ever answered. Sends nothing, keeps nothing."""
    from bot import given, remind_command

    return remind_command.run(given.settings(), since, until, owners, as_json=as_json)


@failed.command("list", epilog="Example: lampwise failed list")
def failed_list() -> int:
    """List them, oldest first: when, ID, what kind, what went wrong and where."""
    from bot import failed_command, given

    return failed_command.show(given.settings())


@failed.command("retry", epilog="Example: lampwise failed retry telegram:123456")
def failed_retry(id: Annotated[str, typer.Argument(metavar="ID", help="As `failed list` shows it.")]) -> int:
    """Answer one anew, once the mistake is mended."""
    from bot import failed_command, given

    return failed_command.retry(given.settings(), id)


def answer(arguments: Sequence[str]) -> int:
    """Do what the arguments say; the exit code."""
    return refusal.guarded(lambda: _invoked(arguments))


def _invoked(arguments: Sequence[str]) -> int:
    try:
        return app(list(arguments), prog_name="lampwise", standalone_mode=False) or refusal.DONE
    except typer.TyperException as error:
        sentence = " ".join(error.format_message().split())
        return refusal.say(f"lampwise: {sentence} (lampwise --help tells what there is)")
    except typer.Abort:
        return refusal.INTERRUPTED
    except SystemExit as leaving:
        # Typer's way to end where nobody reads the output any more.
        raise BrokenPipeError from leaving


def main() -> NoReturn:
    """The program."""
    sys.exit(answer(sys.argv[1:]))
