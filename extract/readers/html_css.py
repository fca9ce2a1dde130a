"""What the style sheets of a page say that changes what is read: how print looks that they hide, raise, strike or paint
in the colour of its ground, and what they print themselves.

In: the page. Out: `Css`. Read are selectors of tags, classes, names, attributes and places with descendants (`td
span.h`, `#x > .y`, `td:first-child`); others (states) are passed over, as are rules for other media. The last rule
that fits decides, as the more special one mostly stands behind. What a sheet prints in front of or behind an element
(`::before`) is a text, an attribute of the element, or a number that it counts, which is `UNREAD`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import regex

from extract.text import UNREAD

HIDES = (
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|opacity\s*:\s*0*(?:0|\.0+)(?![.\d])"
    r"|(?<![\w-])color\s*:\s*transparent|font-size\s*:\s*0(?![.\d])|clip\s*:\s*rect\(\s*[01](?:px)?\b|(?:left|text-indent)\s*:\s*-\d{3,}"
)
MAX_SHEET, MAX_RULES = 200_000, 5_000
_MEDIA = regex.compile(
    r"@[\w-]+[^{};]{0,200}\{(?:[^{}]|\{[^{}]*\}){0,2000}\}|/\*.*?\*/", regex.IGNORECASE | regex.DOTALL
)
_RULE = regex.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_MARK = regex.compile(r"([.#])([\w-]+)|\[([\w-]+)(?:=[\"']?([^\]\"']*)[\"']?)?\]|:(first-child)|:nth-child\((\d+)\)")
_SIMPLE = regex.compile(rf"(?P<tag>[\w-]+|\*)?(?P<rest>(?:{_MARK.pattern})*)$")
_PSEUDO = regex.compile(r"::?(before|after)$", regex.IGNORECASE)
_HIDES = regex.compile(HIDES, regex.IGNORECASE)
_SHOWS = regex.compile(r"display\s*:\s*(?!none)\w|visibility\s*:\s*visible", regex.IGNORECASE)
_PAINTS = regex.compile(r"vertical-align|line-through|text-decoration|color|background|font|position", regex.IGNORECASE)
_CONTENT = regex.compile(r"content\s*:\s*([^;]+)", regex.IGNORECASE)
_PART = regex.compile(r"""attr\(\s*([\w-]+)[^)]*\)|counters?\(|"([^"]*)"|'([^']*)'""")
_WORD = regex.compile(r"[\p{L}\p{N}%]")


@dataclass(frozen=True, slots=True)
class _Step:
    """One part of a selector; `is_child`: of the part in front, not deeper in it; `place`: among its siblings."""

    tag: str
    classes: frozenset[str]
    name: str
    is_child: bool
    attributes: tuple[tuple[str, str], ...] = ()
    place: int = 0

    def fits(self, element: Any) -> bool:
        if self.tag and element.tag != self.tag or self.name and element.get("id") != self.name:
            return False
        if any(element.get(name) is None or value and element.get(name) != value for name, value in self.attributes):
            return False
        if self.place and sum(1 for _ in element.itersiblings("*", preceding=True)) != self.place - 1:
            return False
        return not self.classes or self.classes <= set((element.get("class") or "").split())


@dataclass(frozen=True, slots=True)
class _Rule:
    """`said`: what it declares; of what is printed in front or behind, the content."""

    steps: tuple[_Step, ...]
    said: str
    order: int = 0
    hides: bool | None = None

    @property
    def key(self) -> str:
        """By what the rule is found: a class, a name or the tag of what it is for."""
        last = self.steps[-1]
        return min((f".{name}" for name in last.classes), default="") or (f"#{last.name}" if last.name else last.tag)

    def fits(self, element: Any) -> bool:
        return self.steps[-1].fits(element) and _fits_above(self.steps, len(self.steps) - 1, element)


