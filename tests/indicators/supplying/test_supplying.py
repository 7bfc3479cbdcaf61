"""Counts that only their owner knows: typed, imported, corrected, undone, added up or missing."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cast import CITY, KAZUO, LINGYUAN, PROVINCE
from tests.conftest import Database
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.indicators import queries
from yuantou.indicators.figures import Figure
from yuantou.indicators.models import SuppliedCount
from yuantou.indicators.supplying.reading import Told
from yuantou.indicators.supplying.service import SupplyRefused, supply
from yuantou.territory.models import Area

Doors = Callable[[str], FlaskClient]
JUNE = date(2026, 6, 1)
AT = datetime(2026, 7, 3, tzinfo=UTC)
FORM = {
    "area": LINGYUAN,
    "month": "2026-06",
    "source": "月报",
    "petitions": "40",
    "petitions_repeated": "6",
}


@pytest.fixture
def ren(owner: Session, client_of: Doors) -> FlaskClient:
    """Ren, whose agency is the petition office of Lingyuan."""
    owner.query(Agency).filter_by(code="lingyuan-labour").update({"kind": "petition"})
    owner.commit()
    return client_of("ren")


def rows(owner: Session) -> list[SuppliedCount]:
    owner.expire_all()
    return owner.query(SuppliedCount).order_by(SuppliedCount.id).all()


def put(owner: Session, name: str, area: str, value: int | None, month: date = JUNE) -> None:
    owner.add(
        SuppliedCount(
            component=name,
            area_code=area,
            area_path=owner.get_one(Area, area).path,
            month=month,
            revision=owner.query(SuppliedCount).filter_by(component=name, area_code=area).count()
            + 1,
            value=value,
            source="月报",
            agency_id=1,
            entered_by=1,
            entered_at=AT,
            demo=False,
        )
    )
    owner.commit()


def figure(owner: Session, code: str, area: str) -> Figure:
    owner.expire_all()
    return queries.figure(owner, code, area, JUNE, JUNE)


def upload(client: FlaskClient, data: str, reason: str = "") -> TestResponse:
    part = 'Content-Disposition: form-data; name="{}"'
    fields = {"source": "月报", "reason": reason}
    pieces = [
        b"\r\n".join([b"--frontier", part.format(key).encode(), b"", value.encode()])
        for key, value in fields.items()
    ]
    head = (part.format("table") + '; filename="a.csv"').encode()
    body = b"\r\n".join([*pieces, b"--frontier", head, b"", data.encode(), b"--frontier--", b""])
    kind = "multipart/form-data; boundary=frontier"
    return client.post("/supplying/upload", data=body, content_type=kind)


def test_a_month_typed_makes_the_figure_and_an_empty_field_stays_missing(
    ren: FlaskClient, owner: Session
) -> None:
    assert ren.post("/supplying/enter", data=FORM).status_code == 302
    one = figure(owner, "I19", LINGYUAN)
    assert (one.numerator, one.denominator, one.value) == (6, 40, 15)
    missing = figure(owner, "I19U", LINGYUAN).missing
    assert missing is not None
    assert "信访部门还没有提供：越级信访件" in missing.message_zh


def test_the_same_twice_changes_nothing_and_a_correction_needs_its_reason(
    ren: FlaskClient, owner: Session
) -> None:
    ren.post("/supplying/enter", data=FORM)
    ren.post("/supplying/enter", data=FORM)
    assert len(rows(owner)) == 2
    changed = FORM | {"petitions": "41"}
    refused = ren.post("/supplying/enter", data=changed)
    assert refused.status_code == 422
    assert "要写更正说明" in refused.text
    ren.post("/supplying/enter", data=changed | {"reason": "漏了一件"})
    newest = rows(owner)[-1]
    assert (newest.revision, newest.value) == (2, 41)
    assert "漏了一件" in newest.source


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"petitions": "四十"}, "要填整数"),
        ({"petitions_repeated": "41"}, "多于信访总件"),
        ({"petitions": "9" * 5000}, "数字太大"),
        ({"month": "2036-01"}, "只报已经过完的月份"),
        ({"area": KAZUO}, "不是本单位可以报的地区"),
    ],
)
def test_faults_stand_beside_their_field(
    ren: FlaskClient, owner: Session, change: dict[str, str], words: str
) -> None:
    page = ren.post("/supplying/enter", data=FORM | change)
    assert page.status_code == 422
    assert words in page.text
    assert rows(owner) == []


def test_a_file_is_checked_confirmed_and_undone_as_revisions(
    ren: FlaskClient, owner: Session
) -> None:
    table = "地区,月份,信访总件,重复信访件\n凌源市,2026-05,30,3\n凌源市,2026-06,40,6\n"
    checked = upload(ren, table)
    assert checked.status_code == 200, checked.text
    assert rows(owner) == []
    held = re.search(r'name="rows"[^>]*value="([^"]+)"', checked.text)
    assert held
    assert ren.post("/supplying/confirm", data={"rows": held[1]}).status_code == 302
    at = rows(owner)[0].entered_at.isoformat()
    ren.post("/supplying/undo", data={"at": at, "reason": "传错了表"})
    assert [row.value for row in rows(owner)] == [3, 30, 6, 40, None, None, None, None]
    assert figure(owner, "I19", LINGYUAN).missing is not None


def test_faults_of_a_file_name_their_cell_and_nothing_is_written(
    ren: FlaskClient, owner: Session
) -> None:
    page = upload(ren, "地区,月份,信访总件\n喀左,2026-05,三十\n凌源市,2026-06,40\n")
    assert page.status_code == 422
    assert "第 2 行 A 列" in page.text
    assert "第 2 行 C 列" in page.text
    assert rows(owner) == []


def test_who_owns_no_count_is_told_so_and_may_not_supply(
    client_of: Doors, viewer_session: Callable[[str], tuple[Session, Viewer]]
) -> None:
    assert "没有要报的数" in client_of("zhu").get("/supplying/").text
    assert client_of("zhu").get("/supplying/enter").status_code == 404
    session, zhu = viewer_session("zhu")
    told = [Told("petitions", LINGYUAN, JUNE, 1)]
    with pytest.raises(SupplyRefused):
        supply(session, by=zhu, told=told, source="月报")


def test_the_database_refuses_a_number_outside_the_agencys_area(
    viewer_session: Callable[[str], tuple[Session, Viewer]], database: Database
) -> None:
    session, hu = viewer_session("hu")
    with pytest.raises(ProgrammingError, match="row-level security"):
        session.execute(
            text(
                "INSERT INTO supplied_count (component, area_code, area_path, month, revision, "
                "value, source, agency_id, entered_by, entered_at, demo) VALUES ('villages', "
                "'211382', '210000/211300/211382/', '2026-06-01', 1, 1, '', :unit, :by, "
                "now(), false)"
            ),
            {"unit": hu.agency.id, "by": hu.id},
        )


def test_a_city_is_the_sum_of_all_its_counties_or_its_own_number_or_missing(
    owner: Session,
) -> None:
    put(owner, "crimes_from_disputes", LINGYUAN, 4)
    partly = figure(owner, "I14", CITY).missing
    assert partly is not None
    assert "还缺1个地区：喀喇沁左翼蒙古族自治县" in partly.message_zh
    put(owner, "crimes_from_disputes", KAZUO, 0)
    assert figure(owner, "I14", CITY).value == 4
    assert figure(owner, "I14", PROVINCE).missing is not None
    put(owner, "crimes_from_disputes", CITY, 7)
    assert figure(owner, "I14", CITY).value == 7
    put(owner, "crimes_from_disputes", KAZUO, None)
    assert figure(owner, "I14", KAZUO).missing is not None


def test_a_county_that_was_merged_away_owes_no_numbers(owner: Session) -> None:
    put(owner, "crimes_from_disputes", LINGYUAN, 4)
    owner.execute(update(Area).where(Area.code == KAZUO).values(valid_to=date(2026, 6, 1)))
    owner.commit()
    assert figure(owner, "I14", CITY).value == 4
    whole = figure(owner, "I14", PROVINCE).missing
    assert whole is not None
    assert "喀喇沁" not in whole.message_zh
    owner.execute(update(Area).where(Area.code == KAZUO).values(valid_to=date(2026, 6, 2)))
    owner.commit()
    assert figure(owner, "I14", CITY).missing is not None


def test_the_figures_page_says_who_supplied_what(
    ren: FlaskClient, client_of: Doors, owner: Session
) -> None:
    ren.post("/supplying/enter", data=FORM)
    where = "/indicators/I19?month=2026-06&span=month"
    page = client_of("gao").get(where)
    assert page.status_code == 200
    assert "由谁提供" in page.text
    assert "任承办" in page.text


def test_quality_of_courts_is_context_for_the_court_and_the_office_alone(
    client_of: Doors, owner: Session
) -> None:
    put(owner, "appeals", LINGYUAN, 3)
    put(owner, "first_closed", LINGYUAN, 60)
    for login in ("kang", "lu", "gao", "qi"):
        page = client_of(login).get("/supplying/courts")
        assert page.status_code == 200
        assert "上诉率" in page.text
        assert "只作背景" in page.text
    assert client_of("ren").get("/supplying/courts").status_code == 404
    assert client_of("zhou").get("/supplying/courts").status_code == 403
    assert "上诉率" not in client_of("gao").get("/indicators/").text
    assert client_of("gao").get("/indicators/I20").status_code == 302


def test_a_court_sees_its_own_areas_context_only(client_of: Doors) -> None:
    page = client_of("kang").get(f"/supplying/courts?area={KAZUO}").text
    assert "凌源市" in page
    assert "喀喇沁" not in page


def test_a_person_who_left_leaves_the_numbers(ren: FlaskClient, owner: Session) -> None:
    ren.post("/supplying/enter", data=FORM)
    owner.query(Account).filter_by(login="ren").update({"disabled_at": AT})
    owner.commit()
    assert figure(owner, "I19", LINGYUAN).value == 15
