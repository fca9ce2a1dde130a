"""What a value column measures: the figure of the report's own period is never another period's."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract import read_file
from extract.model import Column
from normalize import normalize
from normalize.crosstab import crosstab_layout
from normalize.mapping import RowView
from normalize.measures import column_unit, measures_of, rivals
from normalize.model import NormalizedReport
from normalize.periods import find_period

H1, YEAR, Q2, Q3, H2, MAY = (
    find_period(f"{title} năm 2024", None, None, None)
    for title in ("6 tháng đầu", "Cả", "quý II", "quý III", "6 tháng cuối", "tháng 5")
)


def columns(*headers: str) -> tuple[Column, ...]:
    return tuple(Column(n, "value", tuple(header.split(" › "))) for n, header in enumerate(headers))


def read_lines(folder: Path, lines: list[str]) -> NormalizedReport:
    """The report that a text of these lines is."""
    path = folder / "a.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return normalize(read_file(path), report_id="r", source="s")


@pytest.mark.parametrize(
    ("period", "headers", "measures"),
    [
        (H1, ["Số liệu"], ["actual"]),
        (H1, ["Tổng số"], ["actual"]),
        (H1, ["Kết quả thống kê › Số liệu"], ["actual"]),
        (Q3, ["Số liệu (Sử dụng trong kỳ báo cáo hàng quý, 6 tháng, năm)"], ["actual"]),
        (Q3, ["Cùng kỳ", "Kỳ này (Sử dụng trong kỳ báo cáo hàng quý, 6 tháng)"], ["previous", "actual"]),
        (YEAR, ["Năm 2023"], ["previous"]),
        (H1, ["Cùng kỳ năm trước", "Kỳ báo cáo"], ["previous", "actual"]),
        (H1, ["Kế hoạch", "Thực hiện", "So sánh"], ["plan", "actual", "change"]),
        (H1, ["Kỳ trước", "Kỳ này", "Lũy kế từ đầu năm"], ["prior_period", "actual", "cumulative"]),
        (
            H1,
            ["Thực hiện", "So sánh (%) › Với kế hoạch", "So sánh (%) › Với cùng kỳ"],
            ["actual", "change", "so_sanh_phan_tram_voi_cung_ky"],
        ),
        # years in the header
        (YEAR, ["Năm 2023", "Năm 2024"], ["previous", "actual"]),
        (H1, ["Năm 2023", "Năm 2024"], ["previous", "actual"]),
        (YEAR, ["Năm 2022", "Năm 2023", "Năm 2024"], ["nam_2022", "previous", "actual"]),
        (
            YEAR,
            ["Năm 2023 › Kế hoạch", "Năm 2023 › Thực hiện", "Năm 2024 › Kế hoạch", "Năm 2024 › Thực hiện"],
            ["nam_2023_ke_hoach", "previous", "plan", "actual"],
        ),
        (H1, ["Thực hiện 6 tháng đầu năm 2023", "Thực hiện 6 tháng đầu năm 2024"], ["previous", "actual"]),
        (H1, ["Thực hiện năm 2023", "Thực hiện 6 tháng đầu năm 2024"], ["thuc_hien_nam_2023", "actual"]),
        (H1, ["Cùng kỳ năm 2023", "Thực hiện", "So sánh 2024/2023"], ["previous", "actual", "change"]),
        (H1, ["Kế hoạch năm 2024", "Thực hiện", "% so với KH"], ["plan", "actual", "change"]),
        (YEAR, ["Thực hiện năm 2024", "Kế hoạch năm 2025"], ["actual", "ke_hoach_nam_2025"]),
        (YEAR, ["Số liệu đến 31/12/2023", "Số liệu đến 14/12/2024"], ["so_lieu_den_31_12_2023", "actual"]),
        # parts of the year
        (H1, ["Quý I", "Quý II", "6 tháng"], ["quy_i", "quy_ii", "actual"]),
        (Q2, ["Quý I", "Quý II", "6 tháng đầu năm"], ["quy_i", "actual", "cumulative"]),
        (Q3, ["Thực hiện quý III", "Thực hiện 9 tháng"], ["actual", "cumulative"]),
        (H1, ["Thực hiện 6 tháng", "Ước thực hiện cả năm"], ["actual", "uoc_thuc_hien_ca_nam"]),
        (H1, ["Kết quả quý I", "Kết quả quý II"], ["ket_qua_quy_i", "ket_qua_quy_ii"]),
        (H1, ["Kế ho ạch", "Thực hiện", "Cùng k ỳ"], ["plan", "actual", "previous"]),
        (H2, ["6 tháng đầu năm", "6 tháng cuối năm", "Cả năm"], ["6_thang_dau_nam", "actual", "cumulative"]),
        (H1, ["Kỳ trước (6 tháng cuối năm 2023)", "Kỳ này"], ["prior_period", "actual"]),
        # years and periods short of room
        (
            YEAR,
            ["Thực hiện 2023", "Kế hoạch 2024", "Ước TH 2024", "Dự kiến 2025"],
            ["previous", "plan", "actual", "du_kien_2025"],
        ),
        (YEAR, ["2022", "2023", "2024"], ["2022", "previous", "actual"]),
        (YEAR, ["Số liệu 2024", "Số liệu 2023"], ["actual", "previous"]),
        (
            YEAR,
            ["2023 › Kế hoạch", "2023 › Thực hiện", "2024 › Kế hoạch", "2024 › Thực hiện"],
            ["2023_ke_hoach", "previous", "plan", "actual"],
        ),
        (H1, ["6T2023", "6TĐN 2024"], ["previous", "actual"]),
        (Q2, ["QI/2024", "Q.II", "6T/2024"], ["qi_2024", "actual", "cumulative"]),
        (Q2, ["Q.1", "Q.2"], ["q_1", "q_2"]),  # districts
        (MAY, ["T4/2024", "T5/2024", "5T/2024"], ["t4_2024", "actual", "cumulative"]),
        (H1, ["KH năm", "TH 6 tháng", "Đạt %"], ["plan", "actual", "dat_phan_tram"]),
        # a word for any figure leaves it to the words above
        (
            H1,
            ["Cùng kỳ năm trước › Số lượng", "Cùng kỳ năm trước › Tỷ lệ", "Kỳ này › Số lượng", "Kỳ này › Tỷ lệ"],
            ["previous", "cung_ky_nam_truoc_ty_le", "actual", "ky_nay_ty_le"],
        ),
        (H1, ["Lũy kế › Số lượng", "Trong kỳ › Số lượng"], ["cumulative", "actual"]),
        (
            H1,
            ["Cùng kỳ năm trước › Kế hoạch", "Cùng kỳ năm trước › Thực hiện"],
            ["cung_ky_nam_truoc_ke_hoach", "previous"],
        ),
        (
            Q2,
            ["Kỳ trước › Trong kỳ", "Kỳ trước › Lũy kế", "Kỳ này › Trong kỳ", "Kỳ này › Lũy kế"],
            ["prior_period", "ky_truoc_luy_ke", "actual", "cumulative"],
        ),
        (
            H1,
            ["Kế hoạch › Quý II", "Kế hoạch › 6 tháng", "Thực hiện › Quý II", "Thực hiện › 6 tháng"],
            ["ke_hoach_quy_ii", "plan", "thuc_hien_quy_ii", "actual"],
        ),
        # a part of what is counted is not the figure
        (
            H1,
            ["Kỳ trước › Tổng số", "Kỳ trước › Nữ", "Kỳ này › Tổng số", "Kỳ này › Nữ"],
            ["prior_period", "ky_truoc_nu", "actual", "ky_nay_nu"],
        ),
        (
            H1,
            ["Cấp tỉnh › Kế hoạch", "Cấp tỉnh › Thực hiện", "Cấp xã › Kế hoạch", "Cấp xã › Thực hiện"],
            ["cap_tinh_ke_hoach", "cap_tinh_thuc_hien", "cap_xa_ke_hoach", "cap_xa_thuc_hien"],
        ),
        (H1, ["Số liệu đầu kỳ", "Số liệu cuối kỳ"], ["so_lieu_dau_ky", "actual"]),
        (H1, ["Kỳ trước chuyển sang", "Trong kỳ"], ["ky_truoc_chuyen_sang", "actual"]),
        (H1, ["Kết quả › Tỷ lệ (%)", "Kết quả › Số lượng"], ["ket_qua_ty_le_phan_tram", "actual"]),
        (
            H1,
            ["Kết quả › Đạt %", "Kế hoạch › Số lượng", "Kết quả › Số lượng"],
            ["ket_qua_dat_phan_tram", "plan", "actual"],
        ),
        (Q2, ["Trong quý", "Đạt %", "Khác"], ["actual", "dat_phan_tram", "khac"]),
        (H1, ["Trong quý", "Lũy kế", "Khác"], ["trong_quy", "cumulative", "khac"]),
        (H1, ["Năm nay", "Năm trước", "Khác"], ["actual", "previous", "khac"]),
        # what is measured by the plan is no plan
        (H1, ["Thực hiện", "Đạt % kế hoạch"], ["actual", "dat_phan_tram_ke_hoach"]),
        (H1, ["Thực hiện", "Tỷ lệ hoàn thành kế hoạch"], ["actual", "ty_le_hoan_thanh_ke_hoach"]),
        (H1, ["Thực hiện", "Thực hiện/Kế hoạch"], ["actual", "thuc_hien_ke_hoach"]),
        (H1, ["Số kế hoạch", "Còn thiếu so kế hoạch"], ["plan", "change"]),
        (H1, ["Kết quả thực hiện kế hoạch"], ["actual"]),
        (H1, ["Theo kế hoạch", "Đột xuất"], ["theo_ke_hoach", "dot_xuat"]),
        (H1, ["Theo kế hoạch", "Thực hiện"], ["plan", "actual"]),
    ],
)
def test_each_column_has_its_measure(period: object, headers: list[str], measures: list[str]) -> None:
    assert list(measures_of(columns(*headers), period).values()) == measures  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("headers", "n_alike"),
    [
        (["Kết quả cấp tỉnh", "Kết quả cấp huyện"], 2),
        (["Số liệu"], 0),
        (["Cùng kỳ năm trước", "Kỳ báo cáo"], 0),
        (["Số lượng", "Kinh phí (triệu đồng)"], 0),
        (["Quý II", "6 tháng đầu năm"], 0),
        (["Năm 2023 › Thực hiện", "Năm 2024 › Thực hiện"], 0),
    ],
)
def test_columns_that_claim_the_same_are_told(headers: list[str], n_alike: int) -> None:
    assert len(rivals(columns(*headers), H1)) == n_alike


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("% so với kế hoạch", "%"),
        ("So sánh với cùng kỳ (%)", "%"),
        ("So sánh (%) › Với kế hoạch", "%"),
        ("Tỷ lệ", "%"),
        ("Kinh phí (triệu đồng)", "triệu đồng"),
        ("Số lượng (hồ sơ)", "hồ sơ"),
        ("Thực hiện (lũy kế)", ""),
        ("Số liệu", ""),
        ("So sánh › Tăng, giảm", ""),
    ],
)
def test_a_header_may_state_the_unit_of_its_figures(header: str, unit: str) -> None:
    assert column_unit(columns(header)[0]) == unit


def test_a_cross_table_tells_the_years_of_its_columns_apart() -> None:
    head = (
        Column(0, "name", ("Đơn vị",)),
        *(
            Column(n, "value", ("Hồ sơ tiếp nhận", year, word))
            for n, (year, word) in enumerate(
                [
                    ("Năm 2023", "Kế hoạch"),
                    ("Năm 2023", "Thực hiện"),
                    ("Năm 2024", "Kế hoạch"),
                    ("Năm 2024", "Thực hiện"),
                ],
                1,
            )
        ),
    )
    layout = crosstab_layout(head, [RowView("", "", "Sở A"), RowView("", "", "Sở B")], "Hồ sơ", period=YEAR)
    assert [c.measure for c in layout.columns] == ["nam_2023_ke_hoach", "previous", "plan", "actual"]
    assert len({c.indicator_id for c in layout.columns}) == 1


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Quý I\tQuý II", "column-of-period-missing"),
        ("Kết quả cấp tỉnh\tKết quả cấp huyện", "columns-alike"),
        ("Cùng kỳ\tKỳ này", ""),
    ],
)
def test_a_table_whose_columns_leave_the_figure_open_says_so(header: str, code: str, tmp_path: Path) -> None:
    title = "Công tác cải cách hành chính 6 tháng đầu năm 2024"
    lines = ["BÁO CÁO", title, "I. KẾT QUẢ", "Phụ lục 9", "KẾT QUẢ KHÁC", f"STT\tChỉ tiêu\tĐơn vị tính\t{header}"]
    report = read_lines(tmp_path, [*lines, "1\tSố lớp tập huấn\tLớp\t3\t4"])
    found = {f.code for f in report.findings if f.code.startswith("column")}
    assert found == ({code} if code else set())


def test_a_column_of_percentages_has_neither_the_unit_of_its_row_nor_base_units(tmp_path: Path) -> None:
    lines = [
        "BÁO CÁO",
        "Công tác cải cách hành chính 6 tháng đầu năm 2024",
        "I. KẾT QUẢ",
        "Phụ lục 9",
        "KẾT QUẢ THỰC HIỆN",
        "STT\tChỉ tiêu\tĐơn vị tính\tKế hoạch\tThực hiện\t% so với kế hoạch",
        "1\tKinh phí thực hiện nhiệm vụ\tTriệu đồng\t1.500\t750,5\t50,03",
        "2\tSố cơ quan ứng dụng chữ ký số\tCơ quan\t20\t19\t95.5",
    ]
    report = read_lines(tmp_path, lines)
    found = {(o.stt, o.measure): (o.unit, o.value_kind, o.value_base) for o in report.observations}
    assert found["1", "actual"][0] == "Triệu đồng"
    assert found["1", "change"] == found["2", "change"] == ("%", "percent", None)
    assert [f.code for f in report.findings if f.severity != "info" and f.stt] == []


def test_a_share_beside_the_figures_of_counted_rows_is_not_the_figure_of_the_period(tmp_path: Path) -> None:
    lines = [
        "BÁO CÁO",
        "Công tác cải cách hành chính 6 tháng đầu năm 2024",
        "I. KẾT QUẢ",
        "Phụ lục 9",
        "KẾT QUẢ THỰC HIỆN",
        "STT\tChỉ tiêu\tĐơn vị tính\tKết quả (%)\tSố lượng\tCùng kỳ (%)",
        "1\tSố lớp tập huấn\tLớp\t75\t3\t60",
        "2\tSố cuộc kiểm tra\tCuộc\t50\t2\t40",
    ]
    report = read_lines(tmp_path, lines)
    assert [o.measure for o in report.observations[:3]] == ["ket_qua_phan_tram", "actual", "cung_ky_phan_tram"]
    assert [o.unit for o in report.observations[:3]] == ["%", "Lớp", "%"]
    assert not {f.code for f in report.findings} & {"unit-contradicts-name", "columns-alike"}
