// The words of the page in both languages; `say(key, fields)` fills in {fields}.

const WORDS = {
  "title": ["Rà soát số liệu", "Review the figures"],
  "list": ["Nghi vấn", "Doubts"],
  "language": ["English", "Tiếng Việt"],
  "undo": ["Hoàn tác", "Undo"],
  "help": ["Phím tắt", "Keys"],
  "keys": ["Dùng bàn phím", "With the keyboard"],
  "close": ["Đóng", "Close"],
  "severity": ["Mức độ", "Severity"],
  "severity.both": ["Lỗi và cảnh báo", "Errors and warnings"],
  "severity.error": ["Lỗi", "Errors"],
  "severity.warning": ["Cảnh báo", "Warnings"],
  "severity.info": ["Ghi chú", "Notes"],
  "severity.all": ["Tất cả", "All"],
  "one.error": ["lỗi", "error"],
  "one.warning": ["cảnh báo", "warning"],
  "one.info": ["ghi chú", "note"],
  "state": ["Tình trạng", "State"],
  "state.open": ["Còn bỏ ngỏ", "Open"],
  "state.settled": ["Đã giải quyết", "Settled"],
  "state.all": ["Tất cả", "All"],
  "code": ["Loại", "Kind"],
  "code.all": ["Mọi loại", "Every kind"],
  "search": ["Tìm trong tên tệp và nội dung", "Search in file names and messages"],
  "total": ["{n} phát hiện", "{n} findings"],
  "selected": ["đã chọn {n}", "{n} selected"],
  "together": ["Giải quyết cùng lúc", "Settle together"],
  "together.selected": ["{n} phát hiện đã chọn sẽ được giải quyết với cùng một lý do.", "The {n} selected findings are settled with one reason."],
  "together.shown": ["Cả {n} phát hiện trong danh sách sẽ được giải quyết với cùng một lý do.", "All {n} findings of the list are settled with one reason."],
  "progress": ["còn {open} / {n} · {pending} quyết định chờ lần chạy sau", "{open} of {n} open · {pending} decisions wait for the next run"],
  "decision": ["Quyết định", "Decision"],
  "accept": ["Đúng như bản in", "Stands as printed"],
  "reject": ["Không dùng số này", "Do not use it"],
  "correct": ["Sửa", "Correct"],
  "new-value": ["Giá trị đúng", "The right value"],
  "what": ["Sửa cột", "Column"],
  "column.value": ["giá trị", "value"],
  "column.unit": ["đơn vị tính", "unit"],
  "column.indicator_id": ["mã chỉ tiêu", "indicator id"],
  "reason": ["Lý do", "Reason"],
  "who": ["Người quyết định", "Decided by"],
  "default-reason": ["Đúng như bản in", "Stands as printed"],
  "previous": ["Trước", "Previous"],
  "next": ["Tiếp", "Next"],
  "source": ["Bản gốc", "The source"],
  "neighbours": ["Bảng", "The table"],
  "whole-table": ["Cả bảng", "Whole table"],
  "few-rows": ["Chỉ các dòng gần đó", "Only the rows around"],
  "nothing": ["Không có phát hiện nào theo lựa chọn này.", "No finding fits this choice."],
  "no-pages": ["Tệp {format} không có trang; ô được đánh dấu trong bảng bên dưới.", "A {format} file has no pages; the cell is marked in the table below."],
  "no-source": ["Không tìm thấy tệp gốc. Chạy lại với --source THƯ_MỤC để thấy hình trang.", "The source file is not found. Start again with --source FOLDER to see the page."],
  "no-page": ["Phát hiện này không nói về một trang.", "This finding is about no page."],
  "no-drawing": ["Không vẽ được trang này: {message}", "The page cannot be drawn: {message}"],
  "page-alt": ["Trang {page} của {source}; ô đang xét được viền đỏ", "Page {page} of {source}; the cell in question has a red frame"],
  "here": ["khung Quyết định", "the box Decision"],
  "where.page": ["trang {page}", "page {page}"],
  "period.H1": ["6 tháng đầu năm {year}", "first half of {year}"],
  "period.H2": ["6 tháng cuối năm {year}", "second half of {year}"],
  "period.Q": ["quý {n} năm {year}", "quarter {n} of {year}"],
  "period.nM": ["{n} tháng năm {year}", "first {n} months of {year}"],
  "period.M": ["tháng {n} năm {year}", "month {n} of {year}"],
  "period.Y": ["năm {year}", "{year}"],
  "fact.indicator": ["Chỉ tiêu", "Indicator"],
  "fact.printed": ["Như in", "As printed"],
  "fact.value": ["Đã đọc là", "Read as"],
  "fact.current": ["Sau quyết định", "After the decision"],
  "fact.unit": ["Đơn vị tính", "Unit"],
  "fact.expected": ["Lẽ ra", "Expected"],
  "fact.actual": ["Đang là", "Actual"],
  "fact.status": ["Tình trạng", "Status"],
  "fact.place": ["Vị trí", "Place"],
  "fact.note": ["Ghi chú", "Note"],
  "fact.others": ["Nghi vấn khác", "Other doubts"],
  "status.ok": ["đọc được", "ok"],
  "status.doubtful": ["chưa chắc chắn", "doubtful"],
  "status.unparsed": ["chưa hiểu được", "not understood"],
  "status.blank": ["để trống", "blank"],
  "status.corrected": ["đã có quyết định", "corrected"],
  "place": ["Phụ lục {appendix}, mục {stt}, bảng {table}, dòng {row}", "appendix {appendix}, code {stt}, table {table}, row {row}"],
  "none": ["(trống)", "(empty)"],
  "stt": ["STT", "Code"],
  "name": ["Chỉ tiêu", "Indicator"],
  "unit": ["Đơn vị", "Unit"],
  "note": ["Ghi chú", "Note"],
  "accepted": ["Đã xác nhận đúng như bản in", "Accepted as printed"],
  "corrected": ["Đã sửa", "Corrected"],
  "rejected": ["Đã loại", "Rejected"],
  "said.accepted": ["Đã ghi: đúng như bản in.", "Recorded: stands as printed."],
  "said.corrected": ["Đã ghi: sửa thành {value}.", "Recorded: corrected to {value}."],
  "said.rejected": ["Đã ghi: không dùng số này.", "Recorded: not to be used."],
  "said.undone": ["Đã hoàn tác {n} dòng.", "Took back {n} rows."],
  "said.together": ["Đã ghi {n} dòng cho {findings} phát hiện.", "Recorded {n} rows for {findings} findings."],
  "key.next": ["phát hiện tiếp theo", "next finding"],
  "key.previous": ["phát hiện trước", "previous finding"],
  "key.accept": ["đúng như bản in, sang phát hiện tiếp", "stands as printed, go on"],
  "key.correct": ["sửa: gõ giá trị đúng", "correct: type the right value"],
  "key.reject": ["không dùng số này: gõ lý do", "do not use it: type the reason"],
  "key.undo": ["hoàn tác quyết định cuối", "take the last decision back"],
  "key.select": ["chọn hoặc bỏ chọn", "select or not"],
  "key.together": ["giải quyết cùng lúc", "settle together"],
  "key.search": ["tìm", "search"],
  "key.table": ["cả bảng hoặc chỉ các dòng gần đó", "whole table or the rows around"],
  "key.leave": ["rời ô nhập", "leave the field"],
  "key.help": ["bảng phím tắt", "this list"],
  "reason-needed": ["Sửa hoặc loại một số liệu cần có lý do.", "To correct or reject a figure needs a reason."],
  "no-number": ["Chưa rõ số nào. Gõ số không có dấu phân cách hàng nghìn, ví dụ 1234,5.", "It is not certain which number is meant. Type it without separators of thousands, such as 1234.5."],
  "no-figure": ["Phát hiện này không nói về một số liệu: chỉ có thể xác nhận.", "This finding is about no single figure: it can only be accepted."],
  "too-many": ["Quá nhiều phát hiện cùng lúc (tối đa 5.000).", "Too many findings together (at most 5,000)."],
  "nothing-to-undo": ["Không còn gì để hoàn tác.", "There is nothing to take back."],
  "bad-request": ["Yêu cầu không hợp lệ.", "The request is not valid."],
  "no-finding": ["Không có phát hiện này.", "There is no such finding."],
  "output-busy": ["Chương trình khác đang ghi tệp đính chính; hãy thử lại.", "Another program is writing the corrections; try again."],
  "lost": ["Không liên lạc được với bàn rà soát. Chương trình còn chạy không?", "The desk does not answer. Is the program still running?"],
};

