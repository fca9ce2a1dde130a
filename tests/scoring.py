"""Score what was read against `truth/` of a corpus: rows, names, values, printed texts, notes, headings, letterhead.

    python -m tests.scoring CORPUS OUT [how many misses to list]     a dataset against a corpus's truth

Truth is only ever scored, never adjusted to a reader. What was read comes as `Got`: plain texts under the
contract's column names, from a `NormalizedReport` or from the CSV files of a dataset. Texts are compared
after NFC with white space collapsed to one blank (a word fused or split is a miss), last `. : ;` ignored.
"""

from __future__ import annotations

import collections
import csv
import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any

Texts = Mapping[str, str]

# truth column → column of `reports`, for facts every report states
HEAD_FACTS = (
    ("number", "doc_number"),
    ("date", "doc_date"),
    ("agency", "agency"),
    ("period", "period"),
    ("period_start", "period_start"),
    ("period_end", "period_end"),
    ("province", "province"),
    ("title", "title"),
    ("signer", "signer"),
    ("signer_role", "signer_role"),
)
LETTERHEAD_FACTS = (("parent", "parent"), ("place", "place"))
FOLDED_FACTS = {"province", "title", "parent", "place", "signer_role"}


def fold(text: str) -> str:
    """A key without accents, case, blanks and punctuation."""
    text = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9%=]+", "", "".join(c for c in text if not unicodedata.combining(c)))


def tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split()).strip().rstrip(".:; ")


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _province(text: str) -> str:
    return re.sub(r"^(tinh|thanhpho)", "", fold(text))


@dataclass(frozen=True)
class Got:
    """What was read from one file, as texts under the contract's column names."""

    report: Texts
    observations: Sequence[Texts]
    sections: Sequence[Texts]
    tables: Sequence[Texts]
    findings: Sequence[Texts]


@dataclass
class Score:
    """Counts of one file (or of many, added up) and the cells that were missed, in words."""

    counts: collections.Counter[str] = field(default_factory=collections.Counter)
    misses: list[str] = field(default_factory=list)

    def hit(self, what: str, is_right: bool, miss: str) -> None:
        self.counts[f"{what}_n"] += 1
        self.counts[what] += is_right
        if not is_right:
            self.misses.append(f"{what}: {miss}")

    def rate(self, what: str) -> float:
        total = self.counts[f"{what}_n"]
        return self.counts[what] / total if total else 1.0

    def add(self, other: Score) -> None:
        self.counts.update(other.counts)
        self.misses.extend(other.misses)

    def line(self) -> str:
        """One line of figures for people."""
        c = self.counts
        shares = " ".join(f"{w} {self.rate(w):.4f}" for w in ("row", "name", "value", "raw", "unit", "note"))
        silent, marked = (c[k] / max(1, c["row_n"]) for k in ("silent", "marked"))
        return (
            f"n={c['row_n']} {shares} silent {silent:.4f} marked {marked:.4f} extra {c['extra']} "
            f"headings P {self.precision():.3f} R {self.recall():.3f} "
            f"level {self.rate('level'):.3f} meta {self.rate('meta'):.3f} "
            f"tables {self.rate('table'):.3f} after {self.rate('after'):.3f}"
        )

    def precision(self) -> float:
        return self.counts["heading_right"] / max(1, self.counts["heading_read"])

    def recall(self) -> float:
        return self.counts["heading_right"] / max(1, self.counts["heading_true"])


def load(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(f))


@dataclass(frozen=True)
class Truth:
    """The truth of one file."""

    report: Texts
    rows: Sequence[Texts]
    headings: Sequence[Texts]
    tables: Sequence[Texts]
    contradictions: Sequence[Texts]


def load_truth(folder: Path) -> dict[str, Truth]:
    """Path → truth, from the CSV files of a truth folder."""

    def by_path(name: str) -> dict[str, list[dict[str, str]]]:
        out: dict[str, list[dict[str, str]]] = collections.defaultdict(list)
        for row in load(folder / name):
            out[row["path"]].append(row)
        return out

    rows, headings, tables, wrong = (by_path(f"{n}.csv") for n in ("rows", "headings", "tables", "contradictions"))
    return {
        r["path"]: Truth(r, rows[r["path"]], headings[r["path"]], tables[r["path"]], wrong[r["path"]])
        for r in load(folder / "reports.csv")
    }


def _texts(value: Any) -> dict[str, str]:
    assert is_dataclass(value)
    pairs = ((f.name, getattr(value, f.name)) for f in fields(value))
    return {name: "" if v is None else str(v) for name, v in pairs}


def got_of(normalized: Any) -> Got:
    """A `NormalizedReport` as texts."""
    many = (tuple(map(_texts, getattr(normalized, n))) for n in ("observations", "sections", "tables", "findings"))
    return Got(_texts(normalized.report), *many)


