"""The command line: arguments in, one of the public functions called, an exit code of the contract out.

`baocao --help` and every refusal must come at once, so nothing heavy is imported before a command is
known: argparse, a table of sentences, and the command's own imports inside its function. Data goes to
the standard output, progress and errors to the standard error. Sentences are in `messages.csv`.

One command = one function that takes the parsed arguments and one entry in `_parser`.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from baocao.cli_look import add_look
from baocao.cli_refusals import passwords_in, refuse_file, refuse_sources
from baocao.cli_review import add_review
from baocao.errors import (
    EXIT_INCOMPLETE,
    EXIT_INTERRUPTED,
    EXIT_OK,
    EXIT_TOOL_MISSING,
    EXIT_USAGE,
    BaocaoError,
    OutputNotWritable,
    UsageError,
)
from baocao.messages import Messages, language
from baocao.version import __version__

if TYPE_CHECKING:
    from extract.problems import ExtractError

DEFAULT_SOURCE, DEFAULT_OUT = "corpus", "out"
READABLE = ("text", "docx", "pdf", "sheet", "legacy", "scan")  # what `doctor` can be asked about

_FORMULA_STARTS = frozenset("=+-@\t\r＝＋－＠")

Command = Callable[[argparse.Namespace, Messages], int]


def run(arguments: Sequence[str]) -> int:
    """Run one command and return the contract's exit code. Bugs keep their traceback."""
    _speak_utf8()
    code = _run(arguments, Messages(language()))
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _stop_writing()
    return code


def _run(arguments: Sequence[str], say: Messages) -> int:
    try:
        chosen = _parser(say).parse_args(arguments)
        command: Command = chosen.command
        return command(chosen, say)
    except SystemExit as leaving:  # argparse leaves so after --help, --version and a refusal
        return leaving.code if isinstance(leaving.code, int) else EXIT_OK
    except BaocaoError as error:
        _tell(say, *_in_words(error, say))
        return error.exit_code
    except KeyboardInterrupt:
        print("", file=sys.stderr)
        _tell(say, say("interrupted"), say("interrupted.next"), headline="{message}")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        _stop_writing()
        return EXIT_OK


def _stop_writing() -> None:
    """`baocao inspect x | head`: who reads has seen enough. Python must not fail when it flushes at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


# ---------------------------------------------------------------- commands


def ingest(chosen: argparse.Namespace, say: Messages) -> int:
    """The main job: progress on the standard error, the recap at the end."""
    from baocao.recap import recap, watching

    sources = chosen.source or [Path(DEFAULT_SOURCE)]
    if any(isinstance(place, str) for place in (*sources, chosen.out)):  # behind URLs the batch looks for itself
        if chosen.watch or chosen.dry_run:
            raise UsageError(say("error.url-only-ingest"), say("error.url-only-ingest.next"))
    else:
        refuse_sources(sources, chosen.out, say, is_default=not chosen.source, may_be_empty=chosen.watch)
    passwords = passwords_in(chosen.password_file, say)
    from baocao import batch

    wishes = {
        "force": chosen.force,
        "retry_failed": chosen.retry_failed,
        "verify": chosen.verify,
        "keep_removed": chosen.keep_removed,
        "passwords": passwords,
    }
    if chosen.dry_run:
        from baocao.dry_run import dry_run
        from baocao.recap import outlook

        plan = dry_run(sources, chosen.out, **wishes)
        if chosen.json:
            _print_json([{"source": one.source, "action": one.action, "reason": one.reason} for one in plan])
        else:
            print("\n".join(outlook(plan, say)))
        return EXIT_OK

    _end_well_when_told_to()

    def once() -> int:
        with watching(say, sys.stderr) as progress:
            summary = batch.ingest(
                sources,
                chosen.out,
                jobs=chosen.jobs,
                strict=chosen.strict,
                corrections=chosen.corrections,
                engine=chosen.engine,
                scheduler=chosen.scheduler,
                csv_dialect=chosen.csv_dialect or "",
                progress=progress,
                **wishes,
            )
        if chosen.json:
            _print_json(summary.to_json())
        else:
            print("\n".join(recap(summary, say)), flush=True)
        return summary.exit_code

    if not chosen.watch:
        return once()
    from baocao.watch import watch

    print(say("watch.waits"), file=sys.stderr, flush=True)
    watch(sources, chosen.out, once)
    return EXIT_OK


def _end_well_when_told_to() -> None:
    """A service that is stopped or a terminal that is closed ends a run as Ctrl-C does: what was read is kept. What
    was set to be ignored (`nohup`) stays ignored."""
    import signal

    def stop(number: int, frame: object) -> NoReturn:  # noqa: ARG001
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            with contextlib.suppress(ValueError):  # not in the main thread
                signal.signal(number, stop)


def inspect(chosen: argparse.Namespace, say: Messages) -> int:
    """One report as it was read, as a sheet for people or as JSON with every field."""
    refuse_file(chosen.file, say)
    import baocao
    from extract.problems import ExtractError

    try:
        report = baocao.read_report(chosen.file)
    except ExtractError as error:
        return _tell_unread(chosen.file, error, say)
    from baocao import inspection

    if chosen.json:
        _print_json(inspection.as_json(report))
    else:
        inspection.show(report, say, sys.stdout)
    return EXIT_INCOMPLETE if report.normalized.report.status in ("partial", "failed") else EXIT_OK


def debug_page(chosen: argparse.Namespace, say: Messages) -> int:
    """Draw one page with what was found on it; the picture's path goes to the standard output."""
    refuse_file(chosen.file, say)
    from baocao import debug
    from extract.problems import ExtractError

    out: Path = chosen.out or Path(f"page-{chosen.page}.png")
    try:
        print(debug.draw_page(chosen.file, chosen.page, out))
    except ExtractError as error:
        return _tell_unread(chosen.file, error, say)
    except OSError as error:
        raise OutputNotWritable(f"{out}: {error.strerror or error}") from error
    return EXIT_OK


