"""The dataset as Python sees it: one report read on the spot, or a whole output folder opened.

In: a file, or a folder that a run wrote. Out: a `Report`, or a `Dataset` whose tables come as
pandas data frames, Arrow tables or DuckDB relations. Nothing is loaded before it is asked for.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baocao import schema
from baocao.errors import UsageError
from baocao.output import MANIFEST, manifest_of

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

    from baocao.reading import Report


def read_report(path: str | Path) -> Report:
    """Everything one file says: its `document`, `normalized` report, `observations` and `findings`.

    Read in this process, without the limits of a run. Raises `extract.problems.ExtractError` for a file that
    cannot be read.
    """
    from baocao.reading import read_whole

    path = Path(path)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return read_whole(path, path.name, sha256[:12], sha256)


def open_dataset(path: str | Path = "out") -> Dataset:
    """The dataset in a folder. Raises `UsageError` where there is none."""
    root = Path(path)
    if manifest_of(root) is None:
        raise UsageError(f"{root} holds no dataset ({MANIFEST} of a run is missing).", "Run baocao ingest first.")
    return Dataset(root)


class Dataset:
    """A dataset on disk. Rows come in the order of the files, columns as in docs/reference/columns.md."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def arrow(self, table: str = "observations") -> pa.Table:
        """A table as Arrow."""
        import pyarrow.parquet as pq

        return pq.read_table(self._parquet(table))

    def duckdb(self) -> duckdb.DuckDBPyConnection:
        """A DuckDB connection with a view for each table, read from the files on demand, and `figures`: the
        rows that may be added up without a second look (see `baocao.views`)."""
        import duckdb

        from baocao.views import add_views

        connection = duckdb.connect()
        add_views(connection, self.root)
        return connection

    def observations(self, *, primary_only: bool = False) -> pd.DataFrame:
        """One row per appendix row and value column; with `primary_only` without duplicates and superseded."""
        frame = self._frame("observations")
        return frame[frame["is_primary"]].reset_index(drop=True) if primary_only else frame

    def reports(self) -> pd.DataFrame:
        return self._frame("reports")

    def sections(self) -> pd.DataFrame:
        return self._frame("sections")

    def tables(self) -> pd.DataFrame:
        return self._frame("tables")

    def findings(self) -> pd.DataFrame:
        return self._frame("findings")

    def citations(self) -> pd.DataFrame:
        return self._frame("citations")

    def catalogue(self) -> pd.DataFrame:
        """The indicators, with first and last period."""
        import pandas as pd

        from baocao.views import dialect_of

        path = self.root / "catalogue.csv"
        return pd.read_csv(path, encoding="utf-8-sig", keep_default_na=False, sep=dialect_of(path).delimiter)

    def indicators(self) -> list[str]:
        """Ids of the indicators that have a history here."""
        catalogue = self.catalogue()
        return [str(i) for i in catalogue.loc[catalogue["n_observations"].astype(int) > 0, "indicator_id"]]

    def indicator(self, indicator_id: str, *, today: bool = False) -> pd.DataFrame:
        """One historical series, tidy: primary rows by agency and period. Raises KeyError for an unknown id.

        Bodies and provinces are those of the time. With `today` the columns `agency_id`, `agency`, `province_id` and
        `province` name the body and the province that the work stands under now (mergers and renames followed); a body
        that ended without one successor keeps its own name and gets an empty id. Figures are never added up.
        """
        import pyarrow.parquet as pq

        from baocao.writers.write_indicators import file_stem

        path = self.root / "indicators" / f"{file_stem(indicator_id)}.parquet"
        if not path.is_file():
            raise KeyError(f"no indicator {indicator_id!r} in {self.root}; see catalogue.csv for the ids")
        frame = _to_pandas(pq.read_table(path))
        return _in_units_of_today(frame) if today else frame

    def _parquet(self, table: str) -> Path:
        if table not in schema.ROW_TYPES:
            raise KeyError(f"no table {table!r}; there are {', '.join(schema.ROW_TYPES)}")
        return self.root / f"{table}.parquet"

    def _frame(self, table: str) -> pd.DataFrame:
        return _to_pandas(self.arrow(table))

    def __repr__(self) -> str:
        return f"Dataset({str(self.root)!r})"


def _to_pandas(table: pa.Table) -> pd.DataFrame:
    """Whole numbers stay whole where cells are empty; dates are timestamps, so that series can be drawn."""
    import pandas as pd
    import pyarrow as pa

    kinds: dict[Any, Any] = {pa.int32(): pd.Int32Dtype()}
    frame: pd.DataFrame = table.to_pandas(types_mapper=kinds.get, date_as_object=False)
    return frame


def _in_units_of_today(frame: pd.DataFrame) -> pd.DataFrame:
    """Each row under the agency that follows its own by now, and the province in force since July 2025."""
    from datetime import date

    from normalize.agencies import body_name, successor_chain
    from normalize.provinces import province_by_id

    now = max(date(2025, 7, 1), date.today())  # noqa: DTZ011 - a question of the reader's, not a byte of the dataset
    frame = frame.copy()
    followed = {own: successor_chain(own, now) for own in frame["agency_id"].unique()}
    names = {own: name for own, to in followed.items() if to != own and (name := body_name(to))}
    frame["agency"] = [names.get(own, name) for own, name in zip(frame["agency_id"], frame["agency"], strict=True)]
    frame["agency_id"] = frame["agency_id"].map(followed)
    units = {unit: province_by_id(unit) for unit in frame["province_id_2025"].unique()}
    frame["province_id"] = frame["province_id_2025"]
    frame["province"] = [
        unit.name if (unit := units[ident]) else name
        for ident, name in zip(frame["province_id_2025"], frame["province"], strict=True)
    ]
    return frame
