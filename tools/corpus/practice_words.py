"""What offices print, as lists to draw from: agencies, periods, captions, header words, notes, deceptive prose."""

# ruff: noqa: E501
from __future__ import annotations

AGENCIES = (
    ("Sở Nội vụ", "SNV", "S", "home"),
    ("Sở Tài chính", "STC", "K", "department"),
    ("Sở Tư pháp", "STP", "T", "justice"),
    ("Sở Y tế", "SYT", "T", "department"),
    ("Sở Xây dựng", "SXD", "K", "department"),
    ("Sở Giáo dục và Đào tạo", "SGDĐT", "K", "home"),
    ("Sở Công Thương", "SCT", "T", "department"),
    ("Sở Khoa học và Công nghệ", "SKHCN", "K", "justice"),
    ("Sở Tài nguyên và Môi trường", "STNMT", "S", "department"),
    ("Sở Nông nghiệp và Phát triển nông thôn", "SNNPTNT", "K", "department"),
    ("Sở Lao động - Thương binh và Xã hội", "SLĐTBXH", "T", "home"),
)
PLACES = (
    ("TỈNH THỪA THIÊN HUẾ", "Thừa Thiên Huế"),
    ("TỈNH QUẢNG NAM", "Quảng Nam"),
    ("TỈNH KON TUM", "Kon Tum"),
    ("TỈNH ĐẮK LẮK", "Đắk Lắk"),
    ("TỈNH HÀ TĨNH", "Hà Tĩnh"),
    ("TỈNH BÀ RỊA - VŨNG TÀU", "Bà Rịa - Vũng Tàu"),
    ("THÀNH PHỐ ĐÀ NẴNG", "Đà Nẵng"),
    ("TỈNH HÒA BÌNH", "Hòa Bình"),
)
SIGNERS = (
    "Nguyễn Văn Thuỷ",
    "Lê Thị Hòa",
    "Trần Đình Quý",
    "Phạm Thuý Hằng",
    "Huỳnh Đức",
    "Y Thanh Hà Niê Kđăm",
    "Tôn Thất Viễn Bào",
    "Võ Lê Nhật",
)
ROLES = ("GIÁM ĐỐC", "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", "Q. GIÁM ĐỐC", "TL. GIÁM ĐỐC\nCHÁNH VĂN PHÒNG")
PERIOD_WORDS = {
    "Q1": ("quý I năm {y}", "quý I/{y}", "quý 1 năm {y}"),
    "H1": ("6 tháng đầu năm {y}", "06 tháng đầu năm {y}", "sáu tháng đầu năm {y}"),
    "Q2": ("quý II năm {y}", "quý II/{y}"),
    "Q3": ("quý III năm {y}", "quý III/{y}"),
    "9M": ("9 tháng đầu năm {y}", "9 tháng năm {y}", "09 tháng đầu năm {y}"),
    "Y": ("năm {y}",),
    "8M": ("8 tháng đầu năm {y}", "8 tháng năm {y}"),
    "11M": ("11 tháng năm {y}",),
    "H2": ("6 tháng cuối năm {y}",),
    "M06": ("tháng 6 năm {y}", "tháng 6/{y}"),
}
SUBJECTS = (
    "Công tác cải cách hành chính {p}",
    "Kết quả thực hiện công tác cải cách hành chính {p}",
    "Tình hình, kết quả công tác cải cách hành chính {p}",
    "Về công tác cải cách hành chính {p}",
)
SPANS = (
    "(Từ ngày {a} đến ngày {b})",
    "(Từ ngày {a} đến {b}).",
    "(Số liệu tính từ ngày {a} đến ngày {b})",
    "(Kỳ báo cáo từ ngày {a} đến ngày {b})",
)
REFERENCES = ("Ban hành kèm theo Báo cáo", "Kèm theo Báo cáo", "Kèm theo Báo cáo")
CAPTIONS = (
    "Phụ lục {n}",
    "Phụ lục {n}",
    "PHỤ LỤC {n}",
    "Phụ lục {r}",
    "PHỤ LỤC {r}",
    "Phụ lục số {nn}",
    "Phụ lục {nn}",
    "Phụ lục {n}.",
    "PHỤ LỤC {r}:",
    "Phụ lục số {n}:",
    "Biểu số {n}",
)
# synonyms of header words by role; several columns of figures have their own
WORDS: dict[str, tuple[str, ...]] = {
    "stt": ("STT", "TT", "Số TT", "Stt", "Số thứ tự"),
    "name": ("Chỉ tiêu", "Nội dung", "Tên chỉ tiêu", "Chỉ tiêu thống kê", "Nội dung chỉ tiêu", "Nội dung báo cáo"),
    "unit": ("Đơn vị tính", "ĐVT", "Đơn vị"),
    "actual": ("Số liệu", "Kết quả", "Thực hiện", "Kỳ báo cáo", "Kết quả thực hiện", "Thực hiện trong kỳ"),
    "note": ("Ghi chú", "Ghi chú", "Ghi Chú"),
    "previous": ("Cùng kỳ năm trước", "Cùng kỳ năm {last}", "Thực hiện cùng kỳ năm trước"),
    "plan": ("Kế hoạch", "Kế hoạch năm", "Chỉ tiêu kế hoạch"),
    "prior_period": ("Kỳ trước", "Kỳ trước liền kề"),
}
FIGURE_SETS: tuple[tuple[str, ...], ...] = (
    ("actual",),
    ("actual",),
    ("actual",),
    ("previous", "actual"),
    ("plan", "actual"),
    ("actual", "previous"),
    ("plan", "actual", "previous"),
    ("prior_period", "actual"),
)
ORDERS = (
    ("stt", "name", "unit", "F", "note"),
    ("stt", "name", "unit", "F", "note"),
    ("stt", "name", "unit", "F"),
    ("stt", "name", "F", "unit", "note"),
    ("stt", "unit", "name", "F", "note"),
    ("stt", "name", "F", "note", "unit"),
)
WIDTH = {"stt": 1.6, "name": 6.6, "unit": 2.5, "note": 2.8}
NOTES = (
    "Theo Quyết định số 12/QĐ-UBND ngày 03/02/2023",
    "Có 11 TTHC nội bộ",
    "Số liệu lấy từ phần mềm",
    "01 phòng",
    "Tăng 5% so với cùng kỳ",
    "2 đơn vị chưa báo cáo",
    "Đang thực hiện",
    "Lũy kế từ ngày 15/12 năm trước; gồm cả hồ sơ của các đơn vị trực thuộc và hồ sơ nhận qua dịch vụ bưu chính công ích",
    "- Cấp tỉnh: 12\n- Cấp huyện: 8",
)
REWORDED = (
    ("Số ", "Số lượng "),
    ("Tỷ lệ ", "Tỉ lệ "),
    ("Tổng số ", "Tổng cộng số "),
    ("TTHC", "thủ tục hành chính"),
    ("VBQPPL", "văn bản quy phạm pháp luật"),
    ("hoàn thành", "thực hiện xong"),
)
SUBROWS = ("Trong đó: nhận qua bưu chính công ích", "- Trong đó: trực tuyến toàn trình", "+ Cấp xã")
# prose that looks like headings, codes, captions or rows
TRAPS = (
    "1.061 hồ sơ đã được tiếp nhận qua Cổng Dịch vụ công, tăng so với cùng kỳ.",
    "15/12 là thời điểm chốt số liệu của kỳ trước.",
    "10.6.{y}, đơn vị đã có văn bản đôn đốc các phòng chuyên môn.",
    "1) Rà soát quy trình nội bộ;",
    "2) Cập nhật quy trình điện tử;",
    "a) Đối với hồ sơ trực tuyến: tiếp nhận ngay trong ngày;",
    "b) Đối với hồ sơ giấy: số hóa trước khi xử lý;",
    "1. 5 nhiệm vụ đã hoàn thành đúng tiến độ;",
    "2. 3 nhiệm vụ đang triển khai, dự kiến hoàn thành trong kỳ sau.",
    "I. và Mục II. của Kế hoạch được giao cho Văn phòng theo dõi.",
    "+ Phụ lục 2 và Phụ lục 3 của Kế hoạch được điều chỉnh theo hướng dẫn mới.",
    "- 3.1. là mã chỉ tiêu có thay đổi cách tính trong kỳ.",
    "Chi tiết tại Phụ lục 4 kèm theo Báo cáo này.",
    "5.2 triệu lượt truy cập là số liệu của Cổng thông tin điện tử.",
    "Năm {y}, đơn vị đăng ký 02 sáng kiến cải cách hành chính.",
)