def doctor(chosen: argparse.Namespace, say: Messages) -> int:
    """What is there, what is missing, and the line to type."""
    from baocao import doctor as checkup

    diagnosis = checkup.examine(chosen.what)
    if chosen.json:
        _print_json(diagnosis.to_json())
    else:
        print("\n".join(checkup.report(diagnosis, say)))
    return EXIT_OK if diagnosis.is_well else EXIT_TOOL_MISSING


def catalogue_suggest(chosen: argparse.Namespace, say: Messages) -> int:
    """Catalogue rows, as TOML on the standard output, for what `unmatched.csv` of a dataset lists."""
    out: Path = chosen.out
    unmatched = out / "unmatched.csv"
    if not unmatched.is_file():
        raise UsageError(say("error.no-dataset", path=out, name=unmatched.name), say("error.no-dataset.next", path=out))
    import csv

    from normalize.catalogue import suggest_toml

    with unmatched.open(encoding="utf-8-sig", newline="") as lines:
        mark = ";" if ";" in lines.readline() else ","  # as `ingest --csv-dialect` wrote it
        lines.seek(0)
        rows = [{name: _unguarded(cell) for name, cell in row.items()} for row in csv.DictReader(lines, delimiter=mark)]
    if rows:
        print(suggest_toml(rows), end="")
    else:
        print(say("catalogue.suggest.none"), file=sys.stderr)
    return EXIT_OK


# ---------------------------------------------------------------- arguments


class _Parser(argparse.ArgumentParser):
    """argparse that speaks the user's language, refuses abbreviations and says the next step."""

    say: Messages

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "add_help": False, "allow_abbrev": False})

    def speaking(self, say: Messages) -> _Parser:
        self.say = say
        self._optionals.title = say("help.options")
        self._positionals.title = say("help.arguments")
        self.add_argument("-h", "--help", action="help", help=say("help.help"))
        return self

    def format_usage(self) -> str:
        return self._translated(super().format_usage())

    def format_help(self) -> str:
        return self._translated(super().format_help())

    def _translated(self, text: str) -> str:
        return self.say("help.usage") + text.removeprefix("usage: ")

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        headline = self.say("error.usage", message="{message}")
        _tell(self.say, message, self.say("error.usage.next", command=self.prog), headline)
        raise SystemExit(EXIT_USAGE)


