"""Who sees and enters which court's counts."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from tests.cast import CITY, NOW, PROVINCE
from tests.judiciary.doors import (
    COURT,
    DEC,
    Doors,
    confirm,
    entered,
    released,
    rows_of,
    sheet,
    upload,
)
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency

KAZUO = ("kazuo-court", *DEC[1:])


def city_court(owner: Session) -> None:
    """The intermediate court of Chaoyang with a clerk and a reviewer."""
    agency = Agency(
        code="chaoyang-court",
        name="朝阳市中级人民法院",
        kind="court",
        area_code=CITY,
        area_path=f"{PROVINCE}/{CITY}/",
        parent_id=None,
        court_code="chaoyang-court",
        active=True,
        demo=False,
        created_at=NOW,
    )
    owner.add(agency)
    owner.flush()
    for login, role in (("cheng", "court_clerk"), ("shi", "court_reviewer")):
        owner.add(
            Account(
                login=login,
                display_name=login,
                agency_id=agency.id,
                role=role,
                password_hash="!",
                must_change=False,
                password_set_at=datetime.now(UTC),
                failures=0,
                session_epoch=1,
                demo=False,
                created_at=NOW,
            )
        )
    owner.commit()


def test_a_base_court_enters_only_its_own(client_of: Doors, owner: Session) -> None:
    page = upload(client_of("kang"), sheet(DEC, KAZUO))
    assert page.status_code == 422
    assert "报送范围" in page.text
    assert rows_of(owner) == []


def test_an_intermediate_court_enters_for_its_area(client_of: Doors, owner: Session) -> None:
    city_court(owner)
    own = ("chaoyang-court", *DEC[1:])
    batch = entered(client_of("cheng"), DEC, KAZUO, own)
    assert client_of("shi").post(f"/judiciary/batches/{batch}/release").status_code == 302
    assert len([row for row in rows_of(owner) if row.released_at]) == 3
    away = upload(client_of("cheng"), sheet(("heping-court", *DEC[1:])))
    assert "报送范围" in away.text


def test_a_base_court_may_not_release_the_batch_of_the_court_above(
    client_of: Doors, owner: Session
) -> None:
    city_court(owner)
    batch = entered(client_of("cheng"), DEC, KAZUO)
    page = client_of("lu").post(f"/judiciary/batches/{batch}/release")
    assert page.status_code == 409
    assert all(row.released_at is None for row in rows_of(owner))


def test_the_court_above_may_release_the_batch_of_a_base_court(
    client_of: Doors, owner: Session
) -> None:
    city_court(owner)
    batch = entered(client_of("kang"), DEC)
    assert client_of("shi").post(f"/judiciary/batches/{batch}/release").status_code == 302


def test_the_county_reads_its_court_and_writes_nothing(client_of: Doors) -> None:
    batch = released(client_of, DEC)
    for login in ("zhou", "gao"):
        client = client_of(login)
        assert "120" in client.get(f"/judiciary/courts/{COURT}").text
        assert client.get(f"/judiciary/batches/{batch}").status_code == 200
        assert client.get("/judiciary/enter").status_code == 403
        assert client.get("/judiciary/upload").status_code == 403
        assert "上传文件" not in client.get("/judiciary/").text
        assert client.post(f"/judiciary/batches/{batch}/release").status_code == 403


def test_another_county_sees_nothing_of_it(client_of: Doors) -> None:
    batch = released(client_of, DEC)
    for login in ("hu", "ke"):
        client = client_of(login)
        assert client.get(f"/judiciary/courts/{COURT}").status_code == 404
        assert client.post(f"/judiciary/courts/{COURT}/export").status_code == 404
        assert client.get(f"/judiciary/courts/{COURT}/2025-12").status_code == 404
        assert client.get(f"/judiciary/batches/{batch}").status_code == 404
        assert "lingyuan" not in client.get("/judiciary/").text


def test_drafts_are_for_the_courts_only(client_of: Doors) -> None:
    batch = entered(client_of("kang"), DEC)
    assert client_of("zhou").get(f"/judiciary/batches/{batch}").status_code == 404
    assert client_of("zhou").get(f"/judiciary/courts/{COURT}/2025-12").status_code == 404
    assert client_of("lu").get(f"/judiciary/courts/{COURT}/2025-12").status_code == 200


def test_people_without_the_counts_are_kept_out(client_of: Doors) -> None:
    for login in ("mei", "tang", "ren-da", "an"):
        assert client_of(login).get("/judiciary/").status_code == 403


def test_a_check_cannot_be_confirmed_by_someone_else(client_of: Doors, owner: Session) -> None:
    city_court(owner)
    checked = upload(client_of("kang"), sheet(DEC))
    assert confirm(client_of("cheng"), checked).location.endswith("/upload")
    assert rows_of(owner) == []