let language = "vi";

export function setLanguage(code) {
  language = code === "en" ? "en" : "vi";
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-word]")) element.textContent = say(element.dataset.word);
}

export function currentLanguage() {
  return language;
}

export function has(key) {
  return key in WORDS;
}

export function say(key, fields = {}) {
  const words = WORDS[key] ?? [key, key];
  const text = words[language === "vi" ? 0 : 1];
  return text.replace(/\{(\w+)\}/g, (_, name) => show(fields[name]));
}

// `2024-H1` → “6 tháng đầu năm 2024”; what is no period stays as it is.
export function periodName(label) {
  const [, year, half, quarter, months, month] = /^(\d{4})(?:-(?:(H[12])|Q([1-4])|(\d{1,2})M|M(\d{2})))?$/.exec(label) ?? [];
  if (!year) return label;
  if (half) return say(`period.${half}`, { year });
  if (quarter) return say("period.Q", { year, n: quarter });
  if (months || month) return say(months ? "period.nM" : "period.M", { year, n: String(Number(months || month)) });
  return say("period.Y", { year });
}

export function show(value) {
  if (value === null || value === undefined || value === "") return "–";
  return typeof value === "number" ? value.toLocaleString(language === "vi" ? "vi-VN" : "en-GB") : String(value);
}
