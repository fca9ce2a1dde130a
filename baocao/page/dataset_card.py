"""The schema.org description of the dataset that stands in the page, for search engines and reference managers.

In: what the page knows. Out: a `<script type="application/ld+json">` element: data, not code, so the page's
content policy lets it stand. https://schema.org/Dataset
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from baocao import schema
from baocao.page.data_files import as_json

_MOST_VARIABLES = 500
_FILES = (
    ("observations.csv", "text/csv"),
    ("observations.parquet", "application/vnd.apache.parquet"),
    ("datapackage.json", "application/json"),
    ("bao-cao.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)


def dataset_card(n_observations: int, covered: Mapping[str, Any], indicators: Sequence[Mapping[str, Any]]) -> str:
    """The element. Names and units come from the catalogue, time and places from the reports."""
    ends = sorted(end for _, end in covered["periods"] if end)
    card: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": "Dữ liệu lịch sử từ các báo cáo cải cách hành chính",
        "alternateName": "Historical data from administrative-reform reports",
        "description": f"{n_observations} dòng số liệu như in trong báo cáo, kèm đơn vị, kỳ, trang và mọi nghi vấn. "
        f"/ {n_observations} rows as printed, with unit, period, page and every doubt.",
        "inLanguage": ["vi", "en"],
        "version": schema.CONTRACT_VERSION,
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
        "isAccessibleForFree": True,
        "keywords": ["cải cách hành chính", "administrative reform", "Việt Nam"],
    }
    if ends:
        card["temporalCoverage"] = f"{ends[0][:4]}/{ends[-1][:4]}"
    places = sorted({body[3] for body in covered["agencies"] if body[3]})
    if places:
        card["spatialCoverage"] = [{"@type": "Place", "name": place} for place in places]
    card["variableMeasured"] = [
        {
            "@type": "PropertyValue",
            "name": row["indicator"],
            "propertyID": row["indicator_id"],
            **({"unitText": row["unit"]} if row["unit"] else {}),
        }
        for row in indicators[:_MOST_VARIABLES]
    ]
    card["distribution"] = [
        {"@type": "DataDownload", "contentUrl": name, "encodingFormat": media} for name, media in _FILES
    ]
    return f'<script type="application/ld+json">{as_json(card)}</script>'
