"""The audit administrator's list of the hash chain: references only, no personal data."""

from datetime import date
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask_babel import lazy_gettext as _l

from yuantou.access.audience import audience
from yuantou.access.blueprint import blueprint
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.accounts.queries import accounts_by_id
from yuantou.audit.queries import PAGE, Wanted, events, last_link
from yuantou.database.text import clean

RESOURCES = {
    "account": _l("账号"),
    "agency": _l("单位"),
    "dispute": _l("纠纷"),
    "party": _l("当事人信息"),
    "mediation": _l("调解"),
    "duplicate": _l("查重"),
    "counts": _l("司法数据"),
    "target": _l("目标"),
    "assessment": _l("评估"),
    "map": _l("地图"),
    "figures": _l("指标"),
    "territory": _l("区划"),
    "notice": _l("消息"),
    "screening": _l("排查"),
    "roster": _l("值班表"),
    "suggestion": _l("投诉建议"),
    "complaint": _l("投诉建议"),
}


@blueprint.get("/audit")
@audience(Permission.AUDIT_READ)
def audit() -> str:
    """Rows of the chain, newest first, by kind, object, person and day."""
    wanted = _wanted()
    found = events(db(), wanted)
    rows = found[:PAGE]
    given = {name: text for name, text in request.args.items() if text and name != "before"}
    before = rows[-1].seq if len(found) > PAGE else None
    return render_template(
        "audit/index.html",
        rows=rows,
        people=accounts_by_id(db(), {row.account_id for row in rows if row.account_id}),
        resources=RESOURCES,
        given=given,
        older=_address(given, before) if before else None,
        head=last_link(db()),
    )


def _address(given: dict[str, str], before: int) -> str:
    return f"{url_for('access.audit')}?{urlencode({**given, 'before': before})}"


def _day(text: str) -> date:
    found = date.fromisoformat(text)
    if not 1949 <= found.year <= 2200:
        raise ValueError(text)
    return found


def _wanted() -> Wanted:
    resource = request.args.get("resource", "")
    action = clean(request.args.get("action", ""))
    return Wanted(
        action=action or (f"{resource}:" if resource in RESOURCES else ""),
        object_type=clean(request.args.get("type", "")),
        object_id=clean(request.args.get("object", "")),
        account_id=request.args.get("account", type=int),
        since=request.args.get("since", type=_day),
        until=request.args.get("until", type=_day),
        before=request.args.get("before", type=int),
    )
