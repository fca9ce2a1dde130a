// From the rows of one indicator to lines: which points belong together, which may be joined, where a line breaks.
// Nothing here draws. A point is {at, x, end, period, kind, year, value, raw, status, flow, unit, appendix, body, why}.
"use strict";

(() => {
  const { kindOf } = baocao;
  const ADDITIVE = new Set(["count", "money", "area", "time"]);
  const LONGEST_STOCK_STEP = 400 * 864e5; // figures of a day may be joined over a little more than a year

  function column(data, name) {
    const cells = data.rows[name];
    return Array.isArray(cells) ? (at) => cells[at] : () => cells.same;
  }

  function size(data) {
    const long = Object.values(data.rows).find(Array.isArray);
    return long ? long.length : Object.keys(data.rows).length ? 1 : 0;
  }

  // The rows of one measure and breakdown as points, in the order of time.
  function points(data, measure, breakdown, kind) {
    const at = Object.fromEntries(Object.keys(data.rows).map((name) => [name, column(data, name)]));
    const found = [];
    for (let n = 0; n < size(data); n += 1) {
      if (data.measures[at.m(n)] !== measure || data.breakdowns[at.b(n)][0] !== breakdown) continue;
      const [period, start, end] = data.periods[at.p(n)];
      const ofPeriod = kindOf(period);
      if (kind && ofPeriod !== kind) continue;
      const [report, source] = data.sources[at.src(n)];
      const [appendix, stt] = data.places[at.pl(n)];
      const value = at.v(n), raw = at.r(n) === 0 ? String(value) : at.r(n);
      const id = data.ids[n] || [report, appendix, at.t(n), at.n(n), measure, breakdown].join("/");
      found.push({ at: n, id, x: Date.parse(end || start || `${period.slice(0, 4)}-12-28`), start, end, period, kind: ofPeriod, year: Number(period.slice(0, 4)),
        value, raw, label: data.labels[at.l(n)], note: data.notes[at.nt(n)], status: data.statuses[at.s(n)], flow: data.flows[at.f(n)], unit: data.units[at.u(n)],
        appendix, stt, source, page: at.pg(n), table: at.t(n), row: at.n(n), body: data.agencies[at.a(n)], why: data.why[n] || [] });
    }
    return found.sort((one, two) => one.x - two.x || (one.period < two.period ? -1 : one.period > two.period ? 1 : one.at - two.at));
  }

  const code = (province) => province.split("@")[0];
  const bodyKey = (body) => `${body[0]}|${code(body[2])}`;

  // Points by the unit that reported (`then`) or the one that carries on today (`now`), most points first.
  function groups(all, mode, indicatorKind) {
    const provinces = new Set(all.map((point) => code(point.body[2])));
    const found = new Map();
    for (const point of all) {
      const [, agency, , province, nowId, now, nowProvince, provinceNow] = point.body;
      const isNow = mode === "now" && nowId;
      const key = isNow ? `${nowId}|${code(nowProvince)}` : bodyKey(point.body);
      if (!found.has(key)) found.set(key, { key, points: [], bodies: new Set() });
      const group = found.get(key);
      const place = isNow ? provinceNow : province;
      group.label = (isNow ? now : agency) + (place && (provinces.size > 1 || mode === "now") ? ` · ${place}` : "");
      group.ended = mode === "now" && !nowId;
      group.bodies.add(bodyKey(point.body));
      group.points.push(point);
    }
    for (const group of found.values()) group.points = together(group, ADDITIVE.has(indicatorKind));
    return [...found.values()].sort((one, two) => two.points.length - one.points.length || one.label.localeCompare(two.label, "vi"));
  }

  // Several bodies under one unit of today: counts of one period are added (and say so), other figures stay apart.
  // The sum is `incomplete` where a body is missing that reported before and after.
  function together(group, isAdditive) {
    if (group.bodies.size < 2) return once(group.points);
    const span = new Map();
    for (const point of group.points) {
      const key = bodyKey(point.body), [first, last] = span.get(key) || [point.x, point.x];
      span.set(key, [Math.min(first, point.x), Math.max(last, point.x)]);
    }
    const byPeriod = new Map();
    for (const point of once(group.points)) {
      const key = `${point.period}|${point.flow}`;
      if (!byPeriod.has(key)) byPeriod.set(key, []);
      byPeriod.get(key).push(point);
    }
    const result = [];
    for (const same of byPeriod.values()) {
      const there = new Set(same.map((point) => bodyKey(point.body)));
      const wanted = [...span].filter(([key, [first, last]]) => there.has(key) || (first <= same[0].x && same[0].x <= last)).length;
      if (wanted < 2) result.push(...same);
      else if (!isAdditive || same.some((point) => point.value === null) || new Set(same.map((point) => point.unit)).size > 1)
        result.push(...same.map((point) => ({ ...point, isApart: true })));
      else {
        const worst = same.find((point) => point.status === "doubtful" || point.status === "unparsed");
        result.push({ ...same[0], value: same.reduce((sum, point) => sum + point.value, 0), raw: same.map((point) => point.raw).join(" + "),
          status: there.size < wanted ? "incomplete" : worst ? worst.status : "sum", parts: same, wanted, isApart: there.size < wanted,
          why: same.flatMap((point) => point.why) });
      }
    }
    return result.sort((one, two) => one.x - two.x);
  }

  // The same body twice in one period: once where both say the same, else both, apart from the line.
  function once(all) {
    const seen = new Map(), kept = [];
    for (const point of all) {
      const key = `${bodyKey(point.body)}|${point.period}|${point.flow}`;
      const before = seen.get(key);
      if (before && before.value === point.value && before.unit === point.unit) continue;
      if (before && before.value !== null && point.value !== null) kept.push({ ...point, isApart: true });
      else { seen.set(key, point); kept.push(point); }
    }
    return kept;
  }

  // Why a line may not run from one point to the next: units, the form, or the body itself changed.
  function breakBetween(one, two) {
    if (one.unit !== two.unit) return "unit";
    if (one.body[0] !== two.body[0] || one.body[2] !== two.body[2]) return "merger";
    if (one.appendix !== two.appendix) return "template";
    return "";
  }

  // Number of a period within its kind, so that the next one is one more.
  function step(point) {
    const last = Number((/(\d+)$/.exec(point.period.slice(4)) || [0, 0])[1]);
    if (point.kind === "Q") return point.year * 4 + last;
    if (point.kind === "M") return point.year * 12 + last;
    return point.year;
  }

  // The strands of a group: figures of a day in one; figures of a span from like period to like period; and thinly,
  // within a year, the figures that run up since January. Each strand is a list of {one, two, style, reason}.
  function links(group) {
    const known = group.points.filter((point) => point.value !== null && !point.isApart);
    const strands = new Map();
    const put = (key, point) => { if (!strands.has(key)) strands.set(key, []); strands.get(key).push(point); };
    for (const point of known) {
      if (point.flow === "stock") put("stock", point);
      else {
        put(`${point.flow}|${point.kind}`, point);
        if (point.flow === "cumulative") put(`year|${point.year}`, point);
      }
    }
    const found = [];
    for (const [key, strand] of strands) {
      for (let n = 1; n < strand.length; n += 1) {
        const one = strand[n - 1], two = strand[n];
        const reason = breakBetween(one, two);
        const isWithin = key.startsWith("year|");
        const isNext = key === "stock" ? two.x - one.x <= LONGEST_STOCK_STEP : isWithin || step(two) - step(one) === 1;
        // The id of a province says since when it is in force: a merger is drawn on that day.
        const since = reason === "merger" ? Date.parse(two.body[2].split("@")[1] || "") : NaN;
        found.push({ one, two, reason, since, style: isWithin ? "within" : isNext ? one.flow || "cumulative" : "gap" });
      }
    }
    return found;
  }

  // Round numbers for an axis from `low` to `high`, about `count` of them.
  function ticks(low, high, count = 5) {
    const span = high - low || Math.abs(high) || 1;
    const power = 10 ** Math.floor(Math.log10(span / count));
    const unit = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => span / candidate <= count) || power * 10;
    const first = Math.floor(low / unit), last = Math.ceil(high / unit);
    return Array.from({ length: Math.max(2, last - first + 1) }, (_, n) => Number(((first + n) * unit).toPrecision(12)));
  }

  baocao.lines = { points, groups, links, ticks, size, column, bodyKey };
})();
