"""Thanh tra thành phố Huế, 2025: the second family, form 01/PCTN of the anti-corruption reporting regime."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tools.corpus.make import LABEL, legal_span
from tools.corpus.model import BLANK, Appendix, Column, Figure, HeaderCell, Layout, Report, Row
from tools.corpus.prose import narrative
from tools.corpus.template import inspection_rows

# MS code → figure, typed by hand
TYPED = {
    "1": "4",
    "2": "2",
    "3": "0",
    "4": "38",
    "5": "2.415",
    "6": "1.200",
    "7": "9",
    "8": "7",
    "9": "21",
    "10": "6",
    "11": "14",
    "12": "0",
    "13": "0",
    "14": "64",
    "15": "3",
    "16": "5",
    "17": "2",
    "18": "11",
    "19": "2",
    "20": "3",
    "21": "3",
    "22": "0",
    "23": "318,5",
    "24": "302,1",
    "25": "57",
    "26": "1",
    "27": "0",
    "28": "0",
    "29": "0",
    "30": "0",
    "31": "214",
    "32": "198",
    "33": "1.872",
    "34": "1.106",
    "35": "766",
    "40": "3.954",
    "41": "121",
    "42": "36",
    "43": "2",
    "43.1": "1",
    "43.2": "1",
}


def _layout() -> Layout:
    columns = (
        Column("stt", ("MS",), 1.4),
        Column("name", ("Nội dung",), 8.6),
        Column("unit", ("Đơn vị tính",), 2.8),
        Column("value", ("Số liệu",), 2.6, "actual"),
    )
    return Layout(columns, tuple(HeaderCell(0, i, c.header[0]) for i, c in enumerate(columns)), 1)


def _rows() -> tuple[Row, ...]:
    """The coded rows, each group under a row of its own that has a name and nothing else."""
    rows: list[Row] = []
    group = ""
    for code, section, name, unit in inspection_rows():
        if code not in TYPED:
            continue
        if section != group:
            group = section
            rows.append(Row("", section, "", {"actual": BLANK}, is_bold=True))
        raw = TYPED[code]
        value = Decimal(raw.replace(".", "").replace(",", "."))
        rows.append(Row(code, name, unit, {"actual": Figure(raw, value)}))
    return tuple(rows)


def reports() -> list[Report]:
    appendix = Appendix(
        "Biểu số: 01/PCTN",
        "01/PCTN",
        "KẾT QUẢ CÔNG TÁC PHÒNG, CHỐNG THAM NHŨNG, LÃNG PHÍ, TIÊU CỰC",
        _layout(),
        _rows(),
        reference="(Kèm theo Báo cáo số 301/BC-TTr ngày 16/9/2025 của Thanh tra thành phố)",
        period_line="Số liệu tính từ ngày 15/12/2024 đến ngày 14/9/2025",
    )
    words = {
        "year": 2025,
        "period": "9 tháng đầu năm 2025",
        "agency": "Thanh tra thành phố",
        "symbol": "TTr",
        "place": "Huế",
    }
    return [
        Report(
            stem="thanh-tra-thanh-pho-hue/2025-9-thang-pctn",
            formats=("docx",),
            purpose="họ biểu mẫu thứ hai: Biểu số 01/PCTN, cột MS, không có cột ghi chú",
            agency="Thanh tra thành phố",
            symbol="TTr",
            number="301",
            date=date(2025, 9, 16),
            parent="UBND THÀNH PHỐ HUẾ",
            place="Huế",
            province="Huế",
            subject="Công tác phòng, chống tham nhũng, lãng phí, tiêu cực 9 tháng đầu năm 2025",
            period=LABEL["9M"].format(y=2025),
            span=legal_span(2025, "9M"),
            span_line="(Từ ngày 15/12/2024 đến ngày 14/9/2025)",
            recipients=("Thanh tra Chính phủ;", "UBND thành phố;", "Lưu: VT, NV."),
            role="CHÁNH THANH TRA",
            signer="Hà Văn Khoa",
            intro=("Thanh tra thành phố Huế báo cáo như sau:",),
            sections=narrative("inspection", "ttr-2025", words, {}),
            appendices=(appendix,),
            closing=("Trên đây là báo cáo của Thanh tra thành phố Huế./.",),
            family="ttcp-2025",
            origin="sinh bởi tools.corpus; văn tự soạn, số liệu giả định gõ tay",
        )
    ]
