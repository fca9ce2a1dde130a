"""DOC, RTF and ODT → blocks: LibreOffice makes a DOCX of it, the DOCX reader reads that.

Each call has a profile of its own, thrown away afterwards: macros off, links and remote content never
fetched, no document recovered. LibreOffice ends with status 0 also when it wrote nothing, so the file it
should have written is what counts. What it cannot open is unreadable; what asks for a password is encrypted.

A file named `.doc` that is RTF, HTML or DOCX inside never comes here under a wrong name: `extract.sniff`
decides by content.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from extract import tools
from extract.model import Block, Grid, PageProgress, RawDocument
from extract.ole import OleFile
from extract.problems import Encrypted, LimitExceeded, Unreadable
from extract.readers.docx import read_docx

SECONDS = 115  # below the 120 s of silence after which the batch ends a reader, so that the message is ours
MEMORY_BYTES = 4_000_000_000
MAX_BYTES = 300_000_000
MAX_WRITTEN = 500_000_000
_SAVE_AGAIN = "open it in Word or LibreOffice, save it as DOCX and put that copy in the folder"

# (node of the registry, name, value): no macros, no links, no remote content, no dialog.
_SETTINGS = (
    ("/org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("/org.openoffice.Office.Common/Security/Scripting", "CheckDocumentEvents", "false"),
    ("/org.openoffice.Office.Common/Load", "UserDefinedSettings", "false"),
    ("/org.openoffice.Office.Writer/Content/Update", "Link", "0"),
    ("/org.openoffice.Office.Writer/Content/Update", "Field", "false"),
    ("/org.openoffice.Office.Writer/Content/Update", "Chart", "false"),
    ("/org.openoffice.Office.Calc/Content/Update", "Link", "2"),
    ("/org.openoffice.Office.Recovery/RecoveryInfo", "Enabled", "false"),
    ("/org.openoffice.Inet/Settings", "ooInetProxyType", "1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("/org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("/org.openoffice.Setup/Office", "ooSetupInstCompleted", "true"),
)


def read_doc(path: Path, progress: PageProgress | None = None) -> RawDocument:
    """Read a Word 6–2003 document. Raises ToolMissing, Encrypted, LimitExceeded, Unreadable."""
    if _has_password(path):
        raise Encrypted("the document asks for a password", "save a copy without a password and put it in the folder")
    return _read(path, "doc", "doc", progress)


def read_rtf(path: Path, progress: PageProgress | None = None) -> RawDocument:
    """Read an RTF. Raises ToolMissing, LimitExceeded, Unreadable."""
    return _read(path, "rtf", "rtf", progress)


def read_odt(path: Path, progress: PageProgress | None = None) -> RawDocument:
    """Read an ODT. Raises ToolMissing, LimitExceeded, Unreadable."""
    return _read(path, "odt", "odt", progress)


def _read(path: Path, suffix: str, method: str, progress: PageProgress | None) -> RawDocument:
    with tempfile.TemporaryDirectory(prefix="office-") as folder:
        raw = read_docx(convert(path, Path(folder), suffix, "docx"), progress)
    if raw.method == "ocr":
        return raw
    return replace(raw, method=method, blocks=tuple(_by(block, method) for block in raw.blocks))


def _by(block: Block, method: str) -> Block:
    return replace(block, method=method) if isinstance(block, Grid) else block


def convert(path: Path, folder: Path, suffix: str, target: str, seconds: float = SECONDS) -> Path:
    """`path` (whose content is what `suffix` says) as a `target` file in `folder`, an empty folder.

    Raises ToolMissing, LimitExceeded (time, size) and Unreadable (nothing was written).
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise LimitExceeded(f"{size} bytes, the limit is {MAX_BYTES}", "split the file")
    given, made, home = folder / f"given.{suffix}", folder / "made", folder / "profile"
    shutil.copyfile(path, given)  # a plain name: odd ones, locks and read-only folders are no matter
    made.mkdir()
    _write_profile(home)
    command: list[str | Path] = ["soffice", f"-env:UserInstallation={home.as_uri()}", "--headless", "--norestore"]
    command += ["--nolockcheck", "--nodefault", "--nologo", "--convert-to", target, "--outdir", made, given]
    alone = {"HOME": str(home), "SAL_USE_VCLPLUGIN": "svp", "http_proxy": "", "https_proxy": ""}
    ran = tools.run(command, seconds=seconds, memory_bytes=MEMORY_BYTES, folder=folder, environment=alone)
    written = made / f"given.{target}"
    if not written.is_file() or not written.stat().st_size:
        said = ran.errors.decode("utf-8", "replace").strip().splitlines()
        why = f": {said[-1][:200]}" if said else ""
        raise Unreadable(f"LibreOffice could not open it (status {ran.status}){why}", _SAVE_AGAIN)
    if written.stat().st_size > MAX_WRITTEN:
        raise LimitExceeded(f"LibreOffice wrote more than {MAX_WRITTEN} bytes", "split the file")
    return written


def _write_profile(home: Path) -> None:
    items = "".join(
        f'<item oor:path="{node}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
        for node, name, value in _SETTINGS
    )
    (home / "user").mkdir(parents=True)
    (home / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
        f"{items}</oor:items>\n",
        encoding="utf-8",
    )


def _has_password(path: Path) -> bool:
    """The bit fEncrypted of the file information block ([MS-DOC] 2.5.2)."""
    try:
        head = OleFile.open(path).stream("WordDocument", limit=12)
    except Unreadable:
        return False
    return len(head) >= 12 and bool(int.from_bytes(head[10:12], "little") & 0x0100)
