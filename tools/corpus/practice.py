"""Random practice reports: every report draws agency, period, prose, figures and one layout out of all features.

`draw(seed, reports, formats)` → specs. The same seed gives the same reports. Nothing here is tuned to a
reader: the lists below are what offices print, and some of it (synonyms, orders, captions) is in no sample.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from tools.corpus import layouts, make
from tools.corpus import practice_words as words_of
from tools.corpus.figures import AGENCY_KINDS, RULES
from tools.corpus.model import BLANK, Appendix, Column, Figure, HeaderCell, Layout, Report, Row, Section
from tools.corpus.specs.home_affairs import AGENCIES as UNITS
from tools.corpus.specs.home_affairs import FIELDS, files_by_field, staff_by_agency
from tools.corpus.template import TITLES


def _layout(rng: random.Random, year: int) -> tuple[Layout, tuple[str, ...]]:
    """A layout and the measures of its figure columns."""
    if rng.random() < 0.4:
        layout, measures = layouts.official(rng.choice("abcd")), words_of.FIGURE_SETS[0]
    else:
        measures = rng.choice(words_of.FIGURE_SETS)
        columns: list[Column] = []
        under = rng.random() < 0.25 and len(measures) > 1
        for role in rng.choice(words_of.ORDERS):
            if role == "F":
                for m in measures:
                    word = rng.choice(words_of.WORDS[m]).format(last=year - 1)
                    columns.append(Column("value", ("Kết quả thực hiện", word) if under else (word,), 2.1, m))
            else:
                columns.append(Column(role, (rng.choice(words_of.WORDS[role]),), words_of.WIDTH[role]))
        cells: list[HeaderCell] = []
        for i, c in enumerate(columns):
            if len(c.header) == 2:
                first = i == 0 or len(columns[i - 1].header) == 1
                cells += [HeaderCell(0, i, c.header[0], 1, len(measures))] * first + [HeaderCell(1, i, c.header[1])]
            else:
                cells.append(HeaderCell(0, i, c.header[0], 2 if under else 1))
        layout = Layout(tuple(columns), tuple(sorted(cells, key=lambda c: (c.row, c.col))), 2 if under else 1)
    layout = replace(
        layout,
        rules=rng.choice(("grid", "grid", "grid", "none", "horizontal")),
        is_landscape=rng.random() < 0.2,
        stt_style=rng.choice(("mixed", "dot", "nodot")),
        font_size=rng.choice((11, 12, 12, 13)),
        repeats_header=rng.random() < 0.7,
    )
    if layout.is_landscape:
        wide = 24.5 / sum(c.width for c in layout.columns)
        layout = replace(layout, columns=tuple(replace(c, width=round(c.width * wide, 2)) for c in layout.columns))
    elif rng.random() < 0.15:
        layout = replace(layout, columns=(replace(layout.columns[0], width=1.25), *layout.columns[1:]))
    layout = layouts.fitted(layout)
    if rng.random() < 0.3:
        layout = layouts.numbered(layout, rng.choice(("paren", "letters", "plain")))
    return layout, measures


def _reprinted(rng: random.Random, figure: Figure, unit: str) -> Figure:
    """Now and then a cell is printed in another manner."""
    k = rng.random()
    if figure.value is None:
        return (
            rng.choice(
                (
                    Figure("-", None, "blank"),
                    Figure("…", None, "blank"),
                    Figure("Chưa có số liệu", None, "text"),
                    Figure("Không có", None, "text"),
                )
            )
            if k < 0.05 and unit
            else figure
        )
    if k < 0.03:
        return Figure("", None, "blank")
    whole = figure.value == figure.value.to_integral_value()
    if k < 0.05 and whole and unit in ("Văn bản", "Nhiệm vụ", "Thủ tục", "Hồ sơ", "Người") and "=" not in unit:
        return replace(figure, raw=f"{figure.raw} {unit.lower()}")
    if k < 0.07 and unit == "%" and "%" not in figure.raw:
        return replace(figure, raw=figure.raw + "%")
    return figure


def _appendix(
    rng: random.Random,
    number: int,
    layout: Layout,
    measures: tuple[str, ...],
    shown: dict[str, Figure],
    back: dict[str, Figure],
    caption: str,
    features: frozenset[str],
) -> Appendix:
    appendix = make.official_appendix(number, layout, shown, printed=caption, italics=rng.random() < 0.7)
    rows: list[Row] = []
    for row in appendix.rows:
        if rng.random() < 0.02:
            continue
        code = f"{number}:{row.stt.rstrip('.')}"
        cells = {}
        for measure in measures:
            source = shown[code] if measure == "actual" else back[code]
            cells[measure] = _reprinted(rng, source, row.unit)
        name = row.name
        if "reworded" in features and rng.random() < 0.3:
            old, new = rng.choice(words_of.REWORDED)
            name = name.replace(old, new, 1)
        if "wrapped-runs" in features and rng.random() < 0.3:
            name = _wrapped(rng, name)
        if "line-breaks" in features and rng.random() < 0.3 and "<" not in name and " " in name[10:]:
            at = name.index(" ", 10)
            name = f"{name[:at]}\n{name[at + 1 :]}"
        note = rng.choice(words_of.NOTES) if rng.random() < 0.15 else ""
        rows.append(replace(row, name=name, figures=cells, note=note, gap_before=rng.random() < 0.05))
        if "late-rows" in features and row.stt.count(".") >= 2 and rng.random() < 0.15:
            value = Decimal(rng.randrange(0, 400))
            part = {m: Figure(str(value), value) for m in measures}
            rows.append(Row("", rng.choice(words_of.SUBROWS), row.unit, part, starts_late=rng.random() < 0.7))
    if rng.random() < 0.3 and len(rows) > 8 and layout.rules != "none":  # one note over several rows: lines show it
        at, over = rng.randrange(0, len(rows) - 5), rng.randrange(2, 5)
        rows[at] = replace(
            rows[at], note="Số liệu khai thác từ phần mềm quản lý văn bản và điều hành dùng chung", note_rows=over
        )
        for i in range(at + 1, at + over):
            rows[i] = replace(rows[i], note="")
    title = TITLES[number] if rng.random() < 0.8 else TITLES[number].replace("BIỂU MẪU ", "")
    after = (
        (
            "Danh sách các hội nghị, đối thoại đã tổ chức:",
            "- Hội nghị đối thoại với doanh nghiệp",
            "- Lớp tập huấn nghiệp vụ một cửa",
        )
        if rng.random() < 0.15
        else ()
    )
    glue = rng.choice(("lines", "lines", "lines", "lines", "glued", "glued-title"))
    if glue == "glued" and caption[-1] in ".:":
        glue = "lines"
    if rng.random() < 0.15 and len(rows) > 12:
        free = [i for i in range(4, len(rows) - 3) if not _is_covered(rows, i)]
        layout = replace(layout, split_at=rng.choice(free))
    if rng.random() < 0.1 and glue == "lines":
        layout = replace(layout, has_title_inside=True)
    tracked = "tracked" in features
    if tracked:
        rows = [replace(r, figures={m: _tracked(rng, f) for m, f in r.figures.items()}) for r in rows]
    return replace(
        appendix,
        rows=tuple(rows),
        title=title,
        text_after=after,
        caption=glue,
        layout=replace(layout, is_nested="nested" in features and rng.random() < 0.5),
    )


def _is_covered(rows: list[Row], at: int) -> bool:
    """Whether a note merged over rows reaches over the border above row `at`."""
    return any(i < at < i + row.note_rows for i, row in enumerate(rows))


def _wrapped(rng: random.Random, name: str) -> str:
    """One word of the name in a smart tag or a hyperlink."""
    words = name.split(" ")
    at = rng.randrange(len(words))
    if "<" in words[at]:
        return name
    mark = rng.choice(("tag", "link"))
    words[at] = f"<{mark}>{words[at]}</{mark}>"
    return " ".join(words)


def _tracked(rng: random.Random, figure: Figure) -> Figure:
    if figure.value is None or rng.random() > 0.15 or not figure.raw.isdigit():
        return figure
    return replace(figure, raw=f"<del>{rng.randrange(1, 999)}</del><ins>{figure.raw}</ins>")


def _trapped(rng: random.Random, sections: tuple[Section, ...], year: int) -> tuple[Section, ...]:
    out = []
    bare = rng.random() < 0.3  # `2.2 Title` without the last dot
    for section in sections:
        paragraphs = list(section.paragraphs)
        if section.level == 3 and bare:
            section = replace(section, label=section.label.rstrip("."))
        if rng.random() < 0.5:
            at = rng.randrange(len(words_of.TRAPS))
            paragraphs.append("Tình hình triển khai cụ thể như sau:")
            paragraphs += [t.format(y=year) for t in words_of.TRAPS[at : at + rng.randrange(1, 3)]]
        out.append(replace(section, paragraphs=tuple(paragraphs)))
    return tuple(out)


NOT_OFFICIAL = {"6:4", "8:6.3.1"}  # the parts are cases among others: the guidance does not make them a sum


def _relations(appendix: str) -> list[tuple[str, ...]]:
    """Codes that stand in one sum or rate, the result first."""
    return [
        (code.split(":")[1], *parts)
        for code, (rule, parts, _) in RULES.items()
        if code.startswith(f"{appendix}:") and rule in ("sum", "rate", "rest")
    ]


Wrong = tuple[tuple[Appendix, ...], tuple[tuple[str, str, str], ...]]


def _contradicted(rng: random.Random, appendices: tuple[Appendix, ...]) -> Wrong:
    """One total or rate changed in its first digit, and the declaration of it; nothing where none can be changed."""
    can: list[tuple[int, int, str, str]] = []
    for i, appendix in enumerate(appendices):
        printed = {r.stt.rstrip("."): r.figures.get("actual", BLANK) for r in appendix.rows if r.stt}
        for k, row in enumerate(appendix.rows):
            rule, parts, _ = RULES.get(f"{appendix.number}:{row.stt.rstrip('.')}", ("", (), ()))
            figures = [printed.get(c, BLANK).value for c in (row.stt.rstrip("."), *parts)]
            code = row.stt.rstrip(".")
            if f"{appendix.number}:{code}" in NOT_OFFICIAL:
                continue
            if (
                rule in ("sum", "rate")
                and None not in figures
                and (figures[0] or 0) >= 10
                and "<" not in row.figures["actual"].raw
            ):
                touched = [c for c in _relations(appendix.number) if code in c]
                can.append((i, k, " ".join(dict.fromkeys(c for codes in touched for c in codes)), rule))
    if not can:
        return appendices, ()
    i, k, codes, rule = rng.choice(can)
    row = appendices[i].rows[k]
    figure = row.figures["actual"]
    at = next(j for j, ch in enumerate(figure.raw) if ch.isdigit() and ch != "0")
    digit = int(figure.raw[at])
    raw = f"{figure.raw[:at]}{digit - 1 if digit > 1 else 2}{figure.raw[at + 1 :]}"
    bare = raw.strip("% ")
    number = bare.split(" ")[0] if any(ch.isalpha() for ch in bare) else bare.replace(" ", "")
    value = Decimal(number.replace(".", "").replace(",", "."))
    rows = list(appendices[i].rows)
    rows[k] = replace(row, figures={**row.figures, "actual": replace(figure, raw=raw, value=value)})
    changed = (*appendices[:i], replace(appendices[i], rows=tuple(rows)), *appendices[i + 1 :])
    what = f"{'tổng' if rule == 'sum' else 'tỷ lệ'} in {raw}, đúng ra {figure.raw}"
    return changed, ((appendices[i].number, codes, what),)


def one(rng: random.Random, stem: str, formats: tuple[str, ...]) -> Report:
    agency, symbol, kind, prose = rng.choice(words_of.AGENCIES)
    parent, province = rng.choice(words_of.PLACES)
    year, period = (
        rng.randrange(2019, 2025),
        rng.choice(("Q1", "H1", "H1", "Q2", "Q3", "9M", "Y", "Y", "8M", "11M", "H2", "M06")),
    )
    history = make.History(kind if kind in AGENCY_KINDS else "K", stem, year, period)
    style = rng.choice(("vn", "vn", "plain", "mixed", "space"))
    span = make.legal_span(year, period) if rng.random() < 0.7 else None
    day = make.legal_span(year, period)[1] + timedelta(days=rng.randrange(1, 13))
    features = frozenset(
        f for f in ("reworded", "late-rows", "tracked", "nested", "wrapped-runs", "line-breaks") if rng.random() < 0.2
    )
    layout, measures = _layout(rng, year)
    per_table = rng.random() < 0.3
    caption = rng.choice(words_of.CAPTIONS)
    back = make.printed_figures(history, "vn", back=1)

    def appendices(shown: dict[str, Figure]) -> tuple[Appendix, ...]:
        made = []
        for n in sorted(rng.sample(range(2, 9), rng.randrange(2, 6))):
            drawn = _layout(rng, year) if per_table else (layout, measures)
            made.append(_appendix(rng, n, *drawn, shown, back, caption, features))
        words = caption.replace("{nn}", "{n}").replace("{r}", "{n}")
        if rng.random() < 0.3:
            made.append(
                files_by_field(
                    words.format(n=9),
                    "9",
                    stem,
                    rules=rng.choice(("grid", "grid", "none")),
                    is_landscape=rng.random() < 0.6,
                    categories=FIELDS[: rng.randrange(4, 15)],
                )
            )
        if rng.random() < 0.2:
            made.append(staff_by_agency(words.format(n=10), "10", stem, UNITS[: rng.randrange(4, 9)]))
        return tuple(made)

    styles = [
        s
        for s in (
            "page-numbers",
            "split-runs",
            "auto-numbers",
            "row-controls",
            "watermark",
            "stamp-debris",
            "stamp-top",
            "nfd",
            "crlf",
            "bom",
            "cut-paragraphs",
            "page-feeds",
            "page-lines",
            "number-spaced",
            "date-plain",
            "signed-mark",
        )
        if rng.random() < 0.22
    ]
    if rng.random() < 0.4:
        styles.append(rng.choice(("letterhead-none", "letterhead-stacked")))
    words = rng.choice(words_of.PERIOD_WORDS[period]).format(y=year)
    made = make.report(
        stem,
        formats,
        "luyện tập, bố cục ngẫu nhiên",
        history=history,
        prose=prose,
        agency=agency,
        symbol=symbol,
        number=str(rng.randrange(10, 4000)),
        day=day,
        parent=rng.choice(("UBND ", "ỦY BAN NHÂN DÂN ")) + parent,
        place=province,
        province=province,
        signer=rng.choice(words_of.SIGNERS),
        role=rng.choice(words_of.ROLES),
        style=style,
        span=span,
        span_form=rng.choice(words_of.SPANS),
        subject=rng.choice(words_of.SUBJECTS),
        styles=tuple(styles),
        period_words=words,
        appendices=appendices,
        reference_words=rng.choice(words_of.REFERENCES),
        origin="sinh ngẫu nhiên bởi tools.corpus practice",
    )
    intro = (
        (f"Thực hiện chế độ báo cáo định kỳ, {agency} tỉnh {province} báo cáo như sau:",)
        if "letterhead-none" in styles
        else made.intro
    )
    if rng.random() < 0.3:
        changed, wrong = _contradicted(rng, made.appendices)
        made = replace(made, appendices=changed, contradictions=wrong)
    return replace(made, sections=_trapped(rng, made.sections, year), intro=intro)


def _dice(seed: int, attempt: int) -> random.Random:
    return random.Random(f"{seed}/{attempt}")  # noqa: S311


def draw(seed: int, reports: int, formats: tuple[str, ...]) -> list[Report]:
    """`reports` specs, no two of one agency, province and period (they would be corrections of each other)."""
    out: list[Report] = []
    seen: set[tuple[str, str, str]] = set()
    attempt = 0
    while len(out) < reports:
        made = one(_dice(seed, attempt), f"bao-cao-{len(out):03d}", formats)
        attempt += 1
        key = (made.agency, made.province, made.period)
        if key not in seen:
            seen.add(key)
            out.append(made)
    return out
