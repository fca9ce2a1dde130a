"""Pale and coloured print: read, or said; the back of a sheet: neither."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

cv2 = pytest.importorskip("cv2", reason="scans need the ocr extra")
image = pytest.importorskip("PIL.Image", reason="pages are drawn with Pillow")

from PIL import ImageDraw, ImageFont  # noqa: E402

from extract.model import Grid, Paragraph  # noqa: E402
from extract.readers import scan, scan_pale, scan_tesseract  # noqa: E402
from extract.readers.pdf_page import Carried  # noqa: E402
from extract.readers.scan_image import clean_page  # noqa: E402
from extract.readers.scan_pale import Kind, find_pale, kinds_of, stamps, white_of, with_pale_print  # noqa: E402

needs_tesseract = pytest.mark.skipif("vie" not in scan_tesseract.languages(), reason="Tesseract with vie is missing")
SCALE = 200 / 72
WIDTH, HEIGHT = 1240, 900
EDGES, TOP, HIGH = (60, 150, 760, 960, 1180), 200, 62
ROWS = [
    ("STT", "Chỉ tiêu", "Đơn vị tính", "Số liệu"),
    ("1.", "Tổng số văn bản đã ban hành", "Văn bản", "1.061"),
    ("1.1.", "Số văn bản cấp tỉnh", "Văn bản", "524"),
    ("1.2.", "Số văn bản cấp xã", "Văn bản", "537"),
    ("2.", "Số hồ sơ đã tiếp nhận", "Hồ sơ", "379"),
    ("2.1.", "Số hồ sơ giải quyết đúng hạn", "Hồ sơ", "345"),
]
PROSE = [
    "Trong kỳ, đơn vị đã triển khai thực hiện các nhiệm vụ theo kế hoạch",
    "đề ra; các phòng chuyên môn thực hiện nghiêm túc quy định về công khai",
    "thủ tục hành chính và giải quyết hồ sơ của tổ chức, cá nhân.",
]
Tone = tuple[int, int, int]
BLACK: Tone = (20, 20, 20)


class Ink(NamedTuple):
    prose: Tone = BLACK
    table: Tone = BLACK
    row: Tone | None = None  # of the third row of figures


def grey(darkness: float) -> Tone:
    tone = round(255 * (1 - darkness))
    return tone, tone, tone


def font(size: int) -> ImageFont.FreeTypeFont:
    for name in ("NotoSerif-Regular.ttf", "DejaVuSerif.ttf", "LiberationSerif-Regular.ttf"):
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    pytest.skip("no font with Vietnamese letters is installed")


def drawn(ink: Ink | None) -> np.ndarray:
    """Three lines of prose over a ruled table, in colour (blue, green, red), without grain."""
    page = image.new("RGB", (WIDTH, HEIGHT), (255, 255, 255))
    if ink is not None:
        draw, face = ImageDraw.Draw(page), font(34)
        for n, line in enumerate(PROSE):
            draw.text((80, 40 + 46 * n), line, fill=ink.prose, font=face)
        rules = BLACK if ink.table == BLACK or max(ink.table) - min(ink.table) else ink.table
        for r, row in enumerate(ROWS):
            tone = ink.row if ink.row is not None and r == 3 else ink.table
            draw.line((EDGES[0], TOP + HIGH * r, EDGES[-1], TOP + HIGH * r), fill=rules, width=2)
            for c, text in enumerate(row):
                draw.text((EDGES[c] + 14, TOP + HIGH * r + 12), text, fill=tone, font=face)
        bottom = TOP + HIGH * len(ROWS)
        draw.line((EDGES[0], bottom, EDGES[-1], bottom), fill=rules, width=2)
        for x in EDGES:
            draw.line((x, TOP, x, bottom), fill=rules, width=2)
    return np.asarray(page)[:, :, ::-1].astype(np.float32)


def scanned(page: np.ndarray, noise: float = 5.0, is_grey: bool = True) -> np.ndarray:
    soft = cv2.GaussianBlur(page, (0, 0), 0.5) * 0.97
    if is_grey:
        soft = soft.mean(axis=2)
    return np.clip(soft + np.random.default_rng(3).normal(0, noise, soft.shape), 0, 255).astype(np.uint8)


def through(page: np.ndarray, back: np.ndarray, share: float, blur: float = 2.0) -> np.ndarray:
    """The page with the back of the sheet showing through: mirrored and blurred."""
    other = cv2.GaussianBlur(np.ascontiguousarray(back[:, ::-1]), (0, 0), blur)
    return page * (1 - share * (1 - other / 255))


def read(picture: np.ndarray) -> tuple[list[list[str]], list[str], list[str]]:
    """Rows of the tables, texts beside them, problems of the page as a whole."""
    done = scan.read_picture(picture, SCALE, 7, Carried())
    assert {p.page for p in done.problems} <= {7}
    rows, texts = [], []
    for block in (item.block for item in done.placed):
        if isinstance(block, Grid):
            rows += [[c.text for c in block.cells if c.row == r] for r in range(block.n_rows)]
        elif isinstance(block, Paragraph):
            texts += block.text.split("\n")
    return rows, texts, [p.code for p in done.problems if p.code.startswith("page-")]


def figures(rows: list[list[str]]) -> list[tuple[str, str]]:
    return [(row[0].rstrip(".,"), row[-1]) for row in rows[1:]]


TRUE = [(row[0].rstrip("."), row[-1]) for row in ROWS[1:]]
slow = pytest.mark.slow
PALE = [
    pytest.param("whole page, 10 %", Ink(grey(0.10), grey(0.10)), id="page-10"),
    pytest.param("whole page, 20 %", Ink(grey(0.20), grey(0.20)), id="page-20", marks=slow),
    pytest.param("table, 15 %", Ink(BLACK, grey(0.15)), id="table-15"),
    pytest.param("row, 12 %", Ink(BLACK, BLACK, grey(0.12)), id="row-12"),
    pytest.param("row, 25 %", Ink(BLACK, BLACK, grey(0.25)), id="row-25", marks=slow),
]


@needs_tesseract
@pytest.mark.parametrize(("kind", "ink"), PALE)
def test_pale_print_is_read(kind: str, ink: Ink) -> None:
    rows, texts, codes = read(scanned(drawn(ink)))
    assert (figures(rows), set(codes) - {"page-pale"}) == (TRUE, set())
    assert "nhiệm vụ theo kế hoạch" in " ".join(texts)


@needs_tesseract
@pytest.mark.parametrize(
    "tone", [(200, 0, 0), *(pytest.param(t, marks=slow) for t in ((30, 60, 200), (255, 120, 120), (20, 40, 140)))]
)
def test_coloured_print_is_read(tone: Tone) -> None:
    rows, _, codes = read(scanned(drawn(Ink(BLACK, BLACK, tone)), is_grey=False))
    assert (figures(rows), codes) == (TRUE, [])
    rows, texts, codes = read(scanned(drawn(Ink(tone, tone)), is_grey=False))
    assert (figures(rows), codes) == (TRUE, [])
    assert "nhiệm vụ theo kế hoạch" in " ".join(texts)


@needs_tesseract
@pytest.mark.parametrize("share", [pytest.param(0.10, marks=slow), 0.25])
def test_the_back_of_a_sheet_is_not_read_and_says_nothing(share: float) -> None:
    back = drawn(Ink())
    front = drawn(None)
    assert read(scanned(through(front, back, share, 1.5))) == ([], [], [])
    rows, _, codes = read(scanned(through(drawn(Ink()), back, share, 1.5)))
    assert (figures(rows), codes) == (TRUE, [])


@needs_tesseract
def test_print_and_the_back_of_a_sheet_are_told_apart_by_what_a_mirror_reads() -> None:
    pale = drawn(Ink(grey(0.2), grey(0.2)))
    for page, kind in ((pale, Kind.PRINT), (np.ascontiguousarray(pale[:, ::-1]), Kind.BACK)):
        found = find_pale(clean_page(scanned(page), SCALE))
        kinds = kinds_of(found, SCALE)
        assert found.is_all
        assert kinds.count(kind) > 0.7 * len(kinds)


def unreadable(page: np.ndarray, tone: int, top: int = 300) -> None:
    """Lines of pieces as large as letters, which no reader knows."""
    for y in range(top, top + 200, 50):
        for x in range(100, 1100, 22):
            page[y : y + 22, x : x + 12] = tone


@needs_tesseract
@pytest.mark.parametrize("is_alone", [True, False])
def test_what_is_pale_and_cannot_be_read_is_said(is_alone: bool) -> None:
    page = np.full((HEIGHT, WIDTH), 250, np.uint8)
    unreadable(page, 225)
    if not is_alone:
        page[:200] = np.minimum(page[:200], drawn(Ink())[:200].mean(axis=2).astype(np.uint8))
    _, texts, codes = read(scanned(np.repeat(page[:, :, None], 3, axis=2).astype(np.float32)))
    assert codes == ["page-too-faint"]
    assert bool(texts) is not is_alone


@needs_tesseract
@pytest.mark.parametrize(("darkness", "codes"), [(0.3, ""), (0.09, "page-pale")])
def test_print_so_weak_that_some_may_be_missing_is_said(darkness: float, codes: str) -> None:
    page = clean_page(scanned(drawn(Ink(BLACK, BLACK, grey(darkness)))), SCALE)
    assert with_pale_print(page)[1] == codes


def test_dark_print_of_which_no_word_was_read_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "require", lambda: None)
    monkeypatch.setattr(scan, "read_words", lambda *_, **__: [])
    monkeypatch.setattr(scan, "orientation", lambda *_: 0)
    page = np.full((HEIGHT, WIDTH), 250, np.uint8)
    unreadable(page, 20)
    assert read(page) == ([], [], ["page-print-unread"])


@pytest.fixture
def no_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tesseract is not asked."""

    def read_words(*_: object, **__: object) -> list[scan_tesseract.OcrWord]:
        raise AssertionError("a reading was paid for")

    monkeypatch.setattr(scan_pale, "read_words", read_words)


