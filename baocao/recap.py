"""What a run says while it works and when it is done.

In: `Progress` steps and the `RunSummary` (baocao.errors). Out: a bar on a terminal, plain lines
elsewhere, and the lines of the recap. On a terminal the bar is rich's; in a log a line is written
when a stage begins, for each file that could not be read whole, and every few seconds in between,
so that a log of 400,000 files stays readable.
"""

from __future__ import annotations

import csv
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from baocao.errors import Failure, Progress, ProgressCallback, RunSummary
from baocao.messages import Messages

if TYPE_CHECKING:
    from baocao.plan import Planned

SECONDS_BETWEEN_LINES = 5.0
FAILURES_SHOWN = 20
_SERIES_OPENED, _SERIES_ROWS = 100, 2000
SEVERITIES = ("error", "warning", "info")
_WORTH_A_LINE = ("partial", "failed")


@contextmanager
def watching(say: Messages, stream: TextIO) -> Iterator[ProgressCallback]:
    """A progress callback for `batch.ingest` that writes to `stream` as suits it."""
    if stream.isatty() and os.environ.get("TERM") != "dumb":
        with _bar(say) as callback:
            yield callback
    else:
        yield plain_lines(say, stream)


def plain_lines(say: Messages, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> ProgressCallback:
    """Whole lines, flushed one by one; at most one count every `SECONDS_BETWEEN_LINES`."""
    stage, spoken = "", 0.0

    def show(step: Progress) -> None:
        nonlocal stage, spoken
        if step.status in _WORTH_A_LINE:
            print(say("progress.file", source=step.source, status=_status(step.status, say)), file=stream, flush=True)
        now = clock()
        is_last = step.total is not None and step.done == step.total
        if step.stage != stage or is_last or now - spoken >= SECONDS_BETWEEN_LINES:
            stage, spoken = step.stage, now
            print(_count(step, say), file=stream, flush=True)

    return show


@contextmanager
def _bar(say: Messages) -> Iterator[ProgressCallback]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[source]}", style="dim", markup=False),
    )
    with Bar(*columns, console=console, transient=True) as bar:
        tasks: dict[str, int] = {}

        def show(step: Progress) -> None:
            if step.stage not in tasks:
                tasks[step.stage] = bar.add_task(_stage(step.stage, say), total=step.total, source="")
            bar.update(tasks[step.stage], completed=step.done, total=step.total, source=step.source)  # type: ignore[arg-type]
            if step.status in _WORTH_A_LINE:
                line = say("progress.file", source=step.source, status=_status(step.status, say))
                console.print(line, markup=False, highlight=False, soft_wrap=True)

        yield show


def recap(summary: RunSummary, say: Messages) -> list[str]:
    """The lines a person reads when a run is done: files, causes, figures, where to look."""
    lines = [say("recap.read", read=summary.read + summary.partial, total=summary.n_files)]
    for key, count in (
        ("doubtful", summary.doubtful),
        ("partial", summary.partial),
        ("duplicates", summary.duplicates + summary.superseded),
        ("reused", summary.reused),
    ):
        if count:
            lines.append("  " + say(f"recap.{key}", n=count))
    if summary.n_failed:
        lines.append("  " + say("recap.failed", n=summary.n_failed, causes=_causes(summary.failed, say)))
        lines += _failures(summary.failures, say)
    if summary.n_skipped:
        lines.append("  " + say("recap.skipped", n=summary.n_skipped, causes=_causes(summary.skipped, say)))
    lines.append(
        say(
            "recap.values",
            rows=summary.n_observations,
            values=summary.n_with_value,
            doubtful=summary.n_doubtful_values,
            indicators=summary.n_indicators,
        )
    )
    lines.append(say("recap.findings", **{name: summary.findings.get(name, 0) for name in SEVERITIES}))
    lines += [f"! {warning}" for warning in summary.warnings]
    return lines + _where_to_look(summary.out, say)


