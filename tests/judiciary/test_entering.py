"""From the clerk's file or form to the figure that counts: two people, revisions, no doubles."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.judiciary.doors import (
    COURT,
    DEC,
    NOV,
    Doors,
    confirm,
    entered,
    number_of,
    released,
    rows_of,
    sheet,
    upload,
)
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.judiciary import service
from yuantou.judiciary.counting import Entry
from yuantou.judiciary.models import CountBatch

FORM = {
    "court": COURT,
    "month": "2025-12",
    "basis": "incl",
    "civil_first_new": "120",
    "admin_first_new": "0",
}


def test_a_file_is_checked_confirmed_and_released_by_another(
    client_of: Doors, owner: Session
) -> None:
    checked = upload(client_of("kang"), sheet(NOV, DEC))
    assert rows_of(owner) == []
    batch = number_of(confirm(client_of("kang"), checked))
    assert [row.released_at for row in rows_of(owner)] == [None, None]
    client_of("lu").post(f"/judiciary/batches/{batch}/release")
    november, december = rows_of(owner)
    assert november.released_at == december.released_at is not None
    assert (november.civil_first_new, november.first_mediation_success) == (100, None)
    assert (december.basis, december.regime, december.revision) == ("incl", "file_first", 1)


def test_a_form_enters_one_month(client_of: Doors, owner: Session) -> None:
    number_of(client_of("kang").post("/judiciary/enter", data=FORM))
    (row,) = rows_of(owner)
    assert (row.civil_first_new, row.admin_first_new, row.withdrawn) == (120, 0, None)


def test_a_wrong_form_keeps_what_was_typed_and_says_why(client_of: Doors, owner: Session) -> None:
    wrong = {**FORM, "by_cause": "离婚纠纷 70\n其他 45", "basis": "", "admin_first_new": ""}
    page = client_of("kang").post("/judiciary/enter", data=wrong)
    assert page.status_code == 422
    assert "相差 5 件" in page.text
    assert "必须写明口径" in page.text
    assert "没有案件请填 0" in page.text
    assert "离婚纠纷 70" in page.text
    assert rows_of(owner) == []


def test_who_entered_may_not_release(client_of: Doors, owner: Session) -> None:
    batch = entered(client_of("kang"), DEC)
    assert client_of("kang").post(f"/judiciary/batches/{batch}/release").status_code == 403
    owner.query(Account).filter_by(login="kang").update({"role": "court_reviewer"})
    owner.commit()
    page = client_of("kang").post(f"/judiciary/batches/{batch}/release")
    assert page.status_code == 409
    assert "必须是两个人" in page.text
    assert rows_of(owner)[0].released_at is None


def test_the_same_file_twice_changes_nothing_and_says_so(client_of: Doors, owner: Session) -> None:
    released(client_of, NOV, DEC)
    page = upload(client_of("kang"), sheet(DEC, NOV), "again.csv")
    assert "完全相同，没有改动" in page.text
    assert len(rows_of(owner)) == 2


def test_confirming_twice_writes_once(client_of: Doors, owner: Session) -> None:
    checked = upload(client_of("kang"), sheet(DEC))
    confirm(client_of("kang"), checked)
    again = confirm(client_of("kang"), checked)
    assert again.location.endswith("/judiciary/")
    assert len(rows_of(owner)) == 1


def test_a_correction_appends_a_revision_with_its_reason(client_of: Doors, owner: Session) -> None:
    released(client_of, NOV, DEC)
    changed = (*DEC[:3], 125, *DEC[4:])
    refused = upload(client_of("kang"), sheet(NOV, changed))
    assert refused.status_code == 422
    assert "更正说明" in refused.text
    released(client_of, NOV, changed, reason="漏统计 5 件")
    kept = [
        (row.month.month, row.revision, row.civil_first_new, row.reason) for row in rows_of(owner)
    ]
    assert kept == [(11, 1, 100, None), (12, 1, 120, None), (12, 2, 125, "漏统计 5 件")]


def test_only_the_highest_released_revision_counts(client_of: Doors) -> None:
    released(client_of, DEC)
    entered(client_of("kang"), (*DEC[:3], 777, *DEC[4:]), reason="更正")
    assert "777" not in client_of("zhou").get(f"/judiciary/courts/{COURT}").text
    assert "120" in client_of("zhou").get(f"/judiciary/courts/{COURT}").text


def test_a_month_that_waits_is_not_entered_again(client_of: Doors, owner: Session) -> None:
    entered(client_of("kang"), DEC)
    page = upload(client_of("kang"), sheet((*DEC[:3], 125, *DEC[4:])))
    assert page.status_code == 422
    assert "待审核" in page.text
    assert len(rows_of(owner)) == 1


def test_a_batch_that_was_sent_back_never_counts_and_can_be_replaced(
    client_of: Doors, owner: Session
) -> None:
    batch = entered(client_of("kang"), DEC)
    empty = client_of("lu").post(f"/judiciary/batches/{batch}/send-back", data={"reason": " "})
    assert empty.status_code == 422
    client_of("lu").post(f"/judiciary/batches/{batch}/send-back", data={"reason": "数字不对"})
    assert "数字不对" in client_of("kang").get(f"/judiciary/batches/{batch}").text
    late = client_of("lu").post(f"/judiciary/batches/{batch}/release")
    assert late.status_code == 409
    released(client_of, DEC)
    assert [(row.revision, bool(row.released_at)) for row in rows_of(owner)] == [
        (1, False),
        (2, True),
    ]


def test_releasing_twice_is_refused(client_of: Doors) -> None:
    batch = released(client_of, DEC)
    page = client_of("lu").post(f"/judiciary/batches/{batch}/release")
    assert page.status_code == 409
    assert "已经发布" in page.text


def test_each_use_is_one_audit_row(client_of: Doors, owner: Session) -> None:
    before = owner.execute(text("SELECT count(*) FROM audit_event")).scalar_one()
    released(client_of, NOV, DEC)
    rows = owner.execute(
        text("SELECT action, facts->>'rows' FROM audit_event ORDER BY seq OFFSET :n"), {"n": before}
    ).all()
    assert [tuple(row) for row in rows] == [("counts:enter", "2"), ("counts:release", "2")]


def test_a_backfill_of_36_months_goes_in_at_once(client_of: Doors, owner: Session) -> None:
    months = [(year, month) for year in (2023, 2024, 2025) for month in range(1, 13)]
    rows = [
        (COURT, f"{year}-{month:02}", "含" if year == 2025 else "", 100 + month, 2, "")
        for year, month in months
    ]
    head = ("法院名称", "月份", "口径", "民事一审新收", "行政一审新收", "撤诉")
    rows = [(*row[:2], "incl" if row[2] else "", *row[3:]) for row in rows]
    checked = upload(client_of("kang"), sheet(*rows, head=head))
    number_of(confirm(client_of("kang"), checked))
    kept = rows_of(owner)
    assert len(kept) == 36
    assert {row.regime for row in kept} == {"pre2025", "file_first"}
    assert owner.query(CountBatch).count() == 1


def test_a_jump_is_warned_of_and_may_go_on(client_of: Doors) -> None:
    released(client_of, NOV)
    page = upload(client_of("kang"), sheet((*DEC[:3], 161, *DEC[4:])))
    assert page.status_code == 200
    assert "+61%" in page.text
    assert "+20%" not in upload(client_of("kang"), sheet(DEC)).text


def test_the_reviewer_and_the_clerk_are_told(client_of: Doors) -> None:
    batch = entered(client_of("kang"), DEC)
    assert "待审核" in client_of("lu").get("/notices").text
    client_of("lu").post(f"/judiciary/batches/{batch}/send-back", data={"reason": "数字不对"})
    assert "被退回" in client_of("kang").get("/notices").text
    assert "被退回" not in client_of("lu").get("/notices").text


def test_two_clerks_at_once_write_one_row(
    viewer_session: Callable[[str], tuple[Session, Viewer]], owner: Session
) -> None:
    texts = dict(
        zip(("court", "month", "basis", "civil_first_new", "admin_first_new"), DEC, strict=False)
    )
    entries = [Entry({key: str(value) for key, value in texts.items()})]
    clerks = [viewer_session("kang") for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        made = list(
            pool.map(
                lambda one: service.enter(one[0], by=one[1], entries=entries, origin="form"), clerks
            )
        )
    assert [batch for batch in made if batch] != []
    assert len(rows_of(owner)) == 1
    assert owner.query(CountBatch).count() == 1
