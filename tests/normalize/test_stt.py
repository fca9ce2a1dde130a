"""STT codes one by one, and the trees that tables of codes span."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalize.findings import FINDINGS
from normalize.stt import LETTERS, code_tree, parse_stt

# printed, canonical, style, notes
CODES = [
    ("1.", "1", "arabic", ""),
    ("1", "1", "arabic", ""),
    ("12.", "12", "arabic", ""),
    ("2.1", "2.1", "arabic", ""),
    ("4.1.", "4.1", "arabic", ""),
    ("3.1.2.", "3.1.2", "arabic", ""),
    ("43.1", "43.1", "arabic", ""),
    ("(1)", "1", "arabic", ""),
    ("1)", "1", "arabic", ""),
    ("01", "1", "arabic", ""),
    ("**1.**", "1", "arabic", ""),
    ("１", "1", "arabic", ""),
    ("I", "I", "roman", ""),
    ("IV.", "IV", "roman", ""),
    ("XII", "XII", "roman", ""),
    ("ii", "ii", "roman", ""),
    ("A", "A", "letter", ""),
    ("B.", "B", "letter", ""),
    ("a)", "a", "letter", ""),
    ("đ)", "đ", "letter", ""),
    ("Đ", "Đ", "letter", ""),
    ("II.1.a", "II.1.a", "mixed", ""),
    ("I.1", "I.1", "mixed", ""),
    ("1.a", "1.a", "mixed", ""),
    ("1a", "1a", "mixed", ""),
    ("A1", "A1", "mixed", ""),
    ("-", "", "bullet", ""),
    ("–", "", "bullet", ""),
    ("+", "", "bullet", ""),
    ("•", "", "bullet", ""),
    ("*", "", "bullet", ""),
    ("", "", "none", ""),
    ("Trong đó:", "", "none", ""),
    ("Tổng số", "", "none", ""),
    ("l.1", "1.1", "arabic", "stt-repaired"),
    ("2.l", "2.1", "arabic", "stt-repaired"),
    ("2.I", "2.1", "arabic", "stt-repaired"),
    ("2,1", "2.1", "arabic", "stt-repaired"),
    ("3..1", "3.1", "arabic", "stt-repaired"),
    ("1 .2.", "1.2", "arabic", "stt-repaired"),
    ("3. 1. 2", "3.1.2", "arabic", "stt-repaired"),
    ("I1", "11", "arabic", "stt-repaired"),
    ("1O", "10", "arabic", "stt-repaired"),
    ("ll", "II", "roman", "stt-repaired"),
    ("VIl", "VII", "roman", "stt-repaired"),
    ("1V", "IV", "roman", "stt-repaired"),
    ("II-1", "II.1", "mixed", "stt-repaired"),
    ("2024", "2024", "odd", "stt-impossible"),
    ("12,5%", "12,5%", "odd", "stt-impossible"),
    ("0", "0", "odd", "stt-impossible"),
    ("Văn bản", "Vănbản", "odd", "stt-impossible"),
    ("1=2+3", "1=2+3", "odd", "stt-impossible"),
    ("1.2.3.4.5.6.7", "1.2.3.4.5.6.7", "odd", "stt-impossible"),
]


@pytest.mark.parametrize(("printed", "canonical", "style", "notes"), CODES)
def test_a_printed_code_has_one_canonical_form(printed: str, canonical: str, style: str, notes: str) -> None:
    stt = parse_stt(printed)
    assert (stt.canonical, stt.style) == (canonical, style)
    assert [code for code, _ in stt.notes] == notes.split()
    assert stt.is_valid == (style != "odd")


def test_every_letter_of_the_vietnamese_alphabet_is_a_code() -> None:
    for letter in LETTERS:
        if letter not in "ivx":
            assert parse_stt(letter + ")").canonical == letter


def tree(*rows: str) -> list[tuple[str, str, int]]:
    return [(n.canonical, n.parent_stt, n.depth) for n in code_tree([_row(row) for row in rows])]


def notes(*rows: str) -> list[list[str]]:
    return [[code for code, _ in node.notes] for node in code_tree([_row(row) for row in rows])]


def _row(text: str) -> tuple[str, str]:
    stt, _, name = text.partition("|")
    return stt, name or "Số hồ sơ"


TREES = [
    ("small Roman", ["i", "ii", "iii", "iv", "v"], [(c, "", 1) for c in ("i", "ii", "iii", "iv", "v")]),
    (
        "arabic codes nest by their steps, with and without the last dot",
        ["1.", "1.1", "1.1.1.", "1.2", "2.", "2.1."],
        [("1", "", 1), ("1.1", "1", 2), ("1.1.1", "1.1", 3), ("1.2", "1", 2), ("2", "", 1), ("2.1", "2", 2)],
    ),
    (
        "a gap is no error",
        ["3", "3.1", "3.1.2", "3.4", "3.4.1"],
        [("3", "", 1), ("3.1", "3", 2), ("3.1.2", "3.1", 3), ("3.4", "3", 2), ("3.4.1", "3.4", 3)],
    ),
    (
        "where a level is missing the row hangs under the next one up",
        ["2", "2.2.1", "3.1", "3.2"],
        [("2", "", 1), ("2.2.1", "2", 2), ("3.1", "", 1), ("3.2", "", 1)],
    ),
    (
        "numbers restart under sections",
        ["A", "I", "1", "2", "II", "1", "B", "I", "1"],
        [
            ("A", "", 1),
            ("I", "A", 2),
            ("1", "I", 3),
            ("2", "I", 3),
            ("II", "A", 2),
            ("1", "II", 3),
            ("B", "", 1),
            ("I", "B", 2),
            ("1", "I", 3),
        ],
    ),
    (
        "letters that restart under Roman numbers stand inside them",
        ["I", "A", "B", "II", "A"],
        [("I", "", 1), ("A", "I", 2), ("B", "I", 2), ("II", "", 1), ("A", "II", 2)],
    ),
    (
        "small letters hang under the number above",
        ["1", "1.1", "a", "b", "1.2", "a", "2"],
        [
            ("1", "", 1),
            ("1.1", "1", 2),
            ("a", "1.1", 3),
            ("b", "1.1", 3),
            ("1.2", "1", 2),
            ("a", "1.2", 3),
            ("2", "", 1),
        ],
    ),
    (
        "mixed codes nest by their steps",
        ["II", "II.1", "II.1.a", "II.2"],
        [("II", "", 1), ("II.1", "II", 2), ("II.1.a", "II.1", 3), ("II.2", "II", 2)],
    ),
    (
        "a fused letter is a step",
        ["1", "1a", "1b", "2"],
        [("1", "", 1), ("1a", "1", 2), ("1b", "1", 2), ("2", "", 1)],
    ),
    (
        "rows without a code hang under the row above, + under -, a total under nothing",
        ["1", "|Trong đó:", "-|Nam", "+|Dưới 30 tuổi", "|- Nữ", "2", "|Tổng cộng"],
        [("1", "", 1), ("", "1", 2), ("", "1", 2), ("", "1", 3), ("", "1", 2), ("2", "", 1), ("", "", 1)],
    ),
    (
        "a heading in capitals opens a part of the table",
        ["|CHÍNH SÁCH", "1", "2", "|TUYÊN TRUYỀN", "1"],
        [("", "", 1), ("1", "", 1), ("2", "", 1), ("", "", 1), ("1", "", 1)],
    ),
    (
        "a lone I where the table counts 1.1 and 2 is a damaged 1",
        ["I.", "1.1", "2"],
        [("1", "", 1), ("1.1", "1", 2), ("2", "", 1)],
    ),
    ("a Roman section above 1.1 stays Roman", ["I", "1", "1.1"], [("I", "", 1), ("1", "I", 2), ("1.1", "1", 3)]),
]


@pytest.mark.parametrize(("rows", "nodes"), [case[1:] for case in TREES], ids=[case[0] for case in TREES])
def test_the_codes_of_a_table_span_a_tree(rows: list[str], nodes: list[tuple[str, str, int]]) -> None:
    assert tree(*rows) == nodes


def test_a_code_that_stands_twice_under_one_parent_is_a_finding_on_the_second_row() -> None:
    assert notes("1", "1.1", "1.1", "2") == [[], [], ["stt-repeated"], []]
    assert notes("1", "2", "3", "2") == [[], [], [], ["stt-repeated"]]


def test_codes_that_restart_under_sections_or_gaps_raise_nothing() -> None:
    assert notes("I", "1", "2", "II", "1", "2", "5") == [[]] * 7
    assert notes("3.1.2", "3.4", "3.4.1") == [[]] * 3


def test_an_impossible_code_is_a_finding_and_its_row_hangs_under_the_row_above() -> None:
    nodes = code_tree([("1", "a"), ("2024", "b"), ("2", "c")])
    assert [code for code, _ in nodes[1].notes] == ["stt-impossible"]
    assert (nodes[1].canonical, nodes[1].parent_stt) == ("2024", "1")


def test_parent_row_points_at_the_row_whose_code_is_the_parent() -> None:
    nodes = code_tree([("I", "x"), ("1", "x"), ("II", "x"), ("1", "x"), ("1.1", "x"), ("", "- x")])
    assert [node.parent_row for node in nodes] == [None, 0, None, 2, 3, 4]


@given(
    st.lists(
        st.tuples(st.one_of(st.text(max_size=8), st.sampled_from([c[0] for c in CODES])), st.text(max_size=8)),
        max_size=25,
    )
)
@settings(max_examples=300, deadline=None)
def test_any_table_gets_one_node_per_row_and_parents_stand_above(rows: list[tuple[str, str]]) -> None:
    nodes = code_tree(rows)
    assert len(nodes) == len(rows)
    assert nodes == code_tree(rows)
    for i, node in enumerate(nodes):
        assert node.depth >= 1
        assert {code for code, _ in node.notes} <= set(FINDINGS)
        if node.parent_row is not None:
            assert node.parent_row < i
            assert node.depth == nodes[node.parent_row].depth + 1


@given(st.text(max_size=12))
@settings(max_examples=300, deadline=None)
def test_a_canonical_code_is_its_own_canonical_form(raw: str) -> None:
    stt = parse_stt(raw)
    if stt.is_valid and stt.canonical:
        again = parse_stt(stt.canonical)
        assert (again.canonical, again.parts, again.notes) == (stt.canonical, stt.parts, ())


def test_the_docs_name_every_style_and_finding_of_codes() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/stt.md").read_text(encoding="utf-8")
    for word in ("arabic", "roman", "letter", "bullet", "mixed", "none", "odd"):
        assert f"`{word}`" in page
    for code in (code for code in FINDINGS if code.startswith("stt-")):
        assert f"`{code}`" in page
