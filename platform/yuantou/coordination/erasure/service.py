"""Erasing personal data: the security administrator asks, a second person carries it out.

The key of the matter is destroyed, so that whatever was sealed under it cannot be opened again;
blind indexes and words are cleared. The chain of the audit holds references only and stays whole.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.audit.service import record
from yuantou.coordination.erasure.models import Erasure
from yuantou.disputes.errors import RefusedError
from yuantou.disputes.matter import N_, Duty, Ground, Refusal
from yuantou.notices.service import notify

RETENTION, REQUEST = "retention", "request"
TITLE = "请核准销毁个人信息：{number}"


def ask(session: Session, *, by: Viewer, number: str, basis: str, reason: str) -> int:
    """Ask for the erasure of one closed matter, by its number alone; returns the request's id."""
    asked = session.scalar(select(func.ask_erasure(number.strip(), basis, reason)))
    if asked is None:
        text = N_("没有这个编号的已办结事项，或者已经申请、销毁过。请核对编号。")
        raise RefusedError(Refusal("no_matter", text, "", Ground.FORM, "number"))
    erasure = session.get_one(Erasure, asked)
    _tell_county(session, erasure)
    _record(session, by, "erasure:ask", erasure, basis=basis)
    session.commit()
    return int(asked)


def deciding_refusal(erasure: Erasure, by: Viewer) -> Refusal | None:
    """Why `by` may not decide: two persons erase, never one."""
    if erasure.verdict is not None:
        return Refusal("decided", N_("这项申请已经办理。"), "", Ground.STATE)
    if erasure.asked_by == by.id:
        text = N_("须由另一人核准，提出的人不能自己核准。")
        return Refusal("same_person", text, "", Ground.DUTY)
    of_county = by.role.code == "coordinator" and by.agency.area_code == erasure.county_code
    if of_county or by.role.code == "system_administrator":
        return None
    values = {"holders": (Duty.COUNTY.name_zh, N_("系统管理员"))}
    return Refusal("not_yours", N_("由%(holders)s核准。"), "", Ground.DUTY, values=values)


def erase(session: Session, *, by: Viewer, erasure_id: int, note: str = "") -> None:
    """Destroy the key, the indexes and the words; nothing brings them back."""
    erasure = _open(session, by, erasure_id)
    if session.scalar(select(func.erase_matter(erasure.id, note))) is None:
        text = N_("这件事项又在办理了，或者刚才已经办过，没有销毁。")
        raise RefusedError(Refusal("not_ended", text, "", Ground.STATE))
    _record(session, by, "erasure:carry_out", erasure, asked_by=erasure.asked_by)
    session.commit()


def refuse(session: Session, *, by: Viewer, erasure_id: int, note: str) -> None:
    """Keep it, and say why."""
    erasure = _open(session, by, erasure_id)
    session.scalar(select(func.refuse_erasure(erasure.id, note)))
    _record(session, by, "erasure:refuse", erasure)
    session.commit()


def _open(session: Session, by: Viewer, erasure_id: int) -> Erasure:
    erasure = session.get_one(Erasure, erasure_id, populate_existing=True)
    refusal = deciding_refusal(erasure, by)
    if refusal is not None:
        raise RefusedError(refusal)
    return erasure


def _tell_county(session: Session, erasure: Erasure) -> None:
    centre = session.scalar(
        select(Agency.id).where(
            Agency.kind == "county_centre", Agency.area_code == erasure.county_code, Agency.active
        )
    )
    if centre is not None:
        notify(
            session,
            agency_id=centre,
            kind="erasure_asked",
            title=TITLE.format(number=erasure.number),
            link=f"/erasures/{erasure.id}",
        )


def _record(session: Session, by: Viewer, action: str, erasure: Erasure, **facts: object) -> None:
    record(
        session,
        action=action,
        object_type="dispute",
        object_id=erasure.dispute_id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"erasure": erasure.id, **facts},
    )
