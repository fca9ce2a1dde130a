"""A ZIP read in the plain way says what `zipfile` says; what is unusual or damaged is left to it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.plain_zip import PlainZip, Unusual

CORPUS = Path(__file__).parents[2] / "corpus"
PARTS = {"[Content_Types].xml": b"<Types/>", "word/document.xml": "Phụ lục ".encode() * 400, "word/empty.xml": b""}


def archive(method: int = zipfile.ZIP_DEFLATED, **parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in (PARTS | parts).items():
            file.writestr(name, data)
    return out.getvalue()


def everything(data: bytes) -> dict[str, bytes | None] | None:
    """What `zipfile` reads; None where it refuses."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return {name: file.read(name) for name in file.namelist()}
    except Exception:  # noqa: BLE001 - whatever it says of damage
        return None


def plainly(data: bytes) -> dict[str, bytes | None] | None:
    plain = PlainZip.of(data)
    try:
        return None if plain is None else {name: plain.read(name) for name in (everything(data) or {}) if name in plain}
    except Unusual:
        return None


@pytest.mark.parametrize("path", sorted(CORPUS.rglob("*.docx")), ids=lambda path: path.stem)
def test_samples_are_read_whole(path: Path) -> None:
    data = path.read_bytes()
    assert plainly(data) == everything(data) is not None


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_stored_and_deflated_parts_are_read(method: int) -> None:
    plain = PlainZip.of(archive(method))
    assert plain is not None
    assert {name: plain.read(name) for name in PARTS} == PARTS
    assert plain.read("word/none.xml") is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\5\6",
        archive() + b"behind",
        b"in front" + archive(),
        archive(zipfile.ZIP_BZIP2),
        archive(**{"tên.xml": b"x"}),
        archive()[:-30],
    ],
    ids=["empty", "cut", "more behind", "more in front", "other method", "name not ASCII", "no end"],
)
def test_what_is_unusual_is_left_to_zipfile(data: bytes) -> None:
    assert PlainZip.of(data) is None


@settings(max_examples=300)
@given(st.data())
def test_a_damaged_one_is_never_read_otherwise(data: st.DataObject) -> None:
    whole = bytearray(archive())
    for _ in range(data.draw(st.integers(1, 3))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    plain = PlainZip.of(bytes(whole))
    read = everything(bytes(whole))
    if plain is None or read is None:
        return
    for name in read:
        try:
            assert plain.read(name) == read[name]
        except Unusual:
            continue
