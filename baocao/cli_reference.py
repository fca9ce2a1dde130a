"""`docs/reference/options.md`: every command with its arguments and options, in both languages.

In: the parser of the command line, made once in each language. Out: the page.
`python -m baocao.cli_reference > docs/reference/options.md` writes it anew; a test keeps the two equal.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from baocao.cli import _parser
from baocao.messages import Messages

_HEAD = """# Every command, argument and option

What each command does, how it is used and what it leaves with: [commands](commands.md). Made from the command line by
`python -m baocao.cli_reference > docs/reference/options.md`; do not edit by hand.
"""


def commands(parser: argparse.ArgumentParser) -> Iterator[tuple[argparse.ArgumentParser, bool]]:
    """Every command under a parser, and whether it only holds others."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                holds = any(isinstance(one, argparse._SubParsersAction) for one in child._actions)
                yield child, holds
                yield from commands(child)


def page() -> str:
    """The page as Markdown."""
    both = [list(commands(_parser(Messages(language)))) for language in ("en", "vi")]
    lines = [_HEAD]
    for (english, holds), (vietnamese, _) in zip(*both, strict=True):
        if holds:
            continue
        lines += [f"## `{english.prog}`", "", f"{english.description}  ", f"*{vietnamese.description}*", ""]
        lines += ["| argument | meaning | nghĩa |", "|---|---|---|"]
        for one, two in zip(english._actions, vietnamese._actions, strict=True):
            if not isinstance(one, argparse._HelpAction):
                cells = (f"`{_printed(one)}`", *((action.help or "").replace("|", "\\|") for action in (one, two)))
                lines.append(f"| {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def _printed(action: argparse.Action) -> str:
    """`--out OUT`, `[SOURCE ...]`, `--engine local|dask`."""
    name = action.option_strings[0] if action.option_strings else ""
    value = "" if action.nargs == 0 else "\\|".join(map(str, action.choices or ())) or str(action.metavar or "")
    if name:
        return f"{name} {value}".strip()
    return {"*": f"[{value} ...]", "?": f"[{value}]"}.get(str(action.nargs), value)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(page())
