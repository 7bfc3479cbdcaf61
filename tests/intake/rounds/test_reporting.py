"""Units report: nothing found is one tap, what is found is logged, corrections keep history."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import Database
from tests.intake.entries import entry
from tests.intake.rounds.opening import opened, unit_named, worker_day
from yuantou.audit.models import AuditEvent
from yuantou.calendar.clock import now, today
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.intake.rounds.jobs import remind_of_rounds
from yuantou.intake.rounds.models import ScreeningFind, ScreeningReport, ScreeningUnit
from yuantou.notices.models import Notice

Clients = Callable[[str], FlaskClient]


def test_nothing_found_is_one_tap(client_of: Clients, owner: Session) -> None:
    opened(client_of("tang"), places="前山村\n后山村")
    unit = unit_named(owner, "前山村")
    answer = client_of("mei").post(f"/screening/units/{unit.id}/report", follow_redirects=True)
    assert "前山村已上报：零报告。" in answer.text
    kept = owner.query(ScreeningReport).one()
    assert (kept.found, kept.late, kept.signed_by, kept.visited) == (0, False, "梅调解", None)
    assert "1 / 2" in answer.text


def test_a_second_press_of_the_button_is_harmless(client_of: Clients, owner: Session) -> None:
    opened(client_of("tang"), places="前山村")
    unit = unit_named(owner, "前山村")
    for _time in range(2):
        client_of("mei").post(f"/screening/units/{unit.id}/report")
    assert owner.query(ScreeningReport).count() == 1


def test_what_was_found_becomes_a_dispute_of_that_source(
    client_of: Clients, owner: Session
) -> None:
    opened(client_of("tang"), places="前山村")
    unit = unit_named(owner, "前山村")
    mei = client_of("mei")
    page = mei.get(f"/intake/?unit={unit.id}").text
    assert 'value="前山村"' in page
    assert "怎么来的" not in page
    done = mei.post("/intake/", data=entry(unit=unit.id, source=None), follow_redirects=True).text
    assert "去上报" in done
    dispute = owner.query(Dispute).one()
    assert dispute.source == "grid_screening"
    assert owner.query(ScreeningFind).one().dispute_id == dispute.id
    assert owner.query(DisputeEvent).filter_by(event="found_in_screening").count() == 1
    mei.post(f"/screening/units/{unit.id}/report")
    assert owner.query(ScreeningReport).one().found == 1


def test_sending_a_find_twice_counts_once(client_of: Clients, owner: Session) -> None:
    opened(client_of("tang"), places="前山村")
    unit, mei = unit_named(owner, "前山村"), client_of("mei")
    sent = entry(unit=unit.id)
    for _time in range(2):
        mei.post("/intake/", data=sent)
    owner.refresh(unit)
    assert (unit.found, owner.query(ScreeningFind).count()) == (1, 1)


def test_a_correction_keeps_what_was_reported(client_of: Clients, owner: Session) -> None:
    opened(client_of("tang"), places="前山村")
    unit, mei = unit_named(owner, "前山村"), client_of("mei")
    for visited in ("40", "45"):
        mei.post(f"/screening/units/{unit.id}/report", data={"visited": visited})
    kept = owner.query(ScreeningReport).order_by(ScreeningReport.id).all()
    assert [one.visited for one in kept] == [40, 45]
    page = mei.get(f"/screening/units/{unit.id}").text
    assert "走访 40 户" in page
    assert "走访 45 户" in page
    actions = [row.action for row in owner.query(AuditEvent).all()]
    assert actions[-2:] == ["screening:report", "screening:correct"]


def test_a_late_report_is_taken_and_marked(client_of: Clients, owner: Session) -> None:
    day = today()
    opened(
        client_of("tang"),
        places="前山村",
        starts_on=day - timedelta(days=9),
        ends_on=day - timedelta(days=2),
    )
    unit = unit_named(owner, "前山村")
    answer = client_of("mei").post(f"/screening/units/{unit.id}/report", follow_redirects=True)
    assert "记为补报" in answer.text
    assert owner.query(ScreeningReport).one().late


def test_an_agency_reports_for_itself_and_for_no_other(client_of: Clients, owner: Session) -> None:
    labour, township = "凌源市人力资源和社会保障局", "南街街道综治中心"
    opened(client_of("gao"), login="gao", agencies=(labour, township))
    own = unit_named(owner, labour)
    other = unit_named(owner, township)
    ren = client_of("ren")
    ren.post(f"/screening/units/{own.id}/report")
    refused = ren.post(f"/screening/units/{other.id}/report", follow_redirects=True)
    assert "由所在乡镇街道或者单位自己上报" in refused.text
    assert [row.unit_id for row in owner.query(ScreeningReport)] == [own.id]


@pytest.mark.parametrize("login", ["hu", "kai"])
def test_another_county_sees_nothing_of_a_round(
    client_of: Clients, owner: Session, login: str
) -> None:
    where = opened(client_of("tang"), places="前山村")
    unit = unit_named(owner, "前山村")
    stranger = client_of(login)
    assert stranger.get(where).status_code == 404
    assert stranger.get(f"/screening/units/{unit.id}").status_code == 404
    assert stranger.post(f"/screening/units/{unit.id}/report").status_code == 404
    assert "前山村" not in stranger.get(f"/intake/?unit={unit.id}").text
    assert "还没有排查" in stranger.get("/screening/").text


def test_the_database_hides_rounds_of_another_county(
    client_of: Clients, viewer_session: Callable[[str], tuple[Session, object]]
) -> None:
    opened(client_of("tang"), places="前山村")
    assert viewer_session("hu")[0].query(ScreeningUnit).count() == 0
    assert viewer_session("mei")[0].query(ScreeningUnit).count() == 1


def test_the_silent_are_reminded_once_a_day(client_of: Clients, owner: Session) -> None:
    where = opened(client_of("gao"), login="gao", agencies=("南街街道综治中心", "东街街道综治中心"))
    unit = unit_named(owner, "南街街道综治中心")
    client_of("tang").post(f"/screening/units/{unit.id}/report")
    owner.query(Notice).delete()
    owner.commit()
    gao = client_of("gao")
    assert "尚有 1 个单元未报" in gao.post(f"{where}/remind", follow_redirects=True).text
    assert "今天已提醒过" in gao.post(f"{where}/remind", follow_redirects=True).text
    told = owner.query(Notice).one()
    assert told.agency_id == unit_named(owner, "东街街道综治中心").agency_id
    assert "前山村" not in told.title + told.body


def test_the_job_reminds_on_the_last_day(
    client_of: Clients, owner: Session, database: Database
) -> None:
    opened(client_of("tang"), places="前山村", ends_on=today())
    owner.query(Notice).delete()
    owner.commit()
    with database.sessions("worker")() as session:
        for _time in range(2):
            remind_of_rounds(session, worker_day(now()), lambda _done, _all: None)
            session.commit()
    assert [row.title for row in owner.query(Notice)] == ["排查尚未上报：十一月排查"]


def test_what_is_left_to_report_stands_in_the_list(client_of: Clients, owner: Session) -> None:
    opened(client_of("tang"), places="前山村\n后山村")
    mei = client_of("mei")
    assert "待您上报 2" in mei.get("/screening/").text
    for name in ("前山村", "后山村"):
        mei.post(f"/screening/units/{unit_named(owner, name).id}/report")
    assert "待您上报" not in mei.get("/screening/").text


def test_a_restricted_find_counts_but_shows_to_its_handlers_alone(
    client_of: Clients, owner: Session
) -> None:
    opened(client_of("tang"), places="前山村")
    unit = unit_named(owner, "前山村")
    sent = entry(unit=unit.id, flags="domestic_violence", summary="夫妻打架")
    client_of("mei").post("/intake/", data=sent)
    page = client_of("ming").get(f"/screening/units/{unit.id}").text
    assert "共 1 件" in page
    assert "夫妻打架" not in page
    assert "夫妻打架" in client_of("mei").get(f"/screening/units/{unit.id}").text
