"""The court's tracks on the page of a matter: where it stands, until when, what can be done."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from yuantou.calendar.clock import local
from yuantou.disputes.machine import Transition
from yuantou.disputes.matter import Ground
from yuantou.disputes.section import Asked, Door, Section
from yuantou.disputes.tracks import ConfirmationState
from yuantou.disputes.words import law_words, refusal_words
from yuantou.mediation.courts.models import Confirmation, Entrustment
from yuantou.mediation.courts.pages import BY_ACTION
from yuantou.mediation.courts.queries import court_name
from yuantou.mediation.courts.tracking import Place, places

ICONS = {
    "advise_confirmation": "scale",
    "apply_confirmation": "scale",
    "accept_confirmation": "check",
    "confirm": "check",
    "dismiss": "close",
    "decline_confirmation": "close",
    "withdraw_confirmation": "return",
    "receive": "edit",
    "extend_entrusted": "clock",
    "succeed_entrusted": "check",
    "fail_entrusted": "close",
    "return_to_court": "return",
}


def _places(asked: Asked) -> list[Place]:
    return places(asked.session, asked.viewer, asked.dispute, asked.events, asked.now)


def _words(asked: Asked) -> dict[str, Any] | None:
    found = _places(asked)
    return {"tracks": [_track(asked, place) for place in found]} if found else None


def _track(asked: Asked, place: Place) -> dict[str, Any]:
    state: Any = place.matter.state
    return {
        "name": _(place.track.name_zh),
        "state": _(state.name_zh),
        "pairs": [
            (term, value) for term, value in (*_court(asked, place), *_pairs(place)) if value
        ],
        "shut": [
            {"label": _(row.name_zh), "why": refusal_words(why), "law": law_words(why.law_zh)}
            for row, why in place.shut_rows()
            if why.ground is not Ground.DUTY
        ],
    }


def _court(asked: Asked, place: Place) -> list[tuple[str, str]]:
    """The court where it is none of the platform: what it decides, the handler writes down."""
    record = place.record
    if not isinstance(record, Confirmation) or record.court_agency_id or not record.court_code:
        return []
    return [(_("法院"), court_name(asked.session, record.court_code))]


def _pairs(place: Place) -> list[tuple[str, Any]]:
    record = place.record
    if isinstance(record, Entrustment):
        return [
            (_("案号"), record.court_case),
            (_("移送材料"), record.materials),
            (_("签收"), _moment(record.received_at)),
            (_("退回法院"), _moment(record.returned_at)),
            (_("理由"), record.reason),
        ]
    return [(_("申请期"), _until(place)), *(_confirmed(record) if record else [])]


def _confirmed(record: Confirmation) -> list[tuple[str, Any]]:
    return [
        (_("案号"), record.court_case),
        (_("申请"), _day(record.applied_on)),
        (_("裁定"), _day(record.decided_on)),
        (_("申请执行"), _day(record.execution_on)),
        (_("理由"), record.reason),
    ]


def _until(place: Place) -> str:
    """The countdown of those who have not asked yet."""
    last = place.matter.confirmation_until
    if last is None or place.matter.state not in (
        ConfirmationState.NONE,
        ConfirmationState.ADVISED,
    ):
        return ""
    left = (last - place.matter.at.date()).days
    if left < 0:
        return _("已过（%(day)s止）", day=_day(last))
    return _("到 %(day)s，还有 %(n)s 天", day=_day(last), n=left)


def _doors(asked: Asked) -> list[Door]:
    return [
        _door(row, asked.dispute.id)
        for place in _places(asked)
        for row in place.open_rows()
        if row.action in BY_ACTION
    ]


def _door(row: Transition[Any], dispute_id: int) -> Door:
    state = _(row.target.name_zh) if row.target is not None else ""
    return {
        "action": row.action,
        "label": _(row.name_zh),
        "note": _("转为“%(state)s”", state=state),
        "url": url_for("courts.act", dispute_id=dispute_id, action=row.action),
        "icon": ICONS.get(row.action, "arrow-right"),
        "key": "",
    }


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def _moment(at: Any) -> str:
    return f"{_day(local(at))} {local(at):%H:%M}" if at else ""


SECTION = Section("courts/_section.html", _words, _doors)
