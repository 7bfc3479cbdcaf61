"""Answers that are late are told, once, to who owes them and to who waits for them."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.coordination.dispatching.models import Referral, Transfer, Whistle
from yuantou.database.jobs import Job, Progress
from yuantou.disputes.models import Dispute
from yuantou.disputes.workflow import ENDS
from yuantou.notices.service import notify

EVERY = "*/15 * * * *"
UNNUMBERED = "未编号事项"


def tell_late(session: Session, due: datetime, progress: Progress) -> None:
    """Whistles, transfers and referrals whose limit has passed without an answer."""
    found = [*_whistles(session, due), *_transfers(session, due), *_referrals(session, due)]
    for row, agencies, words in found:
        number = session.get_one(Dispute, row.dispute_id).number or UNNUMBERED
        for agency_id in dict.fromkeys(agencies):
            notify(
                session,
                agency_id=agency_id,
                kind="answer_late",
                title=f"{words}：{number}",
                link=f"/matters/{row.dispute_id}",
                dispute_id=row.dispute_id,
                now=due,
            )
        row.reminded_at = due
    session.flush()
    progress(len(found), len(found))


def _whistles(session: Session, due: datetime) -> list[tuple[Any, tuple[int, ...], str]]:
    late = (
        select(Whistle)
        .join(Dispute, Dispute.id == Whistle.dispute_id)
        .where(
            Whistle.answered_at.is_(None),
            Whistle.reminded_at.is_(None),
            Whistle.due_at < due,
            Dispute.state.not_in(ENDS),
        )
    )
    return [
        (row, (row.agency_id, row.caller_agency_id), "吹哨超时未回应")
        for row in session.scalars(late)
    ]


def _transfers(session: Session, due: datetime) -> list[tuple[Any, tuple[int, ...], str]]:
    late = select(Transfer).where(
        Transfer.answered_at.is_(None), Transfer.reminded_at.is_(None), Transfer.due_at < due
    )
    return [
        (row, (row.to_agency_id, row.from_agency_id), "移送超时未答复")
        for row in session.scalars(late)
    ]


def _referrals(session: Session, due: datetime) -> list[tuple[Any, tuple[int, ...], str]]:
    late = select(Referral).where(
        Referral.answered_at.is_(None), Referral.reminded_at.is_(None), Referral.due_on < due.date()
    )
    return [(row, (row.agency_id,), "转办超时未答复") for row in session.scalars(late)]


JOBS = (
    Job(
        "dispatching.late",
        "吹哨、移送、转办超时提醒",
        EVERY,
        tell_late,
        timedelta(hours=6),
        latest_only=True,
    ),
)
