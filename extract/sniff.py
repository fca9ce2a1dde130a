"""Bytes → format, by content and never by name alone.

The extension only breaks ties that the content leaves open (CSV against text). Both are kept: a file
whose name says something else is read as what it is, with a problem that says so.
"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from extract.legacy_files import is_wide
from extract.ole import OleFile
from extract.problems import Unreadable

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = {
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpeg",
    b"II*\x00": "tiff",
    b"MM\x00*": "tiff",
    b"GIF8": "gif",
    b"\x00\x00\x00\x0cjP  \r\n\x87\n": "jp2",
}
_ZIP_MEMBERS = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("xl/workbook.bin", "xlsb"))
_OLE_STREAMS = {"encryptedpackage": "encrypted-office", "worddocument": "doc", "workbook": "xls", "book": "xls"}
_HTML_TAGS = (
    b"<html",
    b"<table",
    b"<body",
    b"<head>",
    b"<head ",
    b"<meta ",
    b"<div",
    b"<style",
    b"<center",
    b"<p>",
    b"<p ",
)
_NO_CONTROLS = bytes(byte for byte in range(256) if not (byte < 9 or 13 < byte < 27))
_BY_NAME = {".csv": "csv", ".tsv": "tsv"}


def sniff(path: Path) -> str:
    """The format of a file: pdf, docx, doc, xls, xlsx, xlsb, odt, ods, rtf, html, mht, word-xml, sheet-xml, zip,
    eml, png, jpeg, tiff, bmp, gif, jp2, webp, csv, tsv, text, empty, or unknown. Raises Unreadable when the file cannot
    be opened."""
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - each file passes here: half the price
            head = file.read(4096)
    except OSError as error:
        raise Unreadable(f"cannot be opened: {error.strerror}", "check that the file exists and may be read") from error
    if not head.strip(b"\x00\t\r\n \x0c\xef\xbb\xbf"):
        return "empty"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_format(path)
    if head.startswith(OLE):
        return _ole_format(path)
    for magic, name in _IMAGES.items():
        if head.startswith(magic):
            return name
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"BM") and head[6:10] == bytes(4):  # reserved, 0 in every bitmap and in no text
        return "bmp"
    return text_format(head, path.suffix.lower())


def _zip_format(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            for member, name in _ZIP_MEMBERS:
                if member in names:
                    return name
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                mime = archive.read("mimetype")
                return "ods" if b"spreadsheet" in mime else "odt" if b"opendocument.text" in mime else "zip"
            return "zip"
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        return {".docx": "docx", ".xlsx": "xlsx", ".odt": "odt", ".ods": "ods"}.get(path.suffix.lower(), "zip")


def _ole_format(path: Path) -> str:
    """Word and Excel share the container: what it holds tells. Of a damaged one the names in its first bytes do."""
    try:
        names = {name for name in OleFile.open(path).entries if name in _OLE_STREAMS}
    except Unreadable:
        data = path.read_bytes()[:3_000_000].lower()
        names = {name for name in _OLE_STREAMS if name.encode("utf-16-le") in data}
    by_name = {".doc": "doc", ".xls": "xls"}.get(path.suffix.lower(), "unknown")
    kinds = {_OLE_STREAMS[name] for name in names}
    if "encrypted-office" in kinds:
        return "encrypted-office"
    if by_name in kinds:  # one may hold the other
        return by_name
    return min(kinds, default=by_name)


def text_format(head: bytes, suffix: str) -> str:
    """The format of a file that begins with none of the known signatures, by its first bytes and its ending."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        plain = head.decode("utf-16", "replace").encode("utf-8", "replace")
        found = _markup(plain.lstrip(b"\xef\xbb\xbf \t\r\n").lower(), suffix)
        return found or _BY_NAME.get(suffix, "text")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\x00").lower()
    found = _markup(start, suffix)
    if found:
        return found
    if b"\x00" in head:
        return _BY_NAME.get(suffix, "text") if is_wide(head) else "unknown"
    if len(head.translate(None, _NO_CONTROLS)) > len(head) // 50:
        return "unknown"
    return _BY_NAME.get(suffix, "text")


def _markup(start: bytes, suffix: str) -> str:
    """RTF, mail, web archive, page or Office 2003 XML by their first words; empty for anything else."""
    if start.startswith(b"{\\rtf") or (suffix in (".rtf", ".doc") and b"{\\rtf1" in start[:256]):
        return "rtf"
    if _is_mail(start):
        return "mht" if b"multipart/related" in start or suffix in (".mht", ".mhtml") or b".mht" in start else "eml"
    if not start.startswith(b"<"):
        return ""
    if b"schemas.microsoft.com/office/word/2003/wordml" in start or b'progid="word.document"' in start:
        return "word-xml"
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start or b'progid="excel.sheet"' in start:
        # Excel saves pages with the same name space, as an attribute of <html>
        return "html" if b"<html" in start else "sheet-xml"
    if b"<office:document" in start and b"opendocument.text" in start:
        return "odt"  # as one XML file (.fodt), which the same program reads
    if start.startswith(b"<!doctype html") or any(tag in start[:2000] for tag in _HTML_TAGS):
        return "html"
    return ""


def _is_mail(start: bytes) -> bool:
    """A block of headers: `Name: value` lines, one of them of the kind every message has."""
    first = start.partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]
    if b"mime-version:" in first and b"content-type:" in first:
        return True
    names = {line.partition(b":")[0] for line in first.splitlines() if b":" in line and not line[:1].isspace()}
    return len(names & {b"received", b"return-path", b"from", b"to", b"subject", b"date", b"message-id"}) >= 3
