"""Sở Kế hoạch và Đầu tư, six months of 2024: the figures of a real report, typed by hand, as facts.

Its letterhead facts, figures, plan numbers and counts are kept; every sentence is written anew. The file
has no letterhead: number and date stand in the captions only. Contradictions of the original stay.
"""

# ruff: noqa: E501 (data, one line per report)
from __future__ import annotations

from datetime import date
from decimal import Decimal

from tools.corpus.make import official_appendix, style_of
from tools.corpus.model import BLANK, Appendix, Figure, Report, Section
from tools.corpus.template import TITLES

# appendix: code figure, code figure … ; a code with = and nothing behind it is printed empty
TYPED = {
    2: "1=6 2= 2.1=21 2.2=12 3= 3.1=0 3.2=0 3.3=0 3.3.1=0 3.3.2=0 4=0 4.1=0 4.2=0 5= 5.1=595 5.2=508 5.3=74 5.4=13 "
    "6= 6.1=0 6.2=0 6.3=0 6.4=0 7= 7.1= 7.2= 8=9_cuộc",
    3: "1=0 1.1=0 1.2=0 1.3= 2=20 2.1=20 2.2=0 2.2.1=20 2.2.2=0 3= 3.1=51 3.2=100 3.2.1=20 3.2.2=0",
    4: "1= 1.1=0 1.2=01 1.3=0 1.4=127 1.4.1=127 1.4.2= 1.4.3= 2= 2.1=2 2.2=52 2.3=127 3= 3.1=88,70% 3.1.1=664 3.1.2=589 3.4=0 3.4.1=0 3.4.2=0",
    5: "1= 1.1=09 1.2=0 1.3=0 1.4= 1.5=0 1.5.1= 1.5.2=0 1.5.3= 1.5.4= 2= 2.1=44 2.2=42 2.3=5 2.4=0 2.5=13,7% 3= 3.1=0 3.2=0 3.3=0 3.4=0",
    6: "1=1 1.1=01 1.2=0 1.3=0 2= 2.1=0 2.2=0 2.3=0 2.4=0 2.5=0 3=0 4=0 4.1=0 4.2=0 4.3=0 4.4=0",
    7: "1=0 1.1=0 1.2=0 2=0 2.1=0 2.2=0 2.3=0 2.4=0 2.4.1=0 2.4.2=0 2.4.3=0 2.5=0 2.6=0",
    8: "1= 2= 3= 4= 5= 5.1=100 5.1.1=100 5.1.2= 5.1.3= 5.2=100 5.2.1=100 5.2.2= 5.2.3= 5.3=100 5.3.1= 5.3.2= 5.3.3= 6= "
    "6.1=100 6.1.1=127 6.1.2=127 6.1.3=0 6.2=100 6.2.1=127 6.2.2=127 6.2.3=0 6.3=91,34 6.3.1=127 6.3.2=116 "
    "6.4=100 6.4.1=1061 6.4.2=1061 6.5=100 6.5.1=48 6.5.2=48",
}
VALUES = {"9 cuộc": "9", "88,70%": "88.7", "13,7%": "13.7", "91,34": "91.34"}

NOTES: dict[int, dict[str, str]] = {
    2: {
        "1": "Các kế hoạch",
        "5": "Số liệu khai thác từ phần mềm quản lý văn bản của tỉnh",
        "8": "Hội thảo, lớp đào tạo",
    },
    3: {
        "2.1": "Kỳ hệ thống hóa 2019 - 2023",
        "2.2": "Chưa có kết quả, đang xin ý kiến",
        "3.2": "Chưa có kết quả, đang xin ý kiến",
    },
    4: {
        "1.4": "- 116 TTHC đã kết nối Cổng DVC quốc gia. - 11 TTHC nội bộ",
        "2.1": "Với Sở Xây dựng",
        "2.2": "Với UBND tỉnh",
    },
    5: {"1.1": "Hiện có 09 phòng, dự kiến còn 08 phòng sau sắp xếp", "2.5": "Giao 51 biên chế năm 2015"},
    8: {"6.5.1": "Đăng ký doanh nghiệp"},
}

EVENTS = (
    "Các cuộc đối thoại, hội thảo đã tổ chức trong kỳ:",
    "- Hội thảo giới thiệu chính sách hỗ trợ doanh nghiệp nhỏ và vừa",
    "- Hội thảo hướng dẫn đăng ký hộ kinh doanh qua mạng",
    "- Hội thảo về kỹ năng bán hàng",
    "- Gặp mặt doanh nghiệp định kỳ, chủ đề quản trị chiến lược",
    "- Hội thảo triển khai Luật Đấu thầu số 22/2023/QH15",
    "- Hội thảo về bố trí không gian làm việc trong doanh nghiệp",
    "- Lớp giám đốc nhân sự, đợt 1",
    "- Lớp giám đốc điều hành (CEO 1, 2)",
    "- Lớp giám đốc nhân sự, đợt 2",
)

