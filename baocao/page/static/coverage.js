// View 1: what was read. Counts, the map of agencies by periods with gaps and doubts, the files that were not read.
"use strict";

(() => {
  const { h, t, word, number, fold, period, day, address, say } = baocao;
  const { pager, table, choice, field, settled, badge, SIGNS } = baocao.parts;
  const ROWS = 30, COLUMNS = 24, FILES = 50;
  const WORST = ["partial", "doubtful", "ok", "superseded", "duplicate"];

  baocao.views.doc = async ({ index, options }) => {
    const data = await baocao.table("reports");
    const map = new CoverageMap(data, options);
    return [h("h1", null, t("read.title")), recap(index), map.element, unread(data)];
  };

  function recap(index) {
    const files = index.files, figures = index.figures, findings = index.findings;
    const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);
    const tile = (value, label, href, kind) => h("li", { class: kind }, h("strong", null, number(value)), " ",
      href ? h("a", { href }, label) : h("span", null, label));
    const filled = sum(figures) - (figures.blank || 0);
    return h("ul", { class: "tiles" },
      tile(sum(files) - (files.failed || 0) - (files.skipped || 0), t("tile.read", { total: number(sum(files)) })),
      tile(filled, t("tile.figures")),
      tile((figures.doubtful || 0) + (figures.unparsed || 0), t("tile.doubtful"), "#/nghi-van", "doubtful"),
      tile(index.indicators.figures.filter(Boolean).length, t("tile.indicators"), "#/chi-tieu"),
      tile(findings.error || 0, t("tile.errors"), "#/nghi-van?muc=error", "error"),
      tile(findings.warning || 0, t("tile.warnings"), "#/nghi-van?muc=warning", "warning"),
      (files.failed || 0) + (files.partial || 0) > 0 && tile((files.failed || 0) + (files.partial || 0), t("tile.failed"), null, "error"));
  }

  // One cell of the map for an agency and a period: the reports in it and the worst of their states.
  class CoverageMap {
    constructor(data) {
      this.data = data;
      this.cells = new Map();
      data.reports.forEach((report, at) => {
        const key = report[3] * data.periods.length + report[4];
        if (!this.cells.has(key)) this.cells.set(key, []);
        this.cells.get(key).push(at);
      });
      this.gaps = new Set(data.gaps.map(([agency, column]) => agency * data.periods.length + column));
      this.text = data.agencies.map((agency) => fold(`${agency[2]} ${agency[3]} ${agency[0]}`));
      this.filter = ""; this.kind = ""; this.page = 0;
      this.columnPage = -1;
      this.most = data.reports.reduce((most, report) => Math.max(most, report[5]), 1);
      this.body = h("div");
      this.detail = h("section", { class: "detail", "aria-live": "polite" });
      this.element = h("section", { class: "coverage" }, h("h2", null, t("map.title")), h("p", null, t("map.about")), this.legend(),
        h("div", { class: "controls" },
          field(t("map.filter"), { id: "map-filter", oninput: settled((event) => { this.filter = fold(event.target.value); this.page = 0; this.draw(); }) }),
          choice(t("map.kind"), [["", t("all")], ...this.kinds().map((kind) => [kind, word("kind", kind)])], "",
            (kind) => { this.kind = kind; this.columnPage = -1; this.draw(); })),
        this.body, this.detail);
      this.draw();
    }

    kinds() {
      return [...new Set(this.data.periods.map(([label]) => kindOf(label)))].sort();
    }

    legend() {
      const item = (id) => h("li", null, h("span", { class: `cell ${id}`, "aria-hidden": "true" }, SIGNS[id]), word("cell", id));
      return h("ul", { class: "legend" }, ["ok", "doubtful", "partial", "gap", "duplicate"].map(item), h("li", null, t("map.shade")));
    }

    draw() {
      const agencies = this.data.agencies.map((_, at) => at).filter((at) => !this.filter || this.text[at].includes(this.filter));
      const columns = this.data.order.filter((at) => !this.kind || kindOf(this.data.periods[at][0]) === this.kind);
      const lastColumns = Math.max(0, Math.ceil(columns.length / COLUMNS) - 1);
      const first = this.columnPage < 0 ? Math.max(0, columns.length - COLUMNS) : Math.min(this.columnPage, lastColumns) * COLUMNS;
      const shown = columns.slice(first, first + COLUMNS);
      const rows = agencies.slice(this.page * ROWS, (this.page + 1) * ROWS);
      this.body.replaceChildren(...[
        rows.length ? this.grid(rows, shown) : h("p", null, t("nothing")),
        pager(this.page, ROWS, agencies.length, (page) => { this.page = page; this.draw(); }, t("map.rows")),
        columns.length > COLUMNS && pager(Math.ceil(first / COLUMNS), COLUMNS, columns.length, (page) => { this.columnPage = page; this.draw(); }, t("map.columns")),
      ].filter(Boolean));
      requestAnimationFrame(() => { const box = this.body.querySelector(".scroll"); if (box) box.scrollLeft = box.scrollWidth; }); // the newest periods
      say(t("map.said", { n: number(agencies.length) }));
    }

    grid(rows, columns) {
      let isFirst = true;
      const lines = rows.map((agency) => {
        const [id, , name, province] = this.data.agencies[agency];
        return h("tr", null, h("th", { scope: "row" }, name || id || t("map.unknown"), province && h("small", null, ` ${province}`)),
          columns.map((column) => {
            const cell = this.cell(agency, column, isFirst);
            if (cell.firstChild) isFirst = false;
            return cell;
          }));
      });
      const grid = table(t("map.title"), [t("agency"), ...columns.map((at) => period(this.data.periods[at][0]) || t("map.unknown"))], lines, { class: "map" });
      grid.addEventListener("keydown", (event) => this.walk(event));
      return grid;
    }

    cell(agency, column, isFirst) {
      const key = agency * this.data.periods.length + column;
      const reports = (this.cells.get(key) || []).map((at) => this.data.reports[at]);
      const where = `${this.data.agencies[agency][2]}, ${period(this.data.periods[column][0])}`;
      if (!reports.length && !this.gaps.has(key)) return h("td");
      const state = reports.length ? WORST.find((status) => reports.some((report) => report[2] === status)) || "ok" : "gap";
      const figures = reports.filter((report) => report[2] !== "duplicate" && report[2] !== "superseded").reduce((sum, report) => sum + report[5], 0);
      const shade = Math.min(4, 1 + Math.floor((4 * figures) / (this.most + 1)));
      return h("td", null, h("button", {
        type: "button", class: `cell ${state} shade${state === "gap" ? 0 : shade}`, tabindex: isFirst ? 0 : -1,
        "aria-label": `${where}: ${word("cell", state)}${reports.length ? `, ${t("map.count", { n: number(figures) })}` : ""}`,
        onclick: () => this.explain(where, state, reports),
      }, SIGNS[state]));
    }

    // Arrow keys walk over the cells; only one of them is a stop of the Tab key.
    walk(event) {
      const from = event.target.closest("td");
      const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
      if (!from || !steps) return;
      event.preventDefault();
      const lines = [...from.closest("tbody").rows];
      let row = lines.indexOf(from.parentElement), column = from.cellIndex;
      for (;;) {
        row += steps[0]; column += steps[1];
        const cell = lines[row] && lines[row].cells[column];
        if (!cell || cell.tagName !== "TD") return;
        const button = cell.querySelector("button");
        if (button) {
          event.target.tabIndex = -1; button.tabIndex = 0; button.focus();
          return;
        }
      }
    }

    explain(where, state, reports) {
      this.detail.replaceChildren(h("h3", null, where),
        reports.length ? h("ul", null, reports.map((report) => h("li", null, badge("status", report[2]), " ", h("code", null, report[1]),
          ` · ${t("map.report", { number: report[9] || "?", date: day(report[10]) || "?", figures: number(report[5]), findings: number(report[6]) })} `,
          report[6] > 0 && h("a", { href: address("nghi-van", "", { tep: report[1] }) }, t("map.findings")))))
          : h("p", null, t("map.gap")));
    }
  }

  function kindOf(label) {
    const match = /^\d{4}(?:-(H[12]|Q|\d{1,2}M|M))?/.exec(label);
    if (!match) return "other";
    return /^\d{4}-\d{4}$/.test(label) ? "other" : match[1] || "Y";
  }

  function unread(data) {
    const failed = data.unread.filter((file) => file.status === "failed");
    const skipped = data.unread.filter((file) => file.status !== "failed");
    const section = (title, files) => {
      const box = h("div");
      const draw = (page) => box.replaceChildren(...[table(title, [t("file"), t("code"), t("why"), t("step")],
        files.slice(page * FILES, (page + 1) * FILES).map((file) => h("tr", null, h("td", null, h("code", null, file.source)), h("td", null, h("code", null, file.code)),
          h("td", null, file[baocao.state.language][0]), h("td", null, file[baocao.state.language][1])))),
        pager(page, FILES, files.length, draw, title)].filter(Boolean));
      draw(0);
      return [h("h2", null, `${title} (${number(files.length)})`), box];
    };
    return h("section", { id: "unread" },
      failed.length ? section(t("unread.failed"), failed) : [h("h2", null, t("unread.failed")), h("p", null, t("unread.none"))],
      skipped.length ? section(t("unread.skipped"), skipped) : null);
  }

  baocao.kindOf = kindOf;
})();
