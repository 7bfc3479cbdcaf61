"""Schemes in points: two persons, a trial before, a sealed score after, no ranking."""

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.assessments.conftest import NOON, OCTOBER, report_of
from tests.assessments.schemes.conftest import Force
from tests.cast import HEPING, KAZUO, LINGYUAN, NANJIE
from yuantou.assessments.models import SchemeVersion
from yuantou.assessments.rows import EVENT_METHODS, FIGURE_METHODS, Row
from yuantou.assessments.runs.machine import RunKind
from yuantou.assessments.runs.preparing import open_run, prepare
from yuantou.assessments.scheme import Scheme, SchemeFault, body, read, scheme
from yuantou.assessments.schemes.entries import FIXED, written
from yuantou.assessments.schemes.entries import read as read_entry
from yuantou.assessments.schemes.legend import METHODS, ROWS, WHOLE
from yuantou.assessments.schemes.models import SchemeTrial
from yuantou.assessments.schemes.service import try_waiting
from yuantou.assessments.sealing import Comparison
from yuantou.assessments.service import assess, load_scheme, verify
from yuantou.audit.models import AuditEvent
from yuantou.calendar.clock import ZONE
from yuantou.database.connections import ROOT
from yuantou.indicators.models import FigurePack
from yuantou.territory.models import Area

Client = Callable[[str], FlaskClient]
BASE = "/assessments/schemes"
FILE = ROOT / "config/schemes/points.toml"
NEXT_YEAR = datetime(2026, 11, 21, 9, 0, tzinfo=ZONE)


def _score(report: Any) -> Any:
    return json.loads(report.content).get("score")


def test_points_are_not_in_force_by_loading(owner: Session) -> None:
    loaded = {row.code: row for row in owner.query(SchemeVersion)}
    assert loaded["example"].approved_at is not None
    for code in ("points", "departments", "townships"):
        assert loaded[code].approved_at is None


def test_two_persons_put_it_in_force_after_a_trial(
    client_of: Client, owner: Session, worker: Session, second: str
) -> None:
    page, first = f"{BASE}/points/1", client_of("sheng")
    assert first.post(f"{page}/adopt", data={"reason": "试行办法"}).status_code == 302
    client_of(second).post(f"{page}/approve")
    owner.expire_all()
    assert owner.get_one(SchemeVersion, ("points", 1)).approved_at is None
    assert "正在用往年数据试算" in first.get(f"{BASE}/trials/1").text
    assert try_waiting(worker, lambda *_: None, NEXT_YEAR) == 1
    worker.commit()
    first.post(f"{page}/approve")
    assert "提请的人不能自己批准" in first.get(page).text
    client_of(second).post(f"{page}/approve")
    owner.expire_all()
    assert owner.get_one(SchemeVersion, ("points", 1)).approved_at is not None
    done = [row.action for row in owner.query(AuditEvent).order_by(AuditEvent.seq)]
    assert [each for each in done if each.startswith("scheme:")] == [
        "scheme:propose",
        "scheme:approve",
    ]


def test_a_trial_shows_every_county_by_code_and_how_much_is_chance(
    client_of: Client, owner: Session, worker: Session
) -> None:
    client_of("sheng").post(f"{BASE}/points/1/adopt", data={"reason": "试行办法"})
    try_waiting(worker, lambda *_: None, NEXT_YEAR)
    worker.commit()
    trial = owner.query(SchemeTrial).one()
    result: Any = trial.result
    assert (trial.year, result["start"], result["end"]) == (2025, "2025-01-01", "2025-12-31")
    assert {each["area"] for each in result["rows"]} == {LINGYUAN, KAZUO, HEPING}
    text = client_of("sheng").get(f"{BASE}/trials/{trial.id}?area={LINGYUAN}").text
    places = [text.index(f"area={code}") for code in sorted((LINGYUAN, KAZUO, HEPING))]
    assert places == sorted(places)
    assert "没有可比的往年同期" in text  # nothing reaches across the break of 2025
    assert "名次" not in text


def test_the_same_trial_comes_out_the_same(
    client_of: Client, owner: Session, worker: Session
) -> None:
    client = client_of("sheng")
    for _again in range(2):
        client.post(f"{BASE}/points/1/try", data={"year": "2026"})
        try_waiting(worker, lambda *_: None, NEXT_YEAR)
        worker.commit()
    one, other = owner.query(SchemeTrial).all()
    assert one.seed == other.seed
    assert one.result == other.result
    chance: Any = one.result
    assert chance["chance"]["compared"] == 3
    assert 0 <= int(chance["chance"]["pairs"]) <= 50


