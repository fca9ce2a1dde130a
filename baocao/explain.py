"""How a value came about: `baocao explain OUT ROW`.

In: a dataset and an `observation_id` (or a `finding_id`, or the beginning of one that only one row has). Out:
steps from the page to the dataset: place, cell, rule, unit, indicator, period, checks, corrections, status. The
rule is found by reading the printed text again with the unit of the row; where the whole column decided how
marks are read, that is said. Nothing is opened but the dataset.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.dataset as pads
import pyarrow.parquet as pq

from baocao.corrections import Places, read_rows
from baocao.errors import UsageError
from baocao.messages import Messages
from baocao.output import KEPT, manifest_of
from baocao.rows import plain_decimal
from normalize.catalogue import load_catalogue
from normalize.findings import FINDINGS
from normalize.numbers import parse_figure
from normalize.units import parse_unit

_MOST_SUGGESTED = 8


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `key` names it (place, cell, rule …), `lines` say what happened there."""

    key: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All steps of one row, in order; `facts` are the row itself and what the steps were made from."""

    observation_id: str
    steps: tuple[Step, ...]
    facts: dict[str, Any]


def explain(out: Path, ident: str, say: Messages) -> Explanation:
    """Raises `UsageError` where there is no dataset or no such row; the error names rows that begin alike."""
    if manifest_of(out) is None:
        raise UsageError(
            say("error.no-dataset", path=out, name="datapackage.json"), say("error.no-dataset.next", path=out)
        )
    row = _find(out, ident, say)
    report = _rows(out / "reports.parquet", "report_id", row["report_id"])[0]
    findings = _rows(out / "findings.parquet", "observation_id", row["observation_id"])
    corrections = _corrections(out, row, report["sha256"])
    steps = (
        Step("place", _place(row, report, say)),
        Step(
            "cell",
            (say("explain.cell", raw=row["value_raw"] or say("explain.blank"), header=row["measure_raw"] or "–"),),
        ),
        Step("rule", _rule(row, corrections, say)),
        Step("unit", _unit(row, say)),
        Step("indicator", _indicator(row, say)),
        Step(
            "period",
            (
                say(
                    "explain.period",
                    period=row["period"] or "–",
                    **{name: say.day(row[name]) for name in ("period_start", "period_end")},
                    **{name: say.word(row[name]) for name in ("period_basis", "flow")},
                ),
            ),
        ),
        Step("checks", _checks(findings, say)),
        Step(
            "corrections",
            corrections
            and tuple(say("explain.correction", **c) for c in corrections)
            or (say("explain.no-correction"),),
        ),
        Step("status", _status(row, report, say)),
    )
    facts = {
        "observation": {name: _plain(value) for name, value in row.items()},
        "report": {name: _plain(value) for name, value in report.items()},
        "findings": [{name: _plain(value) for name, value in finding.items()} for finding in findings],
        "corrections": corrections,
    }
    return Explanation(row["observation_id"], steps, facts)


def lines_of(found: Explanation, say: Messages) -> list[str]:
    """The explanation as text for a terminal."""
    row, period = found.facts["observation"], found.facts["observation"]["period"]
    value = say("explain.nothing") if row["value"] is None else _text(row["value"])
    headline = {name: row[name] or "–" for name in ("indicator", "agency")}
    status = say.word(row["status"])
    lines = [
        " ".join(
            say("explain.headline", value=value, unit=row["unit"], period=period, status=status, **headline).split()
        ),
        found.observation_id,
    ]
    for number, step in enumerate(found.steps, 1):
        lines.append(f"{number}. {say(f'explain.step.{step.key}')}")
        lines += [f"   {line}" for line in step.lines]
    return lines


def to_json(found: Explanation) -> dict[str, Any]:
    """Plain values for `--json`."""
    steps = [{"step": step.key, "lines": list(step.lines)} for step in found.steps]
    return {"observation_id": found.observation_id, "steps": steps, **found.facts}


def _find(out: Path, ident: str, say: Messages) -> dict[str, Any]:
    ident = ident.strip()
    table = out / "observations.parquet"
    rows = _rows(table, "observation_id", ident)
    if not rows:
        named = _rows(out / "findings.parquet", "finding_id", ident)
        if named and named[0]["observation_id"]:
            rows = _rows(table, "observation_id", named[0]["observation_id"])
    if not rows:
        starts = pads.dataset(table).to_table(columns=["observation_id"], filter=_begins(ident))
        ids = starts.column("observation_id").to_pylist()
        if len(ids) == 1:
            return _rows(table, "observation_id", ids[0])[0]
        if ids:
            shown = ", ".join(ids[:_MOST_SUGGESTED]) + (" …" if len(ids) > _MOST_SUGGESTED else "")
            raise UsageError(say("explain.several", row=ident, n=len(ids)), shown)
        raise UsageError(say("explain.none", row=ident, path=out), say("explain.none.next", path=out))
    return rows[0]


def _begins(ident: str) -> Any:
    import pyarrow.compute as pc

    return pc.starts_with(pads.field("observation_id"), ident)


def _rows(path: Path, column: str, value: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(path, filters=[(column, "==", value)]).to_pylist()
    return rows


def _place(row: dict[str, Any], report: dict[str, Any], say: Messages) -> tuple[str, ...]:
    lines = [say("explain.file", source=row["source"], format=report["format"], sha256=report["sha256"])]
    page = say("explain.page", page=_text(row["page"])) if row["page"] is not None else say("explain.no-page")
    lines.append(
        say("explain.place", page=page, **{k: _text(row[k]) or "–" for k in ("appendix", "table", "row", "stt_raw")})
    )
    if row["x0"] is not None:
        lines.append(say("explain.box", **{k: _text(row[k]) for k in ("x0", "top", "x1", "bottom")}))
    lines.append(say("explain.method", method=row["method"], confidence=_text(row["confidence"])))
    return tuple(lines)


def _rule(row: dict[str, Any], corrections: list[dict[str, str]], say: Messages) -> tuple[str, ...]:
    figure = parse_figure(row["value_raw"], parse_unit(row["unit_raw"] or row["unit"]))
    alone = "" if figure.value is None else plain_decimal(figure.value)
    value = _text(row["value"])
    lines = [say("explain.read", value=alone or say("explain.nothing"), kind=say.word(figure.kind))]
    if figure.unit_word:
        lines.append(say("explain.word", word=figure.unit_word))
    if figure.others:
        lines.append(say("explain.others", others=", ".join(map(plain_decimal, figure.others))))
    for code, why in figure.notes:
        lines.append(say("explain.note", code=code, why=why))
    if alone != value and not any(c["column"] == "value" for c in corrections):
        lines.append(say("explain.by-column", value=value or say("explain.nothing")))
    if row["value_label"]:
        lines.append(say("explain.label", value=value, label=row["value_label"]))
    return tuple(lines)


def _unit(row: dict[str, Any], say: Messages) -> tuple[str, ...]:
    unit = parse_unit(row["unit_raw"] or row["unit"])
    lines = [say("explain.unit", raw=row["unit_raw"] or "–", unit=row["unit"] or "–", kind=say.word(unit.kind))]
    if row["value_base"] is not None:
        lines.append(say("explain.base", base=_text(row["value_base"]), unit=unit.base or unit.name))
    return tuple(lines)


def _indicator(row: dict[str, Any], say: Messages) -> tuple[str, ...]:
    lines = [say("explain.indicator", raw=row["indicator_raw"] or "–", id=row["indicator_id"], name=row["indicator"])]
    known = load_catalogue().by_id.get(row["indicator_id"])
    if known is None:
        lines.append(say("explain.provisional"))
    else:
        lines.append(say("explain.catalogue", template=known.template, appendix=known.appendix, code=known.code or "–"))
        if known.formula:
            lines.append(say("explain.formula", formula=_in_names(known.formula, say)))
    if row["breakdown"]:
        lines.append(say("explain.breakdown", breakdown=row["breakdown"], kind=row["breakdown_kind"]))
    lines.append(say("explain.measure", measure=say.word(row["measure"]), raw=row["measure_raw"] or "–"))
    return tuple(lines)


def _in_names(formula: str, say: Messages) -> str:
    """`rate(a, b)` → the names of a and b, divided; `sum(a, b)` → added up."""
    kind, _, inner = formula.removesuffix(")").partition("(")
    known = load_catalogue().by_id
    names = []
    for ident in inner.split(", "):
        one = known.get(ident)
        name = ident if one is None else one.name if say.language == "vi" else one.name_en or one.name
        names.append(f"“{name}”")
    return " + ".join(names) if kind == "sum" else " ÷ ".join(names) + " × 100"


def _checks(findings: list[dict[str, Any]], say: Messages) -> tuple[str, ...]:
    if not findings:
        return (say("explain.no-finding"),)
    lines = []
    for finding in findings:
        message = finding["message"] if say.language == "vi" else finding["message_en"] or finding["message"]
        settled = f" [{finding['settled']}]" if finding.get("settled") else ""
        lines.append(f"{say('severity.' + finding['severity'])} · {finding['code']}{settled}: {message}")
        kind = FINDINGS.get(finding["code"])
        if kind is not None:
            lines.append(f"→ {kind.action_vi if say.language == 'vi' else kind.action_en}")
    return tuple(lines)


def _corrections(out: Path, row: dict[str, Any], sha256: str) -> list[dict[str, str]]:
    path = out / KEPT
    given = [c for c in read_rows(path) if c.sha256 == sha256] if path.exists() else []
    if not given:
        return []
    places = Places(_rows(out / "observations.parquet", "report_id", row["report_id"]))
    found = [c for c in given if (hit := places.find(c)) is not None and hit["observation_id"] == row["observation_id"]]
    names = ("column", "expect", "value", "reason", "who", "when", "verdict")
    return [{name: getattr(c, name) for name in names} for c in found]


def _status(row: dict[str, Any], report: dict[str, Any], say: Messages) -> tuple[str, ...]:
    lines = [say("explain.status", status=say.word(row["status"]), why=say(f"explain.status.{row['status']}"))]
    if not row["is_primary"]:
        other = report["duplicate_of"] or report["status"]
        lines.append(say("explain.not-primary", why=other))
    return tuple(lines)


def _text(value: Any) -> str:
    if isinstance(value, float):
        return plain_decimal(Decimal(repr(value)))
    return "" if value is None else str(value)


def _plain(value: Any) -> Any:
    return value if isinstance(value, (str, int, float, bool)) or value is None else str(value)
