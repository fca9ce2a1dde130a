"""How long the dataset takes to write from its parts, and how much memory: `bench/consolidate.py 1000000 [FOLDER]`.

Makes parts of 256 reports × 62 rows over 2,000 indicators (made-up figures), then runs `write_dataset` alone. The parts
stay in FOLDER/parts for the next time (`--parts`: only make them). `--all`: with workbook and page. `--shuffled`: the
reports lie in the parts in another order than their names, as after files were moved about.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from baocao import schema
from baocao.consolidate import write_dataset
from baocao.entries import Entries, Entry
from baocao.ledger import Ledger
from baocao.output import Output
from baocao.parts import _EXTRA, DETAIL_TABLES
from baocao.repack import is_scattered, repack
from baocao.scratch import opened
from baocao.writers import WRITERS

REPORTS, ROWS, INDICATORS, PERIODS = 256, 62, 2000, 24


def column(name: str, kind: pa.DataType, n: int) -> pa.Array:
    if pa.types.is_string(kind) and name != "value_base":
        return pa.array(np.full(n, ""))
    if pa.types.is_boolean(kind):
        return pa.array(np.ones(n, dtype=bool))
    return pa.array(np.ones(n)).cast(kind) if name in ("table", "row", "depth", "confidence") else pa.nulls(n, kind)


def make_part(folder: Path, first: int) -> None:
    """One part with reports `first`, `first` + 1, …"""
    random = np.random.default_rng(first)
    numbers = np.arange(first, first + REPORTS)
    ids = np.char.add("r", np.char.zfill(numbers.astype(str), 11))
    period = np.char.add((2000 + numbers % PERIODS).astype(str), "-H1")
    agency = np.char.add("Sở số ", (numbers // PERIODS).astype(str))
    n = REPORTS * ROWS
    rows = np.tile(np.arange(ROWS), REPORTS)
    which = (np.repeat(numbers // PERIODS, ROWS) * 7 + rows) % INDICATORS
    names = np.char.add("chi_tieu_", which.astype(str))
    end = pa.array(np.repeat(2000 + numbers % PERIODS, ROWS).astype(str)).cast(pa.string())
    end = pa.compute.binary_join_element_wise(end, "06", "10", "-").cast(pa.date32())
    # Two series of three are restless: counts of a few, sudden years. They are what the checks have to look at.
    restless = which % 3 != 0
    level = np.where(restless, np.exp(random.normal(3, 1.2, n)), 1000 + random.integers(0, 900, n))
    value = level.astype(int).astype(str)
    given = {
        "observation_id": np.char.add(
            np.repeat(ids, ROWS), np.char.add(np.char.add("/2/1/", rows.astype(str)), "/actual/")
        ),
        "report_id": np.repeat(ids, ROWS),
        "source": np.char.add(np.repeat(ids, ROWS), ".pdf"),
        "agency": np.repeat(agency, ROWS),
        "agency_id": np.repeat(agency, ROWS),
        "period": np.repeat(period, ROWS),
        "period_end": end,
        "appendix": np.full(n, "2"),
        "stt": rows.astype(str),
        "indicator_id": names,
        "indicator": np.char.add("Chỉ tiêu về kết quả thực hiện ", names),
        "indicator_raw": np.char.add("Chỉ tiêu ", names),
        "unit": np.full(n, "Văn bản"),
        "unit_raw": np.full(n, "Văn bản"),
        "measure": np.full(n, "actual"),
        "value": value,
        "value_raw": value,
        "value_kind": np.full(n, "number"),
        "flow": np.full(n, "cumulative"),
        "status": np.full(n, "ok"),
        "method": np.full(n, "pdf-lines"),
        "row": pa.array(rows.astype(np.int32)),
        "note": np.where(rows % 9 == 0, "Số liệu được lấy từ phần mềm", ""),
    }
    folder.mkdir(parents=True)
    for table in schema.ROW_TYPES:
        fields = schema.arrow_schema(table, stored=True)
        size = n if table == "observations" else REPORTS if table == "reports" else 0
        facts = (
            given
            if table == "observations"
            else {
                "report_id": ids,
                "source": np.char.add(ids, ".pdf"),
                "status": np.full(REPORTS, "ok"),
                "agency_id": agency,
                "period": period,
                "family": np.full(REPORTS, "cchc"),
                "format": np.full(REPORTS, "pdf"),
                "n_findings": pa.array(np.zeros(REPORTS, dtype=np.int32)),
            }
            if table == "reports"
            else {}
        )
        made = pa.Table.from_arrays(
            [pa.array(facts[f.name]).cast(f.type) if f.name in facts else column(f.name, f.type, size) for f in fields],
            schema=fields,
        )
        if table == "reports":
            extra = {"figures": pa.array(ids), "appendices": pa.array(np.full(REPORTS, "2"))}
            sizes = {table: ROWS if table == "observations" else 0 for table in DETAIL_TABLES}
            counts = {f"rows_{name}": pa.array(np.full(REPORTS, size)) for name, size in sizes.items()}
            for name, kind in _EXTRA:
                made = made.append_column(f"_{name}", {**extra, **counts}[name].cast(kind))
        pq.write_table(made, folder / f"{table}.parquet", compression="zstd", compression_level=1)


def parts_in(folder: Path, n_rows: int) -> list[Entry]:
    """The entries of parts in this folder, made where they are not there yet."""
    entries: list[Entry] = []
    for number in range(max(1, n_rows // (REPORTS * ROWS))):
        part = folder / f"{number:06d}"
        if not part.is_dir():
            fresh = folder / f".{number:06d}"
            make_part(fresh, number * REPORTS)
            fresh.replace(part)
        for place in range(REPORTS):
            name = f"r{number * REPORTS + place:011d}"
            entries.append(Entry(len(entries), f"{name}.pdf", name, name, part=part.name, place=place))
    return entries


def main() -> None:
    n_rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    place = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    with tempfile.TemporaryDirectory(dir=place) as folder, Output(Path(folder) / "out") as output:
        parts = (place or Path(folder)) / "parts"
        parts.mkdir(exist_ok=True)
        made = parts_in(parts, n_rows)
        (output.work / "parts").symlink_to(parts.resolve())
        if "--parts" in sys.argv:
            return
        if "--shuffled" in sys.argv:
            np.random.default_rng(1).shuffle(made)  # type: ignore[arg-type]
            for order, entry in enumerate(made):
                entry.order, entry.source = order, f"{order:08d}.pdf"
        database = opened(output.work / "run.sqlite")
        entries = Entries(database, made)
        del made
        started, cpu = time.perf_counter(), time.process_time()
        steps: list[str] = []
        if is_scattered(entries, REPORTS):
            ledger = Ledger(output.work / "ledger.sqlite")
            repack(entries, output.work / "parts", output.work / "repack", ledger, len(entries), REPORTS)
            ledger.close()
            print(f"{time.perf_counter() - started:7.1f} s put in order again")

        def tell(step: object) -> None:
            steps.append(f"{time.perf_counter() - started:7.1f} s {step.source or 'written'}")  # type: ignore[attr-defined]

        if "--all" not in sys.argv:  # workbook and page are measured apart
            WRITERS.clear()
        summary = write_dataset(output, database, entries, tell, corrections=None, strict=False, reused=0, warnings=())
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # making the parts included
        print("\n".join(steps))
        for ending in ("csv", "parquet"):
            size = sum(path.stat().st_size for path in output.root.rglob(f"*.{ending}"))
            print(f"{size / 1e6:,.0f} MB of {ending}, {size / summary.n_observations:.0f} bytes a row", end="; ")
        print(f"{summary.n_observations:,} rows, {summary.n_indicators:,} indicators")
        print(f"{seconds:.1f} s, {cpu:.1f} s of processor, peak {peak:,.0f} MB, load {os.getloadavg()[0]:.0f}")


if __name__ == "__main__":
    main()
