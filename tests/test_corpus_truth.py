"""The samples of `corpus/` are read without a miss, and the samples themselves are what their specs say.

Truth comes from the generator's specs and is only scored. A failing report lists its misses as cells.
"""

from __future__ import annotations

import collections
import dataclasses
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from tests.scoring import Got, Score, Truth, got_of, load, load_truth, score
from tools.corpus import __main__ as generator
from tools.corpus import truth as truth_of
from tools.corpus.figures import RULES
from tools.corpus.specs import all_reports

CORPUS = Path(__file__).parent.parent / "corpus"
TRUTH = load_truth(CORPUS / "truth")
PATHS = sorted(TRUTH)
NOT_REPORTS = {"manifest.csv", "README.md", ".baocaoignore"}


@cache
def read(path: str) -> Got:
    import extract
    import normalize

    document = extract.read_file(CORPUS / path, path)
    return got_of(normalize.normalize(document, report_id="mau", source=path))


@cache
def scored(path: str) -> Score:
    return score(TRUTH[path], read(path))


def said(misses: list[str]) -> str:
    shown = "\n  ".join(misses[:40])
    return f"{len(misses)} chỗ đọc sai:\n  {shown}"


def misses_of(path: str, *kinds: str) -> list[str]:
    return [m for m in scored(path).misses if m.partition(":")[0] in kinds]


@pytest.mark.parametrize("path", PATHS)
def test_every_row_is_read_with_its_name_figure_unit_and_note(path: str) -> None:
    misses = misses_of(path, "row", "name", "value", "raw", "unit", "note", "extra", "breakdown", "id")
    assert not misses, said(misses)


@pytest.mark.parametrize("path", PATHS)
def test_no_figure_is_silently_wrong_or_lost(path: str) -> None:
    assert scored(path).counts["silent"] == 0, said(misses_of(path, "row", "value"))


@pytest.mark.parametrize("path", PATHS)
def test_right_figures_are_seldom_marked_doubtful(path: str) -> None:
    counts = scored(path).counts
    assert counts["marked"] <= 0.15 * counts["row_n"], [
        f["code"] for f in read(path).findings if f["severity"] != "info"
    ]


@pytest.mark.parametrize("path", PATHS)
def test_every_heading_is_found_and_nothing_else(path: str) -> None:
    misses = misses_of(path, "heading", "level")
    assert not misses, said(misses)
    assert scored(path).precision() == scored(path).recall() == 1.0


@pytest.mark.parametrize("path", PATHS)
def test_letterhead_period_and_signer_are_read(path: str) -> None:
    misses = misses_of(path, "meta")
    assert not misses, said(misses)


@pytest.mark.parametrize("path", PATHS)
def test_every_table_has_its_appendix_title_length_and_text_after(path: str) -> None:
    misses = misses_of(path, "table", "after")
    assert not misses, said(misses)


@pytest.mark.parametrize("path", PATHS)
def test_contradictions_are_errors_and_consistent_figures_are_not(path: str) -> None:
    misses = misses_of(path, "contradiction", "false error")
    assert not misses, said(misses)


def test_the_manifest_names_every_file_and_nothing_else() -> None:
    files = {p.relative_to(CORPUS).as_posix() for p in CORPUS.rglob("*") if p.is_file()}
    samples = {f for f in files if f not in NOT_REPORTS and not f.startswith("truth/")}
    manifest = load(CORPUS / "manifest.csv")
    assert {r["path"] for r in manifest} == samples == set(TRUTH)
    assert all(r["purpose"] and r["origin"] and r["family"] for r in manifest)


def test_the_samples_are_small() -> None:
    assert sum(p.stat().st_size for p in CORPUS.rglob("*") if p.is_file()) < 6_000_000


def test_truth_and_text_and_docx_samples_are_what_the_specs_give() -> None:
    reports = all_reports()
    for name, text in truth_of.tables(reports).items():
        assert (CORPUS / "truth" / name).read_text(encoding="utf-8") == text, (
            f"truth/{name}: chạy lại python -m tools.corpus"
        )
    for path, data in generator.rendered(reports, frozenset({"txt", "docx"})).items():
        assert (CORPUS / path).read_bytes() == data, f"{path}: chạy lại python -m tools.corpus"


def test_a_history_can_be_seen() -> None:
    agencies, periods, formats = (
        {t.report[column] for t in TRUTH.values()} for column in ("agency", "period", "format")
    )
    years = {t.report["period"][:4] for t in TRUTH.values()}
    assert len(TRUTH) >= 20
    assert len(agencies) >= 4
    assert len(periods) >= 10
    assert years == {str(y) for y in range(2019, 2026)}
    assert formats == {"txt", "docx", "pdf"}


