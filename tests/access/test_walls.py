"""Row-level security: what a query sees that forgets the scope, and what nobody reaches."""

from collections.abc import Sequence

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session

from tests.access.matters import RESTRICTED, Door, report
from tests.conftest import Database
from yuantou.access.functions import DEFINERS
from yuantou.accounts.models import Account
from yuantou.audit.models import AuditEvent
from yuantou.audit.service import record
from yuantou.database.roles import APP
from yuantou.database.session import Model, make_engine, make_sessions
from yuantou.disputes.models import Dispute, DisputeEvent, NamedHandler, Participation, Party
from yuantou.notices.models import Notice
from yuantou.notices.service import notify

PERSONS = (Dispute, Party, DisputeEvent, Participation)
CONTENT = {
    *("dispute", "party", "dispute_key", "participation", "dispute_event", "named_handler"),
    *("deadline", "mediation_record", "agreement", "performance", "path_notice", "follow_up"),
    *("duplicate_hint", "notice", "court_count", "count_batch", "audit_event", "target"),
    *("assessment_report", "figure_line", "dispute_month", "court_month"),
    *("assessment_draft", "sealed_member", "run_act", "objection", "restatement"),
}


def _counts(session: Session) -> list[int]:
    return [session.scalar(select(func.count()).select_from(one)) or 0 for one in PERSONS]


def _sees(door: Door, login: str, dispute: int) -> bool:
    session, _viewer = door(login)
    return session.scalar(select(Dispute.id).where(Dispute.id == dispute)) is not None


def test_a_query_without_a_viewer_sees_nothing(viewer_session: Door, database: Database) -> None:
    report(viewer_session)
    with database.sessions()() as session:
        assert _counts(session) == [0, 0, 0, 0]


def test_a_pooled_connection_forgets_its_last_viewer(
    viewer_session: Door, database: Database
) -> None:
    report(viewer_session)
    engine = make_engine(database.connections.app, pool_size=1)
    with make_sessions(engine)() as session:
        session.info["scope"] = {"app.unit": "1", "app.lo": "210000/", "app.hi": "2100000"}
        assert _counts(session)[0] == 1
        first = session.scalar(text("SELECT pg_backend_pid()"))
        session.commit()
    with make_sessions(engine)() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) == first
        assert _counts(session) == [0, 0, 0, 0]
    engine.dispose()


def test_a_query_that_forgets_the_scope_sees_only_the_viewers(viewer_session: Door) -> None:
    report(viewer_session, "mei")
    report(viewer_session, "kai", area="211324100")
    session, _hu = viewer_session("hu")
    assert _counts(session)[0] == 1
    assert session.scalars(select(Dispute.county_code)).all() == ["211324"]


@pytest.mark.parametrize("login", ["hu", "kai", "ke"])
def test_another_county_reads_neither_dispute_nor_parties_nor_history(
    viewer_session: Door, login: str
) -> None:
    report(viewer_session)
    session, _viewer = viewer_session(login)
    assert _counts(session) == [0, 0, 0, 0]


def test_another_county_changes_nothing(viewer_session: Door, owner: Session) -> None:
    dispute = report(viewer_session)
    session, _hu = viewer_session("hu")
    session.execute(update(Dispute).where(Dispute.id == dispute).values(title="改"))
    session.execute(update(Party).values(name_mask="改"))
    session.commit()
    assert owner.get_one(Dispute, dispute).title == "院墙滴水争议"
    assert owner.scalars(select(Party.name_mask)).all() == ["张**"]


def test_another_county_adds_nothing_to_the_history(viewer_session: Door) -> None:
    dispute = report(viewer_session)
    session, _hu = viewer_session("hu")
    row = (
        "INSERT INTO dispute_event (dispute_id, at, event, note, facts) "
        "VALUES (:id, now(), 'x', '', '{}')"
    )
    with pytest.raises(ProgrammingError, match="row-level security"):
        session.execute(text(row), {"id": dispute})


@pytest.mark.parametrize(
    ("login", "sees"),
    [("mei", True), ("ming", True), ("tang", True), ("gao", True), ("dong", False)]
    + [(login, False) for login in ("zhou", "qi", "sheng", "kang", "jian", "ren", "ren-da")]
    + [(login, False) for login in ("an", "bao", "shen", "guan")],
)
def test_who_sees_a_plain_dispute(viewer_session: Door, login: str, sees: bool) -> None:
    assert _sees(viewer_session, login, report(viewer_session)) is sees


@pytest.mark.parametrize(("login", "sees"), [("qi", True), ("sheng", True), ("zhou", False)])
def test_city_and_province_see_what_is_pressing(
    viewer_session: Door, owner: Session, login: str, sees: bool
) -> None:
    dispute = report(viewer_session)
    owner.execute(update(Dispute).values(pressing=True))
    owner.commit()
    assert _sees(viewer_session, login, dispute) is sees


@pytest.mark.parametrize(
    ("login", "sees"),
    [
        *(("mei", True), ("gao", True), ("ming", False), ("tang", False), ("guan", False)),
        *(("sheng", False), ("qi", False)),
    ],
)
def test_a_restricted_dispute_is_seen_by_its_named_handlers_only(
    viewer_session: Door, owner: Session, login: str, sees: bool
) -> None:
    dispute = report(viewer_session, flags=RESTRICTED)
    owner.execute(update(Dispute).values(pressing=True))
    owner.commit()
    assert _sees(viewer_session, login, dispute) is sees


def test_nobody_names_himself_to_a_restricted_dispute(viewer_session: Door) -> None:
    dispute = report(viewer_session, flags=RESTRICTED)
    session, ming = viewer_session("ming")
    with pytest.raises(ProgrammingError, match="only a named handler"):
        session.execute(select(func.name_handler(dispute, ming.id)))


