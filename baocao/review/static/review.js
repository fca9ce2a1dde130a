// The review desk in the browser: a list that holds any number of findings, one finding at a time, keyboard first.
// Everything from reports goes into the page as text, never as HTML.

import { currentLanguage, has, periodName, say, setLanguage, show } from "./words.js";

const ROW = 64;
const PAGE = 100;
const $ = (id) => document.getElementById(id);
// `at` is the finding that was asked for, `shown` the one that is on the screen; -1 while the next one is on its way.
const state = { at: -1, shown: -1, busy: false, place: 0, total: 0, pages: new Map(), ticked: new Set(), detail: null, whole: false, asked: 0, facts: {} };

// ---------------------------------------------------------------- talking to the desk

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error(say("lost"));
  }
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(has(content.error) ? say(content.error) : content.message || say("lost"));
  return content;
}

const tell = (path, order) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(order) });

function wanted() {
  return { severity: $("severity").value, state: $("state").value, code: $("code").value, q: $("search").value };
}

const query = (extra) => new URLSearchParams({ ...wanted(), ...extra }).toString();

// ---------------------------------------------------------------- the list

async function reload(keepAt = -1) {
  const asked = ++state.asked;
  const first = await ask(`api/doubts?${query({ offset: 0, limit: PAGE, at: keepAt })}`);
  if (asked !== state.asked) return;
  state.pages = new Map([[0, first.items]]);
  state.total = first.total;
  $("space").style.height = `${state.total * ROW}px`;
  state.place = first.place >= 0 ? first.place : Math.min(state.place, Math.max(0, state.total - 1));
  showTotal();
  await drawList();
  if (state.total) await open(state.place);
  else {
    state.at = -1;
    onScreen(-1);
    $("detail").hidden = true;
    $("nothing").hidden = false;
  }
}

async function itemAt(place) {
  const page = Math.floor(place / PAGE);
  if (!state.pages.has(page)) {
    const asked = state.asked;
    const loading = ask(`api/doubts?${query({ offset: page * PAGE, limit: PAGE })}`).then((found) => found.items);
    state.pages.set(page, loading);
    loading.catch(() => { if (state.pages.get(page) === loading) state.pages.delete(page); }); // to be asked for again
    const items = await loading;
    if (asked === state.asked) state.pages.set(page, items);
  }
  return (await state.pages.get(page))[place % PAGE];
}

async function drawList() {
  const box = $("scroll");
  const first = Math.max(0, Math.floor(box.scrollTop / ROW) - 3);
  const last = Math.min(state.total, first + Math.ceil(box.clientHeight / ROW) + 8);
  const asked = state.asked;
  const items = await Promise.all(Array.from({ length: last - first }, (_, i) => itemAt(first + i)));
  if (asked !== state.asked) return;
  $("space").replaceChildren(...items.map((item, i) => (item ? line(item, first + i) : "")).filter(Boolean));
  const current = document.getElementById(`item-${state.place}`);
  if (current) box.setAttribute("aria-activedescendant", current.id);
  else box.removeAttribute("aria-activedescendant");
}

function line(item, place) {
  const row = element("div", `item ${item.severity}${item.verdict ? " settled" : ""}${place === state.place ? " chosen" : ""}`);
  row.id = `item-${place}`;
  row.setAttribute("role", "option");
  row.setAttribute("aria-selected", String(state.ticked.has(item.at) || place === state.place));
  row.setAttribute("aria-setsize", String(state.total));
  row.setAttribute("aria-posinset", String(place + 1));
  row.style.top = `${place * ROW}px`;
  const words = element("div", "words", (state.ticked.has(item.at) ? "✓ " : "") + sentence(item));
  const from = [say(`one.${item.severity}`), item.agency, periodName(item.period), item.source].filter(Boolean).join(" · ");
  row.append(words, element("div", "from", from));
  row.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey) tick(item.at);
    else go(place);
  });
  return row;
}

const sentence = (item) => (currentLanguage() === "en" && item.message_en ? item.message_en : item.message);

function showTotal() {
  const ticked = state.ticked.size ? ` · ${say("selected", { n: state.ticked.size })}` : "";
  $("total").textContent = say("total", { n: state.total }) + ticked;
  $("together").disabled = !state.total;
}

function tick(at) {
  if (state.ticked.has(at)) state.ticked.delete(at);
  else state.ticked.add(at);
  showTotal();
  void drawList();
}

// ---------------------------------------------------------------- one finding

async function go(place) {
  if (place < 0 || place >= state.total) return;
  clearFields();
  await open(place);
}

