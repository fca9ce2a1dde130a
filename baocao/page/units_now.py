"""Under which unit a body's figures stand today, so that a series can be drawn over mergers.

In: the ids of an agency and of a province since 1 July 2025. Out: ids and names of the successors. There is
no clock here: "today" is the state the code lists describe, from 1 July 2025 on. A body that ended without
one successor (UBND cấp huyện) has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from normalize.agencies import catalogued, successor_chain
from normalize.agency_names import slug
from normalize.provinces import PROVINCES, full_name, province_by_id

NOW = date(2025, 7, 1)


@dataclass(frozen=True, slots=True)
class UnitNow:
    """Agency and province that carry on; an empty `agency_id` means nobody does."""

    agency_id: str
    agency: str
    province_id: str
    province: str


@lru_cache(maxsize=1)
def _councils() -> dict[str, str]:
    return {slug(f"UBND {full_name(province)}"): f"UBND {full_name(province)}" for province in PROVINCES}


@lru_cache(maxsize=4096)
def unit_now(agency_id: str, agency: str, province_id_2025: str) -> UnitNow:
    """The unit of today; the agency's own name where it still exists or no code list knows it."""
    successor = successor_chain(agency_id, NOW)
    known = catalogued().get(successor)
    name = known.agency.name if known and successor != agency_id else _councils().get(successor, agency)
    province = province_by_id(province_id_2025)
    return UnitNow(successor, name if successor else "", province_id_2025, province.name if province else "")
