"""How the page bears size: `python bench/page.py [indicators] [rows] FOLDER`.

A made-up dataset (default 2,000 indicators, 1,000,000 rows: every indicator from 50 bodies in ten periods) and one of a
hundredth of its rows (200 indicators) get their page; both are opened in Chromium from disk. Printed are the times of
the large one as multiples of the small one's, the quickest of five each, and what the browser loads and holds.
Needs playwright and Chromium.
"""

from __future__ import annotations

import resource
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import pyarrow as pa
from playwright.sync_api import Page, sync_playwright

from baocao import schema
from baocao.writers import Staged, sinks, write_page
from tests.page.synthetic import finding, observation, report_of

PERIODS = 10
TIMES = """async (n) => {
  const best = async (act, done) => {
    let least = Infinity;
    for (let k = 0; k < 5; k += 1) {
      const before = performance.now();
      act(k);
      while (!done(k)) await new Promise(requestAnimationFrame);
      least = Math.min(least, performance.now() - before);
    }
    return least;
  };
  const ids = Array.from({ length: 5 }, (_, k) => Math.floor((n - 1) * (k + 1) / 6));
  const open = await best((k) => { location.hash = `#/chi-tieu/chi_tieu_${ids[k]}`; },
    (k) => document.querySelector("h1")?.textContent.startsWith(`Chỉ tiêu số ${ids[k]} `)
      && document.querySelector(".chart"));
  const input = document.getElementById("search");
  const search = await best((k) => { input.value = `so ${ids[k]} ve`; input.dispatchEvent(new Event("input")); },
    (k) => document.querySelector(".results a")?.textContent.startsWith(`Chỉ tiêu số ${ids[k]} `));
  const doubts = await best((k) => { location.hash = k % 2 ? "#/doc" : "#/nghi-van"; },
    (k) => document.querySelector(k % 2 ? ".map" : ".doubts"));
  const elements = document.querySelectorAll("*").length;
  return { open, search, doubts, elements, heap: performance.memory?.usedJSHeapSize };
}"""


def stage(folder: Path, n_indicators: int, n_rows: int) -> Staged:
    """Rows as the run's sinks take them, an agency and a period at a time."""
    folder.mkdir(parents=True)
    bodies = max(1, n_rows // n_indicators // PERIODS)
    open_sinks = [make(folder, folder / "scratch", n_rows) for make in sinks().values()]

    def put(table: str, rows: list[dict[str, Any]]) -> None:
        arrow = pa.Table.from_pylist(rows, schema.arrow_schema(table, stored=True))
        for sink in open_sinks:
            sink.add(table, arrow)

    firsts = []
    for rows in _reports(n_indicators, bodies):
        put("observations", rows)
        firsts.append(rows[0])
    findings = [finding(firsts[n % len(firsts)], n) for n in range(min(50_000, n_rows // 20))]
    for at in range(0, len(findings), 10_000):
        put("findings", findings[at : at + 10_000])
    put("reports", [report_of([row]) for row in firsts])
    files = tuple(one for sink in open_sinks for one in sink.close())
    return Staged(folder, folder, bodies * PERIODS * n_indicators, files)


def _reports(n_indicators: int, bodies: int) -> Iterator[list[dict[str, Any]]]:
    for body in range(bodies):
        for year in range(2015, 2015 + PERIODS):
            yield [
                observation(f"r{body}-{year}", n + 1, str(year), value=str(body * 7 + n + year % 5),
                            indicator_id=f"chi_tieu_{n}", indicator=f"Chỉ tiêu số {n} về giải quyết hồ sơ",
                            agency=f"UBND xã số {body}", agency_id=f"xa-{body}")
                for n in range(n_indicators)
            ]  # fmt: skip


def looked_at(page: Page, out: Path, n_indicators: int) -> dict[str, float]:
    loads = []
    for _ in range(5):
        page.goto("about:blank")
        before = time.perf_counter()
        page.goto((out / "index.html").as_uri())
        page.wait_for_selector("body[data-ready]")
        loads.append((time.perf_counter() - before) * 1000)
    return {"load": min(loads), **page.evaluate(TIMES, n_indicators)}


def main() -> None:
    folder = Path(sys.argv[-1])
    n_indicators, n_rows = (int(word) for word in sys.argv[1:3]) if len(sys.argv) > 3 else (2_000, 1_000_000)
    sizes = {"small": (max(2, n_indicators // 10), n_rows // 100), "large": (n_indicators, n_rows)}
    found = {}
    for name, (indicators, rows) in sizes.items():
        out = folder / name
        shutil.rmtree(out, ignore_errors=True)
        staged = stage(out, indicators, rows)
        before = time.process_time()
        write_page.write(staged)
        spent = time.process_time() - before
        index = sum(path.stat().st_size for path in (out / "page" / "data").glob("*.js"))
        series = max(path.stat().st_size for path in (out / "page").glob("*.js"))
        print(f"{name}: {staged.n_observations:,} rows, {indicators:,} indicators; page written in {spent:.1f} s of "
              f"processor; data of all views {index / 1e6:.1f} MB, largest series {series / 1e3:.0f} kB", flush=True)
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            found[name] = looked_at(browser.new_page(), out, indicators)
            browser.close()
        print("  " + ", ".join(f"{key} {value:,.0f}" for key, value in found[name].items() if value), flush=True)
    for key in ("load", "open", "search", "doubts"):
        print(f"{key}: large / small = {found['large'][key] / found['small'][key]:.1f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