def test_only_the_province_tries_and_decides(client_of: Client) -> None:
    for login in ("zhou", "qi", "gao"):
        client = client_of(login)
        assert client.post(f"{BASE}/points/1/adopt", data={"reason": "x"}).status_code == 403
        assert client.post(f"{BASE}/points/1/try", data={"year": "2025"}).status_code == 403
        assert client.get(f"{BASE}/trials/1").status_code == 403
    assert "示例计分方案" in client_of("zhou").get(BASE).text


def test_a_new_version_is_written_compared_and_waits(
    client_of: Client, owner: Session, in_force: Force
) -> None:
    in_force("points")
    entry = written(scheme(owner.get_one(SchemeVersion, ("points", 1)).body))
    told = {
        "since": "2027-01",
        "reason": "调整",
        "entry": entry.replace("target = 85", "target = 80"),
    }
    assert client_of("sheng").post(f"{BASE}/points/new", data=told).status_code == 302
    made = scheme(owner.get_one(SchemeVersion, ("points", 2)).body)
    assert (made.version, made.valid_from) == (2, date(2027, 1, 1))
    page = client_of("sheng").get(f"{BASE}/points/2").text
    assert "target = 80" in page
    assert client_of("sheng").post(f"{BASE}/points/new", data=told).status_code == 422


def test_whoever_writes_a_scheme_reads_what_every_key_means(client_of: Client) -> None:
    assert {each.name for each in fields(Scheme)} == {*WHOLE, *FIXED, "score"}
    assert {each.name for each in fields(Row)} == set(ROWS)
    assert set(METHODS) == {*FIGURE_METHODS, *EVENT_METHODS, "veto"}
    page = client_of("sheng").get(f"{BASE}/points/new").text
    assert str(METHODS["band"]) in page
    assert "config/" not in page


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("target = 85", "target = ?", "附近的写法不对"),
        ('code = "I07"\nmethod', 'code = "I99"\nmethod', "不在这套方案的指标"),
        ("weight = 20\n", "weight = -1\n", "满分（weight）要大于 0"),
        ('direction = "down"', 'direction = "up"', "bands"),
        ('"I10"]', '"I10", "I04"]', "不能列进方案"),
        ('"I10"]', '"I10", "I14"]', "不能列进方案"),
    ],
)
def test_a_scheme_that_cannot_be_reckoned_is_refused_and_nothing_typed_is_lost(
    client_of: Client, owner: Session, old: str, new: str, why: str
) -> None:
    entry = written(read(FILE))
    assert old in entry
    told = {"since": "2027-01", "reason": "调整", "entry": entry.replace(old, new)}
    answer = client_of("sheng").post(f"{BASE}/points/new", data=told)
    assert answer.status_code == 422
    assert why in answer.text
    assert "population_old_after_years" in answer.text


def test_what_courts_give_for_information_is_weighed_only_by_a_named_decision(
    owner: Session, tmp_path: Path
) -> None:
    row = (
        '[[score]]\ncode = "I21"\nmethod = "threshold_linear"\nweight = 5\ntarget = 85\nstep = 1\n'
    )
    text = (
        FILE.read_text().replace('"I10"]', '"I10", "I21"]').replace('code = "points"', 'code = "q"')
    )
    file, ranked = tmp_path / "q.toml", "places = 2\nranking = true"
    file.write_text(f'{text}\n{row}direction = "up"\n')
    with pytest.raises(SchemeFault, match="决定"):
        load_scheme(owner, file)
    file.write_text(f'{text}\n{row}direction = "up"\ndecision = "示例〔2026〕9号"\n')
    assert load_scheme(owner, file)
    file.write_text(
        f'{text.replace("places = 2", ranked)}\n{row}direction = "up"\n'
        'decision = "示例〔2026〕9号"\n'
    )
    with pytest.raises(SchemeFault, match="不排名"):
        load_scheme(owner, file)


def test_a_scheme_reads_back_as_it_is_written() -> None:
    for file in (ROOT / "config/schemes").glob("*.toml"):
        made = read(file)
        again = read_entry(
            written(made), code=made.code, version=made.version, valid_from=made.valid_from
        )
        assert again == made
        assert scheme(body(made)) == made


