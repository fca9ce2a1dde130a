"""A believable history: agency, year and share of the year elapsed → the figures of the official rows.

Every row of the template has one rule in `_RULES`, with a base per kind of agency (K: Sở Kế hoạch và Đầu
tư, later Sở Tài chính; S: Sở Nội vụ; P: a district; T: Sở Tư pháp). A flow grows over the years and adds
up within one (so nine months are never less than six); a stock drifts; sums, shares and rates are computed,
so that they hold. Jitter comes from a checksum of agency, row and year: same input, same figures.
"""

from __future__ import annotations

import zlib
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from tools.corpus.model import BLANK, Figure

ELAPSED = {
    "Q1": Decimal("0.23"),
    "H1": Decimal("0.49"),
    "9M": Decimal("0.74"),
    "Y": Decimal(1),
    "Q3": Decimal("0.25"),
    "Q2": Decimal("0.26"),
    "M06": Decimal("0.08"),
    "8M": Decimal("0.66"),
    "11M": Decimal("0.91"),
    "H2": Decimal("0.51"),
}

SINCE_JANUARY = {"Q3": ELAPSED["9M"], "Q2": ELAPSED["H1"], "M06": ELAPSED["H1"], "H2": Decimal(1)}

# appendix:code  rule  arguments  | base for K  S  P  T      (- = the row does not concern the agency: blank)
_RULES = """
2:1     flow   .06   | 12 16 18 9
2:2     rate   2.2 2.1
2:2.1   stock  .04   | 18 36 28 19
2:2.2   share  2.1   | 97 95 93 96
2:3     blank
2:3.1   flow   .03   | 0 14 0 0
2:3.2   flow   .02   | 0 4 - -
2:3.3   rate   3.3.2 3.3.1
2:3.3.1 flow   .05   | 6 41 15 7
2:3.3.2 part   3.3.1 | 90 92 85 95
2:4     blank
2:4.1   flow   .02   | - 6 - -
2:4.2   blank
2:5     blank
2:5.1   flow   .07   | 640 720 410 380
2:5.2   part   5.1   | 86 91 84 93
2:5.3   left   5.1 5.2 | 75 80 78 70
2:5.4   rest   5.1 5.2 5.3
2:6     blank
2:6.1   flow   .05   | 22 18 0 12
2:6.2   part   6.1   | 90 92 0 95
2:6.3   left   6.1 6.2 | 60 50 0 100
2:6.4   rest   6.1 6.2 6.3
2:7     code         | 1 1 1 0
2:7.1   flow   .06   | 350 1240 860 -
2:7.2   code         | 1 2 1 -
2:8     code         | 1 1 1 1
3:1     sum    1.1 1.2 1.3
3:1.1   flow   .03   | 4 6 0 3
3:1.2   flow   .02   | 0 0 3 0
3:1.3   flow   .02   | 0 0 0 0
3:2     blank
3:2.1   flow   .04   | 18 24 12 186
3:2.2   rate   2.2.2 2.2.1
3:2.2.1 part   2.1   | 40 35 50 30
3:2.2.2 part   2.2.1 | 80 75 100 90
3:3     blank
3:3.1   flow   .05   | 46 52 21 240
3:3.2   rate   3.2.2 3.2.1
3:3.2.1 part   3.1   | 38 30 40 35
3:3.2.2 part   3.2.1 | 70 85 90 92
4:1     blank
4:1.1   flow   .05   | 9 12 4 11
4:1.2   flow   .04   | 7 6 0 8
4:1.3   flow   .04   | 5 8 0 6
4:1.4   sum    1.4.1 1.4.2 1.4.3
4:1.4.1 stock  .01   | 122 96 0 148
4:1.4.2 stock  .02   | 0 0 218 0
4:1.4.3 stock  .01   | 0 0 104 0
4:2     blank
4:2.1   stock  .03   | 3 5 12 9
4:2.2   stock  .02   | 48 22 31 17
4:2.3   part   1.4   | 100 82 64 76
4:3     blank
4:3.1   rate   3.1.2 3.1.1
4:3.1.1 flow   .09   | 1180 2360 14250 7430
4:3.1.2 part   3.1.1 | 92 97 98 99
4:3.4   rate   3.4.2 3.4.1
4:3.4.1 flow   .03   | 8 11 26 5
4:3.4.2 part   3.4.1 | 88 100 85 100
5:1     blank
5:1.1   fixed        | 100 100 - 100
5:1.2   fixed        | - 100 100 -
5:1.3   stock  .00   | 0 4 1 0
5:1.4   stock  .01   | 2 21 6 3
5:1.5   sum    1.5.1 1.5.2 1.5.3
5:1.5.1 stock  -.01  | 0 12 0 0
5:1.5.2 stock  -.02  | 2 94 0 3
5:1.5.3 stock  -.01  | 0 486 71 0
5:1.5.4 fixed        | 0 13.6 10.2 0
5:2     blank
5:2.1   stock  -.015 | 52 61 104 43
5:2.2   part   2.1   | 95 97 96 95
5:2.3   stock  .00   | 5 6 9 4
5:2.4   flow   .00   | 1 2 3 1
5:2.5   fixed        | 11.8 10.5 12.4 10.9
5:3     blank
5:3.1   stock  -.01  | 34 148 1986 27
5:3.2   part   3.1   | 95 97 98 96
5:3.3   flow   .00   | 1 5 24 0
5:3.4   fixed        | 10 10.8 11.3 0
6:1     blank
6:1.1   stock  .00   | 1 21 13 1
6:1.2   stock  .00   | 2 94 71 3
6:1.3   stock  .00   | 0 2 0 0
6:2     blank
6:2.1   flow   .02   | 3 58 6 2
6:2.2   flow   .00   | 0 2 0 0
6:2.3   flow   .00   | 0 9 4 0
6:2.4   flow   .03   | 2 312 85 1
6:2.5   flow   .00   | 0 3 0 0
6:3     flow   .02   | 1 8 2 0
6:4     sum    4.1 4.2 4.3 4.4
6:4.1   flow   .00   | 0 0 - 0
6:4.2   flow   .00   | 0 2 1 0
6:4.3   flow   .00   | 1 5 3 0
6:4.4   flow   .00   | 0 16 5 0
7:1     rate   1.2 1.1
7:1.1   stock  .11   | 28450 17360.5 412875 9640.5
7:1.2   share  1.1   | 93 95 91 96
7:2     blank
7:2.1   sum    2.2 2.3 2.4 2.5
7:2.2   stock  .00   | 0 5 0 1
7:2.3   stock  .04   | 1 18 2 1
7:2.4   sum    2.4.1 2.4.2 2.4.3
7:2.4.1 stock  .02   | 0 14 1 0
7:2.4.2 stock  .01   | 1 39 4 1
7:2.4.3 stock  .00   | 0 52 8 0
7:2.5   owned  5:1.5 2.2 2.3 2.4
7:2.6   stock  .00   | 0 2 0 0
8:1     code         | 1 1 1 1
8:2     code         | 1 2 2 1
8:3     fixed        | 100 98.5 96 100
8:4     code         | 1 2 1 1
8:5     blank
8:5.1   blank
8:5.1.1 fixed        | 100 100 - 100
8:5.1.2 fixed        | - 100 100 -
8:5.1.3 fixed        | - 100 100 -
8:5.2   blank
8:5.2.1 fixed        | 98 97.4 - 99.1
8:5.2.2 fixed        | - 95.2 96.8 -
8:5.2.3 fixed        | - 91 93.5 -
8:5.3   blank
8:5.3.1 fixed        | 100 100 - 100
8:5.3.2 fixed        | - 100 100 -
8:5.3.3 fixed        | - 100 100 -
8:6     blank
8:6.1   rate   6.1.2 6.1.1
8:6.1.1 share4 4:1.4 | 42 38 30 36
8:6.1.2 part   6.1.1 | 94 96 90 98
8:6.1.3 part   6.1.2 | 48 55 39 61
8:6.2   rate   6.2.2 6.2.1
8:6.2.1 share4 4:1.4 | 51 47 44 49
8:6.2.2 part   6.2.1 | 91 93 88 97
8:6.2.3 part   6.2.2 | 58 62 45 66
8:6.3   rate   6.3.2 6.3.1
8:6.3.1 sum    6.1.2 6.2.2
8:6.3.2 part   6.3.1 | 89 92 81 95
8:6.4   rate   6.4.2 6.4.1
8:6.4.1 more   4:3.1.1 | 7 4 3 5
8:6.4.2 online 6.4.1 | 22 25 16 28
8:6.5   rate   6.5.2 6.5.1
8:6.5.1 share4 4:1.4 | 37 30 33 41
8:6.5.2 part   6.5.1 | 90 95 78 98
"""

