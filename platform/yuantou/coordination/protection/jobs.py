"""Reminding of the reports that the law demands, until they are made."""

from datetime import datetime, timedelta

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import ColumnElement, literal
from sqlalchemy.types import String

from yuantou.agencies.models import Agency
from yuantou.coordination.protection.section import REPORTED
from yuantou.database.jobs import Job, Progress
from yuantou.disputes.codes import read
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.workflow import LIVE
from yuantou.notices.models import Notice
from yuantou.notices.service import notify

KIND = "report_owed"
TITLE = "依法须强制报告，还没有登记：{number}"


def remind(session: Session, due: datetime, progress: Progress) -> None:
    """Tell whoever handles such a matter; not again before it was read."""
    matters = list(session.scalars(_owing()))
    for done, dispute in enumerate(matters, start=1):
        for agency_id in _responsible(session, dispute):
            if not _waiting(session, dispute.id, agency_id):
                notify(
                    session,
                    agency_id=agency_id,
                    kind=KIND,
                    title=TITLE.format(number=dispute.number or "未编号事项"),
                    link=f"/matters/{dispute.id}/mediation/report-to-police",
                    dispute_id=dispute.id,
                    urgent=True,
                    now=due,
                )
        progress(done, len(matters))
    progress(len(matters), len(matters))


def _owing() -> Select[Dispute]:
    codes = read()
    demanded = [code for code, flag in codes.flags.items() if flag.mandatory_report]
    harmful = [code for code, flag in codes.flags.items() if flag.crime]
    child = Dispute.flags.contains(_array(["minor"]))
    made = exists().where(DisputeEvent.dispute_id == Dispute.id, DisputeEvent.event == REPORTED)
    return select(Dispute).where(
        Dispute.state.in_(LIVE),
        or_(
            Dispute.flags.overlap(_array(demanded)), child & Dispute.flags.overlap(_array(harmful))
        ),
        ~made,
    )


def _array(codes: list[str]) -> ColumnElement[list[str]]:
    return literal(codes, ARRAY(String(32)))


def _responsible(session: Session, dispute: Dispute) -> set[int]:
    """The agency that has it and the county centre; of these, only named persons see the notice."""
    centre = session.scalars(
        select(Agency.id).where(
            Agency.kind == "county_centre", Agency.area_code == dispute.county_code, Agency.active
        )
    )
    return {dispute.handler_agency_id, *centre}


def _waiting(session: Session, dispute_id: int, agency_id: int) -> bool:
    asked = select(Notice.id).where(
        Notice.dispute_id == dispute_id,
        Notice.agency_id == agency_id,
        Notice.kind == KIND,
        Notice.read_at.is_(None),
    )
    return session.scalars(asked.limit(1)).first() is not None


JOBS = (
    Job(
        "protection.remind",
        "提醒强制报告",
        "10 * * * *",
        remind,
        timedelta(hours=1),
        latest_only=True,
    ),
)
