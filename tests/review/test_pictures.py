"""Pages are drawn in a process of their own; what cannot be drawn is told and never brings the desk down."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from baocao.review.pictures import NoPicture, draw
from baocao.review.sources import SourceFiles

SAMPLE = Path(__file__).with_name("data") / "sai-tong.pdf"


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_page_and_a_crop_of_it() -> None:
    page, crop, beyond, outside = draw(
        SAMPLE,
        sha(SAMPLE),
        "pdf",
        [
            (1, None, None),
            (1, (300.0, 300.0, 450.0, 380.0), (343.8, 332.5, 430.2, 371.5)),
            (99, None, None),
            (1, (9000.0, 9000.0, 9100.0, 9100.0), None),
        ],
    )
    assert page is not None
    assert (round(page.width), round(page.height)) == (612, 792)
    assert crop is not None
    from PIL import Image

    with Image.open(io.BytesIO(crop.png)) as image:
        assert image.size == (300, 160)
        assert (209, 36, 47) in {colour for _, colour in image.getcolors(1 << 16)}
    assert beyond is None
    assert outside is None


@pytest.mark.parametrize("kind", ["png", "jpeg", "tiff", "bmp", "gif", "webp"])
def test_a_scanned_picture_is_a_page_of_the_size_the_reader_takes_it_for(tmp_path: Path, kind: str) -> None:
    from PIL import Image

    path = tmp_path / f"x.{kind}"
    Image.new("RGB", (1654, 2339), "white").save(path, format=kind)
    (page,) = draw(path, sha(path), kind, [(1, None, None)])
    assert page is not None
    assert (round(page.width), round(page.height)) == (595, 842)


def test_a_file_that_has_changed_since_is_not_drawn(tmp_path: Path) -> None:
    with pytest.raises(NoPicture, match="changed"):
        draw(SAMPLE, "0" * 64, "pdf", [(1, None, None)])


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7\n", b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\n", b"\x89PNG"]
)
@pytest.mark.parametrize("kind", ["pdf", "png"])
def test_a_damaged_file_is_told(tmp_path: Path, content: bytes, kind: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    with pytest.raises(NoPicture):
        draw(path, sha(path), kind, [(1, None, None)])


def test_a_format_without_pages_is_told() -> None:
    with pytest.raises(NoPicture):
        draw(SAMPLE, sha(SAMPLE), "docx", [(1, None, None)])


def test_a_source_is_found_where_it_was_moved_to_and_only_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "new" / "deep").mkdir(parents=True)
    moved = tmp_path / "new" / "deep" / "renamed.pdf"
    moved.write_bytes(SAMPLE.read_bytes())
    (tmp_path / "new" / "2021.pdf").write_bytes(b"something else")
    assert SourceFiles(tmp_path, [tmp_path / "new"]).find(sha(SAMPLE), "old/2021.pdf") == moved
    assert SourceFiles(tmp_path, [tmp_path / "new"]).find("0" * 64, "old/2021.pdf") is None
    assert SourceFiles(tmp_path).find(sha(SAMPLE), "../../new/deep/renamed.pdf") is None