async function open(place) {
  state.place = place;
  onScreen(-1);
  const box = $("scroll");
  if (place * ROW < box.scrollTop) box.scrollTop = place * ROW;
  if ((place + 1) * ROW > box.scrollTop + box.clientHeight) box.scrollTop = (place + 1) * ROW - box.clientHeight;
  await drawList();
  const item = await itemAt(place);
  if (!item || state.place !== place) return;
  state.at = item.at;
  const detail = await ask(`api/doubt/${item.at}`);
  if (state.at !== item.at || state.place !== place) return;
  state.detail = detail;
  drawDetail();
  onScreen(item.at);
  void safely(drawPicture); // a page may take a moment to draw; the keys do not wait for it
  await drawGrid();
}

function onScreen(at) {
  state.shown = at;
  showBusy();
}

function showBusy() {
  $("detail").setAttribute("aria-busy", String(state.busy || (state.shown < 0 && state.total > 0)));
}

function drawDetail() {
  const d = state.detail, o = d.observation;
  $("nothing").hidden = true;
  $("detail").hidden = false;
  $("detail").scrollTop = 0;
  $("detail-title").textContent = o ? o.indicator_raw || o.indicator : d.code;
  const page = o?.page ?? d.page;
  $("where").textContent = [d.source, d.agency, periodName(d.period), page && say("where.page", { page })].filter(Boolean).join(" · ");
  $("message").replaceChildren(element("span", `sign ${d.severity}`, say(`one.${d.severity}`)), sentence(d));
  const action = currentLanguage() === "en" ? d.action_en : d.action;
  $("action").textContent = d.code.startsWith("correction") ? action : action.replaceAll("corrections.csv", say("here"));
  const facts = [];
  if (o) {
    facts.push(["printed", o.value_raw || say("none"), "printed"], ["value", o.value === null ? say("none") : show(o.value)]);
    if (d.verdict && d.current !== plain(o.value)) facts.push(["current", d.current || say("none")]);
    facts.push(["unit", o.unit || say("none")], ["indicator", `${o.indicator} (${o.indicator_id})`]);
  }
  facts.push(["expected", d.expected], ["actual", d.actual]);
  facts.push(["place", say("place", d)]);
  if (o) facts.push(["note", o.note], ["status", say(`status.${o.status}`)]);
  if (d.others.length) facts.push(["others", show(d.others.length)]);
  $("facts").replaceChildren(
    ...facts.filter(([, text]) => text).flatMap(([name, text, kind]) => [
      element("dt", "", say(`fact.${name}`)), element("dd", kind ?? "", text)]));
  $("verdict").hidden = !d.verdict;
  const last = d.history.at(-1);
  $("verdict").textContent = d.verdict ? [say(d.verdict), last?.reason, last?.who].filter(Boolean).join(" · ") : "";
  for (const id of ["value", "column", "correct", "reject"]) $(id).disabled = !d.is_figure;
  refuse("");
}

function clearFields() {
  $("value").value = "";
  $("reason").value = "";
  $("column").value = "value";
  state.reject = false;
}

const plain = (value) => (value === null || value === undefined ? "" : String(value));

async function drawPicture() {
  const d = state.detail, at = state.at;
  const missing = (text) => {
    $("page").hidden = true;
    $("no-picture").hidden = false;
    $("no-picture").textContent = text;
  };
  if (!d.has_source) return missing(say("no-source"));
  if (!d.picture) return missing(d.observation || d.table !== null ? say("no-pages", { format: d.report.format }) : say("no-page"));
  let width, height;
  try {
    const answer = await fetch(d.picture);
    if (!answer.ok) throw new Error((await answer.json()).message);
    [width, height] = ["X-Page-Width", "X-Page-Height"].map((name) => Number(answer.headers.get(name)));
    await answer.arrayBuffer();
  } catch (error) {
    if (state.at === at) missing(say("no-drawing", { message: error.message }));
    return;
  }
  if (state.at !== at) return;
  const image = $("picture"), mark = $("mark");
  image.alt = say("page-alt", { page: d.observation?.page ?? d.page, source: d.source });
  $("page").setAttribute("aria-label", image.alt);
  $("page").hidden = false;
  $("no-picture").hidden = true;
  mark.hidden = !d.box;
  if (d.box) {
    const [x0, top, x1, bottom] = d.box;
    Object.assign(mark.style, {
      left: `${(100 * x0) / width}%`, width: `${(100 * (x1 - x0)) / width}%`,
      top: `${(100 * top) / height}%`, height: `${(100 * (bottom - top)) / height}%`,
    });
  }
  image.onload = () => {
    if (d.box) $("page").scrollTop = Math.max(0, mark.offsetTop - $("page").clientHeight / 2);
    image.dataset.drawn = d.picture;
  };
  image.src = d.picture;
}

