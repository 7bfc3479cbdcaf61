"""Where the pages of warnings lead: their own rooms, and rooms that may stand beside them."""

from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_login import current_user

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.alerts.models import Alert

OF_DATA = ("W11", "MISSING")  # they tell of what was written down, not of disputes that gather


def rooms(active: str) -> list[dict[str, Any]]:
    """The list, the rules, the ledger."""
    shown = (
        ("alerts.index", _("预警")),
        ("alerts.rules", _("规则")),
        ("record.index", _("台账")),
    )
    return [
        {"label": label, "url": url_for(endpoint), "active": endpoint == active}
        for endpoint, label in shown
        if _stands(endpoint) and (endpoint != "record.index" or _reads_figures())
    ]


def links(viewer: Viewer, alert: Alert) -> list[tuple[str, str]]:
    """From a warning to its rule, and to the figure, source or question behind it."""
    found = [(_("这条规则怎样判断"), url_for("alerts.rules", _anchor=alert.rule))]
    if not alert.rule.startswith("W"):
        opens = _stands("record.watch") and _reads_figures()
        found = [(_("检验怎样进行"), url_for("record.watch"))] if opens else []
    if alert.type_code and alert.rule not in OF_DATA and viewer.may(Permission.MAP_READ):
        found.append((_("在地图上看这一类"), url_for("maps.index", type=alert.type_code)))
    if alert.type_code and alert.dispute_id is None and viewer.may(Permission.DISPUTE_READ):
        asked: dict[str, Any] = {
            "view": "all",
            "type": alert.type_code,
            "area": alert.area_code,
        }
        found.append((_("在工作台看这里的这一类"), url_for("disputes.index", **asked)))
    if alert.source_id and viewer.may(Permission.MAP_READ) and _stands("maps_sources.show"):
        found.append((_("看共同源头"), url_for("maps_sources.show", source_id=alert.source_id)))
    if alert.facts.get("questions") and viewer.may(Permission.INTEGRITY_LOOK):
        found.append((_("看数据核问"), url_for("integrity.index")))
    if alert.rule == "W08" and viewer.may(Permission.DISPUTE_SUPERVISE):
        found.append((_("去督查"), url_for("supervision.index")))
    return found


def analysis_url(viewer: Viewer, alert: Alert) -> str:
    """Where an analysis is opened from a warning; '' for who may not."""
    endpoint = "governance.analysis_new"
    opens = _stands(endpoint) and viewer.may("source:analyse") and alert.state != "closed"
    sourced = opens and alert.rule not in OF_DATA
    return url_for(endpoint, warning=alert.id) if sourced else ""


def _reads_figures() -> bool:
    """Whether the ledger's pages open to the viewer."""
    return bool(current_user.may(Permission.FIGURES_READ))


def _stands(endpoint: str) -> bool:
    return endpoint in current_app.view_functions