def got_from_dataset(out: Path) -> dict[str, Got]:
    """Source → what the dataset's CSV files say about it. A guarding quote before a formula sign is taken off."""

    def by_source(name: str) -> dict[str, list[dict[str, str]]]:
        found: dict[str, list[dict[str, str]]] = collections.defaultdict(list)
        for row in load(out / name):
            found[row["source"]].append(
                {k: v[1:] if v[:1] == "'" and v[1:2] in ("=", "+", "-", "@", "\t", "\r") else v for k, v in row.items()}
            )
        return found

    observations, sections, tables, findings = (
        by_source(f"{n}.csv") for n in ("observations", "sections", "tables", "findings")
    )
    return {
        r["source"]: Got(
            r, observations[r["source"]], sections[r["source"]], tables[r["source"]], findings[r["source"]]
        )
        for r in load(out / "reports.csv")
    }


def _doubted(got: Got) -> set[tuple[str, str]]:
    """(appendix, stt) of every error, and of warnings on a row; (appendix, '') is a doubt about a table."""
    return {
        (f["appendix"], f["stt"])
        for f in got.findings
        if f["severity"] == "error" or (f["severity"] == "warning" and f["stt"])
    }


def _doubted_rows(got: Got) -> set[tuple[str, str]]:
    return {(f["table"], f["row"]) for f in got.findings if f["severity"] in ("error", "warning") and f["row"]}


def _pool(got: Got) -> dict[tuple[str, ...], list[Texts]]:
    pool: dict[tuple[str, ...], list[Texts]] = collections.defaultdict(list)
    for o in got.observations:
        pool[("cross", o["appendix"], o["row"])].append(o)
        if not o["breakdown"]:
            pool[("row", o["appendix"], o["stt"], o["measure"])].append(o)
    return pool


def _match(want: Texts, pool: Mapping[tuple[str, ...], list[Texts]], taken: set[int]) -> Texts | None:
    if want["breakdown"]:
        path = fold(want["measure"])
        for o in pool.get(("cross", want["appendix"], want["row"]), []):
            if id(o) not in taken and path in (
                fold(o["measure_raw"]),
                fold(o["indicator_raw"]),
                fold(f"{o['indicator_raw']} {o['measure_raw']}"),
            ):
                return o
        return None
    same = [o for o in pool.get(("row", want["appendix"], want["stt"], want["measure"]), []) if id(o) not in taken]
    named = next((o for o in same if fold(o["indicator_raw"]) == fold(want["name"])), None)
    return named or (same[0] if same and want["stt"] else None)


def _score_rows(truth: Truth, got: Got, score: Score) -> None:
    pool, taken, doubted, doubted_rows = _pool(got), set[int](), _doubted(got), _doubted_rows(got)
    for want in truth.rows:
        places = (want["stt"] or want["name"][:40], want["breakdown"], want["measure"])
        where = " · ".join([f"PL {want['appendix']}", *filter(None, places)])
        o = _match(want, pool, taken)
        score.hit("row", o is not None, f"{where}: không đọc được dòng «{want['name'][:60]}» = {want['raw']!r}")
        if o is None:
            if (want["appendix"], want["stt"]) not in doubted and (want["appendix"], "") not in doubted:
                score.counts["silent"] += 1
            continue
        taken.add(id(o))
        value, true = _number(o["value"]), _number(want["value"])
        is_right = value is None if true is None else value is not None and abs(value - true) < 1e-9
        is_doubted = (
            bool({(want["appendix"], want["stt"]), (want["appendix"], "")} & doubted)
            or (o["table"], o["row"]) in doubted_rows
        )
        score.hit(
            "value",
            is_right,
            f"{where}: {want['raw']!r} là {want['value'] or 'trống'}, "
            f"đọc {o['value_raw']!r} thành {o['value'] or 'trống'}" + ("" if is_doubted else " (IM LẶNG)"),
        )
        score.counts["silent"] += not is_right and not is_doubted
        score.counts["marked"] += is_right and is_doubted
        if want["breakdown"]:  # a total row may stand without a category
            is_total = fold(want["breakdown"]).startswith("tong")
            is_same = fold(o["breakdown"]) == fold(want["breakdown"]) or (is_total and not o["breakdown"])
            score.hit("breakdown", is_same, f"{where}: «{want['breakdown']}» đọc thành «{o['breakdown']}»")
        else:
            score.hit(
                "name",
                tidy(o["indicator_raw"]) == tidy(want["name"]),
                f"{where}: «{want['name']}» đọc thành «{o['indicator_raw']}»",
            )
        for what, column, true_column in (("unit", "unit_raw", "unit"), ("raw", "value_raw", "raw")):
            score.hit(
                what,
                tidy(o[column]) == tidy(want[true_column]),
                f"{where}: «{want[true_column]}» đọc thành «{o[column]}»",
            )
        allowed = {tidy(want["note"])} | ({""} if want["note_role"] == "covered" else set())
        score.hit("note", tidy(o["note"]) in allowed, f"{where}: ghi chú «{want['note']}» đọc thành «{o['note']}»")
    ids = collections.Counter(o["observation_id"] for o in got.observations if "observation_id" in o)
    score.misses += [f"id: {n} giá trị cùng observation_id {name}" for name, n in ids.items() if n > 1]
    score.counts["same_id"] += sum(n - 1 for n in ids.values())
    for o in got.observations:
        if id(o) not in taken:
            score.counts["extra"] += 1
            score.misses.append(
                f"extra: PL {o['appendix']} · {o['stt']} · {o['measure']}: dòng không có trong báo cáo "
                f"«{o['indicator_raw'][:60]}» = {o['value_raw']!r}"
            )


