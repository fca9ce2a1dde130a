"""Old encodings in PDFs that were printed with other fonts: only the bytes tell, and some of them are lost."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from extract.legacy import Decoder, Span
from extract.legacy_losses import Losses, restored
from extract.legacy_tables import decode_tcvn3
from extract.model import Paragraph
from extract.readers.pdf import read_pdf
from tests.extract.test_legacy_documents import as_windows, pdf

PLAIN = "ĂÂÊÔƠƯĐ"
needs_iconv = pytest.mark.skipif(shutil.which("iconv") is None, reason="iconv is the encoder of this test")
PROSE = [
    "Báo cáo công tác cải cách hành chính của Sở Kế hoạch và Đầu tư",
    "Các nhiệm vụ được giao trước hạn, nhưng chưa hoàn thành",
    "Người dân được hưởng lương, phương án tương đương, tham mưu đúng luật",
]


def tcvn3(text: str) -> str:
    small = "".join(c.lower() if not c.isascii() and c not in PLAIN else c for c in text)
    done = subprocess.run(
        ["iconv", "-f", "UTF-8", "-t", "TCVN5712-1"], input=small.encode(), capture_output=True, check=True
    )
    return as_windows(done.stdout)


def printed(text: str) -> str:
    """TCVN3 as it is after printing: the soft hyphen is not drawn."""
    return tcvn3(text).replace("\xad", "")


def page(path: Path, lines: Sequence[str]) -> str:
    """A page as it is read; none of its fonts is an old one."""
    blocks = read_pdf(pdf(path, [[(line, "LiberationSerif")] for line in lines]), reader="pdfium").blocks
    return " ".join(block.text.replace("\n", " ") for block in blocks if isinstance(block, Paragraph))


@needs_iconv
def test_a_horn_that_was_not_drawn_is_put_back(tmp_path: Path) -> None:
    text = page(tmp_path / "a.pdf", list(map(printed, PROSE)))
    assert all(line in text for line in PROSE)


@needs_iconv
@pytest.mark.parametrize("hyphen", ["-", "\xad"])
def test_a_horn_that_is_drawn_as_a_hyphen_is_read(hyphen: str, tmp_path: Path) -> None:
    lines = [tcvn3(line).replace("\xad", hyphen) for line in PROSE]
    text = page(tmp_path / "a.pdf", lines)
    assert all(line in text for line in PROSE)


@needs_iconv
def test_a_word_that_a_drawn_hyphen_parts_over_two_lines_is_whole(tmp_path: Path) -> None:
    lines = [*map(printed, PROSE), printed("Đã trình ban quản lý n") + "-", "íc vµ t-", "¬ng ®¬ng"]
    assert "Đã trình ban quản lý nước và tương đương" in page(tmp_path / "a.pdf", lines)


@needs_iconv
@pytest.mark.parametrize(
    ("left", "meant"),
    [
        ("đợc trớc lợng", "được trước lượng"),
        ("ngời dới nhng cha tham mu", "người dưới nhưng chưa tham mưu"),
        ("Sở T pháp, đầu t công, thông t số 12", "Sở Tư pháp, đầu tư công, thông tư số 12"),
        ("điểm c khoản 2, c) 5 m, 12/t, TH KH", "điểm c khoản 2, c) 5 m, 12/t, TH KH"),
        ("tối đa, đa ra", "tối đa, đa ra"),
        ("đặc trư ờng hợp", "đặc trư ờng hợp"),
        ("ĐẦU T PHƠNG ÁN", "ĐẦU T PHƯƠNG ÁN"),
    ],
)
def test_only_what_has_one_meaning_gets_its_horn_back(left: str, meant: str) -> None:
    said = "".join(unit or "" for unit in restored(list(left), is_lossy=True))
    assert said == meant


def test_a_sound_text_keeps_words_that_could_have_lost_a_horn() -> None:
    for left in ("ngời", "cha", "đa", "tham mu"):
        assert restored(list(left), is_lossy=False) == list(left)
    assert "".join(unit or "" for unit in restored(decode_tcvn3("®îc"), is_lossy=False)) == "được"


def test_what_may_be_either_is_said() -> None:
    losses = Losses()
    losses.learn("đợc trớc lợng", "tcvn3")
    assert losses.is_lossy
    assert losses.doubts("đa ra, tối đa", is_tcvn3=True) == {"đa"}
    assert not losses.doubts("vùng sâu, vùng xa; đầu tưCác sở", is_tcvn3=True)
    assert losses.doubts("thực hinệ", is_tcvn3=True) == {"hinệ"}


def test_letters_lost_all_over_make_every_word_doubtful() -> None:
    losses = Losses()
    losses.learn("hinệ nay kimể tra tuynể dụng đnế kỳ vicệ làm luynậ án quynề hạn thicế bị quyn lợi tuyn sinh", "vps")
    assert losses.is_broken
    assert losses.doubts("Số nhim vụ 12", is_tcvn3=False) == {"Số", "nhim", "vụ"}


def test_viqr_that_was_parted_behind_a_question_mark_is_whole(tmp_path: Path) -> None:
    lines = ["So^' vie^n chu+'c ddu+o+.c tuye^?", "n du.ng, ky? lua^.t cu?", "a ddo+n vi. so^' 12"]
    text = page(tmp_path / "a.pdf", lines)
    assert all(line in text for line in ("Số viên chức được tuyển", "dụng, kỷ luật của", "đơn vị số 12"))


def test_viqr_beside_unicode_in_one_passage_is_read_and_a_dot_of_unicode_stays() -> None:
    spans = [Span("Số văn bản đã ban hành. "), Span("(ke^'t lua^.n, chi? thi., qua'n trie^.t)"), Span(" mẫu 2.")]
    decoder = Decoder.of([[Span("Nhie^.m vu. ddu+o+.c giao so^' 12, co^ng chu+'c")], spans])
    assert decoder is not None
    decoded = decoder.decode(spans)
    assert "".join(decoded.texts) == "Số văn bản đã ban hành. (kết luận, chỉ thị, quán triệt) mẫu 2."
    assert decoded.encoding == "viqr"
    assert decoder.decode([Span("Tổng số "), Span("mau 2, a^2.")]).encoding == ""


def test_a_dot_of_viqr_in_doubt_is_weighed_by_the_unicode_beside_it() -> None:
    old = [Span("mu+'c ddo^. 3 cu?a bo^."), Span(" Số viên chức")]
    town = [Span("quy hoa.ch ddo^ thi. ddo^ thi. mo+'i")]
    known = [Span("Thủ tục ở mức độ 4"), Span(" ddu+o+.c nhie^.m vu. so^' 12, co^ng chu+'c")]
    decoder = Decoder.of([old, known, town, [Span("Nhie^.m vu. ddu+o+.c giao so^' 12, co^ng chu+'c")]])
    assert decoder is not None
    assert decoder.decode(old).texts[0].startswith("mức độ 3")


def test_viqr_with_a_dash_in_it_is_read() -> None:
    dashed = "So^' vie^n chu+'c – du.ng ddu+o+.c"
    decoder = Decoder.of([[Span("Nhie^.m vu. ddu+o+.c giao so^' 12, co^ng chu+'c")], [Span(dashed)]])
    assert decoder is not None
    assert decoder.decode([Span(dashed)]).text == "Số viên chức – dụng được"


@needs_iconv
def test_headings_and_captions_of_a_capital_font_are_known_without_it(tmp_path: Path) -> None:
    lines = [printed(line.lower()) for line in ("II. Kết quả thực hiện", "Phụ lục VII")]
    text = page(tmp_path / "a.pdf", [*map(printed, PROSE), *lines])
    assert "II. KẾT QUẢ THỰC HIỆN" in text and "PHỤ LỤC VII" in text


@needs_iconv
def test_a_later_page_without_a_byte_that_tells_is_read_too() -> None:
    decoder = Decoder.of([[Span(printed(line))] for line in PROSE * 3])
    assert decoder is not None
    follows = Decoder.of([[Span("nhng cha")]], decoder)
    assert follows is not None
    assert follows.decode([Span("nhng cha")]).text == "nhưng chưa"


def test_sound_unicode_with_signs_of_old_bytes_stays() -> None:
    lines = [
        "Sở Nội vụ báo cáo: phần mềm Acrobat® và Oracle© chạy 5 µs · ổn định",
        "Cộng tác với Đại học Genève, Université de Montréal và Nestlé®",
        "Nestlé®",
        "Genève · Montréal",
        "12 µg",
    ]
    decoder = Decoder.of([[Span(line)] for line in lines])
    assert decoder is not None  # the signs are looked at
    assert [decoder.decode([Span(line)]).text for line in lines] == lines
    assert not decoder.problems()
