"""DOCX → PDF through LibreOffice, then made reproducible: same-length dates, ids and checksums."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

_DATE = re.compile(rb"(/(?:CreationDate|ModDate)\s*\()(D:\d{14})([^)]*)(\))")
_HEX = re.compile(rb"<([0-9A-Fa-f]{32})>")
_ID_BLOCK = re.compile(rb"/ID\s*\[[^\]]*\]")
_CHECKSUM = re.compile(rb"(/DocChecksum\s*/)([0-9A-Fa-f]{32})")


def normalised(data: bytes) -> bytes:
    """The PDF with clock and random parts overwritten by values of the same length (offsets stay true)."""
    data = _DATE.sub(lambda m: m[1] + b"D:20200101000000" + m[3] + m[4], data)
    data = _ID_BLOCK.sub(lambda m: _HEX.sub(b"<" + b"0" * 32 + b">", m[0]), data)
    return _CHECKSUM.sub(lambda m: m[1] + b"0" * 32, data)


def convert(documents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Name → DOCX bytes in, name → PDF bytes out; one start of LibreOffice for all."""
    if not documents:
        return {}
    soffice = shutil.which("soffice") or shutil.which("libreoffice")
    if soffice is None:
        raise SystemExit(
            "Cần LibreOffice để tạo mẫu PDF (apt-get install libreoffice-writer-nogui); dùng --no-pdf để bỏ qua."
        )
    with tempfile.TemporaryDirectory(prefix="corpus-pdf-") as room:
        sources = []
        for i, data in enumerate(documents.values()):
            source = Path(room) / f"{i:03d}.docx"
            source.write_bytes(data)
            sources.append(str(source))
        subprocess.run(
            [
                soffice,
                f"-env:UserInstallation=file://{room}/profile",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                room,
                *sources,
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=600,
        )
        return {name: normalised((Path(room) / f"{i:03d}.pdf").read_bytes()) for i, name in enumerate(documents)}
