"""Narratives of the samples, written for this project: several sets, so that reports do not look cloned.

A set lists sections as (level, label, title, paragraphs). In a paragraph `{year}`, `{period}`, `{agency}`,
`{symbol}` and so on are filled in and `[[4:3.1.1]]` stands for the figure printed in that appendix row; a
paragraph whose figure the report does not print is left out. Which of the paragraphs a report takes
depends on its name only. `¶` marks where a page break may cut a paragraph in text files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tools.corpus.figures import noise
from tools.corpus.model import Section

_FIGURE = re.compile(r"\[\[([\d:.]+)\]\]")

Outline = list[tuple[int, str, str, list[str]]]

DEPARTMENT: Outline = [
    (1, "I.", "CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH CẢI CÁCH HÀNH CHÍNH", []),
    (2, "1.", "Công tác lập kế hoạch", [
        "Ngay trong tháng đầu năm, Giám đốc Sở đã ký ban hành Kế hoạch số 31/KH-{symbol} ngày 08/01/{year} về cải cách hành chính năm {year}, giao rõ đầu mối, sản phẩm và hạn hoàn thành của từng phòng.",
        "Kế hoạch năm đề ra [[2:2.1]] nhiệm vụ. Đến hết kỳ báo cáo, [[2:2.2]] nhiệm vụ đã có sản phẩm, bằng [[2:2.2]]/[[2:2.1]] nhiệm vụ được giao.",
        "Các phòng, đơn vị trực thuộc căn cứ kế hoạch chung để xây dựng lịch công tác tháng; Văn phòng Sở tổng hợp, nhắc việc vào ngày 25 hằng tháng.",
    ]),
    (2, "2.", "Công tác điều hành, kiểm tra", [
        "Lãnh đạo Sở đã ký [[2:1]] văn bản chỉ đạo về cải cách hành chính trong {period}.",
        "Kết quả thực hiện nhiệm vụ do UBND tỉnh giao như sau:",
        "1) Hoàn thành đúng hạn: [[2:5.2]] nhiệm vụ;",
        "2) Hoàn thành nhưng quá hạn: [[2:5.3]] nhiệm vụ;",
        "a) Nguyên nhân chủ quan thuộc về khâu phối hợp giữa các phòng;",
        "b) Nguyên nhân khách quan do phải chờ ý kiến của bộ, ngành trung ương.",
        "Qua tự kiểm tra phát hiện [[2:3.3.1]] vấn đề, đã xử lý xong [[2:3.3.2]] vấn đề.",
    ]),
    (2, "3.", "Công tác thông tin, tuyên truyền", [
        "Chuyên mục cải cách hành chính trên Trang thông tin điện tử của Sở được cập nhật đều, nội dung bám Nghị quyết số 76/NQ-CP ngày 15/7/2021 của Chính phủ.",
        "Tờ gấp hướng dẫn nộp hồ sơ trực tuyến được đặt tại quầy giao dịch của Trung tâm Phục vụ hành chính công.",
    ]),
    (1, "II.", "KẾT QUẢ THỰC HIỆN CÁC NỘI DUNG CẢI CÁCH HÀNH CHÍNH", []),
    (2, "1.", "Cải cách thể chế", [
        "Sở đã rà soát [[3:3.1]] văn bản quy phạm pháp luật thuộc lĩnh vực phụ trách; trong đó [[3:3.2.1]] văn bản cần xử lý.",
        "Việc lấy ý kiến đối tượng chịu tác động được thực hiện trên Cổng thông tin điện tử trước khi trình thẩm định.",
    ]),
    (2, "2.", "Cải cách thủ tục hành chính", []),
    (3, "2.1.", "Công bố, công khai thủ tục hành chính", [
        "Tổng số thủ tục hành chính thuộc thẩm quyền giải quyết là [[4:1.4]] thủ tục, công khai đủ trên Cơ sở dữ liệu quốc gia và niêm yết tại bộ phận một cửa theo Nghị định số 61/2018/NĐ-CP ngày 23/4/2018 của Chính phủ.",
    ]),
    (3, "2.2.", "Tiếp nhận và giải quyết hồ sơ", [
        "[[8:6.4.1]] hồ sơ đã được tiếp nhận từ đầu kỳ, trong đó [[8:6.4.2]] hồ sơ nộp trực tuyến.",
        "Trong [[4:3.1.1]] hồ sơ đã giải quyết xong có [[4:3.1.2]] hồ sơ đúng hạn; các hồ sơ trễ hạn đều có thư xin lỗi và hẹn lại ngày trả.",
        "15/12 năm trước là mốc bắt đầu tính số liệu của các biểu kèm theo báo cáo này.",
    ]),
    (2, "3.", "Cải cách tổ chức bộ máy hành chính", [
        "Biên chế được giao trong năm là [[5:2.1]] người, có mặt tại thời điểm báo cáo [[5:2.2]] người. Việc sắp xếp phòng chuyên môn thực hiện theo Nghị định số 107/2020/NĐ-CP ngày 14/9/2020.",
    ]),
    (2, "4.", "Cải cách chế độ công vụ", [
        "Đề án vị trí việc làm được rà soát để khớp với khung năng lực; công chức tham gia đủ các lớp bồi dưỡng theo kế hoạch.",
    ]),
    (2, "5.", "Cải cách tài chính công", [
        "Kế hoạch vốn được giao [[7:1.1]] triệu đồng; đã giải ngân [[7:1.2]] triệu đồng.",
        "Quy chế chi tiêu nội bộ được sửa đổi, công khai tại hội nghị công chức, viên chức.",
    ]),
    (2, "6.", "Xây dựng chính quyền điện tử, chính quyền số", [
        "Toàn bộ văn bản đi của Sở, trừ văn bản mật, được ký số và gửi qua trục liên thông.",
    ]),
    (1, "III.", "ĐÁNH GIÁ CHUNG", []),
    (2, "1.", "Kết quả nổi bật", [
        "Kỷ luật, kỷ cương hành chính được giữ vững; thời gian giải quyết nhiều thủ tục rút ngắn so với quy định.",
    ]),
    (2, "2.", "Khó khăn, vướng mắc", [
        "Hồ sơ cần lấy ý kiến liên ngành còn chậm; phần mềm một cửa có lúc gián đoạn, nhất là vào giờ cao điểm.",
        "Một số chỉ tiêu nêu tại Mục ¶ I. và Mục II. của Kế hoạch phải điều chỉnh tiến độ sang kỳ sau.",
    ]),
    (1, "IV.", "PHƯƠNG HƯỚNG, NHIỆM VỤ TRONG THỜI GIAN TỚI", [
        "- Hoàn thành các nhiệm vụ còn lại của Kế hoạch cải cách hành chính năm {year};",
        "- Rà soát, cắt giảm thành phần hồ sơ, tái sử dụng dữ liệu đã số hóa;",
        "- Nâng tỷ lệ hồ sơ trực tuyến toàn trình, gắn với chỉ tiêu thi đua của từng phòng.",
    ]),
]

DISTRICT: Outline = [
    (1, "I.", "TÌNH HÌNH CHỈ ĐẠO, ĐIỀU HÀNH", [
        "Thực hiện chương trình cải cách hành chính của tỉnh Thừa Thiên Huế, UBND huyện đã giao Phòng Nội vụ chủ trì tham mưu, các phòng, ban và UBND các xã, thị trấn phối hợp thực hiện công tác cải cách hành chính {period}.",
    ]),
    (2, "1.", "Ban hành văn bản và tổ chức thực hiện", [
        "Trong kỳ, UBND huyện ban hành [[2:1]] văn bản chỉ đạo; trọng tâm là Kế hoạch số 12/KH-UBND ngày 10/01/{year} về cải cách hành chính trên địa bàn huyện.",
        "Kế hoạch có [[2:2.1]] nhiệm vụ, đã hoàn thành [[2:2.2]] nhiệm vụ. Cụ thể theo tiến độ:",
        "1. 3 nhiệm vụ hoàn thành trước hạn, đều thuộc lĩnh vực thủ tục hành chính;",
        "2. 3 nhiệm vụ đang chờ hướng dẫn của sở chuyên ngành, dự kiến hoàn thành trong quý sau.",
    ]),
    (2, "2.", "Kiểm tra, tự kiểm tra", [
        "Tổ kiểm tra của huyện làm việc tại các xã vùng đầm phá và ven biển, phát hiện [[2:3.3.1]] tồn tại, đã khắc phục [[2:3.3.2]] tồn tại.",
        "10.6.{year}, UBND huyện đã có thông báo kết luận gửi các đơn vị được kiểm tra.",
    ]),
    (1, "II.", "KẾT QUẢ THỰC HIỆN", []),
    (2, "1.", "Về thể chế", [
        "Huyện đã kiểm tra [[3:2.1]] văn bản do cấp xã ban hành, rà soát [[3:3.1]] văn bản của HĐND và UBND huyện.",
    ]),
    (2, "2.", "Về thủ tục hành chính", [
        "Bộ phận Tiếp nhận và Trả kết quả hiện đại của huyện tiếp nhận đủ các lĩnh vực, không để công dân đi lại nhiều lần.",
    ]),
    (3, "2.1.", "Kết quả giải quyết hồ sơ", [
        "Đã giải quyết [[4:3.1.1]] hồ sơ, trong đó đúng hạn [[4:3.1.2]] hồ sơ.",
        "[[8:6.4.2]] hồ sơ được nộp qua Cổng Dịch vụ công, chủ yếu là hộ tịch, đăng ký hộ kinh doanh và đất đai.",
    ]),
    (3, "2.2.", "Tiếp nhận phản ánh, kiến nghị", [
        "Nhận [[4:3.4.1]] phản ánh, kiến nghị; đã trả lời [[4:3.4.2]] phản ánh, kiến nghị.",
    ]),
    (2, "3.", "Về tổ chức bộ máy và biên chế", [
        "Huyện được giao [[5:2.1]] biên chế công chức, hiện có mặt [[5:2.2]] người; sự nghiệp được giao [[5:3.1]] người.",
    ]),
    (2, "4.", "Về tài chính công và chính quyền số", [
        "Giải ngân vốn đầu tư công đạt [[7:1.2]] triệu đồng trên kế hoạch [[7:1.1]] triệu đồng.",
        "Hệ thống họp trực tuyến kết nối đến tất cả các xã, thị trấn.",
    ]),
    (1, "III.", "NHẬN XÉT, ĐÁNH GIÁ", [
        "Chỉ số hài lòng của người dân tăng so với kỳ trước, song kết quả giữa các xã chưa đồng đều.",
        "Một bộ phận người dân chưa quen thao tác trên môi trường mạng, phải nhờ công chức nộp thay.",
    ]),
    (1, "IV.", "NHIỆM VỤ TRỌNG TÂM THỜI GIAN TỚI", [
        "- Duy trì tổ hỗ trợ nộp hồ sơ trực tuyến tại nhà văn hóa thôn;",
        "- Đưa kết quả cải cách hành chính vào xếp loại người đứng đầu.",
    ]),
]

HOME_AFFAIRS: Outline = [
    (1, "I.", "CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH", []),
    (2, "1.", "Tham mưu UBND tỉnh ban hành văn bản", [
        "Với vai trò cơ quan thường trực, {agency} tham mưu ban hành [[2:1]] văn bản chỉ đạo chung toàn tỉnh.",
        "Kế hoạch cải cách hành chính của tỉnh gồm [[2:2.1]] nhiệm vụ, lũy kế hoàn thành [[2:2.2]] nhiệm vụ, đạt [[2:2.2]]/[[2:2.1]] nhiệm vụ.",
    ]),
    (2, "2.", "Kiểm tra cải cách hành chính và kiểm tra công vụ", [
        "Đoàn kiểm tra làm việc tại [[2:3.1]] sở, ngành và [[2:3.2]] đơn vị cấp huyện; chỉ ra [[2:3.3.1]] vấn đề cần chấn chỉnh.",
        "Các đơn vị đã báo cáo khắc phục [[2:3.3.2]] vấn đề. Số còn lại được theo dõi trên phần mềm.",
    ]),
    (2, "3.", "Khảo sát, đo lường sự hài lòng", [
        "Phát ra và thu về [[2:7.1]] phiếu hợp lệ; kết quả công bố trên Cổng thông tin điện tử tỉnh.",
    ]),
    (1, "II.", "KẾT QUẢ TRÊN CÁC LĨNH VỰC", []),
    (2, "1.", "Thể chế", [
        "Tỉnh tự kiểm tra [[3:2.1]] văn bản, rà soát [[3:3.1]] văn bản; danh mục hết hiệu lực được công bố theo quy định.",
    ]),
    (2, "2.", "Thủ tục hành chính", [
        "Các cơ quan giải quyết [[4:3.1.1]] hồ sơ, đúng hạn [[4:3.1.2]] hồ sơ.",
        "Thực hiện Quyết định số 45/2016/QĐ-TTg ngày 19/10/2016 của Thủ tướng Chính phủ, hồ sơ nhận qua bưu chính công ích tiếp tục tăng.",
    ]),
    (2, "3.", "Tổ chức bộ máy", []),
    (3, "3.1.", "Sắp xếp cơ quan hành chính", [
        "Đã thẩm định phương án sắp xếp phòng chuyên môn của các sở, ngành; giảm đầu mối bên trong theo lộ trình.",
    ]),
    (3, "3.2.", "Sắp xếp đơn vị sự nghiệp công lập", [
        "Toàn tỉnh còn [[5:1.5]] đơn vị sự nghiệp công lập, trong đó [[5:1.5.2]] đơn vị thuộc sở, ngành.",
    ]),
    (2, "4.", "Chế độ công vụ", [
        "Tuyển dụng [[6:2.1]] công chức và [[6:2.4]] viên chức qua thi tuyển, xét tuyển; xử lý kỷ luật [[6:4]] trường hợp.",
    ]),
    (2, "5.", "Tài chính công", [
        "[[7:2.3]] đơn vị tự bảo đảm chi thường xuyên, [[7:2.4]] đơn vị tự bảo đảm một phần.",
    ]),
    (2, "6.", "Chính quyền số", [
        "Tỷ lệ hồ sơ trực tuyến tăng đều qua các kỳ, đạt [[8:6.4.2]] trên [[8:6.4.1]] hồ sơ tiếp nhận.",
    ]),
    (1, "III.", "ĐÁNH GIÁ, KIẾN NGHỊ", []),
    (2, "1.", "Ưu điểm", ["Chỉ số cải cách hành chính giữ vị trí cao; nhiều sáng kiến được nhân rộng trong các cơ quan, đơn vị."]),
    (2, "2.", "Hạn chế và nguyên nhân", [
        "Báo cáo của một số đơn vị gửi chậm, số liệu phải đối chiếu nhiều lần ¶ trước khi tổng hợp vào các phụ lục.",
    ]),
    (2, "3.", "Kiến nghị", ["Đề nghị Bộ Nội vụ sớm thống nhất biểu mẫu để các địa phương nhập một lần, dùng cho nhiều báo cáo."]),
]

JUSTICE: Outline = [
    (1, "I.", "KẾT QUẢ CHỈ ĐẠO, TỔ CHỨC THỰC HIỆN", [
        "Giám đốc {agency} phân công một Phó Giám đốc trực tiếp phụ trách, giao Văn phòng làm đầu mối theo dõi.",
        "Đã hoàn thành [[2:2.2]] nhiệm vụ trong số [[2:2.1]] nhiệm vụ của kế hoạch năm; ban hành [[2:1]] văn bản chỉ đạo.",
    ]),
    (1, "II.", "KẾT QUẢ CỤ THỂ", []),
    (2, "1.", "Xây dựng, kiểm tra và rà soát văn bản", [
        "Tham mưu ban hành [[3:1.1]] văn bản quy phạm pháp luật cấp tỉnh; kiểm tra theo thẩm quyền [[3:2.1]] văn bản.",
        "Rà soát [[3:3.1]] văn bản, kiến nghị xử lý [[3:3.2.1]] văn bản. 05/02/{year} là ngày công bố danh mục hết hiệu lực của năm trước.",
    ]),
    (2, "2.", "Thủ tục hành chính tư pháp", [
        "Lượng hồ sơ lý lịch tư pháp chiếm phần lớn trong [[4:3.1.1]] hồ sơ đã giải quyết; hồ sơ đúng hạn là [[4:3.1.2]] hồ sơ.",
    ]),
    (3, "2.1.", "Lĩnh vực hành chính tư pháp", ["Thời hạn cấp phiếu lý lịch tư pháp được rút ngắn nhờ liên thông với cơ quan công an."]),
    (3, "2.2.", "Lĩnh vực bổ trợ tư pháp", ["Hồ sơ đăng ký hành nghề công chứng, luật sư, đấu giá đều nhận qua mạng."]),
    (2, "3.", "Bộ máy, công chức, viên chức", ["Có mặt [[5:2.2]] công chức trên [[5:2.1]] biên chế được giao; không phát sinh kỷ luật."]),
    (2, "4.", "Tài chính và hiện đại hóa hành chính", [
        "[[8:6.4.2]] hồ sơ nộp trực tuyến trên [[8:6.4.1]] hồ sơ tiếp nhận.",
        "Chứng thực điện tử được triển khai tại các tổ chức hành nghề công chứng và UBND cấp xã.",
    ]),
    (1, "III.", "TỒN TẠI VÀ GIẢI PHÁP", [
        "Việc xác minh thông tin ở nơi cư trú cũ còn mất thời gian, làm một số hồ sơ phải gia hạn.",
        "Thời gian tới, Sở tập trung làm sạch dữ liệu hộ tịch, bảo đảm “đúng, đủ, sạch, sống”.",
    ]),
]

INSPECTION: Outline = [
    (1, "I.", "CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO", [
        "Thanh tra thành phố tham mưu ban hành kế hoạch phòng, chống tham nhũng, lãng phí, tiêu cực năm {year} và hướng dẫn các cơ quan, đơn vị thực hiện.",
    ]),
    (1, "II.", "KẾT QUẢ PHÒNG NGỪA, PHÁT HIỆN", []),
    (2, "1.", "Các biện pháp phòng ngừa", ["Việc công khai, minh bạch, kê khai tài sản, thu nhập được thực hiện đúng thời hạn."]),
    (2, "2.", "Phát hiện và xử lý", ["Số liệu chi tiết nêu tại Biểu số 01/PCTN kèm theo."]),
    (1, "III.", "PHƯƠNG HƯỚNG", ["Tăng cường thanh tra trách nhiệm người đứng đầu và xác minh tài sản, thu nhập theo kế hoạch."]),
]

SETS: dict[str, Outline] = {
    "department": DEPARTMENT, "district": DISTRICT, "home": HOME_AFFAIRS, "justice": JUSTICE, "inspection": INSPECTION,
}


def narrative(name: str, salt: str, words: Mapping[str, object], printed: Mapping[str, str]) -> tuple[Section, ...]:
    """The sections of set `name` for one report; `printed` maps `4:3.1.1` to the figure as printed."""
    sections = []
    for level, label, title, paragraphs in SETS[name]:
        kept = []
        for i, paragraph in enumerate(paragraphs):
            if len(paragraphs) > 2 and not re.match(r"[-\d a-z]{1,2}[.)]", paragraph) and i and noise(salt, label, title, i) < 0.2:
                continue
            if any(not printed.get(code) for code in _FIGURE.findall(paragraph)):
                continue
            kept.append(_FIGURE.sub(lambda m: printed[m[1]].rstrip("% "), paragraph).format(**words))
        sections.append(Section(level, label, title, tuple(kept)))
    return tuple(sections)
