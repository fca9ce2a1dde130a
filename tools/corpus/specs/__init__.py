"""The samples, one module per agency; `all_reports` gives them in the order of the manifest."""

from __future__ import annotations

from tools.corpus.model import Report
from tools.corpus.specs import district, finance, home_affairs, inspectorate, justice, planning


def all_reports() -> list[Report]:
    modules = (planning, finance, home_affairs, district, justice, inspectorate)
    return [report for module in modules for report in module.reports()]
