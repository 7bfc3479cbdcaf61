"""Use cases on an area's own Word forms: brought after a trial, versioned, given back."""

import hashlib
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.disputes.errors import RefusedError
from yuantou.disputes.matter import Ground, Refusal
from yuantou.mediation.papers.catalogue import Form
from yuantou.mediation.papers.checking import check
from yuantou.mediation.papers.models import PaperTemplate

KINDS = ("county_centre", "justice", "administration")


def bringing_refusal(by: Viewer) -> Refusal | None:
    """Why `by` may not change the Word forms of his area."""
    if by.may(Permission.TEMPLATE_MANAGE) and by.agency.kind in KINDS:
        return None
    words = _("文书模板由县级综治中心、司法局的单位管理员或者系统管理员更换")
    return Refusal("not_your_duty", words, "", Ground.DUTY)


def bring(
    session: Session,
    *,
    by: Viewer,
    form: Form,
    data: bytes,
    note: str = "",
    now: datetime | None = None,
) -> PaperTemplate:
    """A new version of the area's own form, tried with sample data first.

    Raises FormRefusedError when the file may not be taken. The same file twice is one version.
    """
    _demand(by)
    check(data)
    at, digest = now or clock.now(), hashlib.sha256(data).digest()
    standing = _in_force(session, by, form)
    if standing is not None and standing.digest == digest:
        return standing
    _end(standing, by, at)
    session.flush()
    made = PaperTemplate(
        kind=form.code,
        area_path=by.agency.area_path,
        agency_id=by.agency.id,
        version=_last(session, by, form) + 1,
        content=data,
        digest=digest,
        note=note,
        uploaded_by=by.id,
        uploaded_at=at,
        until=None,
        ended_by=None,
    )
    session.add(made)
    try:
        session.flush()
    except IntegrityError as raced:
        session.rollback()
        words = _("刚才有人先上传了，请看过再传")
        raise RefusedError(Refusal("raced", words, "", Ground.STATE)) from raced
    _commit(session, by, "template:bring", made)
    return made


def give_back(
    session: Session, *, by: Viewer, form: Form, now: datetime | None = None
) -> PaperTemplate | None:
    """The area writes on the shipped form again; None where it did all along."""
    _demand(by)
    standing = _in_force(session, by, form)
    if standing is None:
        return None
    _end(standing, by, now or clock.now())
    _commit(session, by, "template:end", standing)
    return standing


def _in_force(session: Session, by: Viewer, form: Form) -> PaperTemplate | None:
    return session.scalars(
        select(PaperTemplate)
        .where(
            PaperTemplate.kind == form.code,
            PaperTemplate.area_path == by.agency.area_path,
            PaperTemplate.until.is_(None),
        )
        .with_for_update()
    ).first()


def _last(session: Session, by: Viewer, form: Form) -> int:
    query = select(func.max(PaperTemplate.version)).where(
        PaperTemplate.kind == form.code, PaperTemplate.area_path == by.agency.area_path
    )
    return session.scalar(query) or 0


def _end(standing: PaperTemplate | None, by: Viewer, at: datetime) -> None:
    if standing is not None:
        standing.until, standing.ended_by = at, by.id


def _demand(by: Viewer) -> None:
    refusal = bringing_refusal(by)
    if refusal is not None:
        raise RefusedError(refusal)


def _commit(session: Session, by: Viewer, action: str, row: PaperTemplate) -> None:
    record(
        session,
        action=action,
        object_type="paper_template",
        object_id=row.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"kind": row.kind, "version": row.version, "sha256": row.digest.hex()},
    )
    session.commit()
