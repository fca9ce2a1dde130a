"""Spec helpers: official appendices, cross-tables and whole reports out of figures, layouts and prose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tools.corpus import figures, layouts
from tools.corpus.model import BLANK, Appendix, Figure, Layout, Report, Row
from tools.corpus.prose import narrative
from tools.corpus.template import TITLES, rows_of
from tools.corpus.wording import reference, short_date

ROMAN = {2: "II", 3: "III", 4: "IV", 5: "V", 6: "VI", 7: "VII", 8: "VIII"}
LEGAL_SPAN = {
    "Q1": ((-1, 12, 15), (0, 3, 14)),
    "H1": ((-1, 12, 15), (0, 6, 14)),
    "Q3": ((0, 6, 15), (0, 9, 14)),
    "Q2": ((0, 3, 15), (0, 6, 14)),
    "M06": ((0, 5, 15), (0, 6, 14)),
    "8M": ((-1, 12, 15), (0, 8, 14)),
    "11M": ((-1, 12, 15), (0, 11, 14)),
    "H2": ((0, 6, 15), (0, 12, 14)),
    "9M": ((-1, 12, 15), (0, 9, 14)),
    "Y": ((-1, 12, 15), (0, 12, 14)),
}
WORDS = {
    "Q1": "quý I năm {y}",
    "H1": "6 tháng đầu năm {y}",
    "Q3": "quý III năm {y}",
    "9M": "9 tháng đầu năm {y}",
    "Y": "năm {y}",
    "Q2": "quý II năm {y}",
    "M06": "tháng 6 năm {y}",
    "8M": "8 tháng đầu năm {y}",
    "11M": "11 tháng năm {y}",
    "H2": "6 tháng cuối năm {y}",
}
LABEL = {
    "Q1": "{y}-Q1",
    "H1": "{y}-H1",
    "Q3": "{y}-Q3",
    "9M": "{y}-9M",
    "Y": "{y}",
    "Q2": "{y}-Q2",
    "M06": "{y}-M06",
    "8M": "{y}-8M",
    "11M": "{y}-11M",
    "H2": "{y}-H2",
}
NO_UNIT_CODE = {
    "2:4.1": "Cơ quan, đơn vị"
}  # the official unit % contradicts the name; offices differ in which they print


def stt_printed(raw: str, style: str) -> str:
    """A template code in the report's manner: mixed keeps it, dot / nodot make it uniform."""
    bare = raw.rstrip(".")
    return {"mixed": raw, "dot": f"{bare}.", "nodot": bare}[style]


@dataclass(frozen=True, slots=True)
class History:
    """Whose figures: the kind of agency (a column of `figures`), its salt, the year and period."""

    kind: str
    salt: str
    year: int
    period: str

    def at(self, back: int = 0) -> dict[str, Decimal | None]:
        return figures.values(self.kind, self.salt, self.year - back, self.period)


def printed_figures(history: History, style: str, back: int = 0) -> dict[str, Figure]:
    """Every official row's figure as this report prints it (blank rows included)."""
    units = {f"{r.appendix}:{r.stt}": r.unit for n in range(2, 9) for r in rows_of(n)} | NO_UNIT_CODE
    return {
        code: figures.show(value, units[code], style, f"{history}|{code}|{back}")
        for code, value in history.at(back).items()
    }


def official_appendix(
    number: int,
    layout: Layout,
    shown: Mapping[str, Figure],
    *,
    previous: Mapping[str, Figure] | None = None,
    plan: Mapping[str, Figure] | None = None,
    printed: str = "Phụ lục {n}",
    title: str = "",
    notes: Mapping[str, str] | None = None,
    note_spans: Mapping[str, int] | None = None,
    note_cuts: Mapping[str, int] | None = None,
    drop: frozenset[str] = frozenset(),
    reworded: Mapping[str, str] | None = None,
    gaps: frozenset[str] = frozenset(),
    figures_replaced: Mapping[str, Figure] | None = None,
    italics: bool = True,
    units: Mapping[str, str] | None = None,
    **more: object,
) -> Appendix:
    """One official appendix; the mappings are keyed by code without its last dot."""
    notes, note_spans, note_cuts, reworded = notes or {}, note_spans or {}, note_cuts or {}, reworded or {}
    rows = []
    for r in rows_of(number):
        if r.stt in drop:
            continue
        code = f"{number}:{r.stt}"
        cells = {"actual": (figures_replaced or {}).get(r.stt) or shown.get(code, BLANK)}
        if previous is not None:
            cells["previous"] = previous.get(code, BLANK)
        if plan is not None:
            cells["plan"] = plan.get(code, BLANK)
        name = reworded.get(r.stt, r.name)
        if name == r.name and name.endswith(")") and " (" in name and r.stt.count(".") < 2:
            head, _, tail = name.partition(" (")
            name = f"{head} <i>({tail}</i>"
        rows.append(
            Row(
                stt_printed(r.stt_raw, layout.stt_style),
                name,
                (units or {}).get(r.stt) or NO_UNIT_CODE.get(code, r.unit),
                cells,
                notes.get(r.stt, ""),
                note_spans.get(r.stt, 1),
                note_cuts.get(r.stt, 0),
                italics and r.stt.count(".") == 2,
                gap_before=r.stt in gaps,
            )
        )
    caption = printed.format(n=number, r=ROMAN[number], nn=f"{number:02d}")
    return Appendix(caption, str(number), title or TITLES[number], layout, tuple(rows), **more)  # type: ignore[arg-type]


