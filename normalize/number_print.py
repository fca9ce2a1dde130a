"""Numbers printed in the forms that reports use: the other direction of `normalize.numbers`.

`print_figure(value, form)` serves the round-trip tests and whoever needs a figure in a report's manner.
The form `certain` can be read in one way only, whatever stands around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from normalize.model import Figure

CERTAIN = "certain"


@dataclass(frozen=True, slots=True)
class Form:
    """`group` and `decimal` marks, what stands before and behind, how a negative number is shown."""

    group: str = ""
    decimal: str = ","
    before: str = ""
    behind: str = ""
    minus: str = "-"
    brackets: bool = False
    padded: bool = False


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        CERTAIN: Form(),
        "law": Form("."),
        "foreign": Form(",", "."),
        "plain dot": Form("", "."),
        "space": Form(" "),
        "no-break space": Form("\u00a0"),
        "narrow no-break space": Form("\u202f"),
        "thin space": Form("\u2009"),
        "space, dot": Form(" ", "."),
        "apostrophe": Form("'", ","),
        "padded": Form(".", padded=True),
        "percent glued": Form(".", behind="%"),
        "percent apart": Form(".", behind=" %"),
        "percent in front": Form(".", before="% "),
        "percent in words": Form(".", behind=" phần trăm"),
        "percent, dot": Form("", ".", behind="%"),
        "minus sign": Form(".", minus="\u2212"),
        "en dash": Form(".", minus="–"),
        "brackets": Form(".", brackets=True),
        "full stop behind": Form(".", behind="."),
        "unit behind": Form(".", behind=" hồ sơ"),
        "footnote": Form(".", behind="¹"),
        "bold": Form(".", before="**", behind="**"),
    }
)


def print_figure(value: Decimal, form: str = CERTAIN) -> str:
    """The number in one of `FORMS`. Raises KeyError for an unknown form, ValueError for NaN and infinities."""
    if not value.is_finite():
        raise ValueError(f"cannot print {value}")
    style = FORMS[form]
    digits = f"{abs(value):f}"
    whole, _, fraction = digits.partition(".")
    if form == CERTAIN and len(fraction) == 3:
        fraction += "0"  # 1,0610 has one reading, 1,061 has two
    if style.padded and len(whole) == 1 and not fraction:
        whole = "0" + whole
    if style.group:
        whole = f"{int(whole):,}".replace(",", style.group) if not style.padded else whole
    text = whole + (style.decimal + fraction if fraction else "")
    if value < 0:
        text = f"({text})" if style.brackets else style.minus + text
    return style.before + text + style.behind


def figure_facts(figure: Figure) -> dict[str, Decimal | str]:
    """The facts that the sentences of number findings name: `value` read, `other` first reading left aside."""
    facts: dict[str, Decimal | str] = {}
    if figure.value is not None:
        facts["value"] = figure.value
    if figure.others:
        facts["other"] = figure.others[0]
    return facts