def _score_headings(truth: Truth, got: Got, score: Score) -> None:
    true = collections.Counter((h["label"].rstrip("."), fold(h["title"])) for h in truth.headings)
    read = collections.Counter((h["label"].rstrip("."), fold(h["title"])) for h in got.sections)
    score.counts["heading_true"] += sum(true.values())
    score.counts["heading_read"] += sum(read.values())
    score.counts["heading_right"] += sum((true & read).values())
    score.misses += [f"heading: thiếu đề mục {label}. {title}" for label, title in (true - read).elements()]
    score.misses += [f"heading: thừa đề mục {label}. {title}" for label, title in (read - true).elements()]
    if true == read:
        for want, section in zip(truth.headings, got.sections, strict=True):
            score.hit(
                "level",
                want["level"] == section["level"],
                f"đề mục {want['label']} {want['title']}: bậc {want['level']}, đọc {section['level']}",
            )


def _score_head(truth: Truth, got: Got, score: Score) -> None:
    facts = HEAD_FACTS + (LETTERHEAD_FACTS if truth.report["letterhead"] == "yes" else ())
    for true_column, column in facts:
        want, read = truth.report[true_column], got.report[column]
        if not want:
            continue
        key = _province if true_column == "province" else fold if true_column in FOLDED_FACTS else tidy
        score.hit("meta", key(want) == key(read), f"{column}: «{want}» đọc thành «{read}»")


def _score_tables(truth: Truth, got: Got, score: Score) -> None:
    for i, want in enumerate(truth.tables):
        read = got.tables[i] if i < len(got.tables) else None
        shown = f"PL {read['appendix']} «{read['title']}» {read['n_rows']} dòng" if read else "không có"
        is_right = read is not None and (read["appendix"], fold(read["title"]), read["n_rows"]) == (
            want["appendix"],
            fold(want["title"]),
            want["n_rows"],
        )
        score.hit(
            "table",
            is_right,
            f"bảng {i + 1}: PL {want['appendix']} «{want['title']}» {want['n_rows']} dòng, đọc {shown}",
        )
        if want["text_after"] or (read and read["text_after"]):
            after = read["text_after"] if read else ""
            score.hit(
                "after",
                tidy(after) == tidy(want["text_after"]),
                f"bảng {i + 1}: chữ sau bảng «{want['text_after']}» đọc thành «{after}»",
            )
    for read in got.tables[len(truth.tables) :]:
        score.hit("table", False, f"bảng thừa: PL {read['appendix']} «{read['title']}»")


def _score_contradictions(truth: Truth, got: Got, score: Score) -> None:
    errors = [(f["appendix"], f["stt"], f["code"]) for f in got.findings if f["severity"] == "error"]
    expected: set[tuple[str, str]] = set()
    for want in truth.contradictions:
        places = {(want["appendix"], stt) for stt in want["stts"].split()} | {(want["appendix"], "")}
        expected |= places
        score.hit(
            "contradiction",
            any(e[:2] in places for e in errors),
            f"PL {want['appendix']} {want['stts']}: không bị phát hiện ({want['what']})",
        )
    for appendix, stt, code in errors:
        if (appendix, stt) not in expected:
            score.counts["false_errors"] += 1
            score.misses.append(f"false error: PL {appendix} · {stt}: {code}")


def score(truth: Truth, got: Got) -> Score:
    """Everything read from one file against its truth."""
    out = Score()
    for part in (_score_rows, _score_headings, _score_head, _score_tables, _score_contradictions):
        part(truth, got, out)
    return out


def total(scores: Iterable[Score]) -> Score:
    out = Score()
    for one in scores:
        out.add(one)
    return out


def main(arguments: Sequence[str]) -> int:
    corpus, out = Path(arguments[0]), Path(arguments[1])
    show = int(arguments[2]) if len(arguments) > 2 else 20
    truth, got = load_truth(corpus / "truth"), got_from_dataset(out)
    by_format: dict[str, Score] = collections.defaultdict(Score)
    for path, true in truth.items():
        if path not in got:
            print(f"không có trong tập dữ liệu: {path}")
            continue
        one = score(true, got[path])
        by_format[true.report["format"]].add(Score(one.counts, [f"{path}: {m}" for m in one.misses]))
    for name in sorted(by_format):
        print(f"{name:5s} {by_format[name].line()}")
    for name in sorted(by_format):
        print("\n".join(by_format[name].misses[:show]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