def legal_span(year: int, period: str) -> tuple[date, date]:
    a, b = LEGAL_SPAN[period]
    return date(year + a[0], a[1], a[2]), date(year + b[0], b[1], b[2])


def report(
    stem: str,
    formats: tuple[str, ...],
    purpose: str,
    *,
    history: History,
    prose: str,
    agency: str,
    symbol: str,
    number: str,
    day: date,
    parent: str,
    place: str,
    province: str,
    signer: str,
    appendices: Callable[[dict[str, Figure]], tuple[Appendix, ...]],
    role: str = "GIÁM ĐỐC",
    style: str = "vn",
    span: tuple[date, date] | str | None = "legal",
    span_form: str = "(Từ ngày {a} đến ngày {b})",
    subject: str = "Công tác cải cách hành chính {p}",
    recipients: tuple[str, ...] = ("Sở Nội vụ;", "Lãnh đạo cơ quan;", "Lưu: VT, VP."),
    styles: tuple[str, ...] = (),
    reference_words: str | None = "Ban hành kèm theo Báo cáo",
    period_words: str = "",
    **more: object,
) -> Report:
    """A report of the official family whose prose and appendices print the same figures."""
    shown = printed_figures(history, style)
    made = appendices(shown)
    period_words = period_words or WORDS[history.period].format(y=history.year)
    words = {"year": history.year, "period": period_words, "agency": agency, "symbol": symbol, "place": place}
    in_tables = {
        f"{a.number}:{r.stt.rstrip('.')}": r.figures["actual"].raw
        for a in made
        if not a.is_cross
        for r in a.rows
        if "actual" in r.figures
    }
    covered = legal_span(history.year, history.period) if span == "legal" else span
    if isinstance(covered, str):
        raise ValueError(f"no such span: {covered}")
    line = span_form.format(a=short_date(covered[0], True), b=short_date(covered[1])) if covered else ""
    out = Report(
        stem=stem,
        formats=formats,
        purpose=purpose,
        agency=agency,
        symbol=symbol,
        number=number,
        date=day,
        parent=parent,
        place=place,
        province=province,
        subject=subject.format(p=period_words),
        period=LABEL[history.period].format(y=history.year),
        span=covered,
        span_line=line,
        recipients=recipients,
        role=role,
        signer=signer,
        intro=(f"{agency} báo cáo kết quả thực hiện công tác cải cách hành chính {period_words} như sau:",),
        sections=narrative(prose, stem, words, in_tables),
        appendices=made,
        closing=("(Kèm theo các phụ lục số liệu)", f"Trên đây là báo cáo của {agency}./."),
        styles=frozenset(styles),
        **more,  # type: ignore[arg-type]
    )
    if reference_words:
        ref = reference(out, reference_words)
        out = replace(out, appendices=tuple(a if a.reference else replace(a, reference=ref) for a in made))
    return out


def style_of(name: str, **changes: object) -> Layout:
    """A named layout with changes (`rules="none"`, `is_landscape=True`, `stt_style="dot"`, `numbers="paren"`)."""
    numbers = str(changes.pop("numbers", ""))
    layout = replace(layouts.named(name), **changes)  # type: ignore[arg-type]
    if layout.is_landscape:
        wide = 24.5 / sum(c.width for c in layout.columns)
        layout = replace(layout, columns=tuple(replace(c, width=round(c.width * wide, 2)) for c in layout.columns))
    return layouts.numbered(layout, numbers) if numbers else layout
