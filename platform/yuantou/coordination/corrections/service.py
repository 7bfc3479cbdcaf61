"""Correcting what was logged: every field keeps what stood there before, words sealed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.calendar import clock
from yuantou.coordination.acting import finish
from yuantou.coordination.corrections.models import Correction
from yuantou.crypto.fields import FieldCipher
from yuantou.disputes.codes import read
from yuantou.disputes.errors import RefusedError
from yuantou.disputes.matter import N_, Duty, Ground, Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.parties import cipher_of
from yuantou.disputes.service import add_flag, lock, note_event
from yuantou.disputes.signals import moved
from yuantou.disputes.standing import actor_of
from yuantou.disputes.workflow import LIVE, DisputeState
from yuantou.territory.models import Area

WORDS = ("title", "summary", "place")
FIELDS = (*WORDS, "type", "area_code", "occurred_on", "involved", "amount", "flags")
CORRECTED = "corrected"
RISKS = ("red", "yellow", "blue")
MERGED = DisputeState.MERGED


@dataclass(frozen=True)
class Stated:
    """What the matter should say."""

    title: str
    summary: str
    place: str
    type: str
    area_code: str
    occurred_on: date
    involved: int
    amount: float | None
    flags: tuple[str, ...]


def correcting_refusal(dispute: Dispute, by: Viewer) -> Refusal | None:
    """Why `by` may not correct the matter now."""
    if dispute.state in (MERGED, DisputeState.DRAFT):
        text = N_("已并案的事项不再更正，请先解除并案。")
        return Refusal("merged", text, "", Ground.STATE)
    duties = actor_of(by, dispute).duties
    handles = Duty.HANDLER in duties and by.may(Permission.DISPUTE_HANDLE)
    centre = Duty.COORDINATOR in duties and by.may(Permission.DISPUTE_ACCEPT)
    if centre or (handles and dispute.state in LIVE):
        return None
    text = N_("由承办单位或者综治中心更正；结案以后由综治中心更正。")
    return Refusal("not_handler", text, "", Ground.DUTY)


def correct(
    session: Session,
    *,
    by: Viewer,
    dispute_id: int,
    stated: Stated,
    reason: str,
    version: int | None = None,
    now: datetime | None = None,
) -> Dispute:
    """Write what is different; its history keeps what stood there, figures follow by triggers."""
    at, dispute = now or clock.now(), lock(session, dispute_id, version)
    changes = _changes(dispute, stated)
    _demand(correcting_refusal(dispute, by) or _change_refusal(dispute, stated, changes))
    _write(session, by, dispute, stated, changes)
    dispute.updated_at = at
    facts = {"fields": list(changes), "category": dispute.type, "risk": dispute.risk}
    event = note_event(
        session, dispute=dispute, event=CORRECTED, by=by, note=reason, facts=facts, at=at
    )
    event.from_state = event.to_state = dispute.state
    session.flush()
    cipher = cipher_of(session, dispute.id) if set(changes) & set(WORDS) else None
    session.add_all(
        _kept(dispute.id, event.id, name, pair, cipher) for name, pair in changes.items()
    )
    session.flush()
    moved.send(dispute, session=session, event=event, by=by)
    return finish(session, by, dispute, "correct", fields=list(changes))


Pair = tuple[object, object]


def _changes(dispute: Dispute, stated: Stated) -> dict[str, Pair]:
    """Only what is different, as it was and as it is to be."""
    found: dict[str, Pair] = {}
    for name in FIELDS:
        before, after = getattr(dispute, name), getattr(stated, name)
        if name == "flags":
            before, after = tuple(before), _in_order(after)
        if before != after:
            found[name] = (before, after)
    return found


def _change_refusal(
    dispute: Dispute, stated: Stated, changes: Mapping[str, Pair]
) -> Refusal | None:
    if not changes:
        return Refusal("nothing_changed", N_("没有改动。"), "", Ground.FORM)
    if dispute.restricted and read().restricts(set(dispute.flags) - set(stated.flags)):
        text = N_("去掉这一项会解除限制知悉，须由县级协调员提出、另一人核准。")
        return Refusal("lifts_restriction", text, "", Ground.DUTY, "flags")
    return None


def _write(
    session: Session, by: Viewer, dispute: Dispute, stated: Stated, changes: Mapping[str, Pair]
) -> None:
    for name in changes:
        if name not in ("flags", "area_code"):
            setattr(dispute, name, getattr(stated, name))
    if "area_code" in changes:
        area = session.get_one(Area, stated.area_code)
        dispute.area_code, dispute.area_path = area.code, area.path
        dispute.lng = dispute.lat = dispute.lng_normal = dispute.lat_normal = None
    if "flags" in changes:
        _set_flags(session, by, dispute, _in_order(stated.flags))


def _set_flags(session: Session, by: Viewer, dispute: Dispute, flags: tuple[str, ...]) -> None:
    """A fact that comes in may restrict the matter and raise its risk; it never lowers it."""
    for flag in flags:
        if flag not in dispute.flags:
            add_flag(session, by=by, dispute=dispute, flag=flag)
    dispute.flags = list(flags)
    least = read().least_risk(flags)
    if dispute.risk is None or RISKS.index(least) < RISKS.index(dispute.risk):
        dispute.risk = least
    dispute.pressing = dispute.pressing or dispute.risk == "red"


def _kept(
    dispute_id: int, event_id: int, name: str, pair: Pair, cipher: FieldCipher | None
) -> Correction:
    plain = cipher is None or name not in WORDS
    before, after = (_text(each) for each in pair)
    return Correction(
        dispute_id=dispute_id,
        event_id=event_id,
        field=name,
        before=before if plain else None,
        after=after if plain else None,
        before_enc=None if cipher is None or plain else cipher.seal(before, name),
        after_enc=None if cipher is None or plain else cipher.seal(after, name),
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def _in_order(flags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code for code in read().flags if code in flags)


def _demand(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise RefusedError(refusal)
