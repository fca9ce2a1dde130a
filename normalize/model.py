"""The seam of the meaning stage: what one report means, row by row, and every doubt about it.

`Document` (extract.model) → `NormalizedReport`. The columns of `Observation`, `Finding`, `Section`,
`TableRow`, `Citation` and `ReportRow` are the dataset's columns in the dataset's order; the writers
add nothing. Numbers are `Decimal` until they are written. Everything is frozen and pickles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from extract.records import quick

ERROR, WARNING, INFO = "error", "warning", "info"


@quick
@dataclass(frozen=True, slots=True)
class Figure:
    """One printed figure understood: see `normalize.numbers`.

    `kind` is number, percent, code, text or blank. `value` is None where nothing certain is printed.
    `others` are further readings that were possible, `notes` the finding codes the reading raised with
    the words that explain each; `unit_word` is a unit or classifier printed behind the number
    (`cuộc`); `scale` multiplies the value into base units when a scale word is printed in the cell;
    `second` is the other half of a pair (`61.300.398 (98,98%)`, `12/21`).
    """

    raw: str
    value: Decimal | None
    kind: str
    others: tuple[Decimal, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    unit_word: str = ""
    scale: Decimal | None = None
    second: Decimal | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the code list. `kind`: count, percent, code, money, area, time, other, none.

    `name` is the canonical Vietnamese name; `scale` and `base` say how to get base units (triệu đồng →
    10^6, đồng); `labels` are the answers of a code list (`(0, "Không"), (1, "Có")`); `is_integer` holds
    for things that are counted whole.
    """

    id: str
    name: str
    kind: str
    scale: Decimal = Decimal(1)
    base: str = ""
    labels: tuple[tuple[Decimal, str], ...] = ()
    is_integer: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """`label` as in the contract (`2024-H1`), closed span, and where the span comes from."""

    label: str
    start: date | None
    end: date | None
    basis: str  # stated, legal, calendar
    year: int | None = None
    flow: str = "cumulative"


@dataclass(frozen=True, slots=True)
class Province:
    """A province as it stood at a date. `id` is the two-character GSO code with its start of validity
    (`46@2025-01-01`), so that a code that changed its name cannot join wrongly."""

    id: str
    code: str
    name: str
    valid_from: date
    valid_to: date | None
    id_2025: str
    name_2025: str


@dataclass(frozen=True, slots=True)
class Agency:
    """An issuing body in its official short form (`Sở Nội vụ`, `UBND huyện Phú Vang`)."""

    id: str
    name: str
    symbol: str
    kind: str
    level: str
    successor_id: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A catalogued indicator. `formula` is `sum(a, b)`, `rate(a, b)` or empty, over indicator ids."""

    id: str
    name: str
    name_en: str
    unit: str
    kind: str
    parent: str
    formula: str
    direction: str
    flow: str
    template: str
    appendix: str
    code: str
    valid_from: str
    valid_to: str


@quick
@dataclass(frozen=True, slots=True)
class Observation:
    observation_id: str
    report_id: str
    source: str
    agency: str
    agency_id: str
    province: str
    province_id: str
    province_id_2025: str
    period: str
    period_start: date | None
    period_end: date | None
    period_basis: str
    appendix: str
    stt: str
    stt_raw: str
    parent_stt: str
    depth: int
    indicator_id: str
    indicator: str
    indicator_raw: str
    unit: str
    unit_raw: str
    measure: str
    measure_raw: str
    breakdown: str
    breakdown_kind: str
    value: Decimal | None
    value_raw: str
    value_kind: str
    value_base: Decimal | None
    value_label: str
    flow: str
    status: str
    note: str
    page: int | None
    table: int
    row: int
    x0: float | None
    top: float | None
    x1: float | None
    bottom: float | None
    is_primary: bool
    method: str
    confidence: float


@quick
@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt. `message` is Vietnamese, `message_en` English; both from the findings catalogue.

    `settled` is what people decided about it (accepted, corrected, rejected), empty while it is open.
    """

    finding_id: str
    report_id: str
    source: str
    observation_id: str
    appendix: str
    stt: str
    table: int | None
    row: int | None
    measure: str
    indicator_id: str
    page: int | None
    code: str
    severity: str
    message: str
    message_en: str
    expected: str
    actual: str
    settled: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    report_id: str
    source: str
    order: int
    level: int
    label: str
    title: str
    path: str
    page: int | None
    text: str


@dataclass(frozen=True, slots=True)
class TableRow:
    report_id: str
    source: str
    table: int
    appendix: str
    appendix_raw: str
    title: str
    caption: str
    page_first: int | None
    page_last: int | None
    n_rows: int
    method: str
    text_after: str


@dataclass(frozen=True, slots=True)
class Citation:
    report_id: str
    source: str
    order: int
    kind: str
    number: str
    symbol: str
    agency: str
    date: date | None
    section_path: str
    page: int | None
    text: str


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row of `reports`: see the contract. `status` is ok, doubtful, partial, failed, skipped,
    duplicate or superseded."""

    report_id: str
    source: str
    sha256: str
    format: str
    family: str
    status: str
    error: str
    error_message: str
    next_step: str
    duplicate_of: str
    supersedes: str
    doc_number: str
    doc_date: date | None
    agency: str
    agency_id: str
    parent: str
    place: str
    province: str
    province_id: str
    title: str
    period: str
    period_start: date | None
    period_end: date | None
    period_basis: str
    year: int | None
    signer: str
    signer_role: str
    pages: int | None
    n_sections: int
    n_tables: int
    n_observations: int
    n_findings: int
    method: str


@dataclass(frozen=True, slots=True)
class NormalizedReport:
    """Observations and findings of a long report are packed (`extract.records`)."""

    report: ReportRow
    observations: Sequence[Observation]
    findings: Sequence[Finding]
    sections: tuple[Section, ...]
    tables: tuple[TableRow, ...]
    citations: tuple[Citation, ...]
