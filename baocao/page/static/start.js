// Starts the page: which view the address names, and the three buttons.
"use strict";

(() => {
  const { t, state, kept, table, h } = baocao;
  const main = document.getElementById("main");
  const THEMES = ["auto", "light", "dark"];
  let turn = 0;

  function dress() {
    document.documentElement.lang = state.language;
    document.documentElement.dataset.theme = state.theme;
    document.title = t("title");
    for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
    for (const element of document.querySelectorAll("[data-t-label]")) element.setAttribute("aria-label", t(element.dataset.tLabel));
    const other = document.getElementById("language");
    other.textContent = state.language === "en" ? "Tiếng Việt" : "English";
    other.lang = state.language === "en" ? "vi" : "en";
    document.getElementById("theme").textContent = t(`theme.${state.theme}`);
  }

  async function show(moveFocus) {
    const mine = ++turn;
    const { view, id, options } = baocao.route();
    const known = baocao.views[view] ? view : "doc";
    for (const link of document.querySelectorAll("nav a[data-view]")) {
      if (link.dataset.view === known) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    let content;
    try {
      content = await baocao.views[known]({ id, options, index: await table("index") });
    } catch (error) {
      content = [h("h1", null, t("error.title")), h("p", { class: "problem" }, t("error.load", { path: error.message }))];
    }
    if (mine !== turn) return; // a later click was quicker
    main.replaceChildren(...[content].flat().filter(Boolean));
    document.body.dataset.ready = known;
    if (moveFocus) main.focus();
  }

  document.getElementById("language").addEventListener("click", () => {
    state.language = state.language === "en" ? "vi" : "en";
    kept.set("language", state.language);
    dress();
    show(false);
  });
  document.getElementById("theme").addEventListener("click", () => {
    state.theme = THEMES[(THEMES.indexOf(state.theme) + 1) % THEMES.length];
    kept.set("theme", state.theme);
    dress();
  });
  document.getElementById("print").addEventListener("click", () => window.print());
  window.addEventListener("hashchange", () => show(true));
  if (!THEMES.includes(state.theme)) state.theme = "auto";
  dress();
  show(false);
})();