def outlook(plan: Sequence[Planned], say: Messages) -> list[str]:
    """The lines of `--dry-run`: every file that is not simply taken over, then how many of each."""
    lines = []
    for one in plan:
        if (one.action, one.reason) != ("reuse", "unchanged"):
            code, _, rest = one.reason.partition(" ")
            reason = say(f"reason.{code}") if say.has(f"reason.{code}") else code
            action = say(f"plan.{one.action}")
            lines.append(say("plan.line", action=action, source=one.source, reason=f"{reason} {rest}".strip()))
    counted = Counter(one.action for one in plan)
    actions = ", ".join(f"{say.number(n)} × {say(f'plan.{action}')}" for action, n in counted.most_common())
    return [*lines, say("plan.total", total=len(plan), actions=actions)]


def _failures(failures: tuple[Failure, ...], say: Messages) -> list[str]:
    lines = []
    for failure in failures[:FAILURES_SHOWN]:
        message, next_step = _in_words(failure, say)
        step = f" → {next_step}" if next_step else ""
        lines.append(f"    {failure.source}: {message}{step}")
    if len(failures) > FAILURES_SHOWN:
        lines.append("    " + say("recap.more", n=len(failures) - FAILURES_SHOWN))
    return lines


def _in_words(failure: Failure, say: Messages) -> tuple[str, str]:
    """Message and next step. Readers speak English; for Vietnamese each code has sentences of its own."""
    key = f"failure.{failure.code}"
    if say.language == "en" or not say.has(key):
        return failure.message, failure.next_step
    return say(key, message=failure.message), say(f"{key}.next") if say.has(f"{key}.next") else failure.next_step


def _where_to_look(out: Path, say: Messages) -> list[str]:
    lines = [say("recap.out", out=f"{out.as_posix().rstrip('/')}/")]
    names = [name for name in ("index.html", "bao-cao.xlsx", "observations.csv") if (out / name).is_file()]
    if names:
        lines.append("  " + say("recap.open", path=(out / names[0]).as_posix()))
        if names[0] == "index.html" and "bao-cao.xlsx" in names:
            lines.append("  " + say("recap.workbook", path=(out / "bao-cao.xlsx").as_posix()))
    if series := longest_series(out):
        lines.append("  " + say("recap.series", path=series.as_posix()))
    if (out / "findings.csv").is_file():
        lines.append("  " + say("recap.doubts", path=(out / "findings.csv").as_posix()))
    return lines


def longest_series(out: Path) -> Path | None:
    """The file under `indicators/` that shows best what a history is: the most values of whole agencies. Only the
    largest files are opened and only their beginning is read, so that it costs the same for a country."""
    try:
        with os.scandir(out / "indicators") as entries:
            sized = sorted((-entry.stat().st_size, entry.name) for entry in entries if entry.name.endswith(".csv"))
    except OSError:
        return None
    paths = [out / "indicators" / name for _, name in sized[:_SERIES_OPENED]]
    scores = {path: _values_in(path) for path in paths}
    return max(sorted(scores), key=lambda path: scores[path], default=None)


def _values_in(path: Path) -> tuple[int, int]:
    """How many values of whole agencies a series has, and how many of them differ (a series of 0 shows little)."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        mark = ";" if ";" in lines.readline() else ","  # as `ingest --csv-dialect` wrote it
        lines.seek(0)
        rows = islice(csv.DictReader(lines, delimiter=mark), _SERIES_ROWS)
        values = [row["value"] for row in rows if row["value"] and not row["breakdown"] and row["measure"] == "actual"]
    return len(values), len(set(values))


def _causes(causes: Mapping[str, int], say: Messages) -> str:
    ordered = sorted(causes.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{say.number(n)} × {code}" for code, n in ordered)


def _count(step: Progress, say: Messages) -> str:
    stage = _stage(step.stage, say)
    if step.total is None:
        return say("progress.count.open", stage=stage, done=step.done) if step.done else f"{stage} …"
    return say("progress.count", stage=stage, done=step.done, total=step.total)


def _stage(stage: str, say: Messages) -> str:
    return say(f"progress.{stage}") if say.has(f"progress.{stage}") else stage


def _status(status: str, say: Messages) -> str:
    return say(f"status.{status}") if say.has(f"status.{status}") else status
