"""The use cases of research: open a topic, freeze figures, write the report, publish."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.database.twins import twin_of
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.matter import N_, Ground, Refusal
from yuantou.research.models import ResearchPull, ResearchTopic
from yuantou.research.pulling import digest, pulled
from yuantou.territory.models import Area

STEPS = {  # action: from which states to which
    "publish": (("open",), "published"),
    "withdraw": (("published",), "open"),
    "drop": (("open",), "dropped"),
    "restore": (("dropped",), "open"),
}


def open_topic(
    session: Session,
    *,
    by: Viewer,
    submission: str,
    title: str,
    question: str,
    keywords: str,
    now: datetime | None = None,
) -> ResearchTopic:
    """Ask a question; sent twice it is one."""
    if twin := twin_of(session, ResearchTopic, submission):
        return twin
    made = ResearchTopic(
        submission=submission,
        title=title,
        question=question,
        keywords=keywords,
        area_code=by.agency.area_code,
        area_path=by.agency.area_path,
        agency_id=by.agency.id,
        state="open",
        report="",
        file_name="",
        file_hash="",
        opened_by=by.id,
        opened_at=now or clock.now(),
    )
    session.add(made)
    session.flush()
    _audit(session, by, "open", made)
    session.commit()
    return made


def freeze(
    session: Session,
    *,
    by: Viewer,
    topic_id: int,
    submission: str,
    codes: Sequence[str],
    areas: Sequence[Area],
    first: date,
    last: date,
    now: datetime | None = None,
) -> ResearchPull:
    """Take figures as they stand and keep them with a hash; sent twice it is one."""
    topic = _own(session, by, topic_id)
    if twin := twin_of(session, ResearchPull, submission):
        session.commit()
        return twin
    if topic.state != "open":
        raise RefusedError(_changed())
    content = pulled(session, codes, areas, first, last)
    made = ResearchPull(
        submission=submission,
        topic_id=topic.id,
        codes=list(codes),
        areas=[one.code for one in areas],
        first=first,
        last=last,
        content=content,
        digest=digest(content),
        taken_by=by.id,
        taken_at=now or clock.now(),
    )
    session.add(made)
    session.flush()
    _audit(session, by, "pull", topic, pull=made.id, sha256=made.digest)
    session.commit()
    return made


def write(
    session: Session,
    *,
    by: Viewer,
    topic_id: int,
    report: str,
    file: tuple[str, bytes] | None = None,
    version: int | None = None,
) -> ResearchTopic:
    """Keep the report, typed or as a file; a file stays until another is brought."""
    topic = _own(session, by, topic_id)
    if topic.state != "open" or (version is not None and version != topic.version):
        raise RefusedError(_changed())
    topic.report = report
    if file is not None:
        topic.file_name, topic.file = file[0][:200], file[1]
        topic.file_hash = hashlib.sha256(file[1]).hexdigest()
    _audit(session, by, "write", topic, sha256=topic.file_hash)
    session.commit()
    return topic


def turn(
    session: Session, *, by: Viewer, topic_id: int, action: str, now: datetime | None = None
) -> ResearchTopic:
    """Publish a report, take it back, give a topic up, take it up again."""
    topic = _own(session, by, topic_id)
    sources, target = STEPS[action]
    if topic.state == target:
        session.commit()
        return topic
    if topic.state not in sources:
        raise RefusedError(_changed())
    if action == "publish" and not (topic.report.strip() or topic.file_name):
        text = N_("发布前请写报告，或者上传报告文件。")
        raise RefusedError(Refusal("no_report", text, "", Ground.FORM, "report"))
    topic.state = target
    published = action == "publish"
    topic.published_by = by.id if published else None
    topic.published_at = (now or clock.now()) if published else None
    _audit(session, by, action, topic)
    session.commit()
    return topic


def _own(session: Session, by: Viewer, topic_id: int) -> ResearchTopic:
    topic = session.get(ResearchTopic, topic_id, with_for_update=True, populate_existing=True)
    if topic is None or topic.agency_id != by.agency.id:
        raise NotVisibleError(topic_id)
    return topic


def _changed() -> Refusal:
    text = N_("刚才有人先改了，请看过最新的内容再提交；已填的内容都还在。")
    return Refusal("changed", text, "", Ground.STATE)


def _audit(
    session: Session, by: Viewer, action: str, topic: ResearchTopic, **facts: object
) -> None:
    record(
        session,
        action=f"research:{action}",
        object_type="research",
        object_id=topic.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts=facts,
    )
