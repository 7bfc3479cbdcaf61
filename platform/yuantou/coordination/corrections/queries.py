"""Corrections in words: what stood there, what stands there now, and for whose eyes."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.scope import Range, within
from yuantou.access.viewer import Viewer
from yuantou.coordination.corrections.models import Correction
from yuantou.coordination.corrections.service import CORRECTED
from yuantou.crypto.fields import FieldCipher
from yuantou.disputes.codes import read
from yuantou.disputes.models import Dispute, DisputeEvent, DisputeKey
from yuantou.disputes.parties import cipher_of
from yuantou.disputes.words import comma, money_words
from yuantou.territory.models import Area

LABELS = {
    "title": _l("标题"),
    "summary": _l("事由"),
    "place": _l("地点"),
    "type": _l("类型"),
    "area_code": _l("区域"),
    "occurred_on": _l("发生日期"),
    "involved": _l("人数"),
    "amount": _l("金额"),
    "flags": _l("情形"),
}
LONGEST = 60


def told(
    session: Session, viewer: Viewer, dispute: Dispute, events: Sequence[DisputeEvent]
) -> dict[int, str]:
    """What each correction changed, by event; words open for who may open the parties."""
    if not any(event.event == CORRECTED for event in events):
        return {}
    rows = session.scalars(
        select(Correction).where(Correction.dispute_id == dispute.id).order_by(Correction.id)
    ).all()
    cipher = _cipher(session, viewer, dispute.id) if any(row.before_enc for row in rows) else None
    areas = _areas(session, rows)
    found: dict[int, list[str]] = {}
    for row in rows:
        found.setdefault(row.event_id, []).append(_line(row, cipher, areas))
    return {event: "；".join(lines) for event, lines in found.items()}


def areas_to_choose(session: Session, viewer: Viewer, dispute: Dispute) -> list[tuple[str, str]]:
    """Areas of the county that the viewer sees; beyond the county a matter is handed over."""
    county = "/".join(dispute.area_path.split("/")[:3]) + "/"
    seen = viewer.scope.full
    wide = not seen.lo or county.startswith(seen.lo)
    asked = select(Area.code, Area.name).where(
        within(Area.path, Range.below(county) if wide else seen), Area.valid_to.is_(None)
    )
    rows = session.execute(asked.order_by(Area.path)).all()
    found = [(row.code, row.name) for row in rows]
    known = {code for code, _name in found}
    if dispute.area_code not in known:
        name = session.scalar(select(Area.name).where(Area.code == dispute.area_code)) or ""
        found.insert(0, (dispute.area_code, name))
    return found


def _cipher(session: Session, viewer: Viewer, dispute_id: int) -> FieldCipher | None:
    if not viewer.may(Permission.PARTY_OPEN) or session.get(DisputeKey, dispute_id) is None:
        return None
    return cipher_of(session, dispute_id)


def _line(row: Correction, cipher: FieldCipher | None, areas: dict[str, str]) -> str:
    label = LABELS.get(row.field, row.field)
    if row.before_enc is not None and row.after_enc is not None:
        if cipher is None:
            return _("%(field)s：内容已隐去", field=label)
        before, after = (cipher.open(each, row.field) for each in (row.before_enc, row.after_enc))
        return f"{label}：{_short(before)} → {_short(after)}"
    if row.before is None and row.after is None:
        return _("%(field)s：已销毁", field=label)
    return f"{label}：{_said(row.field, row.before, areas)} → {_said(row.field, row.after, areas)}"


def _said(field: str, value: str | None, areas: dict[str, str]) -> str:
    if not value:
        return _("空")
    if field == "type":
        return _(read().types[value].name_zh)
    if field == "flags":
        return comma().join(_(read().flags[code].name_zh) for code in value.split())
    if field == "occurred_on":
        day = date.fromisoformat(value)
        return f"{day.year}年{day.month}月{day.day}日"
    if field == "amount":
        return money_words(float(value))
    return areas.get(value, value) if field == "area_code" else value


def _areas(session: Session, rows: Sequence[Correction]) -> dict[str, str]:
    codes = {code for row in rows if row.field == "area_code" for code in (row.before, row.after)}
    if not codes:
        return {}
    found = session.execute(select(Area.code, Area.name).where(Area.code.in_(codes)))
    return {row.code: row.name for row in found}


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
