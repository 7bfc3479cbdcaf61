"""The entries of the menu that a viewer may open."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from yuantou.access.permissions import Permission as P


@dataclass(frozen=True)
class Entry:
    """One entry: where it leads, its icon, and who sees it."""

    label: Any
    endpoint: str
    icon: str
    permissions: tuple[P, ...]


ENTRIES = (
    Entry(_l("工作台"), "disputes.index", "list", (P.DISPUTE_READ,)),
    Entry(_l("登记"), "intake.new", "plus", (P.DISPUTE_LOG,)),
    Entry(_l("地图"), "maps.index", "map", (P.MAP_READ,)),
    Entry(_l("司法数据"), "judiciary.index", "scales", (P.COUNTS_READ, P.COUNTS_ENTER)),
    Entry(_l("指标"), "indicators.index", "chart", (P.FIGURES_READ,)),
    Entry(_l("评估"), "assessments.index", "award", (P.ASSESSMENT_READ,)),
    Entry(_l("运行"), "assessments.runs", "clock", (P.RUNS_READ,)),
    Entry(_l("账号"), "access.accounts", "people", (P.ACCOUNT_MANAGE,)),
    Entry(_l("单位"), "access.agencies", "building", (P.AGENCY_MANAGE,)),
    Entry(_l("安全"), "access.security", "shield", (P.SECURITY_MANAGE,)),
    Entry(_l("审计"), "audit.index", "book", (P.AUDIT_READ,)),
    Entry(_l("消息"), "notices.index", "bell", ()),
)


def navigation(viewer: Any, endpoint: str) -> list[dict[str, Any]]:
    """Menu of `viewer`; the entry of the page that is open is active."""
    if not viewer.is_authenticated:
        return []
    return [
        {
            "label": entry.label,
            "url": url_for(entry.endpoint),
            "icon": entry.icon,
            "active": endpoint.split(".")[0] == entry.endpoint.split(".")[0],
        }
        for entry in ENTRIES
        if entry.endpoint in current_app.view_functions
        and (not entry.permissions or any(viewer.may(one) for one in entry.permissions))
    ]
