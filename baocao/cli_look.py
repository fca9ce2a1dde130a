"""The commands for looking into a dataset: explain, compare, sql.

Like `baocao.cli`, of which this is a part: a command is a function that takes the parsed arguments, and imports
what it needs when it is called.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from baocao.cli_review import refuse_no_dataset
from baocao.errors import EXIT_INCOMPLETE, EXIT_OK
from baocao.messages import Messages

DEFAULT_LINES, DEFAULT_ROWS = 20, 200


def explain(chosen: argparse.Namespace, say: Messages) -> int:
    """How one value came about, step by step."""
    from baocao import explain as explaining

    found = explaining.explain(chosen.out, chosen.row, say)
    if chosen.json:
        _print_json(explaining.to_json(found))
    else:
        print("\n".join(explaining.lines_of(found, say)))
    return EXIT_OK


def compare(chosen: argparse.Namespace, say: Messages) -> int:
    """What changed between two datasets; 10 where something did."""
    from baocao import compare as comparing

    for out in (chosen.old, chosen.new):
        refuse_no_dataset(out, say)
    found = comparing.compare(chosen.old, chosen.new)
    if chosen.json:
        _print_json(comparing.to_json(found))
    else:
        print("\n".join(comparing.lines_of(found, say, chosen.limit)))
    return EXIT_OK if found.is_same else EXIT_INCOMPLETE


def sql(chosen: argparse.Namespace, say: Messages) -> int:
    """One question in SQL; without one, what can be asked."""
    from baocao import sql as asking

    refuse_no_dataset(chosen.out, say)
    if chosen.statement is None:
        print("\n".join(asking.tables(chosen.out, say)))
        return EXIT_OK
    statement = sys.stdin.read() if chosen.statement == "-" else chosen.statement
    with asking.asked(chosen.out, statement, say) as answer:
        if chosen.csv:
            asking.write_csv(answer, sys.stdout)
        elif chosen.json:
            asking.write_json(answer, sys.stdout)
        else:
            asking.show(answer, sys.stdout, chosen.limit, say)
    return EXIT_OK


def add_look(command: Callable[..., Any], at_least_one: Callable[[str], int], say: Messages) -> None:
    """Describe these commands. `command(name, function)` makes one, as `baocao.cli` does."""
    one = command("explain", explain)
    one.add_argument("out", type=Path, metavar="OUT", help=say("explain.out"))
    one.add_argument("row", metavar="ROW", help=say("explain.row"))
    one.add_argument("--json", action="store_true", help=say("help.json"))

    one = command("compare", compare)
    one.add_argument("old", type=Path, metavar="OLD", help=say("compare.old"))
    one.add_argument("new", type=Path, metavar="NEW", help=say("compare.new"))
    one.add_argument("--limit", type=at_least_one, default=DEFAULT_LINES, metavar="N", help=say("compare.limit"))
    one.add_argument("--json", action="store_true", help=say("help.json"))

    one = command("sql", sql)
    one.add_argument("out", type=Path, metavar="OUT", help=say("sql.out"))
    one.add_argument("statement", nargs="?", metavar="SELECT", help=say("sql.statement"))
    form = one.add_mutually_exclusive_group()
    form.add_argument("--csv", action="store_true", help=say("sql.csv"))
    form.add_argument("--json", action="store_true", help=say("help.json"))
    one.add_argument(
        "--limit", type=at_least_one, default=DEFAULT_ROWS, metavar="N", help=say("sql.limit", n=DEFAULT_ROWS)
    )


def _print_json(value: object) -> None:
    import json

    print(json.dumps(value, ensure_ascii=False, indent=2))
