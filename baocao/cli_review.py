"""The commands for people who check and sign: review, desk, export, import-review.

Like `baocao.cli`, of which this is a part: a command is a function that takes the parsed arguments, and imports
what it needs when it is called.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from baocao.errors import EXIT_INCOMPLETE, EXIT_OK, OutputNotWritable, UsageError
from baocao.messages import Messages

DESK_FOLDER = "baocao"
DEFAULT_OUT = "out"
DEFAULT_ROWS = 5000


def review(chosen: argparse.Namespace, say: Messages) -> int:
    """The review desk, until Ctrl-C."""
    from baocao.review.app import review_app
    from baocao.review.doubts import Desk
    from baocao.review.sources import SourceFiles

    refuse_no_dataset(chosen.out, say)
    desk, sources = Desk(chosen.out, chosen.corrections), SourceFiles(chosen.out, chosen.source or [])
    _serve(lambda token, port: review_app(desk, sources, token=token, port=port), chosen, say)
    return EXIT_OK


def desk(chosen: argparse.Namespace, say: Messages) -> int:
    """The desk for those without a terminal, until Ctrl-C."""
    from baocao.desk.app import desk_app
    from baocao.desk.place import Place

    folder: Path = chosen.folder or Path.home() / DESK_FOLDER
    try:
        place = Place(folder)
    except OSError as error:
        raise OutputNotWritable(f"{folder}: {error.strerror or error}") from error
    print(say("desk.where", folder=place.folder), file=sys.stderr)
    _serve(lambda token, port: desk_app(place, token=token, port=port), chosen, say)
    return EXIT_OK


def export(chosen: argparse.Namespace, say: Messages) -> int:
    """The open doubts as a workbook."""
    from baocao import review_xlsx
    from baocao.review.doubts import Desk
    from baocao.review.sources import SourceFiles

    refuse_no_dataset(chosen.out, say)
    desk, sources = Desk(chosen.out, chosen.corrections), SourceFiles(chosen.out, chosen.source or [])
    severities = chosen.severity.split(",")
    done = review_xlsx.export(desk, sources, chosen.file, say, severities=severities, most_rows=chosen.limit)
    print(say("export.done", path=done.path, rows=done.rows, pictures=done.pictures))
    if done.left_out:
        print(say("export.left-out", n=done.left_out))
    return EXIT_OK


def import_review(chosen: argparse.Namespace, say: Messages) -> int:
    """Decisions of a workbook into the corrections; 10 where a row needs another look."""
    from baocao import review_xlsx
    from baocao.review.doubts import Desk

    if not chosen.file.is_file():
        raise UsageError(
            say("error.no-file", path=chosen.file), say("error.no-file.next", folder=chosen.file.resolve().parent)
        )
    refuse_no_dataset(chosen.out, say)
    found = review_xlsx.import_review(Desk(chosen.out, chosen.corrections), chosen.file, say)
    print("\n".join(review_xlsx.lines_of(found, say)))
    return EXIT_OK if found.is_clean else EXIT_INCOMPLETE


def _serve(make_app: Callable[[str, int], object], chosen: argparse.Namespace, say: Messages) -> None:
    """Serve until Ctrl-C, which is the way to leave and no failure."""
    from baocao.review.serve import serve

    def tell(address: str) -> None:
        print(say("serve.address", address=address), flush=True)
        print(say("serve.stop"), file=sys.stderr)

    try:
        serve(make_app, tell, port=chosen.port, open_browser=not chosen.no_browser)
    except OSError as error:
        raise UsageError(
            say("serve.taken", port=str(chosen.port), reason=error.strerror or error), say("serve.taken.next")
        ) from error
    except KeyboardInterrupt:
        print("", file=sys.stderr)


def add_review(command: Callable[..., Any], at_least_one: Callable[[str], int], say: Messages) -> None:
    """Describe these commands. `command(name, function)` makes one, as `baocao.cli` does."""
    one = command("review", review)
    one.add_argument("out", type=Path, metavar="OUT", help=say("review.out"))
    one.add_argument("--source", type=Path, action="append", metavar="FOLDER", help=say("review.source"))
    one.add_argument("--corrections", type=Path, metavar="CSV", help=say("review.corrections"))
    _serving(one, at_least_one, say)

    one = command("desk", desk)
    one.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help=say("desk.folder"))
    _serving(one, at_least_one, say)

    one = command("export", export)
    one.add_argument("file", type=Path, metavar="XLSX", help=say("export.file"))
    one.add_argument("--out", type=Path, default=Path(DEFAULT_OUT), metavar="OUT", help=say("export.out"))
    one.add_argument("--source", type=Path, action="append", metavar="FOLDER", help=say("review.source"))
    one.add_argument("--corrections", type=Path, metavar="CSV", help=say("review.corrections"))
    one.add_argument("--severity", default="error,warning", metavar="LIST", help=say("export.severity"))
    one.add_argument("--limit", type=at_least_one, default=DEFAULT_ROWS, metavar="N", help=say("export.limit"))

    one = command("import-review", import_review)
    one.add_argument("file", type=Path, metavar="XLSX", help=say("import-review.file"))
    one.add_argument("--out", type=Path, default=Path(DEFAULT_OUT), metavar="OUT", help=say("export.out"))
    one.add_argument("--corrections", type=Path, metavar="CSV", help=say("review.corrections"))


def _serving(parser: argparse.ArgumentParser, at_least_one: Callable[[str], int], say: Messages) -> None:
    parser.add_argument("--port", type=at_least_one, default=0, metavar="N", help=say("serve.port"))
    parser.add_argument("--no-browser", action="store_true", help=say("serve.no-browser"))


def refuse_no_dataset(out: Path, say: Messages) -> None:
    name = "datapackage.json"
    if not (out / name).is_file():
        raise UsageError(say("error.no-dataset", path=out, name=name), say("error.no-dataset.next", path=out))
