// The desk in the browser: drop or choose, start and watch, open the result. Everything is put in as text.

const $ = (id) => document.getElementById(id);
const WORDS = {
  "title": ["Bàn làm việc báo cáo", "Report desk"],
  "language": ["English", "Tiếng Việt"],
  "promise": ["Đưa báo cáo vào, nhận lại bộ số liệu. Mỗi số hoặc đúng, hoặc được đánh dấu là chưa chắc chắn. Mọi thứ ở lại trên máy này.", "Reports in, dataset out. A figure is either right or marked doubtful. Everything stays on this machine."],
  "step1": ["1. Báo cáo nào?", "1. Which reports?"],
  "drop": ["Thả tệp hoặc thư mục báo cáo vào đây (PDF, DOCX, bảng tính, văn bản, bản quét)", "Drop files or folders of reports here (PDF, DOCX, spreadsheets, text, scans)"],
  "pick-files": ["Chọn tệp trên máy…", "Pick files…"],
  "or": ["hoặc", "or"],
  "folder": ["Đọc một thư mục có sẵn trên máy (đường dẫn đầy đủ)", "Read a folder on this machine (full path)"],
  "use-folder": ["Dùng thư mục này", "Use this folder"],
  "browse": ["Tìm thư mục…", "Look for the folder…"],
  "forget": ["Không dùng thư mục nữa", "Do not use the folder"],
  "close": ["Đóng", "Close"],
  "up": ["↑ thư mục trên", "↑ the folder above"],
  "step2": ["2. Đọc", "2. Read"],
  "start": ["Bắt đầu đọc", "Start reading"],
  "stop": ["Dừng", "Stop"],
  "step3": ["3. Kết quả", "3. The result"],
  "open-page": ["Mở trang tổng quan", "Open the page"],
  "open-workbook": ["Mở tệp Excel", "Open the workbook"],
  "open-review": ["Rà soát nghi vấn", "Review the doubts"],
  "open-folder": ["Mở thư mục kết quả", "Open the folder"],
  "after-review": ["Sau khi rà soát, bấm “Bắt đầu đọc” lần nữa để đưa các quyết định vào bộ số liệu.", "After the review press “Start reading” again to take the decisions into the dataset."],
  "dropped": ["{n} tệp đã thả vào thư mục {folder}", "{n} files dropped into {folder}"],
  "chosen": ["Thư mục sẽ đọc: {path}", "Folder to read: {path}"],
  "sent": ["Đã nhận {n} tệp.", "{n} files taken."],
  "stage.discover": ["Đang tìm báo cáo: {done}", "Looking for reports: {done}"],
  "stage.read": ["Đang đọc {done}/{total} · {source}", "Reading {done} of {total} · {source}"],
  "stage.write": ["Đang ghi bộ số liệu: {done}/{total}", "Writing the dataset: {done} of {total}"],
  "stopping": ["Sẽ dừng khi đọc xong tệp đang đọc…", "Stops when the file it is at is read…"],
  "stopped": ["Đã dừng. Phần đã đọc được giữ lại cho lần sau.", "Stopped. What was read is kept for the next time."],
  "failed": ["Không chạy được: {message} {next_step}", "The run ended: {message} {next_step}"],
  "done": ["Đã xong.", "Done."],
  "opened": ["Đã mở {path}", "Opened {path}"],
  "open-yourself": ["Máy này không tự mở được; hãy mở {path}", "This machine cannot open it by itself; open {path}"],
  "no-folder": ["Không có thư mục này. Ghi đường dẫn đầy đủ.", "There is no such folder. Give the full path."],
  "holds-result": ["Thư mục này chứa (hoặc nằm trong) thư mục kết quả; hãy chọn thư mục khác.", "This folder holds the result or lies in it; choose another."],
  "nothing-to-read": ["Chưa có báo cáo nào: hãy thả tệp hoặc chọn thư mục.", "There is no report yet: drop files or choose a folder."],
  "is-running": ["Đang chạy rồi.", "It is running already."],
  "not-there": ["Phần này chưa có trong kết quả.", "This is not part of the result yet."],
  "too-large": ["lớn hơn 300 MB", "larger than 300 MB"],
  "bad-name": ["tên tệp không dùng được", "the name cannot be used"],
  "no-report": ["không phải báo cáo (tệp khóa, tệp ẩn…)", "no report (a lock or hidden file)"],
  "not-written": ["không ghi được xuống đĩa", "cannot be written to the disk"],
  "bad-request": ["Yêu cầu không hợp lệ.", "The request is not valid."],
  "lost": ["Không liên lạc được với chương trình. Nó còn chạy không?", "The program does not answer. Is it still running?"],
};
let language = "vi";
let running = false;
let watching = 0;
let drawn = -1; // number of the newest state on the screen: an answer that was overtaken is not drawn over it

function say(key, fields = {}) {
  const text = (WORDS[key] ?? [key, key])[language === "vi" ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (_, name) => {
    const value = fields[name] ?? "";
    return typeof value === "number" ? value.toLocaleString(language === "vi" ? "vi-VN" : "en-GB") : value;
  });
}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, options);
  } catch {
    throw new Error(say("lost"));
  }
  const content = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(content.error in WORDS ? say(content.error) : content.message || say("lost"));
  return content;
}

const tell = (path, order = {}) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(order) });

function announce(text) {
  $("said").hidden = !text;
  $("said").textContent = text;
}

