"""The use cases of cross-review: open a round, open a file, judge it, answer, close."""

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.calendar.workdays import day_end
from yuantou.coordination.review import checklist, queries
from yuantou.coordination.review.models import ReviewFile, ReviewRound
from yuantou.coordination.review.pairing import ClosedFile, Reviewer, pair
from yuantou.coordination.sampling.drawing import METHOD, frame_digest, ranked
from yuantou.coordination.sampling.queries import Closed, closed_matters
from yuantou.database.twins import twin_of
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.matter import N_, Ground, Refusal
from yuantou.notices.service import notify

SEED_LENGTH = 8


def open_round(
    session: Session,
    *,
    by: Viewer,
    submission: str,
    name: str,
    first_day: date,
    last_day: date,
    per_area: int,
    due_on: date,
    seed: str = "",
    now: datetime | None = None,
) -> ReviewRound:
    """Draw closed files of each area and hand them to reviewers of others; sent twice it is one.

    Raises RefusedError where nothing was closed, or nobody may review what was.
    """
    if twin := twin_of(session, ReviewRound, submission):
        return twin
    at, lot = now or clock.now(), seed or secrets.token_hex(SEED_LENGTH)
    closed = closed_matters(session, first_day, last_day)
    areas = _areas(closed, by_township=queries.by_township(by))
    drawn = [file for held in areas.values() for file in _drawn(held, per_area, lot)]
    pairs = pair(drawn, queries.reviewers(session, by), lot)
    if not pairs:
        raise RefusedError(_no_pairs(closed))
    frame = sorted([row.dispute_id, row.agency_id] for row in closed)
    made = ReviewRound(
        submission=submission,
        agency_id=by.agency.id,
        area_path=by.agency.area_path,
        name=name,
        first_day=first_day,
        last_day=last_day,
        due_on=due_on,
        per_area=per_area,
        method=METHOD,
        seed=lot,
        frame=frame,
        frame_hash=frame_digest(frame),
        frame_size=len(frame),
        items=checklist.kept(checklist.read()),
        opened_by=by.id,
        opened_at=at,
    )
    session.add(made)
    session.flush()
    handlers = {row.dispute_id: row.agency_id for row in closed}
    session.add_all(_file(by, made, file, one, handlers, at) for file, one in pairs)
    session.flush()
    _call_reviewers(session, made, [one for _file, one in pairs])
    _audit(session, by, "open", "review_round", made.id, seed=lot, files=len(pairs))
    session.commit()
    return made


def open_file(
    session: Session, *, by: Viewer, file_id: int, now: datetime | None = None
) -> ReviewFile:
    """The reviewer opens his file; that stands in the matter's history and in the audit."""
    held = _assigned(session, by, file_id, now or clock.now())
    held.opened_at = held.opened_at or now or clock.now()
    session.execute(select(func.note_review(file_id, "review_opened")))
    _audit(session, by, "read", "review_file", file_id)
    session.commit()
    return held


def judge(
    session: Session,
    *,
    by: Viewer,
    file_id: int,
    findings: checklist.Findings,
    opinion: str,
    final: bool = True,
    now: datetime | None = None,
) -> ReviewFile:
    """Keep the findings; when `final`, the reviewed unit reads them and access ends."""
    at = now or clock.now()
    held = _assigned(session, by, file_id, at)
    round_ = session.get_one(ReviewRound, held.round_id)
    known = {code: dict(one) for code, one in findings.items()}
    if final:
        _refuse_gaps(checklist.restored(round_.items), known)
    held.findings, held.opinion = known, opinion
    if final:
        held.submitted_at = at
        session.flush()
        session.execute(select(func.note_review(file_id, "file_reviewed")))
        title = _("交叉评查意见已出，请核对并答复")
        _tell(session, held.reviewed_agency_id, title, f"/review/files/{file_id}")
    _audit(session, by, "judge" if final else "keep", "review_file", file_id)
    session.commit()
    return held


def reply(
    session: Session, *, by: Viewer, file_id: int, words: str, now: datetime | None = None
) -> ReviewFile:
    """The reviewed unit answers what was found."""
    held = session.get(ReviewFile, file_id, with_for_update=True, populate_existing=True)
    if held is None or held.reviewed_agency_id != by.agency.id or held.submitted_at is None:
        raise NotVisibleError(file_id)
    if held.replied_at is not None:
        raise RefusedError(_state("replied", N_("已经答复过了。")))
    held.reply, held.replied_by, held.replied_at = words, by.id, now or clock.now()
    title = _("被评查单位已答复")
    _tell(session, held.organiser_agency_id, title, f"/review/files/{file_id}")
    _audit(session, by, "reply", "review_file", file_id)
    session.commit()
    return held