async function drawGrid() {
  const at = state.at, d = state.detail;
  const isWhole = state.whole || (!d.has_pages && !state.few);
  const grid = await ask(`api/grid/${at}${isWhole ? "?all=1" : ""}`);
  if (state.at !== at) return;
  $("whole").firstElementChild.textContent = say(isWhole ? "few-rows" : "whole-table");
  $("whole").disabled = grid.n_rows === 0;
  state.isWhole = isWhole;
  const table = element("table");
  const head = element("tr");
  for (const name of [say("stt"), say("name"), say("unit"), ...grid.columns, say("note")]) {
    const cell = element("th", "", name);
    cell.scope = "col";
    head.append(cell);
  }
  table.append(wrap("thead", head));
  const body = element("tbody");
  for (const row of grid.rows) {
    const isMarked = row.row === grid.marked_row;
    const tr = element("tr", isMarked ? "marked" : "");
    tr.append(element("td", "", row.stt_raw), element("td", "", row.name), element("td", "", row.unit_raw));
    grid.columns.forEach((_, i) => {
      const cell = row.cells[i];
      const td = element("td", `figure ${cell?.status ?? ""}`, cell?.raw ?? "");
      if (cell && cell.id === grid.marked) {
        td.classList.add("marked");
        td.setAttribute("aria-current", "true");
      }
      tr.append(td);
    });
    tr.append(element("td", "", row.note));
    body.append(tr);
  }
  table.append(body);
  $("grid").replaceChildren(table);
  const marked = $("grid").querySelector("tr.marked");
  // The row in question stands near the top of what is shown, the one before it above: seen without scrolling.
  const before = marked?.previousElementSibling ?? marked;
  if (marked) $("grid").scrollTop = Math.max(0, before.offsetTop - table.tHead.offsetHeight);
  if (marked && !d.picture) marked.scrollIntoView({ block: "nearest" });
}

// ---------------------------------------------------------------- decisions

// One decision at a time: until the next finding is on the screen, nothing can be decided about it unseen.
async function alone(action) {
  if (state.busy) return;
  state.busy = true;
  showBusy();
  try {
    await action();
  } finally {
    state.busy = false;
    showBusy();
  }
}

const decide = (verdict) => alone(() => decideNow(verdict));
const undo = () => alone(undoNow);
const settleTogether = (verdict) => alone(() => settleNow(verdict));

async function decideNow(verdict) {
  if (state.shown < 0) return;
  const order = { ids: [state.shown], verdict, value: $("value").value, column: $("column").value,
    reason: $("reason").value, who: $("who").value };
  if (verdict === "accept" && !order.reason.trim()) order.reason = say("default-reason");
  if (verdict !== "accept" && !order.reason.trim()) {
    refuse(say("reason-needed"));
    state.reject = verdict === "reject";
    $("reason").focus();
    return;
  }
  const done = { accept: "accepted", correct: "corrected", reject: "rejected" }[verdict];
  try {
    await tell("api/decide", order);
  } catch (error) {
    refuse(error.message);
    return;
  }
  announce(say(`said.${done}`, { value: order.value }));
  clearFields();
  $("scroll").focus();
  await afterwards(true);
}

async function undoNow() {
  try {
    const { taken_back } = await tell("api/undo", {});
    announce(say("said.undone", { n: taken_back }));
  } catch (error) {
    announce(error.message);
  }
  await afterwards(false);
}

// After a decision the finding leaves a list of open ones, so the next one takes its place.
async function afterwards(goOn) {
  await showState();
  const stays = $("state").value !== "open";
  if (goOn && stays) state.place = Math.min(state.place + 1, Math.max(0, state.total - 1));
  await reload(goOn ? -1 : state.at);
}

function openTogether() {
  const n = state.ticked.size || state.total;
  $("together-what").textContent = say(state.ticked.size ? "together.selected" : "together.shown", { n });
  $("together-reason").value = "";
  $("together-refused").hidden = true;
  $("together-box").showModal();
  $("together-reason").focus();
}

async function settleNow(verdict) {
  const reason = $("together-reason").value;
  const complain = (text) => {
    $("together-refused").hidden = false;
    $("together-refused").textContent = text;
  };
  if (!reason.trim()) return complain(say("reason-needed"));
  const which = state.ticked.size ? { ids: [...state.ticked] } : { wanted: wanted() };
  try {
    const { written, findings } = await tell("api/decide", { ...which, verdict, reason, who: $("who").value });
    announce(say("said.together", { n: written, findings }));
  } catch (error) {
    return complain(error.message);
  }
  state.ticked.clear();
  $("together-box").close();
  await afterwards(false);
}

function refuse(text) {
  $("refused").hidden = !text;
  $("refused").textContent = text;
}

function announce(text) {
  $("said").hidden = false;
  $("said").textContent = text;
}

// ---------------------------------------------------------------- the rest