def _fits_above(steps: tuple[_Step, ...], at: int, element: Any) -> bool:
    if at == 0:
        return True
    for above in element.iterancestors():
        if steps[at - 1].fits(above) and _fits_above(steps, at - 1, above):
            return True
        if steps[at].is_child:
            return False
    return False


@dataclass(frozen=True, slots=True)
class Css:
    """The rules that change what is read, by their key, and those that print something."""

    rules: Mapping[str, Sequence[_Rule]] = field(default_factory=dict)
    printed: tuple[_Rule, ...] = ()
    can_hide: bool = False

    def style(self, element: Any) -> str:
        """What the rules say that fit, as one style."""
        return ";".join(rule.said for rule in self._own(element)) if self.rules else ""

    def hides(self, element: Any) -> bool:
        said = [rule.hides for rule in self._own(element) if rule.hides is not None] if self.can_hide else []
        return bool(said and said[-1])

    def _own(self, element: Any) -> list[_Rule]:
        keys = ["", element.tag]
        if classes := element.get("class"):
            keys += {f".{name}" for name in classes.split()}
        if name := element.get("id"):
            keys.append(f"#{name}")
        own = [rule for key in keys if key in self.rules for rule in self.rules[key] if rule.fits(element)]
        return sorted(own, key=lambda rule: rule.order) if len(own) > 1 else own

    def prints(self, element: Any) -> str:
        return "".join(_print(rule.said, element) for rule in self.printed if rule.fits(element))


def css_of(root: Any) -> Css:
    css = "\n".join((style.text or "")[:MAX_SHEET] for style in root.iter("style"))
    rules: dict[str, list[_Rule]] = {}
    printed: list[_Rule] = []
    found = _RULE.findall(_MEDIA.sub(" ", css.replace("<!--", " ").replace("-->", " ")))
    for order, (selectors, said) in enumerate(found[:MAX_RULES]):
        hides = True if _HIDES.search(said) else False if _SHOWS.search(said) else None
        matters = hides is not None or _PAINTS.search(said)
        content = _CONTENT.search(said)
        for selector in selectors.split(","):
            bare = _PSEUDO.sub("", selector.strip())
            steps = tuple(_steps(bare))
            if not steps:
                continue
            if bare != selector.strip():
                if content is not None:
                    printed.append(_Rule(steps, content[1]))
            elif matters:
                rule = _Rule(steps, said.strip(), order, hides)
                rules.setdefault(rule.key, []).append(rule)
    can_hide = any(rule.hides for own in rules.values() for rule in own)
    return Css(rules, tuple(printed), can_hide)


def _steps(selector: str) -> Iterator[_Step]:
    """The parts of a selector; none where one of them is not read."""
    steps: list[_Step] = []
    is_child = False
    for word in selector.replace(">", " > ").split():
        if word == ">":
            is_child = True
            continue
        found = _SIMPLE.match(word)
        if found is None or not word:
            return
        marks = _MARK.findall(found["rest"])
        tag = "" if found["tag"] in (None, "*") else found["tag"].lower()
        classes = frozenset(mark[1] for mark in marks if mark[0] == ".")
        name = next((mark[1] for mark in marks if mark[0] == "#"), "")
        attributes = tuple((mark[2], mark[3]) for mark in marks if mark[2])
        place = next((int(mark[5] or 1) for mark in marks if mark[4] or mark[5]), 0)
        if not (tag or marks):
            return
        steps.append(_Step(tag, classes, name, is_child, attributes, place))
        is_child = False
    yield from steps


def _print(content: str, element: Any) -> str:
    """The words and figures of `content`; a sign alone is an ornament."""
    out = []
    for found in _PART.finditer(content):
        name, *texts = found.groups()
        text = element.get(name) or "" if name else "".join(text or "" for text in texts)
        out.append(text if name or texts != [None, None] else UNREAD)
    said = "".join(out)
    return said if UNREAD in said or _WORD.search(said) and "\\" not in said else ""
