"""The entries of the menu that a viewer may open."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from flask_babel import lazy_gettext as _l

from yuantou.access.permissions import Permission


@dataclass(frozen=True)
class Entry:
    """One entry: where it leads, its icon, and who sees it."""

    label: Any
    endpoint: str
    icon: str
    permissions: tuple[Permission, ...]
    kinds: tuple[str, ...] = ()  # of the viewer's agency; any where empty


ENTRIES = (
    Entry(_l("工作台"), "disputes.index", "list", (Permission.DISPUTE_READ,)),
    Entry(_l("登记"), "intake.new", "plus", (Permission.DISPUTE_LOG,)),
    Entry(
        _l("排查"),
        "rounds.index",
        "checklist",
        (Permission.DISPUTE_LOG, Permission.DISPUTE_SUPERVISE),
    ),
    Entry(_l("收件箱"), "notices.index", "inbox", ()),
    Entry(_l("联动"), "dispatching.index", "send", (Permission.DISPUTE_SIGN,)),
    Entry(_l("窗口"), "window.index", "building", (Permission.WINDOW_SERVE,)),
    Entry(_l("预警"), "alerts.index", "alert", (Permission.ALERT_READ,)),
    Entry(_l("督查"), "supervision.index", "flag", (Permission.DISPUTE_SUPERVISE,)),
    Entry(_l("地图"), "maps.index", "map", (Permission.MAP_READ,)),
    Entry(_l("源头治理"), "governance.index", "layers", (Permission.SOURCE_READ,)),
    Entry(_l("调查研究"), "research.index", "book", (Permission.RESEARCH_READ,)),
    Entry(_l("委托与确认"), "courts.index", "scale", (Permission.ENTRUSTMENT_SEND,)),
    Entry(
        _l("司法数据"),
        "judiciary.index",
        "scale",
        (Permission.COUNTS_READ, Permission.COUNTS_ENTER),
    ),
    Entry(
        _l("报数"),
        "supplying.index",
        "edit",
        (Permission.SUPPLY_ENTER,),
        ("police", "petition", "court"),
    ),
    Entry(_l("指标"), "indicators.index", "chart", (Permission.FIGURES_READ,)),
    Entry(_l("评估"), "assessments.index", "award", (Permission.ASSESSMENT_READ,)),
    Entry(_l("报表"), "registers.index", "table", (Permission.DISPUTE_EXPORT,)),
    Entry(_l("通报"), "bulletins.index", "file", (Permission.BULLETIN_READ,)),
    Entry(_l("运行"), "assessments.runs", "clock", (Permission.RUNS_READ,)),
    Entry(_l("账号"), "access.accounts", "users", (Permission.ACCOUNT_MANAGE,)),
    Entry(_l("文书模板"), "papers.forms", "file", (Permission.TEMPLATE_MANAGE,)),
    Entry(_l("单位"), "access.agencies", "building", (Permission.AGENCY_MANAGE,)),
    Entry(_l("时限"), "limits.index", "calendar", (Permission.SETTINGS_MANAGE,)),
    Entry(_l("安全"), "access.security", "shield", (Permission.SECURITY_MANAGE,)),
    Entry(
        _l("保管与销毁"),
        "erasures.index",
        "lock",
        (Permission.ERASURE_ASK, Permission.ERASURE_DECIDE),
    ),
    Entry(_l("审计"), "access.audit", "book", (Permission.AUDIT_READ,)),
)


def navigation(viewer: Any, endpoint: str) -> list[dict[str, Any]]:
    """Menu of `viewer`; the entry of the page that is open is active."""
    if not viewer.is_authenticated:
        return []
    entries = [entry for entry in ENTRIES if _open(entry, viewer)]
    active = _active(entries, endpoint)
    return [
        {
            "label": entry.label,
            "endpoint": entry.endpoint,
            "url": url_for(entry.endpoint),
            "icon": entry.icon,
            "active": entry is active,
        }
        for entry in entries
    ]


def first_page(viewer: Any) -> str:
    """Address of the first page that is of the viewer's own work."""
    entries = [entry for entry in ENTRIES if entry.permissions and _open(entry, viewer)]
    return url_for(entries[0].endpoint if entries else "access.account")


def _open(entry: Entry, viewer: Any) -> bool:
    allowed = not entry.permissions or any(viewer.may(one) for one in entry.permissions)
    if entry.kinds and viewer.agency.kind not in entry.kinds:
        return False
    return allowed and entry.endpoint in current_app.view_functions


def _active(entries: list[Entry], endpoint: str) -> Entry | None:
    """The entry of this very page, else the one whose name begins its, else its capability's."""
    room = endpoint.partition(".")[0]
    index = f"{room.partition('_')[0]}.index"  # maps_reach stands under maps
    fitting = (
        *(entry for entry in entries if entry.endpoint == endpoint),
        *(entry for entry in entries if endpoint.startswith(f"{entry.endpoint}_")),
        *(entry for entry in entries if entry.endpoint == index),
    )
    return fitting[0] if fitting else None
