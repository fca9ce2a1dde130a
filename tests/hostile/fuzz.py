"""Coverage-guided fuzzing of each reader for a while: `python -m tests.hostile.fuzz 60 [FORMAT …]`.

In: seconds in all and the formats (default: all of `FORMATS`). Every format gets its share of the time in a process
of its own, both stages of reading included; seeds are the samples of `corpus/` and small files made here. Packed
formats are opened, changed inside and packed again, since a changed byte of a packed stream only tests the unpacking.
Out: exit code 1 where a fault of ours showed: an exception raised in our own lines that is no `ExtractError`, also
where the boundary of the readers would turn it into `unreadable`. Each fault is kept once, with its traceback, under
`.fuzz/FORMAT/`, and the run goes on. Readers that start another program (LibreOffice, Tesseract) are tried without
guidance, see `tests.hostile.fuzz_programs`; the others need `pip install atheris` (Linux).
"""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import tempfile
import traceback
import zipfile
import zlib
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import regex

from tests.hostile import fuzz_programs

ROOT = Path(__file__).parents[2]
MOST_BYTES = 200_000
PAGE = """<html><body><p>SỞ NỘI VỤ</p><p>Số: 7/BC-SNV</p><p>BÁO CÁO</p><p>Cải cách hành chính năm 2024</p>
<p>I. KẾT QUẢ</p><p>Phụ lục 2</p><table border="1"><tr><th rowspan="2">STT</th><th>Tiêu chí</th><th>Đơn vị tính</th>
<th colspan="2">Số liệu</th></tr><tr><td>1</td><td>Số văn bản</td><td>Văn bản</td><td>1.234</td><td>x</td></tr>
<tr><td>1.1</td><td>Tỷ lệ</td><td>%</td><td>88,7</td><td></td></tr></table></body></html>"""
GRID = [["STT", "Tiêu chí", "Đơn vị tính", "Số liệu"], [1, "Số văn bản", "Văn bản", 1234], ["1.1", "Tỷ lệ", "%", 88.7]]


def _samples(suffix: str) -> Iterator[bytes]:
    for path in sorted((ROOT / "corpus").glob(f"*/*{suffix}")):
        if path.stat().st_size <= MOST_BYTES:
            yield path.read_bytes()


def _pdfs() -> Iterator[bytes]:
    """The samples as they are, and with their streams unpacked: both readers find objects without the table."""
    for whole in _samples(".pdf"):
        yield whole
        yield regex.sub(rb"/FlateDecode(.*?stream\r?\n)(.*?)(\r?\nendstream)", _inflated, whole, flags=regex.DOTALL)


def _inflated(found: regex.Match[bytes]) -> bytes:
    try:
        return found[1] + zlib.decompress(found[2]) + found[3]
    except zlib.error:
        return bytes(found[0])


def _workbook() -> Iterator[bytes]:
    from openpyxl import Workbook

    file, book = io.BytesIO(), Workbook()
    sheet = book.active
    for row in [["Phụ lục 2"], *GRID]:
        sheet.append(row)
    sheet.merge_cells("A1:D1")
    book.save(file)
    yield file.getvalue()