@pytest.mark.parametrize("path", PATHS)
def test_sums_hold_in_the_samples_except_where_a_contradiction_is_declared(path: str) -> None:
    declared = {(c["appendix"], s) for c in TRUTH[path].contradictions for s in c["stts"].split()}
    figures = {
        f"{r['appendix']}:{r['stt']}": Decimal(r["value"])
        for r in TRUTH[path].rows
        if r["measure"] == "actual" and r["value"] and r["stt"]
    }
    for code, (rule, parts, _) in RULES.items():
        appendix, stt = code.split(":")
        if rule != "sum" or code not in figures or (appendix, stt) in declared:
            continue
        at = [f"{appendix}:{p}" for p in parts]
        if code == "8:6.3.1" or not all(a in figures for a in at):  # 8:6.3.1 is printed 127 of 127 in June 2024
            continue
        assert figures[code] == sum(figures[a] for a in at), code


def test_a_twin_is_kept_once_and_a_corrected_report_is_superseded(tmp_path: Path) -> None:
    import baocao

    folder = tmp_path / "bao-cao"
    wanted = {p for p, t in TRUTH.items() if t.report["twin_of"] or t.report["supersedes"]}
    wanted |= {TRUTH[p].report[c] for p in wanted for c in ("twin_of", "supersedes")} - {""}
    for path in wanted:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes((CORPUS / path).read_bytes())
    baocao.ingest(folder, out=tmp_path / "out")
    read_as = {r["source"]: r for r in load(tmp_path / "out" / "reports.csv")}
    for path in wanted:
        facts = TRUTH[path].report
        if facts["twin_of"]:
            assert read_as[path]["status"] == "duplicate"
            assert read_as[path]["duplicate_of"] == read_as[facts["twin_of"]]["report_id"]
        if facts["supersedes"]:
            assert read_as[facts["supersedes"]]["status"] == "superseded"
            assert read_as[path]["supersedes"] == read_as[facts["supersedes"]]["report_id"]
            assert read_as[path]["status"] == "ok"


def _doctored(truth: Truth, got: Got, **changes: str) -> Score:
    first = next(i for i, o in enumerate(got.observations) if o["value"] and not o["breakdown"])
    observations = [dict(o) for o in got.observations]
    observations[first].update(changes)
    return score(truth, dataclasses.replace(got, observations=observations))


def _perfect(path: str) -> tuple[Truth, Got]:
    """Truth and what a perfect reader would say about it, made from the truth itself."""
    truth = TRUTH[path]
    observations = [
        {
            **{c: r[c] for c in ("appendix", "stt", "measure", "breakdown", "value", "note", "table", "row")},
            "measure_raw": r["measure"],
            "indicator_raw": r["name"],
            "unit_raw": r["unit"],
            "value_raw": r["raw"],
        }
        for r in truth.rows
    ]
    head = {c: truth.report[t] for t, c in (("number", "doc_number"), ("date", "doc_date"))}
    rest = (
        "agency",
        "period",
        "period_start",
        "period_end",
        "province",
        "title",
        "signer",
        "signer_role",
        "parent",
        "place",
    )
    return truth, Got({**head, **{c: truth.report[c] for c in rest}}, observations, truth.headings, truth.tables, ())


def test_the_scorer_finds_nothing_wrong_with_truth_itself() -> None:
    for path in PATHS:
        result = score(*_perfect(path))
        misses = [m for m in result.misses if not m.startswith("contradiction")]
        assert not misses, said(misses)
        assert result.counts["silent"] == 0


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"value": "987654"}, "value"),
        ({"value_raw": "9 8 7"}, "raw"),
        ({"unit_raw": "Cái"}, "unit"),
        ({"note": "lạ"}, "note"),
        ({"indicator_raw": "Sốvănbản"}, "name"),
        ({"stt": "77"}, "row"),
        ({"measure": "plan"}, "row"),
        ({"appendix": "99"}, "row"),
    ],
)
def test_the_scorer_sees_one_wrong_cell(changes: dict[str, str], kind: str) -> None:
    truth, got = _perfect(PATHS[0])
    kinds = collections.Counter(m.partition(":")[0] for m in _doctored(truth, got, **changes).misses)
    assert kinds[kind] == 1, kinds


def test_a_wrong_figure_is_silent_unless_its_row_is_doubted() -> None:
    truth, got = _perfect(PATHS[0])
    assert _doctored(truth, got, value="987654").counts["silent"] == 1
    row = truth.rows[0]
    doubt = {
        "appendix": row["appendix"],
        "stt": row["stt"],
        "severity": "warning",
        "code": "x",
        "table": "1",
        "row": "1",
    }
    assert _doctored(truth, dataclasses.replace(got, findings=[doubt]), value="987654").counts["silent"] == 0


def test_practice_reports_are_the_same_for_the_same_seed() -> None:
    from tools.corpus.practice import draw

    first, again, other = (draw(seed, 3, ("txt", "docx")) for seed in (5, 5, 6))
    assert first == again != other
    assert generator.rendered(first, frozenset({"docx"})) == generator.rendered(again, frozenset({"docx"}))
