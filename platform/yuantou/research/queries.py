"""Reading research: topics in sight, the library, figures that were frozen."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, undefer

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.research.models import ResearchPull, ResearchTopic

PAGE = 30


def may_read(viewer: Viewer, topic: ResearchTopic) -> bool:
    """Who only reads the library reads what is published."""
    return topic.state == "published" or viewer.may(Permission.RESEARCH_WRITE)


def topics(session: Session, viewer: Viewer, words: str = "", page: int = 1) -> Sequence[Any]:
    """Topics in sight that hold `words`, newest first; one more than a page if there are more."""
    asked: Any = select(ResearchTopic, Agency.name.label("agency")).join(
        Agency, Agency.id == ResearchTopic.agency_id
    )
    for word in words.split()[:5]:
        held = (
            ResearchTopic.title,
            ResearchTopic.question,
            ResearchTopic.keywords,
            ResearchTopic.report,
        )
        asked = asked.where(or_(*(one.icontains(word, autoescape=True) for one in held)))
    shown = ("open", "published") if viewer.may(Permission.RESEARCH_WRITE) else ("published",)
    asked = asked.where(ResearchTopic.state.in_(shown)).order_by(ResearchTopic.id.desc())
    found: Sequence[Any] = session.execute(asked.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    return found


def dropped(session: Session, viewer: Viewer) -> Sequence[ResearchTopic]:
    """What the unit gave up, so that it can be taken up again."""
    asked = select(ResearchTopic).where(
        ResearchTopic.agency_id == viewer.agency.id, ResearchTopic.state == "dropped"
    )
    return session.scalars(asked.order_by(ResearchTopic.id.desc()).limit(PAGE)).all()


def find(session: Session, viewer: Viewer, topic_id: int) -> ResearchTopic | None:
    """A topic in sight."""
    held = session.get(ResearchTopic, topic_id)
    return held if held is not None and may_read(viewer, held) else None


def pulls(session: Session, topic_id: int) -> Sequence[ResearchPull]:
    """The figures that were frozen for a topic, newest first."""
    asked = select(ResearchPull).where(ResearchPull.topic_id == topic_id)
    return session.scalars(asked.order_by(ResearchPull.id.desc()).limit(PAGE)).all()


def pull(session: Session, pull_id: int) -> ResearchPull | None:
    """One pull with what it holds."""
    asked = select(ResearchPull).options(undefer(ResearchPull.content))
    return session.scalars(asked.where(ResearchPull.id == pull_id)).first()
