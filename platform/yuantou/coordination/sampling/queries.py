"""What samples read: what was closed, whom a unit calls, what the sums say, and whether a draw
can be repeated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Row, column, func, select, text
from sqlalchemy.orm import Session, undefer

from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency, AgencyKind
from yuantou.coordination.sampling.drawing import METHOD, draw, frame_digest
from yuantou.coordination.sampling.models import (
    SampleAnswer,
    SampleRound,
    SampleStratum,
    SampleTask,
)
from yuantou.disputes.models import Dispute

SUMS = (
    "called",
    "reached",
    "genuine",
    "genuine_of",
    "performed",
    "performed_of",
    "satisfied",
    "satisfied_of",
)
_CLOSED = text(
    "SELECT dispute_id, agency_id, county_code, area_code, agencies "
    "FROM closed_matters(:first_day, :last_day)"
)


@dataclass(frozen=True)
class Closed:
    """A closed file as one who draws knows it: ids, places, and who had a part in it."""

    dispute_id: int
    agency_id: int
    county_code: str
    area_code: str
    agencies: tuple[int, ...]


@dataclass(frozen=True)
class CallingUnits:
    """Centres by the area they serve, which may call about matters they had no part in."""

    centres: Mapping[str, int]

    def caller(self, matter: Closed) -> int | None:
        """The county's centre, or the township's; None where both had the matter in hand."""
        for area in (matter.county_code, matter.area_code):
            centre = self.centres.get(area)
            if centre is not None and centre not in matter.agencies:
                return centre
        return None


@dataclass(frozen=True)
class Redrawn:
    """A draw repeated from what was kept: the list is the same, and so are the matters."""

    same_frame: bool
    same_matters: bool
    known_method: bool

    @property
    def holds(self) -> bool:
        """Whether the draw is what its record says."""
        return self.same_frame and self.same_matters and self.known_method


def closed_matters(session: Session, first_day: date, last_day: date) -> list[Closed]:
    """What was closed in the period below the viewer's area, restricted matters left out."""
    rows = session.execute(_CLOSED, {"first_day": first_day, "last_day": last_day})
    return [
        Closed(row.dispute_id, row.agency_id, row.county_code, row.area_code, tuple(row.agencies))
        for row in rows
    ]


def calling_units(session: Session, matters: Sequence[Closed]) -> CallingUnits:
    """Active centres of the matters' counties and townships."""
    areas = {area for row in matters for area in (row.county_code, row.area_code)}
    asked = select(Agency.area_code, Agency.id).where(
        Agency.kind.in_((AgencyKind.COUNTY_CENTRE, AgencyKind.TOWNSHIP_CENTRE)),
        Agency.area_code.in_(areas),
        Agency.active,
    )
    return CallingUnits({row.area_code: row.id for row in session.execute(asked)})


def redraw(session: Session, round_id: int) -> Redrawn:
    """Draw once more from the kept list and seed, and compare with what was handed out."""
    held = session.get_one(SampleRound, round_id, options=[undefer(SampleRound.frame)])
    asked = select(SampleTask.dispute_id).where(SampleTask.round_id == round_id)
    again = {matter for matter, _unit in draw(held.frame, held.asked, held.seed)}
    return Redrawn(
        same_frame=frame_digest(held.frame) == held.frame_hash
        and len(held.frame) == held.frame_size,
        same_matters=again == set(session.scalars(asked)),
        known_method=held.method == METHOD,
    )


def strata(session: Session, round_id: int) -> Sequence[SampleStratum]:
    """The strata of a round that the viewer may see."""
    asked = select(SampleStratum).where(SampleStratum.round_id == round_id)
    return session.scalars(asked.order_by(SampleStratum.agency_id)).all()


def sums(session: Session, round_id: int) -> list[dict[str, int]]:
    """Sums of the answers by agency, for the unit that drew the round."""
    found = func.sample_sums(round_id).table_valued(
        *(column(name, BigInteger) for name in ("agency_id", *SUMS))
    )
    return [dict(row._mapping) for row in session.execute(select(found))]


def drawn_by_unit(session: Session, viewer: Viewer) -> Sequence[SampleRound]:
    """Rounds that the viewer's unit drew, newest first."""
    asked = select(SampleRound).where(SampleRound.agency_id == viewer.agency.id)
    return session.scalars(asked.order_by(SampleRound.id.desc()).limit(50)).all()


def calls_waiting(session: Session, viewer: Viewer) -> Sequence[Row[Any]]:
    """Rounds in which the viewer's unit calls: how many calls, how many of them are made."""
    asked: Any = (
        select(
            SampleRound,
            func.count(SampleTask.id).label("calls"),
            func.count(SampleTask.answered_at).label("made"),
        )
        .join(SampleTask, SampleTask.round_id == SampleRound.id)
        .where(SampleTask.caller_agency_id == viewer.agency.id, SampleRound.closed_at.is_(None))
        .group_by(SampleRound.id)
    )
    found: Sequence[Row[Any]] = session.execute(asked.order_by(SampleRound.due_on)).all()
    return found


def told_about_unit(session: Session, viewer: Viewer) -> Sequence[SampleRound]:
    """Closed rounds that asked about the viewer's unit."""
    asked = (
        select(SampleRound)
        .join(SampleStratum, SampleStratum.round_id == SampleRound.id)
        .where(
            SampleStratum.agency_id == viewer.agency.id,
            SampleStratum.drawn > 0,
            SampleRound.closed_at.is_not(None),
            SampleRound.agency_id != viewer.agency.id,
        )
    )
    return session.scalars(asked.order_by(SampleRound.id.desc()).limit(50)).all()


def round_of(session: Session, round_id: int) -> SampleRound | None:
    """A round that the viewer may see: drawn by his unit, called by it, or closed and about it."""
    return session.get(SampleRound, round_id)


def tasks(session: Session, viewer: Viewer, round_id: int) -> Sequence[Row[Any]]:
    """Calls of a round with what the viewer may see of matter and answer."""
    asked: Any = (
        select(SampleTask, Dispute.number, Dispute.title, Agency.name.label("caller"), SampleAnswer)
        .outerjoin(Dispute, Dispute.id == SampleTask.dispute_id)
        .outerjoin(Agency, Agency.id == SampleTask.caller_agency_id)
        .outerjoin(SampleAnswer, SampleAnswer.task_id == SampleTask.id)
        .where(SampleTask.round_id == round_id)
    )
    found: Sequence[Row[Any]] = session.execute(asked.order_by(SampleTask.id)).all()
    return found


def task_of(session: Session, viewer: Viewer, task_id: int) -> SampleTask | None:
    """A call that the viewer's unit makes."""
    task = session.get(SampleTask, task_id)
    return task if task is not None and task.caller_agency_id == viewer.agency.id else None


def agency_names(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Names of agencies, in the order of their areas."""
    asked = select(Agency.id, Agency.name).where(Agency.id.in_(ids))
    return {
        row.id: row.name for row in session.execute(asked.order_by(Agency.area_path, Agency.id))
    }


def matter_of(session: Session, task: SampleTask) -> Dispute | None:
    """The matter of a call, where the caller may see it."""
    return session.get(Dispute, task.dispute_id)
