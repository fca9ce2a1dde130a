# %% [markdown]
# # The dataset in DuckDB
# SQL over the Parquet files; nothing is loaded before it is asked for, so a million rows are no trouble.

# %%
import sys
from pathlib import Path

import duckdb

out = Path(sys.argv[1] if len(sys.argv) > 1 else "out")
db = duckdb.connect()
for table in ("observations", "reports", "findings"):
    path = str(out / f"{table}.parquet").replace("'", "''")
    db.execute(f"CREATE VIEW {table} AS SELECT * FROM '{path}'")

# %% [markdown]
# ## What is there: agencies by year

# %%
db.sql("""
    SELECT agency, province, count(*) AS reports, min(period) AS first, max(period) AS last
    FROM reports WHERE status NOT IN ('failed', 'skipped', 'duplicate', 'superseded')
    GROUP BY ALL ORDER BY reports DESC, agency
""").show()

# %% [markdown]
# ## What is in doubt, and where it stands

# %%
db.sql("""
    SELECT f.severity, f.code, f.source, f.page, f.stt, o.indicator, o.value_raw
    FROM findings f LEFT JOIN observations o USING (observation_id)
    WHERE f.severity = 'error' ORDER BY f.source, f."table", f."row" LIMIT 20
""").show()

# %% [markdown]
# ## On time, year by year, through the mergers
# `province_id_2025` is the unit in force since 1 July 2025: figures of Quảng Nam stand under Đà Nẵng.

# %%
result = db.sql("""
    SELECT province_id_2025, year(period_end) AS year,
           sum(value) FILTER (indicator_id = 'ho_so_giai_quyet_dung_han') AS on_time,
           sum(value) FILTER (indicator_id = 'ho_so_da_giai_quyet') AS handled
    FROM observations
    WHERE is_primary AND measure = 'actual' AND breakdown = '' AND status IN ('ok', 'corrected')
      AND regexp_full_match(period, '[0-9]{4}')
    GROUP BY ALL ORDER BY ALL
""")
result.show()
