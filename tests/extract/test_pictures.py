"""Pictures of pages in the formats that scanners, phones and chat programs write."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("cv2", reason="scans need the ocr extra")
Image = pytest.importorskip("PIL.Image", reason="pages are drawn with Pillow")

from extract.readers import READERS, scan  # noqa: E402
from extract.sniff import sniff  # noqa: E402


@pytest.mark.parametrize("kind", ["png", "jpeg", "tiff", "bmp", "gif", "jp2", "webp"])
def test_a_picture_is_known_by_its_content_and_decoded(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "page.dat"
    dots = np.full((70, 50), 255, np.uint8)
    dots[20:30] = 0
    Image.fromarray(dots).save(path, format={"jp2": "jpeg2000"}.get(kind, kind))
    assert sniff(path) == kind
    assert READERS[kind] == "extract.readers.scan:read_image"
    (page,) = scan._pictures(path)
    assert page.shape == (70, 50, 3)
    assert page[25].mean() < 10 < 245 < page[50].mean()


def test_text_that_begins_as_a_bitmap_does_is_text(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("BM 12: biểu mẫu số 12\n", "utf-8")
    assert sniff(path) == "text"
