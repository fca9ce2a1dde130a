// Parts several views share: pager, table, choice, badge of a severity or status, a list of files.
"use strict";

(() => {
  const { h, t, number } = baocao;

  // `1–50 of 1,234` with buttons; nothing where one page holds all.
  function pager(page, size, total, go, label) {
    if (total <= size) return null;
    const last = Math.ceil(total / size) - 1;
    const button = (key, target, off) => h("button", { type: "button", disabled: off, "data-pager": key, onclick: () => go(target) }, t(`pager.${key}`));
    return h("nav", { class: "pager", "aria-label": label || t("pager") },
      button("first", 0, page === 0), button("back", page - 1, page === 0),
      h("span", null, t("pager.range", { from: number(page * size + 1), to: number(Math.min(total, (page + 1) * size)), total: number(total) })),
      button("next", page + 1, page >= last), button("last", last, page >= last));
  }

  function table(caption, heads, rows, options = {}) {
    return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
      h("table", { class: options.class },
        h("caption", { class: options.showCaption ? null : "unseen" }, caption),
        h("thead", null, h("tr", null, heads.map((head) => h("th", { scope: "col" }, head)))),
        h("tbody", null, rows)));
  }

  function choice(label, options, chosen, change, attributes) {
    return h("label", { class: "field" }, h("span", null, label),
      h("select", { ...attributes, onchange: (event) => change(event.target.value) },
        options.map(([value, text]) => h("option", { value, selected: value === chosen }, text))));
  }

  function field(label, attributes) {
    return h("label", { class: "field" }, h("span", null, label), h("input", { type: "search", autocomplete: "off", spellcheck: "false", ...attributes }));
  }

  // Calls `action` when nothing more was typed for a moment.
  function settled(action, milliseconds = 150) {
    let timer = 0;
    return (...given) => { clearTimeout(timer); timer = setTimeout(() => action(...given), milliseconds); };
  }

  const SIGNS = { error: "✕", warning: "!", info: "i", ok: "✓", doubtful: "?", partial: "◐", failed: "✕", skipped: "–",
    duplicate: "=", superseded: "↷", corrected: "✎", unparsed: "✕", blank: "·", gap: "○" };

  function badge(group, id) {
    return h("span", { class: `badge ${id}` }, h("span", { "aria-hidden": "true" }, SIGNS[id] || "•"), " ", baocao.word(group, id));
  }

  baocao.parts = { pager, table, choice, field, settled, badge, SIGNS };
})();