@pytest.mark.usefixtures("no_reader")
@pytest.mark.parametrize("noise", [0.0, 5.0, 12.0])
def test_a_page_without_pale_print_is_left_and_costs_no_reading(noise: float) -> None:
    page = clean_page(scanned(drawn(Ink()), noise), SCALE)
    out, said = with_pale_print(page)
    assert out is page
    assert not said


@pytest.mark.usefixtures("no_reader")
def test_shaded_cells_and_photographs_of_paper_are_no_pale_print() -> None:
    page = drawn(Ink())
    page[TOP : TOP + HIGH, EDGES[0] : EDGES[-1]] *= 0.85
    shade = np.linspace(0.6, 1.0, WIDTH)[None, :, None]
    for picture in (page, page * shade):
        clean = clean_page(scanned(picture), SCALE)
        assert with_pale_print(clean)[0] is clean


@pytest.mark.usefixtures("no_reader")
def test_a_pale_figure_alone_in_its_cell_is_darkened_without_being_asked() -> None:
    page = drawn(Ink())
    cell = np.s_[TOP + 3 * HIGH + 4 : TOP + 4 * HIGH - 4, EDGES[3] + 4 : EDGES[3] + 44]  # `53` of `537`
    page[TOP + 3 * HIGH + 4 : TOP + 4 * HIGH - 4, EDGES[3] + 44 : EDGES[4] - 4] = 255
    page[cell] = 255 - 0.15 * (255 - page[cell])
    clean = clean_page(scanned(page), SCALE)
    assert int(clean.grey[cell].min()) > 180
    assert int(with_pale_print(clean)[0].grey[cell].min()) < 90


def test_the_paler_the_grain_the_paler_may_print_be() -> None:
    rng = np.random.default_rng(1)
    tones = []
    for noise in (0.5, 2.0, 4.0):
        page = np.clip(rng.normal(240, noise, (500, 500)), 0, 255).astype(np.uint8)
        white = white_of(page)
        assert float((page < white).mean()) < 1e-4
        tones.append(white)
    assert tones == sorted(tones, reverse=True)


def test_a_seal_is_no_print_and_coloured_lines_are_no_seal() -> None:
    page = drawn(Ink(BLACK, (200, 30, 30)))
    cv2.circle(page, (950, 760), 120, (45, 40, 215), 5)
    cv2.ellipse(page, (950, 760), (60, 60), 0, 0, 300, (45, 40, 215), 8)
    boxes = stamps(clean_page(scanned(page, 3.0, is_grey=False), SCALE))
    assert any(np.allclose(box, (828, 638, 1072, 882), atol=12) for box in boxes)
    assert all(x0 >= 828 - 12 and top >= 638 - 12 for x0, top, *_ in boxes)