def close_round(
    session: Session, *, by: Viewer, round_id: int, now: datetime | None = None
) -> ReviewRound:
    """End the round; files that are not judged are closed to their reviewers."""
    held = session.get(ReviewRound, round_id, with_for_update=True, populate_existing=True)
    if held is None or held.agency_id != by.agency.id:
        raise NotVisibleError(round_id)
    if held.closed_at is None:
        held.closed_at, held.closed_by = now or clock.now(), by.id
        _audit(session, by, "close", "review_round", round_id)
    session.commit()
    return held


def _areas(closed: Sequence[Closed], *, by_township: bool) -> dict[str, list[ClosedFile]]:
    found: dict[str, list[ClosedFile]] = {}
    for row in closed:
        area = row.area_code if by_township else row.county_code
        file = ClosedFile(row.dispute_id, area, frozenset(row.agencies))
        found.setdefault(area, []).append(file)
    return found


def _drawn(files: Sequence[ClosedFile], number: int, seed: str) -> list[ClosedFile]:
    by_id = {file.dispute_id: file for file in files}
    return [by_id[each] for each in ranked(by_id, seed)[:number]]


def _file(
    by: Viewer,
    made: ReviewRound,
    file: ClosedFile,
    one: Reviewer,
    handlers: dict[int, int],
    at: datetime,
) -> ReviewFile:
    return ReviewFile(
        round_id=made.id,
        dispute_id=file.dispute_id,
        organiser_agency_id=by.agency.id,
        reviewed_agency_id=handlers[file.dispute_id],
        area_code=file.area,
        reviewer_agency_id=one.agency_id,
        reviewer_id=one.account_id,
        assigned_at=at,
        until=day_end(made.due_on),
        findings={},
        opinion="",
    )


def _call_reviewers(session: Session, made: ReviewRound, chosen: Sequence[Reviewer]) -> None:
    for one, number in Counter(chosen).items():
        title = _("交叉评查：请评查 %(n)s 件", n=number)
        _tell(session, one.agency_id, title, "/review/", one.account_id)


def _assigned(session: Session, by: Viewer, file_id: int, at: datetime) -> ReviewFile:
    held = session.get(ReviewFile, file_id, with_for_update=True, populate_existing=True)
    if held is None or held.reviewer_id != by.id:
        raise NotVisibleError(file_id)
    over = session.get_one(ReviewRound, held.round_id).closed_at is not None
    if held.submitted_at is not None or over or held.until <= at:
        raise RefusedError(_state("over", N_("这件的评查已经结束，卷宗不再开放。")))
    return held


def _refuse_gaps(items: Sequence[checklist.Item], findings: checklist.Findings) -> None:
    for code in checklist.missing(items, findings):
        text = N_("请选一项；必须有的不能选“不适用”。")
        raise RefusedError(Refusal("not_judged", text, "", Ground.FORM, f"verdict_{code}"))
    for code in checklist.unexplained(items, findings):
        text = N_("不符合的，请写明是什么。")
        raise RefusedError(Refusal("not_explained", text, "", Ground.FORM, f"note_{code}"))


def _no_pairs(closed: Sequence[Closed]) -> Refusal:
    if closed:
        text = N_("没有可以评查的人：评查人必须来自别的地方，并且没有承办过。")
        return Refusal("no_reviewers", text, "", Ground.FORM, "last_day")
    text = N_("这段时间没有可以评查的已结案卷宗，请换一段时间。")
    return Refusal("nothing_closed", text, "", Ground.FORM, "last_day")


def _state(code: str, text: str) -> Refusal:
    return Refusal(code, text, "", Ground.STATE)


def _tell(
    session: Session, agency_id: int, title: str, link: str, account_id: int | None = None
) -> None:
    notify(
        session, agency_id=agency_id, account_id=account_id, kind="review", title=title, link=link
    )


def _audit(session: Session, by: Viewer, action: str, kind: str, number: int, **facts: Any) -> None:
    record(
        session,
        action=f"review:{action}",
        object_type=kind,
        object_id=number,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
