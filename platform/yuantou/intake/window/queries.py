"""Reading the roster, who is on call, what the window took in today, and a receipt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.scope import Range, within
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.calendar.clock import ZONE
from yuantou.disputes.models import Dispute, DisputeEvent, Party
from yuantou.intake.queries import COUNTY_DEPTH, county_path
from yuantou.intake.window.models import RedDuty, RosterEntry
from yuantou.intake.window.roster import days_of_week

CENTRES = ("county_centre", "township_centre")
SEATED = (
    "department",
    "court",
    "procuratorate",
    "police",
    "petition",
    "justice",
    "association",
    "industry_committee",
    "committee",
)
NAMED = 5
LISTED = 50
LAST_WINDOW = 10**6


@dataclass
class Seat:
    """One person of one agency in a week: the days on which he is present."""

    entry: RosterEntry
    days: dict[date, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Side:
    """The parties of one side on a receipt: masked names, and how many there are."""

    side: str
    names: Sequence[str]
    count: int


def _place(entry: RosterEntry) -> tuple[int, str, str, int]:
    """Where somebody sits: window 2 before window 10, those without a window last."""
    digits = "".join(one for one in entry.window_no if one.isascii() and one.isdigit())
    number = int(digits[:6]) if digits else LAST_WINDOW
    return number, entry.window_no, entry.agency_name, entry.id


def centres_near(session: Session, viewer: Viewer) -> Sequence[Agency]:
    """Centres of the viewer's county whose roster he may look at; the county's first.

    Above a county, only those of counties.
    """
    county = county_path(viewer.agency.area_path)
    kinds = CENTRES if county.count("/") == COUNTY_DEPTH else CENTRES[:1]
    asked = select(Agency).where(
        within(Agency.area_path, Range.below(county)), Agency.kind.in_(kinds), Agency.active
    )
    return session.scalars(asked.order_by(Agency.kind, Agency.area_path)).all()


def week_of(session: Session, centre_id: int, day: date) -> list[Seat]:
    """Who is present in the week of `day`, one line a person."""
    week = days_of_week(day)
    rows = session.scalars(
        select(RosterEntry)
        .where(RosterEntry.centre_id == centre_id, RosterEntry.day.between(week[0], week[-1]))
        .order_by(RosterEntry.day)
    )
    seats: dict[tuple[str, str], Seat] = {}
    for row in rows:
        seat = seats.setdefault((row.agency_name, row.person), Seat(row))
        seat.days[row.day] = row.id
    return sorted(seats.values(), key=lambda seat: _place(seat.entry))


def present_on(session: Session, centre_id: int, day: date) -> Sequence[RosterEntry]:
    """Who is present on a day, by window."""
    asked = select(RosterEntry).where(RosterEntry.centre_id == centre_id, RosterEntry.day == day)
    return sorted(session.scalars(asked), key=_place)


def duties_of(session: Session, centre_id: int, first: date, last: date) -> dict[date, RedDuty]:
    """Who is on call for red matters, by day."""
    asked = select(RedDuty).where(RedDuty.centre_id == centre_id, RedDuty.day.between(first, last))
    return {row.day: row for row in session.scalars(asked)}


def on_call(session: Session, area_path: str, day: date) -> list[tuple[RedDuty, str]]:
    """Who is on call for a matter of this place: its township's and its county's centre."""
    parts = area_path.strip("/").split("/")
    paths = ["/".join(parts[:depth]) + "/" for depth in range(COUNTY_DEPTH, len(parts) + 1)]
    rows = session.execute(
        select(RedDuty, Agency.name)
        .join(Agency, Agency.id == RedDuty.centre_id)
        .where(RedDuty.day == day, RedDuty.area_path.in_(paths))
        .order_by(RedDuty.area_path)
    ).all()
    return [(duty, name) for duty, name in rows]


def agencies_seated(session: Session, centre: Agency) -> Sequence[str]:
    """Names of agencies of the centre's county, to choose from."""
    county = county_path(centre.area_path)
    asked = select(Agency.name).where(
        within(Agency.area_path, Range.below(county)), Agency.kind.in_(SEATED), Agency.active
    )
    return session.scalars(asked.order_by(Agency.kind, Agency.name)).all()


def people_of_centre(session: Session, centre_id: int) -> Sequence[str]:
    """Names of the centre's own people, who may be on call."""
    asked = select(Account.display_name).where(
        Account.agency_id == centre_id, Account.disabled_at.is_(None)
    )
    return session.scalars(asked.order_by(Account.id)).all()


def known_agency(session: Session, centre: Agency, name: str) -> int | None:
    """The agency of that name in the centre's county."""
    county = county_path(centre.area_path)
    asked = select(Agency.id).where(
        Agency.name == name, within(Agency.area_path, Range.below(county)), Agency.active
    )
    return session.scalars(asked).first()


def known_account(session: Session, agency_id: int | None, name: str) -> int | None:
    """The only account of that name in an agency."""
    if agency_id is None:
        return None
    asked = select(Account.id).where(
        Account.agency_id == agency_id,
        Account.display_name == name,
        Account.disabled_at.is_(None),
    )
    found = session.scalars(asked.limit(2)).all()
    return found[0] if len(found) == 1 else None


def taken_in(session: Session, viewer: Viewer, day: date) -> Sequence[Dispute]:
    """What the viewer's own unit logged on a day, newest first."""
    since = datetime.combine(day, time.min, ZONE)
    asked = select(Dispute).where(
        viewer.scope.visible(Dispute),
        Dispute.reporting_agency_id == viewer.agency.id,
        Dispute.reported_at >= since,
    )
    return session.scalars(asked.order_by(Dispute.reported_at.desc()).limit(LISTED)).all()


def papers_received(session: Session, dispute_id: int) -> str:
    """What the applicant handed in at the window."""
    asked = select(DisputeEvent.note).where(
        DisputeEvent.dispute_id == dispute_id, DisputeEvent.event == "received_at_window"
    )
    return session.scalars(asked.order_by(DisputeEvent.id).limit(1)).first() or ""


def sides_of(session: Session, dispute_id: int) -> list[Side]:
    """The parties as a receipt says them: masked, a few names and how many."""
    rows = session.execute(
        select(Party.side, Party.name_mask)
        .where(Party.dispute_id == dispute_id)
        .order_by(Party.position)
    ).all()
    found: dict[str, list[str]] = {}
    for side, name in rows:
        found.setdefault(side, []).append(name)
    return [Side(side, names[:NAMED], len(names)) for side, names in found.items()]
