"""The command line (skeleton)."""

from __future__ import annotations

from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    """Run one command; the exit code is the contract's."""
    from baocao.version import __version__

    print(f"baocao {__version__}")  # noqa: T201
    return 0 if arguments else 2
