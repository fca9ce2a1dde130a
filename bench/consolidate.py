"""How long the dataset takes to write from its parts, and how much memory: `python bench/consolidate.py 1000000`.

Makes parts of 256 reports × 62 rows over 2,000 indicators (made-up figures), then runs `write_dataset` alone.
`--shuffled`: the reports lie in the parts in another order than their names, as after files were moved about.
"""

from __future__ import annotations

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
from baocao.ledger import Ledger
from baocao.output import Output
from baocao.parts import _EXTRA, DETAIL_TABLES
from baocao.plan import Entry
from baocao.repack import is_scattered, repack
from baocao.writers import WRITERS

REPORTS, ROWS, INDICATORS, PERIODS = 256, 62, 2000, 24


def column(name: str, kind: pa.DataType, n: int) -> pa.Array:
    if pa.types.is_string(kind) and name != "value_base":
        return pa.array(np.full(n, ""))
    if pa.types.is_boolean(kind):
        return pa.array(np.ones(n, dtype=bool))
    return pa.array(np.ones(n)).cast(kind) if name in ("table", "row", "depth", "confidence") else pa.nulls(n, kind)


def make_part(folder: Path, first: int) -> list[tuple[str, int]]:
    """One part with reports `first`, `first` + 1, …; their ids and places."""
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
    return [(str(i), place) for place, i in enumerate(ids)]


def main() -> None:
    n_rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with (
        tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as folder,
        Output(Path(folder) / "out") as output,
    ):
        entries: list[Entry] = []
        for number in range(max(1, n_rows // (REPORTS * ROWS))):
            name = f"{number:06d}"
            for report_id, place in make_part(output.work / "parts" / name, number * REPORTS):
                entries.append(Entry(len(entries), f"{report_id}.pdf", report_id, report_id, part=name, place=place))
        if "--shuffled" in sys.argv:
            np.random.default_rng(1).shuffle(entries)  # type: ignore[arg-type]
            for order, entry in enumerate(entries):
                entry.order, entry.source = order, f"{order:08d}.pdf"
        started = time.perf_counter()
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
        summary = write_dataset(output, entries, tell, corrections=None, strict=False, reused=0, warnings=())
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print("\n".join(steps))
        print(f"{summary.n_observations:,} rows, {summary.n_indicators:,} indicators")
        print(f"{seconds:.1f} s, peak {peak:,.0f} MB")


if __name__ == "__main__":
    main()
