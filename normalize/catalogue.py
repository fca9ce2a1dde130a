"""One identity per indicator: the catalogue, read from the templates.

In: `normalize/templates/*.toml` (and a folder of the user's own), one file per template. Out: a frozen
`Catalogue`: the indicators by id, the template rows that carry them, and the relations the template
states (sum, rate, part). Every code that a file names in `sum_of`, `rate_of`, `part_of` or `parent` must
exist in the same appendix, and an id stands once per template: a broken file raises `CatalogueError`
with file and row, it is never half read. An id may stand in several templates: that is how a history
goes on when a guidance letter renumbers its rows. How to write a template: docs/howto/add-a-template.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from normalize.model import Indicator

TEMPLATES = Path(__file__).with_name("templates")
KINDS = frozenset(("group", "count", "percent", "code", "money", "text"))
FLOWS = frozenset(("flow", "cumulative", "stock"))
DIRECTIONS = frozenset(("up", "down", "none"))
MAX_ID = 60
COLUMNS = (
    "indicator_id", "name", "name_en", "unit", "kind", "parent", "formula", "direction", "flow",
    "template", "appendix", "code", "valid_from", "valid_to",
)  # fmt: skip
_ROW_KEYS = frozenset(
    ("code", "id", "name", "name_en", "short", "unit", "unit_aka", "kind", "flow", "direction", "parent",
     "sum_of", "rate_of", "part_of", "aka", "valid_from", "valid_to")
)  # fmt: skip
_MONEY = ("đồng", "trđ", "tỷ", "usd")


class CatalogueError(ValueError):
    """A template file that cannot be used; the message names the file and the row."""


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A row of an appendix. `parent` is the parent's indicator id; `names` are all its wordings, official first."""

    indicator_id: str
    code: str
    parent: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class TemplateAppendix:
    """An appendix of a template; `number` in Arabic digits or a symbol (`01/PCTN`), `titles` current one first."""

    template: str
    number: str
    titles: tuple[str, ...]
    rows: tuple[TemplateRow, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """A report form with the letter that set it and the dates it held."""

    id: str
    family: str
    title: str
    title_words: tuple[str, ...]
    guidance: str
    valid_from: str
    valid_to: str
    appendices: tuple[TemplateAppendix, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """What the template states about figures of one report.

    `sum`: whole = the parts added. `rate`: whole = 100 × parts[0] / parts[1]. `part`: parts[0] ≤ whole by meaning.
    """

    kind: str
    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All templates. `indicators` has one entry per id (newest template), `carriers` one per template row."""

    templates: tuple[Template, ...]
    indicators: tuple[Indicator, ...]
    carriers: tuple[Indicator, ...]
    relations: tuple[Relation, ...]
    by_id: Mapping[str, Indicator]
    by_code: Mapping[tuple[str, str, str], str]

    @property
    def appendices(self) -> tuple[TemplateAppendix, ...]:
        return tuple(appendix for template in self.templates for appendix in template.appendices)

    def row_id(self, template: str, appendix: str, code: str) -> str | None:
        """The indicator that a code of a template's appendix stands for, None where there is none."""
        return self.by_code.get((template, appendix, code))

    def to_rows(self) -> list[dict[str, str]]:
        """Rows of `catalogue.csv`, one per template row: see `COLUMNS`. Periods are filled in by the history."""
        return [
            {column: getattr(carrier, "id" if column == "indicator_id" else column) for column in COLUMNS}
            for carrier in self.carriers
        ]


@lru_cache(maxsize=8)
def load_catalogue(extra_dir: Path | None = None) -> Catalogue:
    """The catalogue of the shipped templates and, where given, of the `*.toml` files in `extra_dir`.

    Raises `CatalogueError` on a file that is no TOML, lacks a field, or names a code or id that is not there.
    """
    paths = sorted(TEMPLATES.glob("*.toml"))
    if extra_dir is not None:
        paths += sorted(extra_dir.glob("*.toml"))
    templates: list[Template] = []
    carriers: list[Indicator] = []
    relations: dict[Relation, None] = {}
    for path in paths:
        template, rows, stated = _template(path)
        if any(template.id == other.id for other in templates):
            raise CatalogueError(f"{path.name}: template id {template.id!r} is taken")
        templates.append(template)
        carriers += rows
        relations.update(dict.fromkeys(stated))
    by_id: dict[str, Indicator] = {}
    for carrier in sorted(carriers, key=lambda c: c.valid_from):
        by_id[carrier.id] = carrier
    ordered = tuple(by_id[i] for i in dict.fromkeys(c.id for c in carriers))
    by_code = {(c.template, c.appendix, c.code): c.id for c in carriers if c.code}
    return Catalogue(tuple(templates), ordered, tuple(carriers), tuple(relations), by_id, by_code)


def unit_kind(unit: str) -> str:
    """The kind a template row has when it states none: decided by its printed unit."""
    if not unit:
        return "group"
    if "%" in unit:
        return "percent"
    if "=" in unit:
        return "code"
    return "money" if any(word in unit.casefold() for word in _MONEY) else "count"


def _template(path: Path) -> tuple[Template, list[Indicator], list[Relation]]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{path.name}: {error}") from error
    missing = [key for key in ("id", "family", "title", "valid_from") if not data.get(key)]
    if missing:
        raise CatalogueError(f"{path.name}: missing {', '.join(missing)}")
    carriers: list[Indicator] = []
    relations: list[Relation] = []
    appendices = [_appendix(path, data, block, carriers, relations) for block in data.get("appendix", ())]
    ids = [carrier.id for carrier in carriers]
    if len(set(ids)) != len(ids):
        twice = sorted({i for i in ids if ids.count(i) > 1})
        raise CatalogueError(f"{path.name}: ids given twice: {', '.join(twice)}")
    template = Template(
        id=data["id"],
        family=data["family"],
        title=data["title"],
        title_words=tuple(data.get("title_words", ())),
        guidance=data.get("guidance", ""),
        valid_from=data["valid_from"],
        valid_to=data.get("valid_to", ""),
        appendices=tuple(appendices),
    )
    return template, carriers, relations


def _appendix(
    path: Path, data: dict[str, Any], block: dict[str, Any], carriers: list[Indicator], relations: list[Relation]
) -> TemplateAppendix:
    number = str(block.get("number", ""))
    where = f"{path.name}: appendix {number or '?'}"
    if not number or not block.get("title"):
        raise CatalogueError(f"{where}: number and title are needed")
    blocks: list[dict[str, Any]] = block.get("row", [])
    for row in blocks:
        _check_row(where, row)
    ids = {str(row["code"]): str(row["id"]) for row in blocks if row.get("code")}
    if len(ids) != sum(bool(row.get("code")) for row in blocks):
        raise CatalogueError(f"{where}: a code stands twice")
    known = {str(row["id"]) for row in blocks}

    def resolve(row: dict[str, Any], key: str, reference: str) -> str:
        found = ids.get(reference) or (reference if reference in known else "")
        if not found:
            raise CatalogueError(f"{where}, row {row['id']}: {key} names {reference!r}, which is not there")
        return found

    rows: list[TemplateRow] = []
    for row in blocks:
        code, unit = str(row.get("code", "")), row.get("unit", "")
        kind = row.get("kind") or unit_kind(unit)
        stated = row.get("parent")
        parent = resolve(row, "parent", stated) if stated else ids.get(code.rpartition(".")[0], "")
        sums = tuple(resolve(row, "sum_of", c) for c in row.get("sum_of", ()))
        rate = tuple(resolve(row, "rate_of", c) for c in row.get("rate_of", ()))
        formula = f"sum({', '.join(sums)})" if sums else f"rate({', '.join(rate)})" if rate else ""
        if sums:
            relations.append(Relation("sum", row["id"], sums))
        if rate:
            relations.append(Relation("rate", row["id"], rate))
        if row.get("part_of"):
            relations.append(Relation("part", resolve(row, "part_of", row["part_of"]), (row["id"],)))
        rows.append(
            TemplateRow(
                indicator_id=row["id"],
                code=code,
                parent=parent,
                names=(row["name"], *((row["short"],) if row.get("short") else ()), *row.get("aka", ())),
                units=(unit, *row.get("unit_aka", ())),
                kind=kind,
            )
        )
        carriers.append(
            Indicator(
                id=row["id"],
                name=row["name"],
                name_en=row["name_en"],
                unit=unit,
                kind=kind,
                parent=parent,
                formula=formula,
                direction=row.get("direction", "none"),
                flow=row.get("flow", "flow"),
                template=data["id"],
                appendix=number,
                code=code,
                valid_from=row.get("valid_from", data["valid_from"]),
                valid_to=row.get("valid_to", data.get("valid_to", "")),
            )
        )
    return TemplateAppendix(data["id"], number, (block["title"], *block.get("old_titles", ())), tuple(rows))


def _check_row(where: str, row: dict[str, Any]) -> None:
    for key in ("id", "name", "name_en"):
        if not row.get(key):
            raise CatalogueError(f"{where}, row {row.get('id') or row.get('code') or '?'}: {key} is missing")
    at = f"{where}, row {row['id']}"
    unknown = set(row) - _ROW_KEYS
    if unknown:
        raise CatalogueError(f"{at}: unknown {', '.join(sorted(unknown))}")
    lists = {"unit_aka", "sum_of", "rate_of", "aka"}
    for key, value in row.items():
        if not isinstance(value, list if key in lists else str) or not all(isinstance(v, str) for v in value):
            raise CatalogueError(f"{at}: {key} must be {'a list of texts' if key in lists else 'a text'}")
    ident = row["id"]
    if len(ident) > MAX_ID or not ident.isascii() or not ident.replace("_", "a").isalnum() or ident != ident.lower():
        raise CatalogueError(f"{at}: an id is ASCII letters, digits and _, lower case, at most {MAX_ID}")
    for key, allowed in (("kind", KINDS), ("flow", FLOWS), ("direction", DIRECTIONS)):
        if key in row and row[key] not in allowed:
            raise CatalogueError(f"{at}: {key} is {row[key]!r}, allowed: {', '.join(sorted(allowed))}")
    if len(row.get("rate_of", (0, 0))) != 2:
        raise CatalogueError(f"{at}: rate_of is [numerator, denominator]")


def suggest_toml(unmatched: Iterable[Mapping[str, str]]) -> str:
    """Rows of `unmatched.csv` as the draft of a template file: ids, codes, names and units filled in.

    Reads the columns `appendix`, `title`, `stt`, `indicator_id`, `indicator` (or `indicator_raw`), `unit` (or
    `unit_raw`), `breakdown`. One row per appendix and id is kept; what a person has to decide is marked `TODO`.
    Code and printed name of a row with a breakdown are its category's and left out.
    """
    groups: dict[tuple[str, str], dict[str, Mapping[str, str]]] = {}
    for row in unmatched:
        appendix, ident = row.get("appendix") or "?", row.get("indicator_id", "")
        groups.setdefault((appendix, row.get("title", "")), {}).setdefault(ident, row)
    lines = [
        "# Draft of a template, made from unmatched.csv. Replace every TODO, then save it in normalize/templates/.",
        "# Ids are never reused: rename them now, not later.",
        "",
        'id = "TODO"',
        'family = "TODO"',
        'title = "TODO"',
        'guidance = "TODO"',
        'valid_from = "TODO"',
        'valid_to = ""',
    ]
    taken: set[str] = set()
    for (appendix, title), rows in sorted(groups.items()):
        lines += ["", "", "[[appendix]]", f"number = {_quoted(appendix)}", f"title = {_quoted(title or 'TODO')}"]
        codes: set[str] = set()
        for ident, row in rows.items():
            lines += ["", "[[appendix.row]]"]
            is_column = bool(row.get("breakdown"))
            code = "" if is_column else row.get("stt", "")
            if code and code not in codes:
                codes.add(code)
                lines.append(f"code = {_quoted(code)}")
            lines.append(f"id = {_quoted(_draft_id(ident, taken))}")
            printed = "" if is_column else row.get("indicator_raw", "")
            lines.append(f"name = {_quoted(row.get('indicator') or printed or 'TODO')}")
            lines.append('name_en = "TODO"')
            unit = row.get("unit_raw") or row.get("unit") or ""
            if unit:
                lines.append(f"unit = {_quoted(unit)}")
    return "\n".join(lines) + "\n"


def _draft_id(provisional: str, taken: set[str]) -> str:
    base = provisional.removeprefix("x_") or "todo"
    ident, n = base[:MAX_ID], 2
    while ident in taken:
        suffix = f"_{n}"
        ident, n = base[: MAX_ID - len(suffix)] + suffix, n + 1
    taken.add(ident)
    return ident


def _quoted(text: str) -> str:
    """A TOML basic string."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in text) + '"'
