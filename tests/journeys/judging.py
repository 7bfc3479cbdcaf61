"""What journeys of judged units share: a run of a level, a person who speaks for a unit, work."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import create_engine, delete, insert, select, text, update
from sqlalchemy.orm import Session

from tests.journeys.conftest import PHONE, WIDE, Province, Visit
from yuantou.accounts.models import Account
from yuantou.accounts.passwords import hash_random, random_password
from yuantou.agencies.models import Agency
from yuantou.alerts.service import raise_alert
from yuantou.assessments.models import AssessmentRun, SchemeVersion
from yuantou.assessments.periods import last_day, months_back
from yuantou.assessments.runs.jobs import run as run_work
from yuantou.assessments.runs.machine import RunKind
from yuantou.assessments.runs.models import SealedMember
from yuantou.assessments.runs.packing import unpack
from yuantou.assessments.runs.preparing import open_run, prepare
from yuantou.assessments.runs.queries import next_work
from yuantou.assessments.units import units
from yuantou.calendar.clock import now, today
from yuantou.database.jobs import Work
from yuantou.database.session import make_engine, make_sessions
from yuantou.disputes.models import Dispute
from yuantou.maps.queries import month_back

MONTHS = 9


@dataclass(frozen=True)
class Judged:
    """A unit in a run, who speaks for it, and matters that hit in its figure."""

    run: int
    code: str
    login: str
    matters: tuple[int, ...]


def silent(_done: int, _whole: int) -> None:
    """Nobody watches."""


@contextmanager
def owner(province: Province) -> Iterator[Session]:
    """A session of the owner, whose work is kept."""
    engine = create_engine(province.app.extensions["connections"].owner)
    with Session(engine) as session:
        yield session
        session.commit()
    engine.dispose()


@contextmanager
def worker(province: Province) -> Iterator[Session]:
    """A session of the worker, whose work is kept."""
    engine = make_engine(province.app.extensions["connections"].worker)
    with make_sessions(engine)() as session:
        yield session
        session.commit()
    engine.dispose()


def warn_of_wages(province: Province, *, level: str, area: str, key: str) -> int:
    """What the night's rules would say of unpaid wages in an area."""
    with worker(province) as session:
        alert = raise_alert(
            session,
            rule="W04",
            version=1,
            level=level,
            area=area,
            type_code="migrant_wages",
            key=key,
            reasons=[{"say": "近 %(days)s 天 %(count)s 件", "with": {"days": 30, "count": 9}}],
            facts={"count": 9, "days": 30},
            at=now(),
        )
        assert alert is not None
        return alert.id


def work(province: Province, job: Work) -> None:
    """What the scheduler does within a minute."""
    with worker(province) as session:
        job(session, now(), silent)


def work_runs(province: Province) -> None:
    """The scheduler goes on with runs until none waits for it."""
    waiting = True
    while waiting:
        work(province, run_work)
        with worker(province) as session:
            waiting = next_work(session) is not None


def preview(province: Province, level: str, figure: str) -> Judged:
    """The last months by the scheme of a level, in preview; the unit with most matters in it."""
    scheme = f"{level}s"
    with owner(province) as session:
        session.execute(
            update(SchemeVersion)
            .where(SchemeVersion.code == scheme, SchemeVersion.approved_at.is_(None))
            .values(approved_at=now())
        )
    with worker(province) as session:
        end = last_day(f"{month_back(today().replace(day=1), 1):%Y-%m}")
        start = months_back(end, MONTHS - 1)
        run = open_run(
            session,
            kind=RunKind.AD_HOC,
            start=start.replace(day=1),
            end=end,
            due_at=now(),
            scheme_code=scheme,
        )
        prepare(session, run, now=now(), progress=silent)
        return _judged(province, session, run, figure)


def _judged(province: Province, session: Session, run: AssessmentRun, figure: str) -> Judged:
    known = units(session, run.level, run.period_end)
    kept = session.scalars(
        select(SealedMember)
        .where(SealedMember.run_id == run.id, SealedMember.code == figure)
        .order_by(SealedMember.number.desc(), SealedMember.area_code)
    )
    for one in kept:
        agency, found = known[one.area_code].agency, _open_hits(session, one)
        if agency and len(found) > 1:
            return Judged(run.id, one.area_code, _hire(province, run.level, agency), found)
    raise LookupError(f"no {run.level} has two matters that hit in {figure}")


def _open_hits(session: Session, one: SealedMember) -> tuple[int, ...]:
    hits = [key for key, hit in unpack(one.members) if hit]
    asked = select(Dispute.id).where(Dispute.id.in_(hits), Dispute.restricted.is_(False))
    return tuple(session.scalars(asked.order_by(Dispute.id)))


def _hire(province: Province, level: str, agency: int) -> str:
    """A person of an agency with the role of the level's demo person; returns the login."""
    login, password = f"{level}-{agency}", random_password()
    with owner(province) as session:
        session.execute(delete(Account).where(Account.login == login))
        like = session.query(Account).filter_by(login=level).one()
        words = {c.name: getattr(like, c.name) for c in Account.__table__.columns if c.name != "id"}
        name = session.get_one(Agency, agency).name
        changed = {"login": login, "agency_id": agency, "display_name": f"{name[:8]}示例"}
        hashed = {"password_hash": hash_random(password), "must_change": False}
        session.execute(insert(Account).values({**words, **changed, **hashed}))
    province.passwords[login] = password
    return login


def let_window_end(province: Province, run: int) -> None:
    """The correction window of one run is over."""
    with owner(province) as session:
        session.execute(
            text("UPDATE assessment_run SET preview_until = now() - interval '1 minute' "
                 "WHERE id = :run"),
            {"run": run},
        )  # fmt: skip


def sound(one: Visit, name: str) -> None:
    """The page as it stands, on a phone and at a desk: nothing sticks out, nothing bars anybody."""
    before = one.page.viewport_size
    for size in (PHONE, WIDE):
        one.page.set_viewport_size({"width": size[0], "height": size[1]})
        one.picture(f"{name}-{size[0]}", whole=True)
        assert one.fits(), name
        found = Axe().run(one.page)
        assert found.violations_count == 0, found.generate_report()
    if before:
        one.page.set_viewport_size(before)