def test_the_score_is_sealed_with_its_report_and_shown_line_by_line(
    client_of: Client, owner: Session, worker: Session, in_force: Force
) -> None:
    in_force("points")
    assess(worker, period_end=OCTOBER, due_at=NOON, now=NOON, scheme_code="points")
    worker.commit()
    report = report_of(owner, LINGYUAN)
    score = _score(report)
    points = {each["code"]: each["points"] for each in score["lines"]}
    # 88 % each: 85 is met; 90 less 2 · 0.5; 95 less 7 · 0.5; the rate is within its baseline
    assert points == {
        "R_filed": "30.00",
        "I07": "20.00",
        "I06": "14.00",
        "I09": "16.50",
        "I10": "11.50",
    }
    assert (score["points"], score["judged"], score["of"]) == ("92.00", "100.00", "100.00")
    assert score["ranks"] is None
    page = client_of("zhou").get(f"/assessments/reports/{report.id}").text
    assert "离 90 差 2.0，每差 1 扣 0.5 分" in page
    assert "属正常波动，满分" in page
    assert verify(worker, report) is Comparison.SAME


def test_a_missing_court_month_withholds_its_points(
    owner: Session,
    worker: Session,
    in_force: Force,
    without_counts: Callable[[str, date], None],
) -> None:
    in_force("points")
    without_counts("lingyuan-court", date(2026, 9, 1))
    assess(worker, period_end=OCTOBER, due_at=NOON, now=NOON, scheme_code="points")
    worker.commit()
    score = _score(report_of(owner, LINGYUAN))
    assert (score["lines"][0]["reason"], score["lines"][0]["points"]) == ("courts", None)
    assert (score["points"], score["judged"], score["of"]) == ("62.00", "70.00", "100.00")


def test_a_report_by_a_scheme_without_points_has_no_score(client_of: Client, lingyuan: Any) -> None:
    assert _score(lingyuan) is None
    assert "怎样算的" not in client_of("zhou").get(f"/assessments/reports/{lingyuan.id}").text


def test_an_office_that_turned_ranking_on_gets_intervals_and_no_ranks(
    client_of: Client, owner: Session, worker: Session, in_force: Force
) -> None:
    in_force("points", ranking=True)
    assess(worker, period_end=OCTOBER, due_at=NOON, now=NOON, scheme_code="points")
    worker.commit()
    report = report_of(owner, LINGYUAN)
    found = _score(report)["ranks"]
    assert (found["lower"], found["upper"], found["of"]) == (1, 3, 3)
    assert "第 1 到第 3 之间" in client_of("zhou").get(f"/assessments/reports/{report.id}").text
    assert verify(worker, report) is Comparison.SAME


def test_departments_and_townships_are_scored_from_parts(
    client_of: Client, owner: Session, worker: Session
) -> None:
    area = owner.get_one(Area, LINGYUAN)
    parts = [("I07", 90), ("I09", 90), ("I10", 95), ("I18", 10)]
    for code, hits in parts:
        owner.add(
            FigurePack(
                indicator=code,
                area_code=LINGYUAN,
                dimension="township",
                area_path=area.path,
                months=[date(2025, 3, 1)],
                values=[NANJIE],
                versions=[1],
                numerators=[hits],
                denominators=[100 if code != "I18" else 12],
                computed_at=NOON,
            )
        )
    owner.commit()
    client_of("sheng").post(f"{BASE}/townships/2/try", data={"year": "2025"})
    try_waiting(worker, lambda *_: None, NEXT_YEAR)
    worker.commit()
    result: Any = owner.query(SchemeTrial).one().result
    (row,) = result["rows"]
    lines = {each["code"]: (each["points"], each["reason"]) for each in row["score"]["lines"]}
    assert lines["I07"] == ("40.00", None)
    assert lines["I09"] == ("25.00", None)
    assert lines["I18"] == (None, "small")
    assert lines["R_filed"] == (None, "level_courts")
    assert (row["score"]["points"], row["score"]["of"]) == ("85.00", "100.00")


def test_a_draft_shows_the_score_before_it_is_sealed(
    client_of: Client, worker: Session, in_force: Force
) -> None:
    in_force("points")
    run = open_run(
        worker,
        kind=RunKind.AD_HOC,
        start=date(2026, 1, 1),
        end=OCTOBER,
        due_at=NOON,
        scheme_code="points",
    )
    prepare(worker, run, now=NOON, progress=lambda *_: None)
    worker.commit()
    page = client_of("zhou").get(f"/assessments/runs/{run.id}/drafts/{LINGYUAN}").text
    assert "92.00" in page
    assert "怎样算的" in page


def test_a_scheme_whose_only_version_was_sent_back_can_be_written_anew(client_of: Client) -> None:
    office = client_of("sheng")
    assert office.post("/assessments/schemes/points/1/reject").status_code == 302
    assert "拟新版" in office.get("/assessments/schemes").text
    assert office.get("/assessments/schemes/points/new").status_code == 200
