"""A window with people at it and a round of screening under way, for the demo county."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import cycle
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.intake.rounds.models import ScreeningReport, ScreeningRound, ScreeningUnit
from yuantou.intake.window.models import RedDuty, RosterEntry
from yuantou.intake.window.roster import days_of_week
from yuantou.territory.models import Area

VILLAGES = ("前山村", "后山村", "河东村", "新华社区")
SEATED = {  # kind of agency: how its people sit, on which days of the week
    "department": ("resident", range(5)),
    "police": ("resident", range(5)),
    "petition": ("rotating", (0, 2, 4)),
    "justice": ("rotating", (1, 3)),
    "court": ("called", range(5)),
    "association": ("called", range(5)),
}
OFFICE = "0421-6820{:03d}"
OUT_OF = 3  # every third village has not reported yet


def write_window(connection: Connection, county: str, now: datetime) -> None:
    """Step: this week's and next week's roster and duty, and a round of this week."""
    with Session(connection) as session:
        centre = session.scalars(
            select(Agency).where(Agency.kind == "county_centre", Agency.area_code == county)
        ).one()
        keeper = session.scalars(
            select(Account)
            .where(Account.agency_id == centre.id, Account.role == "coordinator")
            .order_by(Account.id.desc())
        ).first()
        if keeper is None:
            return
        days = [*days_of_week(now.date()), *days_of_week(now.date() + timedelta(days=7))]
        session.execute(insert(RosterEntry), list(_seats(session, centre, keeper, days, now)))
        session.execute(insert(RedDuty), [_duty(centre, keeper, day, now) for day in days])
        _round(session, centre, keeper, now)
        session.flush()


def _seats(
    session: Session, centre: Agency, keeper: Account, days: Sequence[date], now: datetime
) -> Iterator[dict[str, Any]]:
    seated = session.execute(
        select(Agency, Account)
        .join(Account, Account.agency_id == Agency.id)
        .where(Agency.area_code == centre.area_code, Agency.kind.in_(SEATED))
        .ext(distinct_on(Agency.id))
        .order_by(Agency.id, Account.id.desc())
    ).all()
    for number, (agency, account) in enumerate(seated, start=1):
        mode, weekdays = SEATED[agency.kind]
        for day in days:
            if day.weekday() in weekdays:
                yield _noted(centre, keeper, day, now) | {
                    "agency_id": agency.id,
                    "agency_name": agency.name,
                    "mode": mode,
                    "account_id": account.id,
                    "person": account.display_name,
                    "window_no": f"{number} 号窗口" if mode != "called" else "",
                    "phone": OFFICE.format(number),
                }


def _duty(centre: Agency, keeper: Account, day: date, now: datetime) -> dict[str, Any]:
    return _noted(centre, keeper, day, now) | {
        "account_id": keeper.id,
        "person": keeper.display_name,
        "phone": OFFICE.format(0),
    }


def _noted(centre: Agency, keeper: Account, day: date, now: datetime) -> dict[str, Any]:
    return {
        "centre_id": centre.id,
        "area_path": centre.area_path,
        "day": day,
        "noted_by": keeper.id,
        "noted_at": now,
    }


def _round(session: Session, centre: Agency, keeper: Account, now: datetime) -> None:
    week = days_of_week(now.date())
    opened = ScreeningRound(
        submission=f"demo-{centre.id}",
        kind="regular",
        title=f"{now.month}月排查",
        area_code=centre.area_code,
        area_path=centre.area_path,
        starts_on=week[0],
        ends_on=week[-1],
        themes=["欠薪", "供热"],
        note="",
        agency_id=centre.id,
        opened_by=keeper.id,
        opened_at=now,
    )
    session.add(opened)
    session.flush()
    townships = session.scalars(
        select(Area)
        .where(Area.parent_code == centre.area_code, Area.level == "township")
        .order_by(Area.code)
    ).all()
    units = [_unit(opened.id, area, name) for area in townships for name in VILLAGES]
    session.add_all(units)
    session.flush()
    turns = cycle(range(OUT_OF))
    session.add_all(
        _report(unit, keeper, now) for unit, turn in zip(units, turns, strict=False) if turn
    )


def _unit(round_id: int, area: Area, name: str) -> ScreeningUnit:
    return ScreeningUnit(
        round_id=round_id,
        kind="place",
        name=name,
        area_code=area.code,
        area_path=area.path,
        found=0,
    )


def _report(unit: ScreeningUnit, keeper: Account, now: datetime) -> ScreeningReport:
    return ScreeningReport(
        unit_id=unit.id,
        at=now,
        late=False,
        visited=20 + unit.id % 40,
        found=0,
        signed_by="村委会主任",
        note="",
        account_id=keeper.id,
        agency_id=keeper.agency_id,
    )
