// View 3: the series. Search an indicator, choose bodies, see the line, the table and where each figure comes from.
"use strict";

(() => {
  const { h, t, word, number, fold, period, day, address, replace, say } = baocao;
  const { pager, table, choice, field, settled, badge } = baocao.parts;
  const RESULTS = 40, ROWS = 100, BODIES = 60, LINES = 8;
  let texts = null; // folded names, made once
  let searched = "";
  let lastStem = "";

  baocao.views["chi-tieu"] = async ({ id, options, index }) => {
    const ids = index.indicators;
    const at = ids.id.indexOf(id);
    const list = finder(index, id);
    if (at < 0) return h("div", { class: "split" }, list, h("section", null, h("h1", null, t("series.title")), h("p", null, id ? t("series.unknown", { id }) : t("series.choose"))));
    const stem = ids.stem[at] || ids.id[at];
    if (lastStem && lastStem !== stem) baocao.forget(lastStem);
    lastStem = stem;
    const view = new SeriesView(await baocao.series(stem), ids, at, stem, options);
    return h("div", { class: "split" }, list, view.element);
  };

  // ---------------------------------------------------------------- search

  function search(index, words) {
    const ids = index.indicators;
    texts = texts || ids.id.map((id, n) => fold(`${ids.name[n]} ${ids.en[n]} ${id} ${id.replace(/_/g, " ")} ${ids.code[n]}`));
    const parts = fold(words).split(/\s+/).filter(Boolean);
    const whole = fold(words).trim();
    const all = ids.id.map((_, n) => n).filter((n) => ids.kind[n] !== "group" || ids.figures[n]); // a heading without figures is no series
    if (!parts.length) return all;
    return all.map((n) => [texts[n], n]).map(([text, n]) => [n, parts.every((part) => text.includes(part)) ? (ids.code[n] === whole || ids.id[n] === whole ? 3 : text.startsWith(whole) ? 2 : text.includes(whole) ? 1 : 0) : -1])
      .filter(([, score]) => score >= 0).sort(([n, one], [m, two]) => two - one || n - m).map(([n]) => n);
  }

  function finder(index, chosen) {
    const ids = index.indicators;
    const results = h("div");
    const draw = (page) => {
      const found = search(index, searched);
      const items = found.slice(page * RESULTS, (page + 1) * RESULTS).map((n) => h("li", null,
        h("a", { href: address("chi-tieu", ids.id[n]), "aria-current": ids.id[n] === chosen ? "true" : null },
          baocao.state.language === "en" && ids.en[n] ? ids.en[n] : ids.name[n]),
        h("small", null, [ids.appendix[n] && t("place.appendix", { n: ids.appendix[n] }), ids.code[n], ids.unit[n], t("series.points", { n: number(ids.figures[n]) })].filter(Boolean).join(" · ")),
        ids.doubtful[n] > 0 && h("span", { class: "badge doubtful" }, ` ${t("series.doubtful", { n: number(ids.doubtful[n]) })}`)));
      results.replaceChildren(...[h("p", { class: "count" }, t("series.found", { n: number(found.length) })), h("ol", { class: "results" }, items),
        pager(page, RESULTS, found.length, draw, t("series.results"))].filter(Boolean));
      return found;
    };
    const now = (words) => {
      if (words === searched) return;
      searched = words;
      say(t("series.found", { n: number(draw(0).length) }));
    };
    const input = field(t("series.search"), { id: "search", value: searched, placeholder: t("series.hint"),
      oninput: settled((event) => now(event.target.value), 100),
      onkeydown: (event) => {
        if (event.key !== "ArrowDown" && event.key !== "Enter") return;
        event.preventDefault();
        now(event.target.value); // the list is that of all that was typed, and is not drawn anew under the focus
        const first = results.querySelector("a");
        if (event.key === "Enter") first?.click();
        else first?.focus();
      } });
    results.addEventListener("keydown", (event) => {
      const links = [...results.querySelectorAll("a")], n = links.indexOf(document.activeElement);
      if (n < 0 || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
      event.preventDefault();
      const next = n + (event.key === "ArrowDown" ? 1 : -1);
      (next < 0 ? document.getElementById("search") : links[Math.min(next, links.length - 1)]).focus();
    });
    draw(0);
    return h("aside", { class: "finder", "aria-label": t("series.search") }, input, results);
  }

  // ---------------------------------------------------------------- one indicator

  class SeriesView {
    constructor(data, ids, at, stem, options) {
      Object.assign(this, { data, ids, at, stem, options });
      this.id = ids.id[at];
      this.mode = options.dv === "nay" ? "now" : "then";
      this.kind = options.ky || "";
      const spot = options.dong ? this.find(options.dong) : null;
      this.measure = spot ? spot.measure : data.measures.includes(options.do) ? options.do : data.measures.includes("actual") ? "actual" : data.measures[0] || "";
      this.breakdown = spot ? spot.breakdown : options.pt ?? this.breakdowns()[0] ?? "";
      this.spot = spot ? options.dong : "";
      this.page = 0; this.bodyFilter = "";
      this.chosen = (options.cq || "").split("~").filter(Boolean);
      this.controls = h("div", { class: "controls" });
      this.bodies = h("fieldset", { class: "bodies" });
      this.figure = h("figure", { class: "figure" });
      this.detail = h("section", { class: "detail", id: "point", "aria-label": t("point") }, h("p", { class: "hint" }, t("point.none")));
      this.rows = h("div", { id: "rows" });
      this.element = h("section", { class: "series" }, this.head(), this.controls, this.bodies, this.figure, this.detail, this.rows);
      this.draw();
      new ResizeObserver(settled(() => this.drawChart())).observe(this.figure);
    }

    find(observation) {
      const parts = observation.split("/");
      for (const measure of this.data.measures) for (const [breakdown] of this.data.breakdowns) {
        if (parts.length >= 6 && !observation.includes(`/${measure}/`)) continue;
        const point = baocao.lines.points(this.data, measure, breakdown, "").find((one) => one.id === observation);
        if (point) return { measure, breakdown, point };
      }
      return null;
    }

    breakdowns() {
      const m = baocao.lines.column(this.data, "m"), b = baocao.lines.column(this.data, "b");
      const wanted = this.data.measures.indexOf(this.measure), found = new Set();
      for (let n = 0; n < baocao.lines.size(this.data); n += 1) if (m(n) === wanted) found.add(b(n));
      return [...found].map((number_) => this.data.breakdowns[number_][0]).sort((one, two) => one.localeCompare(two, "vi", { numeric: true }));
    }

    head() {
      const { ids, at } = this;
      const fact = (label, value) => value && [h("dt", null, label), h("dd", null, value)];
      const isEnglish = baocao.state.language === "en";
      return h("div", null, h("h1", null, isEnglish && ids.en[at] ? ids.en[at] : ids.name[at]),
        h("dl", { class: "facts" }, fact(t("fact.id"), h("code", null, this.id)), fact(t("unit"), ids.unit[at]), fact(t("flow"), word("flow", ids.flow[at])),
          fact(t("fact.place"), [ids.appendix[at] && t("place.appendix", { n: ids.appendix[at] }), ids.code[at]].filter(Boolean).join(", ")),
          fact(t("fact.formula"), ids.formula[at] && this.formula(ids.formula[at])),
          fact(t("fact.span"), ids.first[at] && `${period(ids.first[at])} – ${period(ids.last[at])}`),
          fact(t("fact.csv"), h("a", { href: `indicators/${this.stem}.csv`, download: true }, `${this.stem}.csv`))));
    }

    // `rate(a, b)` → the names of a and b, as links: what is divided or added up.
    formula(text) {
      const { ids } = this;
      const [, kind, inner] = /^(sum|rate)\((.*)\)$/.exec(text) || [];
      if (!kind) return h("code", null, text);
      const isEnglish = baocao.state.language === "en";
      const parts = inner.split(/,\s*/).map((id) => {
        const at = ids.id.indexOf(id);
        return at < 0 ? h("code", null, id) : h("a", { href: address("chi-tieu", id) }, isEnglish && ids.en[at] ? ids.en[at] : ids.name[at]);
      });
      const sign = kind === "sum" ? " + " : " ÷ ";
      return [parts.map((part, n) => [n > 0 && sign, part]), kind === "rate" && " × 100"];
    }

    draw() {
      const all = baocao.lines.points(this.data, this.measure, this.breakdown, this.kind);
      this.groups = baocao.lines.groups(all, this.mode, this.ids.kind[this.at]);
      const there = new Set(this.groups.map((group) => group.key));
      this.chosen = this.chosen.filter((key) => there.has(key));
      const spot = this.spot && this.groups.find((group) => group.points.some((point) => point.id === this.spot || (point.parts || []).some((part) => part.id === this.spot)));
      if (spot && !this.chosen.includes(spot.key)) this.chosen = [spot.key, ...this.chosen].slice(0, LINES);
      if (!this.chosen.length) this.chosen = this.groups.slice(0, Math.min(3, this.groups.length)).map((group) => group.key);
      this.page = 0;
      this.drawControls();
      this.drawBodies();
      this.drawChart();
      this.drawRows();
    }

    lines() {
      return this.chosen.map((key) => this.groups.find((group) => group.key === key)).filter(Boolean);
    }

    keep() {
      replace("chi-tieu", this.id, { dv: this.mode === "now" ? "nay" : "", do: this.measure === "actual" ? "" : this.measure, pt: this.breakdown, ky: this.kind, cq: this.chosen.join("~"), dong: this.spot });
    }

    drawControls() {
      const change = (name) => (value) => { this[name] = value; if (name === "measure" && !this.breakdowns().includes(this.breakdown)) this.breakdown = this.breakdowns()[0] ?? ""; this.draw(); this.keep(); document.getElementById(`choose-${name}`)?.focus(); };
      const kinds = [...new Set(this.data.periods.map(([label]) => baocao.kindOf(label)))].sort();
      const breakdowns = this.breakdowns();
      this.controls.replaceChildren(...[
        choice(t("mode"), [["then", t("mode.then")], ["now", t("mode.now")]], this.mode, change("mode"), { id: "choose-mode" }),
        this.data.measures.length > 1 && choice(t("measure"), this.data.measures.map((measure) => [measure, word("measure", measure)]), this.measure, change("measure"), { id: "choose-measure" }),
        breakdowns.length > 1 && choice(t("breakdown"), breakdowns.map((breakdown) => [breakdown, breakdown || t("breakdown.none")]), this.breakdown, change("breakdown"), { id: "choose-breakdown" }),
        kinds.length > 1 && choice(t("map.kind"), [["", t("all")], ...kinds.map((kind) => [kind, word("kind", kind)])], this.kind, change("kind"), { id: "choose-kind" }),
      ].filter(Boolean));
    }

    drawBodies() {
      const matches = this.groups.filter((group) => !this.bodyFilter || fold(group.label).includes(this.bodyFilter));
      const shown = [...new Set([...this.lines(), ...matches])].slice(0, BODIES);
      const box = (group) => {
        const n = this.chosen.indexOf(group.key);
        return h("label", { class: "body" }, h("input", { type: "checkbox", checked: n >= 0, disabled: n < 0 && this.chosen.length >= LINES, onchange: (event) => this.toggle(group.key, event.target.checked) }),
          n >= 0 && h("span", { class: `swatch c${n}`, "aria-hidden": "true" }, baocao.chart.LETTERS[n]), ` ${group.label}`, group.ended && h("small", null, ` ${t("body.ended")}`), h("small", null, ` (${number(group.points.length)})`));
      };
      const list = h("div", { class: "boxes" }, shown.map(box));
      const old = this.bodies.querySelector("input[type=search]");
      const filter = this.groups.length > 12 && (old ? old.closest("label") : field(t("body.filter"), { oninput: settled((event) => { this.bodyFilter = fold(event.target.value); this.drawBodies(); }) }));
      const hadFocus = document.activeElement === old;
      this.bodies.replaceChildren(...[h("legend", null, t("body.title", { most: LINES })), filter, list, matches.length > shown.length && h("p", null, t("body.more", { n: number(matches.length - shown.length) }))].filter(Boolean));
      if (hadFocus) old.focus();
    }

    toggle(key, isOn) {
      this.chosen = isOn ? [...this.chosen, key] : this.chosen.filter((one) => one !== key);
      this.page = 0;
      const n = [...this.bodies.querySelectorAll("input[type=checkbox]")].indexOf(document.activeElement);
      this.drawBodies(); this.drawChart(); this.drawRows(); this.keep();
      this.bodies.querySelectorAll("input[type=checkbox]")[n]?.focus();
    }

    drawChart() {
      const width = Math.max(320, Math.min(1200, this.figure.clientWidth || 900));
      const key = `${width}|${this.chosen}|${this.mode}|${this.measure}|${this.breakdown}|${this.kind}|${baocao.state.language}`;
      if (key === this.drawn) return;
      this.drawn = key;
      const lines = this.lines();
      const hadFocus = this.figure.contains(document.activeElement);
      const drawing = baocao.chart.chart(lines, width, { unit: [...new Set(lines.flatMap((group) => group.points.map((point) => point.unit)).filter(Boolean))].join(" / "),
        label: t("chart.label", { name: this.ids.name[this.at], bodies: lines.map((group) => group.label).join("; "), n: lines.reduce((sum, group) => sum + group.points.length, 0) }),
        choose: (group, point) => this.explain(group, point) });
      this.figure.replaceChildren(...(drawing ? [drawing, this.legend(lines), h("figcaption", { id: "chart-help" }, t("chart.help"))] : [h("p", null, t("nothing"))]));
      if (drawing && this.spot) drawing.select(this.spot);
      if (drawing && hadFocus) drawing.focus();
    }

    legend(lines) {
      const all = lines.flatMap((group) => group.points);
      const reasons = new Set(lines.flatMap((group) => baocao.lines.links(group)).map((link) => link.reason).filter(Boolean));
      const item = (sign, text) => h("li", null, h("span", { "aria-hidden": "true" }, sign), ` ${text}`);
      return h("ul", { class: "legend" }, lines.map((group, n) => h("li", null, h("span", { class: `swatch c${n}`, "aria-hidden": "true" }, baocao.chart.LETTERS[n]), ` ${group.label}`)),
        all.some((point) => point.flow === "cumulative") && item("●", t("legend.cumulative")), all.some((point) => point.flow === "flow") && item("■", t("legend.flow")),
        all.some((point) => point.flow === "stock") && item("▲", t("legend.stock")), all.some((point) => baocao.chart.DOUBTFUL.has(point.status)) && item("◎", t("legend.doubtful")),
        all.some((point) => point.value === null) && item("×", t("legend.none")), all.some((point) => point.parts) && item("Σ", t("legend.sum")),
        [...reasons].sort().map((reason) => item("┆", t(`break.${reason}`))));
    }

    explain(group, point) {
      const fact = (label, value) => (value || value === 0) && [h("dt", null, label), h("dd", null, value)];
      const place = (one) => [one.page && t("place.page", { n: one.page }), one.appendix && t("place.appendix", { n: one.appendix }), one.stt && t("place.stt", { n: one.stt }), t("place.table", { n: one.table }), t("place.row", { n: one.row })].filter(Boolean).join(", ");
      const isEnglish = baocao.state.language === "en";
      this.spot = point.id;
      this.keep();
      this.detail.replaceChildren(h("h2", null, `${group.label}, ${period(point.period)}`),
        h("dl", { class: "facts" }, fact(t("value"), point.value === null ? t("value.none") : `${number(point.value)} ${point.unit}`), fact(t("printed"), point.raw), fact(t("answer"), point.label),
          fact(t("state"), badge("status", point.status)), fact(t("flow"), word("flow", point.flow)), fact(t("span"), point.start && `${day(point.start)} – ${day(point.end)}`), fact(t("note"), point.note)),
        point.why.length > 0 && h("ul", { class: "why" }, point.why.map(([severity, code, vi, en]) => h("li", null, badge("severity", severity), " ", isEnglish ? en || vi : vi, " ", h("a", { href: address("nghi-van", "", { ma: code, tep: point.source }) }, t("point.finding"))))),
        h("ul", { class: "sources" }, (point.parts || [point]).map((one) => h("li", null, point.parts && `${one.body[1]}: ${one.raw} · `, h("code", null, one.source), ` · ${place(one)}`, h("br"), h("small", null, t("point.explain"), " ", h("code", null, `baocao explain OUT "${one.id}"`))))));
    }

    drawRows() {
      const all = this.lines().flatMap((group) => group.points.map((point) => [group, point]));
      const rows = all.slice(this.page * ROWS, (this.page + 1) * ROWS).map(([group, point]) => h("tr", { class: point.status },
        h("th", { scope: "row" }, group.label), h("td", null, period(point.period)), h("td", { class: "figure-cell" }, point.value === null ? "" : number(point.value)), h("td", null, point.unit),
        h("td", null, point.raw), h("td", null, word("flow", point.flow)), h("td", null, badge("status", point.status)),
        h("td", null, h("button", { type: "button", class: "plain", onclick: () => { this.explain(group, point); this.figure.querySelector("svg")?.select(point.id); this.detail.scrollIntoView({ block: "nearest" }); } }, t("look.source")))));
      this.rows.replaceChildren(...[h("h2", null, t("rows.title", { n: number(all.length) })),
        table(t("rows.title", { n: number(all.length) }), [t("agency"), t("period"), t("value"), t("unit"), t("printed"), t("flow"), t("state"), t("look")], rows, { class: "rows" }),
        pager(this.page, ROWS, all.length, (page) => { this.page = page; this.drawRows(); })].filter(Boolean));
    }
  }
})();
