"""Matters whose histories run through years, played by the cast at moments of the past."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from tests.coordination.matters import Door, report
from tests.mediation.papers.files import made
from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import ZONE
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import move

MARCH = datetime(2026, 3, 2, 9, 30, tzinfo=ZONE)
HOLDERS = {
    "dispatch": "ren",
    "designate": "ren",
    "recall": "gao",
    "return": "gao",
    "escalate": "gao",
}
SENT = ("dispatch", "designate", "recall")


def later(days: float) -> datetime:
    """So many days after the report."""
    return MARCH + timedelta(days=days)


@dataclass
class Stage:
    """The cast, each with one session."""

    door: Door
    opened: dict[str, tuple[Session, Viewer]] = field(default_factory=dict)

    def __call__(self, login: str) -> tuple[Session, Viewer]:
        """The session of `login` and the viewer."""
        if login not in self.opened:
            self.opened[login] = self.door(login)
        return self.opened[login]

    def play(self, way: str, start: datetime = MARCH, step: float = 1.2, **facts: Any) -> int:
        """Report a matter and carry out the acts of `way`, one every `step` days."""
        dispute, holder = report(self.door, now=start), "mei"
        for place, action in enumerate(way.split(), start=1):
            self.do(holder, dispute, action, start + timedelta(days=place * step), **facts)
            holder = HOLDERS.get(action, holder)
        return dispute

    def do(self, holder: str, dispute: int, action: str, at: datetime, **facts: Any) -> Dispute:
        """One act at a moment, by whoever it is for, with a filled form."""
        session, viewer = self("gao" if action in SENT else holder)
        form = filled(viewer.id, at) | {"handler_agency_id": self("ren")[1].agency.id} | facts
        if action == "close":
            made(session, dispute, "oral")
        done = move(session, by=viewer, dispute_id=dispute, action=action, facts=form, now=at)
        session.commit()
        return done


def filled(person: int, at: datetime) -> dict[str, Any]:
    """What the forms of all acts ask."""
    day = at.date()
    return {
        "category": "neighborhood",
        "risk": "yellow",
        "complexity": "ordinary",
        "path": "own_mediation",
        "consent": True,
        "mediator_id": person,
        "officer_id": person,
        "deadline": day + timedelta(days=20),
        "reason": "当事人要求",
        "designation_reason": "无人承办",
        "suggested_owner": 1,
        "partners": [1],
        "until": day + timedelta(days=15),
        "evidence": "鉴定机构受理通知书",
        "resumed_on": day,
        "agreement_form": "oral",
        "agreement_content": "各自让步",
        "effective_on": day,
        "due_on": day + timedelta(days=10),
        "performed_on": day,
        "defaulted_on": day,
        "path_options": ["litigation"],
        "planned_on": day + timedelta(days=30),
        "reply": "已依法处理",
        "found": "双方满意",
        "relapse": "又起争执",
    }
