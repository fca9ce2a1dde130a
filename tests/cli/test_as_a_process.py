"""The command as a process of its own, and a small report through the real main job."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

from baocao.errors import BaocaoError
from tests.cli.said import ROOT, python


def test_vietnamese_comes_out_under_a_locale_without_it() -> None:
    done = python("-m", "baocao", "--help", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", BAOCAO_LANG="vi")
    assert "các lệnh" in done.stdout


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from baocao.cli import run; run(['--help']); print(*sorted(sys.modules), file=sys.stderr)"
    loaded = set(python("-c", code).stderr.split())
    heavy = {
        "pandas",
        "numpy",
        "pyarrow",
        "duckdb",
        "rich",
        "pdfplumber",
        "docx",
        "lxml",
        "regex",
        "subprocess",
        "extract",
        "normalize",
    }
    assert not loaded & heavy
    assert "baocao.cli" in loaded


def test_help_costs_at_most_ten_times_an_empty_python() -> None:
    """Processor time, which other work on the machine does not lengthen as it does the time on the clock."""

    def seconds(*arguments: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        python(*arguments)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

    pairs = [(seconds("-m", "baocao", "--help"), seconds("-c", "pass")) for _ in range(9)]
    assert sum(help_ for help_, _ in pairs) <= 10 * sum(empty for _, empty in pairs)


def test_a_reader_that_closes_early_is_no_error() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "baocao", "doctor", "text"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        assert (running.stderr.read(), running.wait(timeout=60)) == (b"", 0)


def test_an_error_is_a_value_with_an_exit_code_of_the_contract() -> None:
    assert {kind.exit_code for kind in (BaocaoError, *BaocaoError.__subclasses__())} <= {2, 3, 10, 11, 12, 13, 130}


REPORT = """SỞ NỘI VỤ
Số: 12/BC-SNV
Thừa Thiên Huế, ngày 10 tháng 6 năm 2021
BÁO CÁO
Công tác cải cách hành chính 6 tháng đầu năm 2021
I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH
Sở đã ban hành kế hoạch.
Phụ lục 2
CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH
STT\tTiêu chí\tĐơn vị tính\tSố liệu\tGhi chú
1\tSố văn bản chỉ đạo\tVăn bản\t27\t
2\tSố cuộc kiểm tra\tCuộc\t\t
"""


def test_a_report_goes_through_ingest_and_inspect_and_a_broken_file_is_told(tmp_path: Path) -> None:
    folder, out = tmp_path / "báo cáo [2021]", tmp_path / "kq"
    folder.mkdir()
    (folder / "sáu tháng.txt").write_text(REPORT, encoding="utf-8")
    (folder / "hỏng.docx").write_bytes(b"PK\x03\x04 this is no archive")
    done = python("-m", "baocao", "ingest", str(folder), "--out", str(out), "--json", BAOCAO_LANG="vi")
    summary = json.loads(done.stdout)
    assert (done.returncode, summary["read"], sum(summary["failed"].values())) == (10, 1, 1), done.stderr
    assert "hỏng.docx: không đọc được" in done.stderr
    assert (summary["n_observations"], summary["n_with_value"]) == (2, 1)
    assert json.loads((out / "datapackage.json").read_text(encoding="utf-8"))

    done = python("-m", "baocao", "inspect", str(folder / "sáu tháng.txt"), "--json")
    report = json.loads(done.stdout)
    assert [(row["stt"], row["value"], row["status"]) for row in report["observations"]] == [
        ("1", 27, "ok"),
        ("2", None, "blank"),
    ]
    assert report["report"]["doc_number"] == "12/BC-SNV"
    assert report["document"]["tables"][0]["caption"]["appendix"] == "2"
    assert "CÔNG TÁC CHỈ ĐẠO" in python("-m", "baocao", "inspect", str(folder / "sáu tháng.txt")).stdout
    assert python("-m", "baocao", "inspect", str(folder / "hỏng.docx")).returncode == 10
