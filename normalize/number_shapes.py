"""The tokens and shapes that cells with numbers are made of: data of `normalize.numbers`.

A cell is cut into tokens, one letter each: N number, P percent sign, F footnote mark, W word, s space,
D dash, A and Z brackets, S slash, E equals, p plus, c comma, d other punctuation, C comparison, x anything
else. The letters of a cell in a row are its shape. Every pattern here is linear: cells are short, and no
two neighbouring repeats can eat the same letter for long.
"""

from __future__ import annotations

import regex

from normalize.number_marks import NUMBER
from normalize.text import clean

LONGEST_RAW = 2000  # with mark-up; beyond that footnote mark-up is not looked for

DASHES = "-‐‑‒–—―−"
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
ASCII = str.maketrans("０１２３４５６７８９％．，／（）－＋﹪", "0123456789%.,/()-+%")
SUP = regex.compile(r"<sup>\s*([^<>]{1,8})\s*</sup>", regex.IGNORECASE)
MARKED_UP = regex.compile(r"(\*{1,3})([^*]+)\1")
BLANK = regex.compile(rf"[\s{DASHES}_.…·•⋯/\\~]*+")
BLANK_BEFORE_UNIT = regex.compile(r"(?:…|⋯|\.{2,})[\s.…⋯]*(?:%|\p{L}[\p{L}\s]{0,30})")
CELL_ERROR = regex.compile(r"#(?:REF!|DIV/0!|N/A|VALUE!|NAME\?|NUM!|NULL!|#+)|#+|Err:\d+", regex.IGNORECASE)
DATE = regex.compile(
    r"(?:ngày\s*)?(?:\d{1,2}\s?[/.\-]\s?){2}(?:19|20)\d{2}\.?"
    r"|(?:19|20)\d{2}-\d{2}-\d{2}"
    r"|(?:tháng\s*|t)?(?:0?[1-9]|1[0-2])\s?/\s?(?:19|20)\d{2}"
    r"|(?:ngày\s*\d{1,2}\s*)?(?:tháng|quý|năm)\s*(?:\d{1,2}|[IV]{1,3})?(?:\s*(?:/|năm)?\s*(?:19|20)\d{2})?",
    regex.IGNORECASE,
)
TOKEN = regex.compile(
    rf"(?P<W>(?:(?<![\p{{L}}])k?m[23²³](?![\p{{L}}\d])|[\p{{L}}\p{{M}}]++(?:\.(?=\p{{L}})[\p{{L}}\p{{M}}]++)*+))"
    rf"|(?P<N>{NUMBER})|(?P<P>[%‰])|(?P<F>[⁰¹²³⁴-⁹①-⑳⁽⁾]++|[*†‡]++)|(?P<s>\s+)|(?P<D>[{DASHES}])"
    r"|(?P<C>[<>≤≥~≈±≃]=?)|(?P<A>[(\[])|(?P<Z>[)\]])|(?P<S>/)|(?P<E>=)|(?P<p>\+)|(?P<c>,)|(?P<d>[.;:])|(?P<x>.)"
)
LOOKALIKE = str.maketrans("OoQlIi|!ZzSsBb", "00011111225586")
LOOKALIKES = frozenset("OoQlIi|!ZzSsBb")
CUT = regex.compile(r"[.,]\d+")
SPACED_MARK = regex.compile(r"(\d+)(?:\s+([.,])\s*|([.,])\s+)(\d+)\s?(%?)")
PERCENT_WORDS = regex.compile(r"phần trăm|(?<=\d\s?)o/o", regex.IGNORECASE)
WHOLE_NUMBER = regex.compile(NUMBER)
SCIENTIFIC = regex.compile(r"[-−+]?\d+(?:[.,]\d+)?[eE][+\-]?\d{1,3}")

# Shapes. N number, P percent sign, F footnote mark, W word, s space, D dash, A Z brackets, S slash.
WORDS = r"(?:s?W(?:s?[WSD,c](?!s?N))*)"
SINGLE = regex.compile(
    r"(?P<head>(?:W[sd]*)*)(?:Ps?)?(?P<sign>[Dp]?)(?P<gap>s?)N(?:s?F)*(?:s?P)?(?:s?F)?"
    r"(?P<words>s?(?:W|A(?=W))[WsSDAZcd]*)?(?:F)?(?P<end>[cd]?)"
)
BRACKETED = regex.compile(r"A(?P<sign>D?)s?Ns?(?P<inside>P?)s?Z(?:s?P)?(?P<words>s?W[Ws]*)?")
NOTE_BEHIND = regex.compile(r"(?P<sign>D?)Ns?(?:P?)s?A(?:N|W|F)Z(?:s?P)?")
SHARE = regex.compile(
    r"D?N(?P<words>s?W[Ws]*)?s?(?:As?|[cd]s?|Es?|(?<=W)|(?<=Ws))(?:W[sd]*)*Ns?P(?:s?Z)?d?"
)  # 20 hồ sơ (đạt 100%)
WITHIN = regex.compile(r"D?N(?P<words>s?W[Ws]*)?s?A[WscdSP]*N[WscdSPZ]*Z")  # 20 (trong đó 5 quá hạn)
PARTS = regex.compile(r"N(?:s?W(?:s?W)*)?s?(?P<open>[Acd])[WsNpcdE]*N[WscdE]*Z?d?")  # 20 (15 đúng hạn, 5 quá hạn)
PARTS_WORDS = regex.compile(r"(?:trong do|gom|chia ra|cu the)\b")
PAIR = regex.compile(r"N(?:s?W)*s?Ss?N(?P<words>(?:s?W)*)d?")  # 12/21 nhiệm vụ
PAIR_RATE = regex.compile(r"N(?:s?W)*s?Ss?N(?:s?W)*s?(?:[AcdE]s?)?(?:W[sd]*)*Ns?Ps?Z?d?")  # 589/664 (88,70%)
RATE_PAIR = regex.compile(r"Ns?Ps?(?:A|c|d)s?(?:W[sd]*)*N(?:s?W)*s?(?:Ss?N(?:s?W)*s?)?Z?")  # 88,70% (589/664)
RANGE = regex.compile(r"(?:Ws)?N(?:s?P)?s?(?:[DC]|W)s?Ns?P?(?:s?W)*d?")  # 10 - 15, từ 10 đến 15


def printed(raw: str) -> str:
    """The text to parse: NFC, one line, no mark-up, superscripts and asterisks that are footnote marks kept."""
    if len(raw) > LONGEST_RAW:
        return clean(raw).translate(ASCII)
    text = raw
    if "<" in text:
        text = SUP.sub(_raised, text)
    if "*" in text:
        stripped = text.strip()
        marked = MARKED_UP.fullmatch(stripped)
        text = (marked[2] if marked else stripped).replace("*", "\ue000")
    return clean(text).replace("\ue000", "*").translate(ASCII)


def _raised(mark: regex.Match[str]) -> str:
    inside = mark[1].strip("() ")
    return inside.translate(SUPERSCRIPTS) if inside.isdecimal() else f"({inside})"


def unquoted(text: str) -> str:
    return text.strip("'\"“”‘’` ") or text
