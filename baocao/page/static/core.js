// What every view needs: data files loaded by <script>, elements made without parsing text, numbers and letters of two
// languages, the address after #, theme and language. A page opened from disk may fetch nothing, so a data file is
// a script that calls baocao.data(name, value).
"use strict";

const baocao = (() => {
  const arrived = new Map(); // name → value
  const waiting = new Map(); // name → promise

  function data(name, value) {
    arrived.set(name, value);
  }

  // The value of a data file, loaded once. Rejects when the file is not there.
  function load(name, path) {
    if (arrived.has(name)) return Promise.resolve(arrived.get(name));
    if (!waiting.has(name)) {
      waiting.set(name, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = path;
        script.onload = () => { script.remove(); arrived.has(name) ? resolve(arrived.get(name)) : reject(new Error(path)); };
        script.onerror = () => { script.remove(); waiting.delete(name); reject(new Error(path)); };
        document.head.append(script);
      }));
    }
    return waiting.get(name);
  }

  const table = (name) => load(name, `page/data/${name}.js`);
  const series = (stem) => load(stem, `page/${encodeURIComponent(stem)}.js`);

  // Forget a series that is no longer looked at: a page that stays open must not grow without end.
  function forget(stem) {
    arrived.delete(stem);
    waiting.delete(stem);
  }

  // ---------------------------------------------------------------- elements

  const SVG = "http://www.w3.org/2000/svg";

  function fill(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (name === "value" || name === "checked" || name === "selected") element[name] = value;
      else element.setAttribute(name, value === true ? "" : String(value));
    }
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false)
      .map((child) => (child instanceof Node ? child : String(child))));
    return element;
  }

  const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  const s = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

  // ---------------------------------------------------------------- language, letters, numbers

  const kept = {
    get(name) { try { return localStorage.getItem(`baocao.${name}`); } catch { return null; } },
    set(name, value) { try { localStorage.setItem(`baocao.${name}`, value); } catch { /* a private window: not kept */ } },
  };
  const state = { language: kept.get("language") === "en" ? "en" : "vi", theme: kept.get("theme") || "auto" };

  function t(key, fields) {
    const sentence = baocao.texts[key];
    const text = sentence ? sentence[state.language === "en" ? 1 : 0] : key;
    return fields ? text.replace(/\{(\w+)\}/g, (whole, name) => (name in fields ? fields[name] : whole)) : text;
  }

  // A word of the data (`actual`, `doubtful`): its translation, or itself.
  const word = (group, id) => (baocao.texts[`${group}.${id}`] ? t(`${group}.${id}`) : id);

  const formats = {};
  function number(value, digits = 6) {
    const key = `${state.language}${digits}`;
    formats[key] = formats[key] || new Intl.NumberFormat(state.language === "en" ? "en-GB" : "vi-VN", { maximumFractionDigits: digits });
    return formats[key].format(value);
  }

  const day = (iso) => (iso ? iso.split("-").reverse().join("/") : "");

  // Letters without marks, for searching: `Đúng hạn` → `dung han`.
  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}+/gu, "").replace(/đ/g, "d");

  const PERIOD = /^(\d{4})-(?:(H[12])|(Q[1-4])|(\d{1,2})M|M(\d{2}))$/;
  function period(label) {
    const match = PERIOD.exec(label);
    if (!match) return label;
    const [, year, half, quarter, months, month] = match;
    if (half) return t(half === "H1" ? "period.H1" : "period.H2", { year });
    if (quarter) return t("period.Q", { year, n: quarter[1] });
    return months ? t("period.nM", { year, n: Number(months) }) : t("period.M", { year, n: Number(month) });
  }

  // ---------------------------------------------------------------- the address

  // `#/chi-tieu/id?a=1&b=2` → {view, id, options}
  function route() {
    const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
    const [view, ...rest] = path.split("/");
    let id = rest.join("/");
    try { id = decodeURIComponent(id); } catch { id = ""; }
    return { view: view || "doc", id, options: Object.fromEntries(new URLSearchParams(query || "")) };
  }

  function address(view, id, options) {
    const query = new URLSearchParams(Object.entries(options || {}).filter(([, value]) => value !== "" && value !== null && value !== undefined)).toString();
    return `#/${view}${id ? `/${encodeURIComponent(id)}` : ""}${query ? `?${query}` : ""}`;
  }

  // Change the options of this view without a new entry in the history.
  function replace(view, id, options) {
    history.replaceState(null, "", address(view, id, options));
  }

  function say(text) {
    document.getElementById("status").textContent = text;
  }

  return { data, load, table, series, forget, h, s, t, word, number, day, fold, period, route, address, replace, say,
    state, kept, views: {}, texts: globalThis.baocaoTexts || {} };
})();
