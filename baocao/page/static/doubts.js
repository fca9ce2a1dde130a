// View 2: what is doubtful. Worst first, by severity, code, file and words; loaded and drawn a page at a time.
"use strict";

(() => {
  const { h, t, word, number, fold, address, replace, say } = baocao;
  const { pager, table, choice, field, settled, badge } = baocao.parts;
  const PAGE = 50;
  const SEVERITIES = ["error", "warning", "info"];

  baocao.views["nghi-van"] = async ({ index, options }) => {
    const list = new DoubtList(await baocao.table("findings"), index, options);
    await list.draw();
    return [h("h1", null, t("doubts.title")), list.element];
  };

  class DoubtList {
    constructor(data, index, options) {
      this.data = data; this.index = index;
      this.severity = SEVERITIES.includes(options.muc) ? options.muc : "";
      this.code = options.ma || ""; this.file = options.tep || ""; this.words = options.tim || "";
      this.page = Math.max(0, Number(options.trang || 1) - 1) || 0;
      this.codeOf = []; // position → number of its code
      data.codes.forEach(([, , count], at) => { for (let n = 0; n < count; n += 1) this.codeOf.push(at); });
      this.turn = 0;
      this.result = h("div", { id: "doubts" });
      this.controls = h("div");
      this.element = h("div", null, this.controls, this.result);
      this.drawControls();
    }

    drawControls() {
      const counts = Object.fromEntries(SEVERITIES.map((severity) => [severity, this.data.codes.filter((code) => code[0] === severity).reduce((sum, code) => sum + code[2], 0)]));
      const chip = (severity) => h("button", { type: "button", class: `chip ${severity || "all"}`, "aria-pressed": String(this.severity === severity),
        onclick: () => { this.severity = severity; this.code = ""; this.drawControls(); this.restart(); } },
      severity ? `${word("severity", severity)} (${number(counts[severity])})` : `${t("all")} (${number(this.data.shown)})`);
      const codes = this.data.codes.filter((code) => !this.severity || code[0] === this.severity);
      this.controls.replaceChildren(
        h("div", { class: "chips", role: "group", "aria-label": t("doubts.severity") }, ["", ...SEVERITIES].map(chip)),
        h("div", { class: "controls" },
          choice(t("doubts.code"), [["", t("all")], ...[...new Set(codes.map((code) => code[1]))].map((code) => [code, `${code} (${number(codes.filter((one) => one[1] === code).reduce((sum, one) => sum + one[2], 0))})`])],
            this.code, (code) => { this.code = code; this.restart(); }, { id: "doubts-code" }),
          field(t("doubts.file"), { id: "doubts-file", value: this.file, oninput: settled((event) => { this.file = event.target.value; this.search(); }) }),
          field(t("doubts.words"), { id: "doubts-words", value: this.words, oninput: settled((event) => { this.words = event.target.value; this.search(); }, 300) })),
        h("p", null, this.data.shown < this.data.total ? t("doubts.cut", { shown: number(this.data.shown), total: number(this.data.total) }) : t("doubts.about"), " ",
          h("a", { href: "findings.csv" }, "findings.csv")));
    }

    // Typed a moment ago: by now another view may be open, whose address is not to be touched.
    search() {
      if (this.element.isConnected) this.restart();
    }

    restart() {
      this.page = 0;
      return this.draw();
    }

    // Positions that pass the filters which need no text.
    positions() {
      const file = fold(this.file);
      const codes = this.data.codes.map(([severity, code]) => (!this.severity || severity === this.severity) && (!this.code || code === this.code));
      const sources = this.data.sources.map((source) => !file || fold(source).includes(file));
      const found = [];
      for (let at = 0; at < this.codeOf.length; at += 1) if (codes[this.codeOf[at]] && sources[this.data.source[at]]) found.push(at);
      return found;
    }

    chunk(number_) {
      return baocao.table(`findings-${String(number_).padStart(4, "0")}`);
    }

    async finding(at) {
      return (await this.chunk(Math.floor(at / this.data.chunk)))[at % this.data.chunk];
    }

    // Only when words are searched are all pieces needed that the other filters leave.
    async matching(positions) {
      const words = fold(this.words).split(/\s+/).filter(Boolean);
      if (!words.length) return positions;
      const found = [], mine = this.turn, language = baocao.state.language === "en" ? 9 : 8;
      for (let n = 0; n < positions.length;) {
        const number_ = Math.floor(positions[n] / this.data.chunk);
        const chunk = await this.chunk(number_);
        if (mine !== this.turn) return [];
        for (; n < positions.length && Math.floor(positions[n] / this.data.chunk) === number_; n += 1) {
          const finding = chunk[positions[n] % this.data.chunk];
          const text = fold(`${finding[language]} ${finding[6] >= 0 ? this.index.indicators.name[finding[6]] : ""}`);
          if (words.every((part) => text.includes(part))) found.push(positions[n]);
        }
      }
      return found;
    }

    async draw() {
      const mine = ++this.turn;
      replace("nghi-van", "", { muc: this.severity, ma: this.code, tep: this.file, tim: this.words, trang: this.page ? this.page + 1 : "" });
      const positions = await this.matching(this.positions());
      if (mine !== this.turn) return;
      this.page = Math.min(this.page, Math.max(0, Math.ceil(positions.length / PAGE) - 1));
      const shown = positions.slice(this.page * PAGE, (this.page + 1) * PAGE);
      const rows = await Promise.all(shown.map(async (at) => this.row(at, await this.finding(at))));
      if (mine !== this.turn) return;
      const go = async (page) => { this.page = page; await this.draw(); this.result.querySelector(".scroll")?.focus(); };
      this.result.replaceChildren(...[
        h("p", { class: "count" }, t("doubts.count", { n: number(positions.length) })),
        rows.length ? table(t("doubts.title"), [t("severity"), t("finding"), t("place"), t("look")], rows, { class: "doubts" }) : h("p", null, t("nothing")),
        pager(this.page, PAGE, positions.length, go)].filter(Boolean));
      say(t("doubts.count", { n: number(positions.length) }));
    }

    row(at, finding) {
      const [tableNumber, line, observation, appendix, stt, , indicator, page, vi, en] = finding;
      const [severity, code, , stepVi, stepEn] = this.data.codes[this.codeOf[at]];
      const source = this.data.sources[this.data.source[at]];
      const isEnglish = baocao.state.language === "en";
      const place = [page && t("place.page", { n: page }), appendix && t("place.appendix", { n: appendix }), stt && t("place.stt", { n: stt }),
        tableNumber && t("place.table", { n: tableNumber }), line && t("place.row", { n: line })].filter(Boolean).join(", ");
      const ids = this.index.indicators;
      return h("tr", null,
        h("td", null, badge("severity", severity)),
        h("td", null, h("p", null, isEnglish ? en || vi : vi), h("details", null, h("summary", null, t("step")), h("p", null, isEnglish ? stepEn : stepVi), h("p", null, h("code", null, code)))),
        h("td", null, h("code", { class: "source" }, source), place && h("small", null, place)),
        h("td", null, indicator >= 0 && h("a", { href: address("chi-tieu", ids.id[indicator], { dong: observation }) }, isEnglish && ids.en[indicator] ? ids.en[indicator] : ids.name[indicator])));
    }
  }
})();
