"""What the intake form starts from, and what its last page says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from yuantou.access.scope import Range, within
from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.calendar.clock import today
from yuantou.disputes.models import Dispute
from yuantou.disputes.workflow import DisputeState
from yuantou.intake.models import DuplicateHint
from yuantou.limits.queries import rules_in_force
from yuantou.territory.models import Area

PLACES = 8
COUNTY_DEPTH = 3  # of a path: province, city, county


@dataclass(frozen=True)
class Start:
    """Where the person usually logs: townships to choose from, the last one, places used."""

    townships: Sequence[tuple[str, str]]
    last: str
    places: Sequence[str]


@dataclass(frozen=True)
class Outcome:
    """What became of a report."""

    dispute: Dispute
    handler: str
    due_at: datetime | None
    due_rule: str


@dataclass(frozen=True)
class Hint:
    """A possible duplicate for the county coordinator; `other` None: outside his sight too."""

    row: DuplicateHint
    dispute: Dispute
    other: Dispute | None


def start_of(session: Session, viewer: Viewer) -> Start:
    """Choices of the form, with what the person used last on top."""
    choices = townships(session, viewer)
    recent = _recent(session, viewer)
    own = [row for row in recent if row.area_code in dict(choices)]
    last = own[0].area_code if own else (choices[0][0] if len(choices) == 1 else "")
    places = dict.fromkeys(row.place for row in own)
    return Start(choices, last, list(places)[:PLACES])


def townships(session: Session, viewer: Viewer) -> list[tuple[str, str]]:
    """Townships of the area that the viewer's agency serves; the area itself if it has none."""
    found = session.execute(
        select(Area.code, Area.name)
        .where(
            within(Area.path, Range.below(viewer.agency.area_path)),
            Area.level == "township",
            Area.valid_to.is_(None),
        )
        .order_by(Area.code)
    ).all()
    if not found:
        found = session.execute(
            select(Area.code, Area.name).where(Area.code == viewer.agency.area_code)
        ).all()
    return [(code, name) for code, name in found]


def county_path(area_path: str) -> str:
    """The path of the county in which an area lies; a city's or a province's own."""
    return "/".join(area_path.strip("/").split("/")[:COUNTY_DEPTH]) + "/"


def submitted(session: Session, viewer: Viewer, submission: str) -> Dispute | None:
    """The viewer's own report that this form made before; a draft is none yet."""
    made = made_before(session, viewer, submission)
    return made if made and made.state != DisputeState.DRAFT else None


def made_before(session: Session, viewer: Viewer, submission: str) -> Dispute | None:
    """What this form of the viewer's made before, a report or a draft."""
    return session.scalars(
        select(Dispute).where(Dispute.submission == submission, Dispute.reporter_id == viewer.id)
    ).first()


def county_centre(session: Session, county_code: str) -> int | None:
    """Id of the centre of a county."""
    return session.scalar(
        select(Agency.id).where(
            Agency.kind == "county_centre", Agency.area_code == county_code, Agency.active
        )
    )


def outcome_of(session: Session, viewer: Viewer, dispute_id: int) -> Outcome | None:
    """What the last page says of a dispute in sight."""
    row = session.execute(
        select(Dispute, Agency.name)
        .join(Agency, Agency.id == Dispute.handler_agency_id)
        .where(Dispute.id == dispute_id, viewer.scope.visible(Dispute))
    ).first()
    if row is None:
        return None
    dispute, handler = row
    return Outcome(
        dispute, handler, dispute.next_due_at, _rule_name(session, dispute.next_due_rule)
    )


def hints_of(session: Session, viewer: Viewer, settled: bool = False) -> list[Hint]:
    """Possible duplicates in the coordinator's area, newest first."""
    known = DuplicateHint.settled_at.is_not(None) if settled else DuplicateHint.settled_at.is_(None)
    rows = session.execute(
        select(DuplicateHint, Dispute)
        .join(Dispute, Dispute.id == DuplicateHint.dispute_id)
        .where(known, viewer.scope.visible(Dispute))
        .order_by(DuplicateHint.raised_at.desc())
        .limit(100)
    ).all()
    others = _visible(session, viewer, [hint.other_id for hint, _dispute in rows])
    return [Hint(hint, dispute, others.get(hint.other_id)) for hint, dispute in rows]


def _visible(session: Session, viewer: Viewer, ids: Sequence[int]) -> dict[int, Dispute]:
    found = session.scalars(
        select(Dispute).where(Dispute.id.in_(ids), viewer.scope.visible(Dispute))
    )
    return {dispute.id: dispute for dispute in found}


def _recent(session: Session, viewer: Viewer) -> Sequence[Row[str, str]]:
    return session.execute(
        select(Dispute.area_code, Dispute.place)
        .where(
            Dispute.reporting_agency_id == viewer.agency.id,
            Dispute.reporter_id == viewer.id,
            Dispute.restricted.is_(False),
            Dispute.state != DisputeState.DRAFT,
        )
        .order_by(Dispute.reported_at.desc())
        .limit(40)
    ).all()


def _rule_name(session: Session, rule: str | None) -> str:
    promises = {
        "performance": _("履行到期"),
        "suspension": _("恢复调解"),
        "dispatch_term": _("办结"),
    }
    if rule is None or rule in promises:
        return promises.get(rule or "", "")
    rules = rules_in_force(session, today())
    return rules[rule][0].name_zh if rule in rules else ""