def test_who_is_named_to_a_restricted_dispute_is_not_told(viewer_session: Door) -> None:
    report(viewer_session, flags=RESTRICTED)
    session, _ming = viewer_session("ming")
    assert session.scalars(select(NamedHandler.id)).all() == []


def test_a_notice_about_a_restricted_dispute_stays_hidden_from_the_unit(
    viewer_session: Door,
) -> None:
    dispute = report(viewer_session, flags=RESTRICTED)
    session, mei = viewer_session("mei")
    notify(session, agency_id=mei.agency.id, kind="x", title="有一件", dispute_id=dispute)
    session.commit()
    assert len(session.scalars(select(Notice)).all()) == 1
    others, _ming = viewer_session("ming")
    assert others.scalars(select(Notice)).all() == []


def test_an_agency_tells_another_without_reading_its_inbox(viewer_session: Door) -> None:
    session, _gao = viewer_session("gao")
    hu_session, hu = viewer_session("hu")
    notify(session, agency_id=hu.agency.id, kind="x", title="请协助")
    session.commit()
    assert session.scalars(select(Notice)).all() == []
    assert [one.title for one in hu_session.scalars(select(Notice))] == ["请协助"]


@pytest.mark.parametrize("table", ["party", "dispute_key", "named_handler", "password_used"])
def test_the_worker_has_no_table_of_persons(database: Database, table: str) -> None:
    with (
        database.sessions("worker")() as session,
        pytest.raises(ProgrammingError, match="permission denied"),
    ):
        session.execute(text(f"SELECT 1 FROM {table}"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET action = 'x'",
        "DELETE FROM audit_event",
        "UPDATE audit_head SET seq = 0",
        "INSERT INTO audit_event SELECT * FROM audit_event",
        "TRUNCATE audit_event",
    ],
)
@pytest.mark.parametrize("role", ["app", "worker"])
def test_no_role_of_the_application_changes_the_audit(
    database: Database, role: str, statement: str
) -> None:
    with database.sessions(role)() as session:
        record(session, action="test:x", object_type="x", object_id=1, account_id=None)
        session.commit()
        with pytest.raises(DBAPIError, match="permission denied"):
            session.execute(text(statement))


@pytest.mark.parametrize(
    ("login", "rows"), [("shen", 1), ("an", 0), ("bao", 0), ("gao", 0), ("sheng", 0)]
)
def test_only_the_audit_administrator_reads_the_audit(
    viewer_session: Door, login: str, rows: int
) -> None:
    session, viewer = viewer_session(login)
    record(session, action="test:x", object_type="x", object_id=1, account_id=viewer.id)
    session.commit()
    assert len(session.scalars(select(AuditEvent)).all()) == rows


def test_history_is_only_added_to(viewer_session: Door) -> None:
    report(viewer_session)
    session, _mei = viewer_session("mei")
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text("UPDATE dispute_event SET note = 'x'"))


def test_every_table_with_content_has_row_level_security(owner: Session) -> None:
    found = owner.scalars(text("SELECT relname FROM pg_class WHERE relrowsecurity")).all()
    assert set(found) >= CONTENT


def test_every_table_that_names_a_dispute_has_row_level_security(owner: Session) -> None:
    guarded = set(owner.scalars(text("SELECT relname FROM pg_class WHERE relrowsecurity")))
    named = {name for name, table in Model.metadata.tables.items() if "dispute_id" in table.columns}
    assert named - guarded == set()


def test_every_view_looks_with_the_eyes_of_its_viewer(owner: Session) -> None:
    careless = text(
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND (relkind = 'm' OR (relkind = 'v' AND NOT "
        "coalesce(reloptions, '{}') @> '{security_invoker=true}'))"
    )
    assert owner.scalars(careless).all() == []


def test_the_doors_through_the_walls_are_those_that_are_listed(owner: Session) -> None:
    found = owner.execute(
        text(
            "SELECT proname, proconfig FROM pg_proc WHERE prosecdef "
            "AND pronamespace = 'public'::regnamespace"
        )
    ).all()
    assert {row.proname for row in found} == set(DEFINERS)
    assert all(row.proconfig == ["search_path=public"] for row in found)


def test_the_application_owns_nothing_and_bypasses_nothing(owner: Session) -> None:
    role = owner.execute(
        text("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = :name"),
        {"name": APP},
    ).one()
    owned: Sequence[str] = owner.scalars(
        text("SELECT relname FROM pg_class WHERE relowner = CAST(:name AS regrole)"), {"name": APP}
    ).all()
    assert (tuple(role), list(owned)) == ((False, False, False), [])


def test_matters_in_hand_are_told_to_who_manages_the_account_only(
    viewer_session: Door, owner: Session
) -> None:
    report(viewer_session, flags=RESTRICTED)
    mei = owner.scalars(select(Account.id).where(Account.login == "mei")).one()
    told = {}
    for login in ("guan", "an", "ming", "gao", "hu"):
        session, _viewer = viewer_session(login)
        told[login] = session.scalar(select(func.matters_in_hand(mei)))
    assert told == {"guan": 1, "an": 1, "ming": 0, "gao": 0, "hu": 0}


@pytest.mark.parametrize("login", ["ming", "gao", "bao", "hu"])
def test_nobody_else_hands_over(viewer_session: Door, owner: Session, login: str) -> None:
    ids = {one.login: one.id for one in owner.scalars(select(Account))}
    session, _viewer = viewer_session(login)
    with pytest.raises(DBAPIError, match="same unit"):
        session.execute(select(func.hand_over(ids["mei"], ids["ming"])))
