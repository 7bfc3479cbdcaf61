"""Several people at the same moment, each on his own connection: nothing is lost or doubled."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.intake.entries import entry
from tests.intake.rounds.opening import fields, opened, unit_named
from yuantou.intake.rounds.models import ScreeningFind, ScreeningReport, ScreeningRound

Clients = Callable[[str], FlaskClient]
TIMES = 4


def _at_once(clients: list[FlaskClient], act: Callable[[FlaskClient], int]) -> list[int]:
    start = Barrier(len(clients))

    def wait_and_act(client: FlaskClient) -> int:
        start.wait()
        return act(client)

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(wait_and_act, clients))


def test_one_form_sent_at_once_opens_one_round(client_of: Clients, owner: Session) -> None:
    sent, clients = fields(places="前山村"), [client_of("tang") for _ in range(TIMES)]
    codes = _at_once(clients, lambda one: one.post("/screening/new", data=sent).status_code)
    assert set(codes) == {302}
    assert owner.query(ScreeningRound).count() == 1


def test_finds_of_one_unit_at_once_are_all_counted(client_of: Clients, owner: Session) -> None:
    opened(client_of("tang"), places="前山村")
    unit = unit_named(owner, "前山村")
    clients = [client_of("mei") for _ in range(TIMES)]
    where = "/intake/"
    _at_once(clients, lambda one: one.post(where, data=entry(unit=unit.id)).status_code)
    owner.refresh(unit)
    assert (unit.found, owner.query(ScreeningFind).count()) == (TIMES, TIMES)


def test_one_report_pressed_at_once_is_one(client_of: Clients, owner: Session) -> None:
    opened(client_of("tang"), places="前山村")
    unit = unit_named(owner, "前山村")
    clients = [client_of("mei") for _ in range(TIMES)]
    where = f"/screening/units/{unit.id}/report"
    _at_once(clients, lambda one: one.post(where).status_code)
    assert owner.query(ScreeningReport).count() == 1