PLANS = (
    ("44", "04/01/2024", "cải cách hành chính gắn với chính quyền số và đô thị thông minh"),
    ("68", "05/01/2024", "kiểm soát thủ tục hành chính"),
    ("5453", "29/01/2024", "thông tin, tuyên truyền cải cách hành chính"),
    ("67", "05/01/2024", "rà soát, đánh giá thủ tục hành chính"),
    ("365", "25/01/2024", "tự kiểm tra công tác cải cách hành chính và cơ chế một cửa"),
    ("407", "26/01/2024", "nâng chỉ số cải cách hành chính của Sở"),
)

SECTIONS = (
    Section(1, "I.", "CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH CẢI CÁCH HÀNH CHÍNH"),
    Section(
        2,
        "1.",
        "Về kế hoạch cải cách hành chính (CCHC)",
        (
            "Sở đã ban hành 06 kế hoạch làm căn cứ triển khai trong năm, gồm:",
            *(f"- Kế hoạch số {number}/KH-SKHĐT ngày {day} về {subject} năm 2024;" for number, day, subject in PLANS),
        ),
    ),
    Section(
        2,
        "2.",
        "Về tổ chức chỉ đạo, điều hành CCHC",
        (
            "- Đến giữa năm, đã thực hiện được 12/21 nhiệm vụ trong Kế hoạch cải cách hành chính năm 2024.",
            "- Việc giao nhiệm vụ đến từng công chức có ghi rõ ngày hoàn thành; ¶ Văn phòng Sở nhắc việc hằng tuần trên phần mềm dùng chung.",
        ),
    ),
    Section(
        2,
        "3.",
        "Về kiểm tra CCHC",
        (
            "Đoàn tự kiểm tra đã làm việc với 01 phòng chuyên môn về kiểm soát thủ tục hành chính.",
            "+ Hình thức: làm việc trực tiếp, đối chiếu hồ sơ mẫu.",
            "+ Kết quả: hồ sơ được tiếp nhận và trả đúng quy trình.",
        ),
    ),
    Section(
        2,
        "4.",
        "Về công tác tuyên truyền CCHC",
        (
            "- Nội dung bám Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ và Chỉ thị số 23/CT-TTg ngày 02/9/2021 của Thủ tướng Chính phủ.",
            "- Quán triệt Chỉ thị số 14/CT-TTg ngày 07/6/2019 của Thủ tướng Chính phủ và Chỉ thị số 24/CT-UBND ¶ ngày 24/12/2020 của UBND tỉnh.",
            "- Giới thiệu việc nhận, trả hồ sơ qua bưu chính theo Quyết định số 45/2016/QĐ-TTg ngày 19/10/2016 của Thủ tướng Chính phủ.",
        ),
    ),
    Section(1, "II.", "KẾT QUẢ THỰC HIỆN CÔNG TÁC CẢI CÁCH HÀNH CHÍNH"),
    Section(
        2,
        "1.",
        "Cải cách thể chế",
        ("- Hoàn thành hệ thống hóa văn bản kỳ 2019 - 2023 thuộc lĩnh vực phụ trách, gửi lấy ý kiến các cơ quan.",),
    ),
    Section(2, "2.", "Cải cách thủ tục hành chính"),
    Section(
        3, "2.1.", "Cải cách TTHC trên các lĩnh vực quản lý", ("- Trình công bố thủ tục mới trong lĩnh vực đấu thầu.",)
    ),
    Section(
        3,
        "2.2",
        "Kiểm soát TTHC :",
        ("- Phản ánh, kiến nghị của tổ chức, cá nhân được theo dõi hằng ngày; trong kỳ không phát sinh.",),
    ),
    Section(
        3,
        "2.3.",
        "Công khai thủ tục hành chính",
        (
            "- Danh mục thủ tục tiếp nhận tại Trung tâm Phục vụ hành chính công thực hiện theo Quyết định số 533/QĐ-UBND ngày 04/02/2024.",
        ),
    ),
    Section(
        3,
        "2.4.",
        "Thực hiện cơ chế một cửa:",
        (
            "- Việc tiếp nhận, trả kết quả theo Nghị định số 61/2018/NĐ-CP ngày 23/4/2018 của Chính phủ.",
            "1.061 hồ sơ đã được tiếp nhận từ đầu kỳ, toàn bộ nộp trực tuyến.",
        ),
    ),
    Section(2, "3.", "Cải cách tổ chức bộ máy:"),
    Section(
        3,
        "3.1.",
        "Về chức năng, nhiệm vụ, biên chế của Sở :",
        (
            "- Trình sửa đổi quy định chức năng, nhiệm vụ ban hành kèm theo Quyết định số 43/2022/QĐ-UBND ngày 14/9/2022.",
        ),
    ),
    Section(3, "3.2.", "Về phân cấp quản lý", ("Thực hiện đúng phân cấp hiện hành.",)),
    Section(2, "4.", "Cải cách chế độ công vụ :", ("- Bổ nhiệm 03 lãnh đạo phòng đúng quy trình.",)),
    Section(2, "5.", "Cải cách tài chính công", ("- Công khai quyết toán năm 2023 tại hội nghị đầu năm.",)),
    Section(
        2,
        "6.",
        "Xây dựng và phát triển chính quyền điện tử, chính quyền số",
        ("- Duy trì hệ thống quản lý chất lượng ISO 9001:2015 bản điện tử.",),
    ),
    Section(1, "III.", "ĐÁNH GIÁ CHUNG:"),
    Section(2, "1.", "Những ưu điểm:", ("- Hồ sơ đăng ký doanh nghiệp nhận hoàn toàn qua mạng.",)),
    Section(2, "2.", "Những tồn tại, hạn chế trong thực hiện CCHC:"),
    Section(
        3,
        "2.1.",
        "Tồn tại, hạn chế:",
        ("- Hồ sơ liên thông với sở chuyên ngành còn trễ hạn do phần mềm không đồng bộ ¶ thời gian gia hạn.",),
    ),
    Section(3, "2.2.", "Nguyên nhân", ("- Thành phần hồ sơ tổ chức, cá nhân nộp lần đầu còn thiếu, phải bổ sung.",)),
    Section(
        1,
        "IV.",
        "PHƯƠNG HƯỚNG, NHIỆM VỤ CẢI CÁCH HÀNH CHÍNH TRỌNG TÂM",
        (
            "- Thực hiện các nhiệm vụ còn lại của kế hoạch năm 2024.",
            "- Triển khai Đề án vị trí việc làm sau khi được phê duyệt.",
        ),
    ),
)


