# %% [markdown]
# # The dataset in pandas
# One indicator over time, long and wide, doubts set apart, joined to a panel of provinces.

# %%
import sys

import pandas as pd

import baocao

dataset = baocao.open_dataset(sys.argv[1] if len(sys.argv) > 1 else "out")
catalogue = dataset.catalogue()
print(catalogue[["indicator_id", "indicator", "unit", "first_period", "last_period", "n_observations"]].head())

# %% [markdown]
# ## Long: one row per figure
# Primary rows only; a doubtful figure stays in the table, but not in the analysis.

# %%
rows = dataset.observations(primary_only=True)
figures = rows[rows["value"].notna() & (rows["measure"] == "actual") & (rows["breakdown"] == "")]
print(figures.groupby("status")["value"].count())
sure = figures[figures["status"].isin(["ok", "corrected"])]

# %% [markdown]
# ## Wide: agency and period by indicator

# %%
keys = ["agency", "province_id", "period", "period_end"]
wide = sure.pivot_table(index=keys, columns="indicator_id", values="value", aggfunc="first").sort_index()
print(wide.shape)

# %% [markdown]
# ## One series, years only
# Yearly figures may be compared with each other; six- and nine-month figures run up since January.

# %%
longest = sure[sure["period"].str.fullmatch(r"\d{4}")]["indicator_id"].value_counts().index[0]
series = dataset.indicator(longest)
yearly = series[(series["measure"] == "actual") & series["period"].str.fullmatch(r"\d{4}")]
print(yearly.pivot_table(index="period", columns="agency", values="value", aggfunc="first"))

# %% [markdown]
# ## Joined to PAR INDEX, SIPAS or PAPI
# Their provinces carry the two-digit code of the General Statistics Office: what stands before `@` in `province_id`.
# Keep it as text, `01` is not `1`. Here a made-up panel stands for the real one; it keeps codes as numbers.

# %%
sure = sure.assign(province_code=sure["province_id"].str.split("@").str[0], year=sure["period_end"].dt.year)
panel = pd.DataFrame({"province_code": [1, 46, 49], "year": [2022, 2022, 2022], "par_index": [90.0, 85.1, 84.9]})
panel["province_code"] = panel["province_code"].astype(str).str.zfill(2)
joined = sure.merge(panel, on=["province_code", "year"], how="left", validate="many_to_one")
assert len(joined) == len(sure)
assert joined["par_index"].notna().any()
print(joined[["agency", "province", "year", "indicator_id", "value", "par_index"]].dropna().head())