def _ods() -> Iterator[bytes]:
    cells = "".join(
        "<table:table-row>"
        + "".join(f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>' for c in row)
        + "</table:table-row>"
        for row in [["Phụ lục 2"], *GRID]
    )
    names = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    body = f'<office:spreadsheet><table:table table:name="a">{cells}</table:table></office:spreadsheet>'
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", f"<office:document-content{names}><office:body>{body}</office:body>")
    yield file.getvalue().replace(b"</office:body>", b"</office:body></office:document-content>")


def _csv() -> Iterator[bytes]:
    for mark in ",;\t":
        yield "\n".join(mark.join(map(str, row)) for row in [["Phụ lục 2"], *GRID]).encode()


def _sheet_xml() -> Iterator[bytes]:
    cells = "".join("<Row>" + "".join(f"<Cell><Data>{cell}</Data></Cell>" for cell in row) + "</Row>" for row in GRID)
    space = " ".join(f'xmlns{prefix}="urn:schemas-microsoft-com:office:spreadsheet"' for prefix in ("", ":ss"))
    yield (
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook {space}><Worksheet ss:Name="a"><Table>'
        f"{cells}</Table></Worksheet></Workbook>"
    ).encode()


def _word_xml() -> Iterator[bytes]:
    lines = "".join(f"<w:p><w:r><w:t>{word}</w:t></w:r></w:p>" for word in ("Số: 7/BC-SNV", "BÁO CÁO", "I. KẾT QUẢ"))
    space = 'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"'
    yield (
        f'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument {space}><w:body>{lines}'
        "</w:body></w:wordDocument>"
    ).encode()


def _html() -> Iterator[bytes]:
    yield PAGE.encode()


def _mail() -> Iterator[bytes]:
    message = EmailMessage()
    message["Subject"] = "Báo cáo"
    message.set_content(PAGE, subtype="html")
    message.add_attachment(PAGE.encode(), maintype="text", subtype="html", filename="báo cáo.html")
    yield b"Received: x\r\n" + message.as_bytes()


def _mht() -> Iterator[bytes]:
    message = EmailMessage()
    message.set_content(PAGE, subtype="html")
    message.make_related()
    message.add_related(b"GIF89a", maintype="image", subtype="gif", cid="<a>")
    yield b"MIME-Version: 1.0\r\n" + message.as_bytes()


def _zip() -> Iterator[bytes]:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2023/báo cáo.html", PAGE)
        archive.writestr("thư.eml", next(_mail()))
    yield file.getvalue()


# Format → the ending of its files, where its seeds come from.
FORMATS: dict[str, tuple[str, Callable[[], Iterator[bytes]]]] = {
    "text": (".txt", lambda: _samples(".txt")),
    "docx": (".docx", lambda: _samples(".docx")),
    "pdf": (".pdf", _pdfs),
    "xlsx": (".xlsx", _workbook),
    "ods": (".ods", _ods),
    "csv": (".csv", _csv),
    "sheet-xml": (".xls", _sheet_xml),
    "word-xml": (".doc", _word_xml),
    "html": (".html", _html),
    "mht": (".mht", _mht),
    "mail": (".eml", _mail),
    "zip": (".zip", _zip),
}


def _read(path: Path) -> None:
    from baocao import rows
    from baocao.reading import read_whole
    from extract.containers import is_container, unpack
    from extract.problems import ExtractError

    try:
        if is_container(path):
            with tempfile.TemporaryDirectory() as folder:
                for _ in unpack(path, Path(folder)):
                    pass
        else:
            rows.encode(read_whole(path, path.name, "0" * 12).normalized)
    except ExtractError as error:
        # A fault of a library is the file's; one of our own lines is ours, although the boundary turned it into words.
        if error.__cause__ is not None and _is_ours(error.__cause__):
            raise error.__cause__ from None


def _is_ours(error: BaseException) -> bool:
    """Was it raised in a line of ours, and is it of the kind that nobody raises on purpose?"""
    if isinstance(error, RecursionError):
        return True
    slips = (LookupError, TypeError, AttributeError, NameError, ArithmeticError, AssertionError)
    frames = traceback.extract_tb(error.__traceback__)
    return isinstance(error, slips) and any(f"{os.sep}{room}{os.sep}" in frames[-1].filename for room in _ROOMS)


_ROOMS = ("extract", "normalize", "baocao")


def _changed_inside(data: bytes, most: int, seed: int) -> bytes:
    """A ZIP with one of its members changed; other files as the fuzzer changes them."""
    import atheris

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except Exception:  # noqa: BLE001 - whatever is no ZIP any more
        return bytes(atheris.Mutate(data, most))
    if not members or seed % 8 == 0:
        return bytes(atheris.Mutate(data, most))
    at = random.Random(seed).randrange(len(members))
    name, content = members[at]
    members[at] = name, bytes(atheris.Mutate(content, len(content) + 200))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue() if len(file.getvalue()) <= most else data[:most]


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one format in this process; never returns."""
    import atheris

    with atheris.instrument_imports(include=list(_ROOMS)):
        from baocao.reading import warm

        warm()
    os.environ["PATH"] = ""  # a reader that wants another program says that it is missing
    suffix, seeds = FORMATS[name]
    folder = Path(tempfile.mkdtemp(prefix="baocao-fuzz-"))
    path, kept, given = folder / f"input{suffix}", ROOT / ".fuzz" / name, folder / "seeds"
    kept.mkdir(parents=True, exist_ok=True)
    given.mkdir()
    for number, seed in enumerate(seeds()):
        (given / str(number)).write_bytes(seed)

    def one(data: bytes) -> None:
        path.write_bytes(data)
        try:
            _read(path)
        except Exception as error:  # noqa: BLE001 - every fault is kept once and the run goes on
            frame = traceback.extract_tb(error.__traceback__)[-1]
            fault = kept / f"fault-{type(error).__name__}-{Path(frame.filename).stem}-{frame.lineno}"
            if not fault.exists():
                fault.write_bytes(data)
                fault.with_suffix(".trace").write_text(traceback.format_exc(), "utf-8", errors="replace")

    # A slow file is the business of the limits of the child; here it only must not take all the time.
    options = [f"-max_total_time={seconds}", f"-max_len={MOST_BYTES}", "-timeout=120", "-rss_limit_mb=3000"]
    arguments = [sys.argv[0], *options, f"-artifact_prefix={kept}/", "-verbosity=0", str(kept), str(given)]
    packed = {"custom_mutator": _changed_inside} if next(iter(seeds()))[:2] == b"PK" else {}
    atheris.Setup(arguments, one, **packed)
    atheris.Fuzz()


def main() -> int:
    seconds, names = int(sys.argv[1]), sys.argv[2:] or [*FORMATS, *fuzz_programs.FORMATS]
    if len(names) == 1 and names[0] in fuzz_programs.FORMATS:
        n_read, found = fuzz_programs.fuzz(names[0], seconds, ROOT / ".fuzz" / names[0])
        print(f"{names[0]}: {n_read} inputs, {len(found)} faults", flush=True)
        return bool(found)
    if len(names) == 1:
        fuzz(names[0], seconds)
    share, failed = str(max(5, seconds // len(names))), []
    for name in names:
        ended = subprocess.run([sys.executable, "-m", __spec__.name, share, name], cwd=ROOT, check=False)
        kept = [p.name for p in (ROOT / ".fuzz" / name).glob("*") if p.name.startswith(("fault-", "crash-", "oom-"))]
        if ended.returncode or kept:
            failed.append(name)
            print(f"{name}: exit status {ended.returncode}; kept: {', '.join(sorted(kept)) or 'nothing'}", flush=True)
    print("faults in: " + ", ".join(failed) if failed else "nothing found")
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