def _shown() -> dict[str, Figure]:
    out = {}
    for number, text in TYPED.items():
        for item in text.split(" "):
            code, _, raw = item.partition("=")
            raw = raw.replace("_", " ")
            out[f"{number}:{code}"] = Figure(raw, Decimal(VALUES.get(raw, raw))) if raw else BLANK
    return out


def _appendices() -> tuple[Appendix, ...]:
    shown = _shown()
    reference = "(Ban hành kèm theo Báo cáo số 2147/BC-SKHĐT ngày 11/6/2024 của Sở Kế hoạch và Đầu tư)"
    variants = {2: "a", 3: "a", 4: "b", 5: "b", 6: "a", 7: "c", 8: "a"}
    captions = {3: "glued-title", 6: "glued", 7: "glued-title"}
    out = []
    for n in range(2, 9):
        out.append(
            official_appendix(
                n,
                style_of(f"official-{variants[n]}"),
                shown,
                notes=NOTES.get(n, {}),
                title=TITLES[n],
                reference=reference,
                caption=captions.get(n, "lines"),
                note_cuts={"5": 5} if n == 2 else {},
                gaps=frozenset({"5.3"} if n == 2 else {"5.3.3"} if n == 8 else ()),
                units={"4.1": "%"} if n == 2 else {},
                text_after=EVENTS if n == 2 else (),
            )
        )
    return tuple(out)


def june_2024(folder: str) -> Report:
    return Report(
        stem=f"{folder}/2024-6-thang",
        formats=("txt",),
        purpose="đủ 145 dòng của mẫu 2022 với số liệu thật; không có phần đầu văn bản; ba biến thể tiêu đề; "
        "tiêu đề dính vào số phụ lục; ghi chú đứt qua trang; danh sách sau bảng; dấu ký số ở cuối",
        agency="Sở Kế hoạch và Đầu tư",
        symbol="SKHĐT",
        number="2147",
        date=date(2024, 6, 11),
        parent="UBND TỈNH THỪA THIÊN HUẾ",
        place="Thừa Thiên Huế",
        province="Thừa Thiên Huế",
        subject="Công tác cải cách hành chính 6 tháng đầu năm 2024.",
        period="2024-H1",
        span=(date(2023, 12, 15), date(2024, 6, 10)),
        span_line="(Từ ngày 15/12/2023 đến 10/6/2024).",
        recipients=("Sở Nội vụ ;", "VP UBND tỉnh;", "Lưu: VT, VP"),
        role="KT.GIÁM ĐỐC\nPHÓ GIÁM ĐỐC",
        signer="Phan Quốc Sơn",
        intro=(
            "Theo Công văn số 188/SNV-CCHC ngày 24/02/2022 của Sở Nội vụ, Sở Kế hoạch và Đầu tư tỉnh Thừa Thiên Huế báo cáo như sau:",
        ),
        sections=SECTIONS,
        appendices=_appendices(),
        closing=("(có phụ lục kèm theo)", "Trên đây là báo cáo 6 tháng đầu năm 2024 của Sở./."),
        styles=frozenset({"letterhead-none", "cut-paragraphs", "stamp-debris"}),
        origin="số liệu và tên chỉ tiêu của một báo cáo thật (dữ kiện), văn tự soạn",
        contradictions=(
            ("3", "3.2 3.2.1 3.2.2", "tỷ lệ in 100 % trong khi 0/20"),
            ("2", "4.1", "đơn vị % cho một chỉ tiêu đếm số cơ quan"),
            ("2", "8", "9 cuộc ở dòng chỉ trả lời Có = 1, Không = 0"),
            ("5", "1.1", "09 (phòng) ở dòng có đơn vị %"),
        ),
    )