function list(target, lines) {
  $(target).hidden = !lines.length;
  $(target).replaceChildren(...lines.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  }));
}

function draw(state) {
  if (state.serial < drawn) return;
  drawn = state.serial;
  const run = state.run;
  running = run.state === "running";
  $("dropped").textContent = say("dropped", { n: state.dropped, folder: state.folder });
  $("chosen").textContent = state.chosen ? say("chosen", { path: state.chosen }) : "";
  $("forget").hidden = !state.chosen;
  $("start").disabled = running || !(state.dropped || state.chosen);
  $("stop").hidden = !running;
  $("progress").hidden = !running;
  if (running) {
    if (run.total) {
      $("progress").max = run.total;
      $("progress").value = run.done;
    } else $("progress").removeAttribute("value");
  }
  $("stage").textContent = running ? say(`stage.${run.stage}`, run) : run.state === "idle" ? "" : say(run.state, run);
  $("result").hidden = !state.has_result || running;
  list("recap", run.recap?.[language] ?? []);
  list("failures", (run.failures ?? []).map((f) => [f.source, f.message, f.next_step].filter(Boolean).join(" · ")));
  for (const [id, what] of [["open-page", "page"], ["open-workbook", "workbook"], ["open-folder", "folder"]]) $(id).disabled = !state.there[what];
  $("open-review").setAttribute("aria-disabled", String(!state.has_review));
}

async function refresh() {
  const state = await ask("api/desk");
  draw(state);
  clearTimeout(watching);
  if (running) watching = setTimeout(() => safely(refresh), 600);
  return state;
}

async function send(files) {
  const refused = [];
  $("sending").hidden = false;
  $("sending").max = files.length || 1;
  for (const [at, [name, file]] of files.entries()) {
    $("sending").value = at;
    try {
      await ask(`api/upload?${new URLSearchParams({ name })}`, {
        method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file });
    } catch (error) {
      refused.push(`${name}: ${error.message}`);
    }
  }
  $("sending").hidden = true;
  list("refused-files", refused);
  announce(say("sent", { n: files.length - refused.length }));
  await refresh();
}

// A dropped folder is walked here; names keep the folders they came from.
async function walk(entry, prefix = "") {
  if (entry.isFile) return [[prefix + entry.name, await new Promise((done, fail) => entry.file(done, fail))]];
  const reader = entry.createReader(), found = [];
  for (;;) {
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) break;
    for (const child of some) found.push(...(await walk(child, `${prefix}${entry.name}/`)));
  }
  return found;
}

async function onDrop(event) {
  event.preventDefault();
  $("drop").classList.remove("over");
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const files = entries.length
    ? (await Promise.all(entries.map((entry) => walk(entry)))).flat()
    : [...event.dataTransfer.files].map((file) => [file.name, file]);
  await send(files);
}

async function showFolders(path) {
  const found = await ask(`api/folders?${new URLSearchParams({ path })}`);
  $("folders-path").textContent = found.path;
  const make = (text, target) => {
    const item = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.addEventListener("click", () => safely(() => showFolders(target)));
    item.append(button);
    return item;
  };
  const base = found.path.endsWith(found.separator) ? found.path : found.path + found.separator;
  const up = found.parent ? [make(say("up"), found.parent)] : [];
  $("folders").replaceChildren(...up, ...found.folders.map((name) => make(name, base + name)));
  if (!$("folders-box").open) $("folders-box").showModal();
}

async function open(what) {
  const { opened, path } = await tell("api/open", { what });
  announce(say(opened ? "opened" : "open-yourself", { path }));
}

async function choose(path) {
  draw(await tell("api/choose", { path }));
  $("path").value = path;
  announce("");
}

async function safely(action) {
  try {
    await action();
  } catch (error) {
    announce(error.message);
  }
}

function switchLanguage(code) {
  language = code === "en" ? "en" : "vi";
  document.documentElement.lang = language;
  document.title = `baocao · ${say("title")}`;
  localStorage.setItem("baocao-language", language);
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
  $("language").textContent = say("language");
}

// Everything listens before the first answer comes, so that nothing a quick hand does is lost.
function listen() {
  const drop = $("drop");
  for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());
  drop.addEventListener("dragover", () => drop.classList.add("over"));
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => safely(() => onDrop(event)));
  $("files").addEventListener("change", () => safely(() => send([...$("files").files].map((file) => [file.name, file]))));
  $("choose").addEventListener("submit", (event) => {
    event.preventDefault();
    void safely(() => choose($("path").value));
  });
  const clicks = {
    start: async () => { await tell("api/start"); announce(""); await refresh(); },
    stop: async () => { await tell("api/stop"); announce(say("stopping")); },
    browse: () => showFolders($("path").value),
    forget: () => choose(""),
    "folders-use": async () => { await choose($("folders-path").textContent); $("folders-box").close(); },
    "folders-close": () => $("folders-box").close(),
    "open-page": () => open("page"), "open-workbook": () => open("workbook"), "open-folder": () => open("folder"),
    language: async () => { switchLanguage(language === "vi" ? "en" : "vi"); await refresh(); },
  };
  for (const [id, action] of Object.entries(clicks)) $(id).addEventListener("click", () => safely(action));
}

async function start() {
  listen();
  const state = await ask("api/desk");
  switchLanguage(localStorage.getItem("baocao-language") || state.language);
  if (!$("path").value) $("path").value = state.chosen;
  await refresh();
}

void safely(start);
