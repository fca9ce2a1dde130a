"""The template's appendices as printed tables, whole or damaged, and what matching makes of them."""

from __future__ import annotations

import random

from normalize.catalogue import TemplateAppendix, load_catalogue
from normalize.mapping import Match, RowView, TableView, match_table

CATALOGUE = load_catalogue()
APPENDICES = {appendix.number: appendix for appendix in CATALOGUE.appendices}
LETTERS = "abcdeghiklmnopqrstuvxyàáâãèéêìíòóôõùúýăđĩũơưạảấầậắặẹẽếềểệỉịọỏốồộớờởợụủứừữựỳ0123456789 .,"
GIVEN_BY_PROVINCE = "Thực hiện nhiệm vụ UBND tỉnh giao"
GIVEN_BY_GOVERNMENT = "Thực hiện nhiệm vụ Chính phủ, Thủ tướng Chính phủ giao"
TOTAL_GIVEN = "Tổng số nhiệm vụ được giao"


def rows_of(appendix: TemplateAppendix) -> list[RowView]:
    codes = {row.indicator_id: row.code for row in appendix.rows}
    return [RowView(row.code, codes.get(row.parent, ""), row.names[0], row.units[0]) for row in appendix.rows]


def table(number: str, rows: list[RowView], caption: bool = True) -> TableView:
    appendix = APPENDICES[number]
    return TableView(number if caption else "", appendix.titles[0] if caption else "", tuple(rows))


def matched(number: str, rows: list[RowView], caption: bool = True) -> list[Match]:
    return list(match_table(table(number, rows, caption), CATALOGUE))


def ids(number: str) -> list[str]:
    return [row.indicator_id for row in APPENDICES[number].rows]


def damaged(text: str, rng: random.Random, share: float) -> str:
    out = []
    for letter in text:
        if rng.random() >= share:
            out.append(letter)
            continue
        kind = rng.random()
        out.append(rng.choice(LETTERS) if kind < 0.7 else "" if kind < 0.85 else letter + rng.choice(LETTERS))
    return "".join(out)


def codes(match: Match) -> list[str]:
    return [note.code for note in match.notes]