AGENCY_KINDS = "KSPT"


def _parse() -> dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]]:
    rules = {}
    for line in _RULES.strip().splitlines():
        left, _, right = line.partition("|")
        code, rule, *args = left.split()
        rules[code] = (rule, tuple(args), tuple(right.split()))
    return rules


RULES = _parse()


def noise(*parts: object) -> float:
    """A number in [0, 1) that depends on the parts only."""
    return (zlib.crc32("|".join(map(str, parts)).encode()) % 10_007) / 10_007


def _percent(part: Decimal, whole: Decimal, places: int) -> Decimal:
    return (100 * part / whole).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _whole(x: Decimal) -> Decimal:
    return x.quantize(Decimal(1), ROUND_HALF_UP)


@lru_cache(maxsize=256)
def values(kind: str, salt: str, year: int, period: str) -> dict[str, Decimal | None]:
    """The figures of all 145 rows, keyed `4:3.1.1`; None where the row is a heading or not reported."""
    column = AGENCY_KINDS.index(kind)
    elapsed = ELAPSED[period]
    out: dict[str, Decimal | None] = {}

    def get(code: str, appendix: str) -> Decimal:
        key = code if ":" in code else f"{appendix}:{code}"
        if key not in out:
            out[key] = compute(key)
        return out[key] or Decimal(0)

    def compute(key: str) -> Decimal | None:
        appendix = key.split(":")[0]
        rule, args, bases = RULES[key]
        jitter = Decimal(str(round(0.94 + 0.12 * noise(salt, key, year), 4)))
        base = None if bases and bases[column] == "-" else Decimal(bases[column]) if bases else Decimal(0)
        if rule == "blank" or base is None:
            return None
        if rule in ("code", "fixed"):
            return base
        if rule == "sum":
            return sum((get(a, appendix) for a in args), Decimal(0))
        if rule == "rest":
            return get(args[0], appendix) - sum((get(a, appendix) for a in args[1:]), Decimal(0))
        if rule == "owned":
            rest = get(args[0], appendix) - sum((get(a, appendix) for a in args[1:]), Decimal(0))
            return max(rest, Decimal(0))
        if rule == "rate":
            whole = get(args[1], appendix)
            return _percent(get(args[0], appendix), whole, 2 if whole >= 100 else 1) if whole else None
        if rule in ("part", "share", "share4", "left"):
            whole = get(args[0], appendix) - (get(args[1], appendix) if rule == "left" else 0)
            share = base * Decimal(str(round(0.97 + 0.06 * noise(salt, key, year), 4)))
            if rule == "share":  # a running total since January, also in a report on one quarter
                share *= min(SINCE_JANUARY.get(period, elapsed) * Decimal("1.05"), Decimal(1))
            exact = whole * min(share, Decimal(100)) / 100
            return exact.quantize(Decimal("0.1")) if whole != _whole(whole) else _whole(exact)
        if rule == "more":
            return _whole(get(args[0], appendix) * (100 + base) / 100)
        if rule == "online":
            share = min(base + (year - 2019) * Decimal("14.5"), Decimal(99))
            return _whole(get(args[0], appendix) * share / 100)
        growth = (1 + Decimal(args[0])) ** (year - 2019)
        if rule == "stock":
            exact = base * growth
            return exact.quantize(Decimal("0.1")) if base != _whole(base) else _whole(exact)
        if rule == "flow":
            return _whole(base * growth * jitter * elapsed)
        raise ValueError(f"no such rule: {rule} ({key})")

    for key in RULES:
        if key not in out:
            out[key] = compute(key)
    if not out["2:7"]:
        out["2:7.1"] = out["2:7.2"] = None
    if out["7:2.1"] != out["5:1.5"]:  # the same count stands in two appendices
        out["7:2.5"] = (out["7:2.5"] or Decimal(0)) + (out["5:1.5"] or Decimal(0)) - (out["7:2.1"] or Decimal(0))
        out["7:2.1"] = out["5:1.5"]
    return out


def grouped(value: Decimal, mark: str) -> str:
    """`1061` → `1.061` with the given group mark; decimals after a comma."""
    text = f"{value:,f}".replace(",", "\0").replace(".", ",")
    return text.replace("\0", mark)


def show(value: Decimal | None, unit: str, style: str, salt: str = "") -> Figure:
    """A number as an office prints it. `style`: vn (1.061), plain (1061), space (1 061), mixed."""
    if value is None:
        return BLANK
    chance = noise("show", salt)
    if style == "mixed":
        style = ("vn", "vn", "plain", "space")[int(chance * 4)]
    mark = {"vn": ".", "plain": "", "space": " "}[style]
    if unit == "%":
        text = grouped(value, ".")
        if chance < 0.3:
            text += "%"
        elif chance < 0.36:
            text += " %"
        return Figure(text, value)
    text = grouped(value, mark or ("." if unit == "Triệu đồng" else ""))
    if value == value.to_integral_value() and 0 < value < 10 and chance < 0.4 and "=" not in unit:
        text = f"0{text}"
    return Figure(text, value)
