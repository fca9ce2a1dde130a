"""DOCX → blocks: the container, its parts, and the two ways through the body.

Tracked insertions are kept and deletions dropped; runs are joined with the empty string, because Word splits runs
inside words; automatic numbers become labels; a table cell with an automatic number begins with its label, as
printed. Usual bodies are read by moulds (`docx_moulds`), all others as a tree (`docx_tree`), with the same result.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lxml import etree

from extract.legacy import Decoder, needs_decoding
from extract.model import Block, PageProgress, RawDocument
from extract.readers.docx_cast import Caster, passages_of_cut
from extract.readers.docx_faint import mark_faint
from extract.readers.docx_moulds import Cut, cut
from extract.readers.docx_numbering import Numbering, W, lists_of
from extract.readers.docx_paragraph import Setting
from extract.readers.docx_parts import damaged, no_document, part_of, tree_of
from extract.readers.docx_pieces import NotUsual
from extract.readers.docx_scans import holds_only_pictures, read_scans
from extract.readers.docx_styles import fonts_of, styles_of
from extract.readers.docx_tree import blocks_of_tree, passages_of_tree
from extract.readers.tabbed import with_tabbed_tables

_BODY, _NUMBERING, _STYLES = "word/document.xml", "word/numbering.xml", "word/styles.xml"


def read_docx(path: Path, progress: PageProgress | None = None) -> RawDocument:
    """Read a DOCX. Raises LimitExceeded (inflated size, number of cells), Unreadable (not a DOCX inside) and
    ToolMissing (nothing but scans in it, and no OCR)."""
    try:
        with zipfile.ZipFile(path) as archive:
            body, numbering, styles = (part_of(archive, name) for name in (_BODY, _NUMBERING, _STYLES))
    except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
        raise damaged(error) from error
    if body is None:
        raise no_document()
    try:
        read = read_by_moulds(cut(body), numbering, styles)
    except NotUsual:
        read = read_as_tree(tree_of(body, _BODY), numbering, styles)
    return (read_scans(path, body, progress) or read) if holds_only_pictures(read.blocks) else read


def read_by_moulds(body: Cut, numbering: bytes | None, styles: bytes | None) -> RawDocument:
    setting = _setting(numbering, styles)
    if setting.styles.faint:
        raise NotUsual  # what is behind the print is told by the tree
    if body.has_soft_hyphens or needs_decoding("".join(body.texts)):
        setting.fonts = fonts_of(styles)
        setting.decoder = Decoder.of(passages_of_cut(body, setting))
    return _raw(Caster(body, setting).blocks(), setting)


def read_as_tree(root: Any, numbering: bytes | None, styles: bytes | None) -> RawDocument:
    setting = _setting(numbering, styles)
    body = root.find(W + "body")
    root = root if body is None else body
    mark_faint(root, setting.styles, styles)
    if (
        needs_decoding(etree.tostring(root, method="text", encoding="unicode", with_tail=False))
        or next(root.iter(W + "softHyphen"), None) is not None
    ):
        setting.fonts = fonts_of(styles)
        setting.decoder = Decoder.of(passages_of_tree(root, setting))
    return _raw(blocks_of_tree(root, setting), setting)


def _setting(numbering: bytes | None, styles: bytes | None) -> Setting:
    return Setting(Numbering(lists_of(numbering)), styles_of(styles))


def _raw(blocks: Iterable[Block], setting: Setting) -> RawDocument:
    read = tuple(with_tabbed_tables(blocks, "docx", setting.read))  # the decoder has met everything only then
    return RawDocument(
        blocks=read, method="docx", problems=setting.decoder.problems() if setting.decoder is not None else ()
    )
