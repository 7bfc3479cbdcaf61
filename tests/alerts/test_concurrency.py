"""Two at once: one acknowledges, the other is told; one key is raised once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy.orm import Session

from tests.alerts.conftest import Raise
from tests.conftest import Database
from yuantou.access.viewer import enter
from yuantou.accounts.models import Account
from yuantou.alerts.handling import StaleAlertError, acknowledge, close, decide_downgrade
from yuantou.alerts.models import Alert, AlertEvent
from yuantou.disputes.errors import RefusedError


def outcomes(database: Database, number: int, logins: tuple[str, str], act: object) -> list[str]:
    """Both act at the same moment, each with the version that both saw."""
    gate, sessions = Barrier(2), database.sessions("app")

    def one(login: str) -> str:
        with sessions() as session:
            account = session.query(Account).filter_by(login=login).one()
            viewer = enter(session, account)
            version = session.get_one(Alert, number).version
            gate.wait(timeout=20)
            try:
                act(session, by=viewer, alert_id=number, version=version)  # type: ignore[operator]
            except StaleAlertError:
                return "stale"
            except RefusedError as refused:
                return refused.refusal.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(one, logins))


def events(owner: Session, number: int) -> list[str]:
    return [row.event for row in owner.query(AlertEvent).filter_by(warning_id=number)]


def test_of_two_who_acknowledge_one_is_told(
    database: Database, warn: Raise, owner: Session
) -> None:
    number = warn() or 0
    assert outcomes(database, number, ("gao", "qi"), acknowledge) == ["done", "stale"]
    assert events(owner, number).count("acknowledged") == 1


def test_the_same_person_in_two_windows_acknowledges_once(
    database: Database, warn: Raise, owner: Session
) -> None:
    number = warn() or 0
    assert outcomes(database, number, ("gao", "gao"), acknowledge) == ["done", "done"]
    assert events(owner, number).count("acknowledged") == 1


def test_of_two_who_close_the_later_finds_it_closed(
    database: Database, warn: Raise, owner: Session
) -> None:
    number = warn() or 0

    def shut(session: Session, **known: object) -> Alert:
        return close(session, outcome="real", words=f"由{known['by'].id}查明", **known)  # type: ignore[attr-defined, arg-type]

    assert outcomes(database, number, ("gao", "sheng"), shut) == ["done", "stale"]
    assert events(owner, number).count("closed") == 1


def test_of_two_who_decide_a_downgrade_one_does(
    database: Database, warn: Raise, owner: Session
) -> None:
    number = warn(level="red") or 0
    row = owner.get_one(Alert, number)
    gao = owner.query(Account).filter_by(login="gao").one()
    row.downgrade_to, row.downgrade_by = "yellow", gao.id
    owner.commit()

    def decide(session: Session, **known: object) -> Alert:
        return decide_downgrade(session, agreed=True, words="属实", **known)  # type: ignore[arg-type]

    assert outcomes(database, number, ("qi", "sheng"), decide) == ["done", "stale"]
    assert events(owner, number).count("downgraded") == 1


def test_one_key_raised_by_two_workers_at_once_is_one_warning(warn: Raise, owner: Session) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _place: warn(key="same"), range(4)))
    assert sum(number is not None for number in made) == 1
    assert owner.query(Alert).count() == 1