async function showState() {
  const facts = (state.facts = await ask("api/state"));
  const counted = facts.codes.filter((c) => $("severity").value.split(",").includes(c.severity));
  const sum = (name) => counted.reduce((n, c) => n + c[name], 0);
  $("dataset").textContent = facts.dataset;
  $("progress").textContent = say("progress", { open: sum("open"), n: sum("n"), pending: facts.n_pending });
  $("undo").disabled = !facts.can_undo;
  const chosen = $("code").value;
  const options = counted.map((c) => option(c.code, `${c.code} (${show(c.open)}/${show(c.n)})`));
  $("code").replaceChildren(option("", say("code.all")), ...options);
  $("code").value = counted.some((c) => c.code === chosen) ? chosen : "";
}

function option(value, text) {
  const made = element("option", "", text);
  made.value = value;
  return made;
}

function element(name, kind = "", text = "") {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  if (text) made.textContent = text;
  return made;
}

function wrap(name, child) {
  const made = element(name);
  made.append(child);
  return made;
}

const KEYS = [
  ["j ↓", "next"], ["k ↑", "previous"], ["a", "accept"], ["c", "correct"], ["r", "reject"], ["u", "undo"], ["x", "select"],
  ["s", "together"], ["/", "search"], ["t", "table"], ["Esc", "leave"], ["?", "help"],
];

function showHelp() {
  $("keys").replaceChildren(...KEYS.flatMap(([key, name]) => [wrap("dt", element("kbd", "", key)), element("dd", "", say(`key.${name}`))]));
  $("help-box").showModal();
}

function toggleTable() {
  state.whole = !state.isWhole;
  state.few = state.isWhole;
  void drawGrid();
}

const ACTIONS = {
  j: () => go(state.place + 1), ArrowDown: () => go(state.place + 1),
  k: () => go(state.place - 1), ArrowUp: () => go(state.place - 1),
  a: () => decide("accept"),
  c: () => !$("value").disabled && $("value").focus(),
  r: () => !$("reject").disabled && (state.reject = true, $("reason").focus()),
  u: undo, x: () => state.shown >= 0 && tick(state.shown), s: openTogether, t: toggleTable, "?": showHelp,
  "/": () => $("search").focus(),
};

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const isField = event.target.matches("input, select, textarea");
  if (event.key === "Escape" && isField) {
    event.target.blur();
    state.reject = false;
    $("scroll").focus();
    return;
  }
  if (isField) return;
  const isScrolling = event.key.startsWith("Arrow") && event.target.matches(".page, .grid");
  const action = ACTIONS[event.key];
  if (!action || isScrolling || (event.repeat && "aursx".includes(event.key))) return;
  event.preventDefault();
  void safely(action);
}

async function safely(action) {
  try {
    await action();
  } catch (error) {
    announce(error.message);
  }
}

function switchLanguage(code) {
  setLanguage(code);
  $("language").textContent = say("language");
  document.title = `baocao · ${say("title")}`;
  localStorage.setItem("baocao-language", code);
}

async function start() {
  const facts = await ask("api/state");
  switchLanguage(localStorage.getItem("baocao-language") || (facts.language === "en" ? "en" : "vi"));
  $("who").value = localStorage.getItem("baocao-who") || facts.who;
  listen();
  $("scroll").focus(); // before anything is on the screen: later it would be taken from a field somebody types into
  await showState();
  await reload();
}

function listen() {
  let waiting = 0;
  const onChange = () => safely(async () => {
    state.place = 0;
    state.ticked.clear();
    $("scroll").scrollTop = 0;
    await showState();
    await reload();
  });
  for (const id of ["severity", "state", "code"]) $(id).addEventListener("change", onChange);
  $("search").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(onChange, 200); });
  $("scroll").addEventListener("scroll", () => requestAnimationFrame(() => safely(drawList)));
  $("who").addEventListener("change", () => localStorage.setItem("baocao-who", $("who").value));
  $("decision").addEventListener("submit", (event) => {
    event.preventDefault();
    const verdict = state.reject ? "reject" : "correct";
    void safely(() => decide(verdict));
  });
  $("value").addEventListener("focus", () => { state.reject = false; });
  const clicks = { accept: () => decide("accept"), reject: () => decide("reject"), undo, help: showHelp, together: openTogether,
    previous: () => go(state.place - 1), next: () => go(state.place + 1), whole: toggleTable,
    "together-accept": () => settleTogether("accept"), "together-reject": () => settleTogether("reject"),
    "together-close": () => $("together-box").close() };
  for (const [id, action] of Object.entries(clicks)) $(id).addEventListener("click", () => safely(action));
  $("language").addEventListener("click", () => safely(async () => {
    switchLanguage(currentLanguage() === "vi" ? "en" : "vi");
    await showState();
    await reload(state.at);
  }));
  document.addEventListener("keydown", onKey);
}

void safely(start);