def _parser(say: Messages) -> _Parser:
    parser = _Parser(prog="baocao", description=say("about"), epilog=say("help.epilog")).speaking(say)
    parser.add_argument("--version", action="version", version=f"baocao {__version__}", help=say("help.version"))
    commands = _commands(parser, say)

    one = _command(commands, say, "ingest", ingest)
    one.add_argument("source", nargs="*", type=_place, metavar="SOURCE", help=say("ingest.source"))
    one.add_argument("--out", type=_place, default=Path(DEFAULT_OUT), metavar="OUT", help=say("ingest.out"))
    one.add_argument("--strict", action="store_true", help=say("ingest.strict"))
    one.add_argument("--jobs", type=_at_least_one, metavar="N", help=say("ingest.jobs"))
    one.add_argument("--corrections", type=Path, metavar="CSV", help=say("ingest.corrections"))
    one.add_argument("--force", action="store_true", help=say("ingest.force"))
    one.add_argument("--retry-failed", action="store_true", help=say("ingest.retry-failed"))
    one.add_argument("--verify", action="store_true", help=say("ingest.verify"))
    one.add_argument("--keep-removed", action="store_true", help=say("ingest.keep-removed"))
    one.add_argument("--password-file", type=Path, metavar="FILE", help=say("ingest.password-file"))
    one.add_argument("--csv-dialect", choices=("excel-vi",), help=say("ingest.csv-dialect"))
    one.add_argument("--engine", choices=("local", "dask"), default="local", help=say("ingest.engine"))
    one.add_argument("--scheduler", default="", metavar="URL", help=say("ingest.scheduler"))
    one.add_argument("--dry-run", action="store_true", help=say("ingest.dry-run"))
    one.add_argument("--watch", action="store_true", help=say("ingest.watch"))
    one.add_argument("--json", action="store_true", help=say("help.json"))

    one = _command(commands, say, "inspect", inspect)
    one.add_argument("file", type=Path, metavar="FILE", help=say("inspect.file"))
    one.add_argument("--json", action="store_true", help=say("help.json"))

    def command(name: str, function: Command) -> _Parser:
        return _command(commands, say, name, function)

    add_review(command, _at_least_one, say)
    add_look(command, _at_least_one, say)

    one = _command(commands, say, "doctor", doctor)
    one.add_argument(
        "what", nargs="*", type=_readable, metavar="WHAT", help=f"{', '.join(READABLE)}: {say('doctor.what')}"
    )
    one.add_argument("--json", action="store_true", help=say("help.json"))

    under = _commands(_command(commands, say, "catalogue", None), say)
    one = _command(under, say, "suggest", catalogue_suggest, "catalogue.suggest")
    one.add_argument("out", type=Path, metavar="OUT", help=say("catalogue.suggest.out"))

    under = _commands(_command(commands, say, "debug", None), say)
    one = _command(under, say, "page", debug_page, "debug.page")
    one.add_argument("file", type=Path, metavar="FILE", help=say("debug.page.file"))
    one.add_argument("page", type=_at_least_one, metavar="N", help=say("debug.page.number"))
    one.add_argument("--out", type=Path, metavar="PNG", help=say("debug.page.out"))
    return parser


def _commands(parser: _Parser, say: Messages) -> argparse._SubParsersAction[_Parser]:
    return parser.add_subparsers(title=say("help.commands"), metavar="COMMAND", required=True)


def _command(
    commands: argparse._SubParsersAction[_Parser], say: Messages, name: str, command: Command | None, key: str = ""
) -> _Parser:
    sentence = say(f"{key or name}.help")
    parser = commands.add_parser(name, help=sentence, description=sentence[:1].upper() + sentence[1:] + ".")
    parser.set_defaults(command=command)
    return parser.speaking(say)


def _place(text: str) -> Path | str:
    """A folder, or a URL, which stays as it is written."""
    return text if "://" in text else Path(text)


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} < 1")
    return number


def _readable(text: str) -> str:
    if text not in READABLE:
        raise argparse.ArgumentTypeError(f"{text!r}: {', '.join(READABLE)}")
    return text


# ---------------------------------------------------------------- words


def _unguarded(cell: str) -> str:
    """A CSV cell without the apostrophe that keeps Excel from taking it for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA_STARTS else cell


def _in_words(error: BaocaoError, say: Messages) -> tuple[str, str]:
    """Message and next step: what the batch raises is English, and has Vietnamese sentences by its code."""
    key = f"stop.{error.code}"
    if say.language == "en" or not say.has(key):
        return error.message, error.next_step
    return say(key, message=error.message), say(f"{key}.next")


def _tell_unread(path: Path, error: ExtractError, say: Messages) -> int:
    """Say why one file was not read. One that holds no report is skipped, which is no failure."""
    _tell(say, f"{path}: {error.message}", error.next_step)
    return {"no-report": EXIT_OK, "tool-missing": EXIT_TOOL_MISSING}.get(error.code, EXIT_INCOMPLETE)


def _tell(say: Messages, message: str, next_step: str, headline: str = "") -> None:
    print((headline or say("error.headline", message="{message}")).replace("{message}", message), file=sys.stderr)
    if next_step:
        print(say("error.next", next_step=next_step), file=sys.stderr)


def _print_json(value: object) -> None:
    import json

    print(json.dumps(value, ensure_ascii=False, indent=2))


def _speak_utf8() -> None:
    """Vietnamese must come out whatever the locale says, and an odd file name must not stop a run."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
