// The drawing of a series: inline SVG, made from groups of points. The shape of a mark says what kind of figure it is
// (span, since January, of a day), a ring that it is doubtful; a line that stops at a dashed bar is a break.
"use strict";

(() => {
  const { s, t, word, number, period, day, say } = baocao;
  const HEIGHT = 380, LEFT = 74, RIGHT = 34, TOP = 26, BOTTOM = 46, NEAR = 24;
  const LETTERS = "ABCDEFGH";
  const DOUBTFUL = new Set(["doubtful", "unparsed", "incomplete"]);

  function describe(group, point) {
    const value = point.value === null ? word("status", point.status) : `${number(point.value)} ${point.unit || ""}`;
    return [group.label, period(point.period), value.trim(), word("flow", point.flow), word("status", point.status)].filter(Boolean).join(", ");
  }

  function mark(point, x, y, index) {
    const kind = point.value === null ? "none" : point.flow;
    const shape = { flow: () => s("rect", { x: x - 4.5, y: y - 4.5, width: 9, height: 9 }),
      stock: () => s("path", { d: `M${x} ${y - 6}L${x + 6} ${y + 5}L${x - 6} ${y + 5}Z` }),
      none: () => s("path", { d: `M${x - 4} ${y - 4}L${x + 4} ${y + 4}M${x + 4} ${y - 4}L${x - 4} ${y + 4}` }) }[kind];
    const parts = [shape ? shape() : s("circle", { cx: x, cy: y, r: 5 })];
    if (DOUBTFUL.has(point.status)) parts.push(s("circle", { cx: x, cy: y, r: 10, class: "ring" }));
    if (point.status === "corrected") parts.push(s("path", { d: `M${x - 9} ${y + 9}H${x + 9}`, class: "ring" }));
    return s("g", { class: `mark c${index} ${kind} ${point.status}` }, parts);
  }

  // groups: [{label, points}]; choose(group, point) is called with what the pointer or the arrows are on.
  function chart(groups, width, options) {
    const shown = groups.flatMap((group, index) => group.points.map((point) => ({ group, index, point })));
    const valued = shown.filter((one) => one.point.value !== null);
    if (!shown.length) return null;
    const values = valued.map((one) => one.point.value);
    const low = Math.min(0, ...values), high = Math.max(...(values.length ? values : [1]), low === 0 ? 0 : low);
    const steps = baocao.lines.ticks(low, high === low ? low + 1 : high);
    const bottom = steps[0], top = steps[steps.length - 1];
    const times = shown.map((one) => one.point.x);
    const pad = 45 * 864e5;
    const from = Math.min(...times) - pad, to = Math.max(...times) + pad;
    const X = (x) => LEFT + ((x - from) / (to - from)) * (width - LEFT - RIGHT);
    const Y = (value) => HEIGHT - BOTTOM - ((value - bottom) / (top - bottom)) * (HEIGHT - TOP - BOTTOM);
    for (const one of shown) {
      one.px = X(one.point.x);
      one.py = one.point.value === null ? HEIGHT - BOTTOM : Y(one.point.value);
    }
    shown.sort((one, two) => one.point.x - two.point.x || one.index - two.index);

    const years = [];
    for (let year = new Date(from).getUTCFullYear(); Date.UTC(year, 0, 1) < to; year += 1) years.push(year);
    const every = Math.max(1, Math.ceil((years.length * 44) / (width - LEFT - RIGHT)));
    const middle = (year) => X((Math.max(from, Date.UTC(year, 0, 1)) + Math.min(to, Date.UTC(year + 1, 0, 1))) / 2);
    const isWide = (year) => Math.min(to, Date.UTC(year + 1, 0, 1)) - Math.max(from, Date.UTC(year, 0, 1)) > 120 * 864e5;
    const frame = [
      steps.map((value) => [s("path", { class: "grid", d: `M${LEFT} ${Y(value)}H${width - RIGHT}` }), s("text", { class: "axis", x: LEFT - 8, y: Y(value) + 4, "text-anchor": "end" }, number(value))]),
      years.map((year, n) => [Date.UTC(year, 0, 1) > from && s("path", { class: "grid year", d: `M${X(Date.UTC(year, 0, 1))} ${TOP}V${HEIGHT - BOTTOM}` }),
        n % every === 0 && isWide(year) && s("text", { class: "axis", x: middle(year), y: HEIGHT - BOTTOM + 20, "text-anchor": "middle" }, year)]),
      s("text", { class: "axis unit", x: LEFT - 8, y: 14, "text-anchor": "end" }, options.unit || ""),
    ];

    const breaks = new Map();
    const strokes = groups.map((group, index) => baocao.lines.links(group).map((link) => {
      const x1 = X(link.one.x), y1 = Y(link.one.value), x2 = X(link.two.x), y2 = Y(link.two.value);
      if (link.reason) {
        const x = Math.round(link.since > link.one.x && link.since < link.two.x ? X(link.since) : (x1 + x2) / 2);
        if (link.style !== "within") breaks.set(`${link.reason}|${Math.round(x / 8)}`, { x, reason: link.reason });
        return null;
      }
      return s("path", { class: `line c${index} ${link.style}`, d: `M${x1} ${y1}L${x2} ${y2}` });
    }));
    const bars = [...breaks.values()].map(({ x, reason }) => s("g", { class: "break" },
      s("path", { d: `M${x} ${TOP}V${HEIGHT - BOTTOM}` }), s("text", { x, y: TOP - 8, "text-anchor": "middle" }, t(`break.${reason}.short`)),
      s("title", null, t(`break.${reason}`))));
    const marks = shown.map((one) => {
      one.element = mark(one.point, one.px, one.py, one.index);
      one.element.append(s("title", null, describe(one.group, one.point)));
      return one.element;
    });
    const tags = groups.map((group, index) => {
      const last = [...shown].reverse().find((one) => one.index === index && one.point.value !== null);
      return last && groups.length > 1 ? s("text", { class: `tag c${index}`, x: last.px + 12, y: last.py + 4 }, LETTERS[index]) : null;
    });
    const cursor = s("circle", { class: "cursor", r: 13, visibility: "hidden" });
    const drawing = s("svg", { class: "chart", width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, tabindex: 0, role: "application",
      "aria-label": options.label, "aria-describedby": "chart-help" }, frame, bars, strokes, marks, tags, cursor);

    let at = -1;
    function choose(next, isFinal) {
      at = Math.max(0, Math.min(shown.length - 1, next));
      const { group, point, px, py } = shown[at];
      cursor.setAttribute("cx", px);
      cursor.setAttribute("cy", py);
      cursor.setAttribute("visibility", "visible");
      options.choose(group, point);
      if (isFinal) say(describe(group, point));
    }
    drawing.addEventListener("keydown", (event) => {
      const along = (delta) => { // Up and Down: the nearest point of the neighbouring line
        const index = shown[Math.max(at, 0)].index, x = shown[Math.max(at, 0)].px;
        const target = (index + delta + groups.length) % groups.length;
        const near = shown.map((one, n) => [one, n]).filter(([one]) => one.index === target).sort(([a], [b]) => Math.abs(a.px - x) - Math.abs(b.px - x))[0];
        return near ? near[1] : at;
      };
      const next = { ArrowRight: () => at + 1, ArrowLeft: () => at - 1, Home: () => 0, End: () => shown.length - 1, ArrowUp: () => along(-1), ArrowDown: () => along(1) }[event.key];
      if (!next) return;
      event.preventDefault();
      choose(next(), true);
    });
    const nearest = (event) => {
      const box = drawing.getBoundingClientRect();
      const x = event.clientX - box.left, y = event.clientY - box.top;
      let best = -1, distance = NEAR;
      shown.forEach((one, n) => { const d = Math.hypot(one.px - x, one.py - y); if (d < distance) { best = n; distance = d; } });
      return best;
    };
    drawing.addEventListener("pointermove", (event) => { const near = nearest(event); if (near >= 0 && near !== at) choose(near, false); });
    drawing.addEventListener("click", (event) => { const near = nearest(event); if (near >= 0) choose(near, true); });
    drawing.select = (id) => { const n = shown.findIndex((one) => one.point.id === id || (one.point.parts || []).some((part) => part.id === id)); if (n >= 0) choose(n, false); };
    return drawing;
  }

  baocao.chart = { chart, describe, LETTERS, DOUBTFUL, day };
})();
