"""An analysis: what it freezes, who may see what of it, and that nothing written is lost."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.access.doors import Client
from tests.alerts.conftest import RAISED, Raise, warn
from tests.alerts.governance.stories import analysed, settled, wages
from tests.cast import CITY, GONGYINGZI, KAZUO, LINGYUAN, NANJIE
from tests.coordination.conftest import door
from tests.coordination.matters import Door
from yuantou.alerts.governance.analyses import queries
from yuantou.alerts.governance.analyses.models import Analysis, AnalysisMember
from yuantou.alerts.governance.analyses.service import open_analysis, turn, write
from yuantou.audit.models import AuditEvent
from yuantou.calendar import clock
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.models import DisputeEvent
from yuantou.indicators.models import DisputeMonth
from yuantou.indicators.periods import shift
from yuantou.territory.models import Area

__all__ = ["door", "warn"]


def test_what_they_share_is_frozen_with_the_list(door: Door, owner: Session) -> None:
    matters = wages(door)
    made = owner.get_one(Analysis, analysed(door, matters))
    frozen = made.frozen
    assert (made.size, frozen["organisations"]) == (3, [["凌源宏达建筑公司", 3]])
    assert frozen["types"] == [["migrant_wages", 3]]
    kept = owner.scalars(select(AnalysisMember.dispute_id)).all()
    assert sorted(kept) == sorted(matters)
    assert len(made.frozen_hash) == 64


def test_each_matter_tells_of_it_and_one_audit_row_stands(door: Door, owner: Session) -> None:
    matters = wages(door, 2)
    analysed(door, matters)
    told = owner.scalars(select(DisputeEvent.dispute_id).where(DisputeEvent.event == "analysed"))
    assert sorted(told) == sorted(matters)
    rows = select(func.count()).where(AuditEvent.action == "analysis:opened")
    assert owner.scalar(rows) == 1


def test_an_analysis_of_a_cluster_takes_the_matters_of_all_its_places(
    door: Door, owner: Session, warn: Raise
) -> None:
    seen = RAISED - timedelta(days=2)
    own, other = wages(door, 2, seen), wages(door, 1, seen, area_code=GONGYINGZI)
    wages(door, 1, RAISED - timedelta(days=60))
    wages(door, 1, seen, type="traffic")
    facts = {"members": [LINGYUAN, KAZUO], "first": "2026-11-14", "last": "2026-11-20"}
    number = warn(area=CITY, rule="D_SCAN", facts=facts)
    made = analysed(door, [], login="qi", area=CITY, warning_id=number)
    kept = select(AnalysisMember.dispute_id).where(AnalysisMember.analysis_id == made)
    assert sorted(owner.scalars(kept)) == sorted(own + other)


def test_an_analysis_keeps_no_number_of_what_its_maker_cannot_see(
    door: Door, owner: Session, warn: Raise
) -> None:
    own, other = warn(), warn(area=KAZUO, key="kazuo")
    for given, kept in ((own, own), (other, None), (987_654, None)):
        made = analysed(door, wages(door, 1), warning_id=given, source_id=987_654)
        row = owner.get_one(Analysis, made)
        assert (row.warning_id, row.source_id) == (kept, None)


def test_sent_twice_it_is_one(door: Door) -> None:
    matters = wages(door, 2)
    assert analysed(door, matters, submission="twice") == analysed(
        door, matters, submission="twice"
    )


def test_restricted_matters_are_counted_but_in_no_place_and_in_nobodys_list(
    door: Door, owner: Session
) -> None:
    matters = wages(door, 2)
    hidden = wages(door, 1, flags=("domestic_violence",))
    made = owner.get_one(Analysis, analysed(door, matters + hidden, login="mei", area=NANJIE))
    assert (made.size, made.frozen["restricted"]) == (3, 1)
    assert made.frozen["places"] == [[NANJIE, 2]]
    assert made.frozen["organisations"] == [["凌源宏达建筑公司", 2]]
    session, viewer = door("ming")
    found = queries.members(session, viewer, session.get_one(Analysis, made.id))
    assert (sorted(row.id for row in found.rows), found.unseen) == (sorted(matters), 1)


def test_only_what_the_viewer_may_open_is_taken(door: Door) -> None:
    matters = wages(door, 2)
    with pytest.raises(RefusedError, match="没有可以纳入的事项"):
        analysed(door, matters, login="hu", area=KAZUO)
    session, viewer = door("hu")
    with pytest.raises(RefusedError, match="辖区内"):
        open_analysis(session, by=viewer, title="x", area=LINGYUAN, question="x",
                      dispute_ids=matters)  # fmt: skip


def test_another_county_sees_and_changes_nothing(door: Door, client_of: Client) -> None:
    made = analysed(door, wages(door, 2))
    assert client_of("hu").get(f"/sources/analyses/{made}").status_code == 404
    session, viewer = door("hu")
    with pytest.raises(NotVisibleError):
        write(session, by=viewer, analysis_id=made, findings="x", advice="")


def test_those_who_only_see_sums_see_no_small_count_and_no_matter(
    door: Door, client_of: Client
) -> None:
    made = analysed(door, [*wages(door, 4), *wages(door, 1, type="neighborhood")])
    page = client_of("zhou").get(f"/sources/analyses/{made}").text
    assert "&lt;3" in page
    assert "拖欠工资" not in page
    assert "拖欠工资" in client_of("gao").get(f"/sources/analyses/{made}").text


def test_every_saved_text_is_kept_and_a_stale_page_is_refused(door: Door) -> None:
    made = analysed(door, wages(door, 2))
    session, viewer = door("gao")
    first = write(session, by=viewer, analysis_id=made, findings="一稿", advice="", version=1)
    assert first.version == 2
    with pytest.raises(RefusedError, match="先改了"):
        write(session, by=viewer, analysis_id=made, findings="旧页", advice="", version=1)
    session.rollback()
    write(session, by=viewer, analysis_id=made, findings="二稿", advice="", version=2)
    assert [one.findings for one in queries.drafts(session, made)] == ["二稿", "一稿"]


def test_settling_wants_findings_and_there_is_a_way_back(door: Door) -> None:
    made = analysed(door, wages(door, 2))
    session, viewer = door("gao")
    with pytest.raises(RefusedError, match="分析结论"):
        write(session, by=viewer, analysis_id=made, findings=" ", advice="", settle=True)
    session.rollback()
    settled(door, made)
    assert turn(session, by=viewer, analysis_id=made, action="reopen").state == "draft"
    assert turn(session, by=viewer, analysis_id=made, action="drop").state == "dropped"
    assert turn(session, by=viewer, analysis_id=made, action="drop").state == "dropped"


def test_typed_numbers_are_found_or_named(door: Door, client_of: Client, owner: Session) -> None:
    client = client_of("gao")
    data = {
        "title": "欠薪",
        "question": "为什么",
        "area": LINGYUAN,
        "numbers": "凌源〔2026〕9999号",
    }
    answer = client.post("/sources/analyses/new", data=data)
    assert answer.status_code == 422
    assert "凌源〔2026〕9999号" in answer.text
    assert "为什么" in answer.text


def test_the_matters_page_says_to_which_analysis_it_belongs(door: Door, client_of: Client) -> None:
    matters = wages(door, 2)
    analysed(door, matters)
    page = client_of("gao").get(f"/matters/{matters[0]}").text
    assert "欠薪类案分析" in page


def test_the_class_is_compared_with_the_months_before(door: Door, owner: Session) -> None:
    today = clock.today()
    month, place = today.replace(day=1), owner.get_one(Area, LINGYUAN)
    for back in range(15):
        row = DisputeMonth(
            area_code=LINGYUAN,
            month=shift(month, -back),
            type="migrant_wages",
            level="county",
            area_path=place.path,
            reported=10 if back < 3 else 4,
            closed=0,
            computed_at=clock.now(),
        )
        owner.merge(row)
    owner.commit()
    base: Any = owner.get_one(Analysis, analysed(door, wages(door, 2))).frozen["baseline"]
    days = (today - shift(month, -2)).days + 1
    others = (shift(month, -2) - shift(month, -14)).days
    assert (base["recent"], base["earlier"]) == (30, 48)
    assert float(base["ratio"]) == pytest.approx(30 / days * others / 48, abs=0.01)
    assert 1 < float(base["lower"]) < float(base["ratio"]) < float(base["upper"])
