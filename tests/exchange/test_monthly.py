"""The monthly sheet against a fixture that was counted by hand, and through the page."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.coordination.matters import Door, act, report
from yuantou.audit.models import AuditEvent
from yuantou.calendar import clock
from yuantou.disputes.models import Dispute
from yuantou.disputes.parties import NewParty
from yuantou.exchange.registers.columns import SHIPPED, RegistersFault, read
from yuantou.exchange.registers.counting import Mediated, fill
from yuantou.indicators.periods import shift

Clients = Callable[[str], FlaskClient]

EAST, WEST = "东村人民调解委员会", "物业纠纷人民调解委员会"
MATTERS = (  # agency, body, type, source, involved, amount, complexity, outcome
    Mediated(EAST, "village", "neighborhood", "application", 2, 500.0, "simple", "agreed_oral"),
    Mediated(EAST, "village", "neighborhood", "grid_screening", 3, None, "simple", "failed"),
    Mediated(EAST, "village", "traffic", "police_110", 2, 12000.5, "complex", "agreed_written"),
    Mediated(WEST, "industry", "property_management", "court", 40, 90.0, "complex", "terminated"),
)
COUNTED = {  # heading: east, west, all; counted by hand
    "案件总数": (3, 1, 4),
    "涉及当事人数": (7, 40, 47),
    "成功数": (2, 0, 2),
    "疑难案件": (1, 1, 2),
    "涉及金额(元)": (12500.5, 90.0, 12590.5),
    "调解主体·村(居)调委会": (3, 0, 3),
    "调解主体·行业性专业性调委会": (0, 1, 1),
    "案件来源·依申请调解": (1, 0, 1),
    "案件来源·主动调解": (1, 0, 1),
    "案件来源·接受委托移送(小计)": (1, 1, 2),
    "案件来源·人民法院": (0, 1, 1),
    "案件来源·公安机关": (1, 0, 1),
    "纠纷类型·邻里": (2, 0, 2),
    "纠纷类型·道路交通事故": (1, 0, 1),
    "纠纷类型·物业": (0, 1, 1),
    "协议形式·口头协议": (1, 0, 1),
    "协议形式·书面协议": (1, 0, 1),
}


def headings() -> list[str]:
    return [column.heading for column in read().monthly]


def test_the_sheet_has_the_41_columns() -> None:
    assert len(headings()) == len(set(headings())) == 41


def test_every_column_is_as_counted_by_hand() -> None:
    east, west, whole = fill(read(), MATTERS, "合计")
    sheet = {head: cells for head, *cells in zip(headings(), east, west, whole, strict=True)}
    assert sheet.pop("序号") == [1, 2, ""]
    assert sheet.pop("单位") == [EAST, WEST, "合计"]
    filled = {head: tuple(cells) for head, cells in sheet.items() if any(cells)}
    assert filled == COUNTED


@pytest.mark.parametrize("group", ["调解主体", "纠纷类型"])
def test_the_parts_add_up_to_the_whole(group: str) -> None:
    *_, whole = fill(read(), MATTERS, "合计")
    parts = [cell for head, cell in zip(headings(), whole, strict=True) if head.startswith(group)]
    assert sum(cell for cell in parts if not isinstance(cell, str)) == len(MATTERS)


def test_an_empty_month_is_a_row_of_noughts() -> None:
    ((serial, unit, *counts),) = fill(read(), (), "合计")
    assert (serial, unit, set(counts)) == ("", "合计", {0})


def test_a_source_that_no_column_counts_is_named(tmp_path: Path) -> None:
    faulty = tmp_path / "registers.toml"
    faulty.write_text(SHIPPED.read_text(encoding="utf-8").replace('"hotline_12345", ', ""))
    faulty.write_text(faulty.read_text().replace(', "hotline_12345"', ""))
    with pytest.raises(RegistersFault, match="hotline_12345"):
        read(faulty)


def settled(door: Door, login: str = "mei") -> None:
    """A matter that ended today in an oral agreement."""
    dispute, me = report(door, login), door(login)[1].id
    act(door, login, dispute, "accept", consent=True)
    act(door, login, dispute, "triage", category="neighborhood", risk="blue", path="mediation")
    act(door, login, dispute, "mediate", mediator_id=me, consent=True)
    act(door, login, dispute, "agree", agreement_form="oral", agreement_content="各让一步",
        effective_on=clock.today())  # fmt: skip


def rows_of(workbook: bytes) -> list[list[Any]]:
    """The cells of the first sheet."""
    return CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0).to_python()


def test_the_county_takes_the_sheet_and_the_chain_knows(
    door: Door, client_of: Clients, owner: Session
) -> None:
    settled(door)
    sent = client_of("gao").post("/registers/monthly", data={"month": f"{clock.today():%Y-%m}"})
    counted = [row for row in rows_of(sent.data) if row[2] == 1]
    assert [row[1] for row in counted] == ["南街街道人民调解委员会", "合计"]
    assert any("高协调" in str(row) for row in rows_of(sent.data))
    assert owner.query(AuditEvent).filter_by(action="register:monthly").one().facts == {"rows": 1}


def test_restricted_matters_count_for_the_area_and_stay_shut(
    door: Door, client_of: Clients, owner: Session
) -> None:
    settled(door)
    dispute = owner.query(Dispute).one()
    dispute.restricted = True
    owner.commit()
    session, _tang = door("tang")
    month = clock.today().replace(day=1)
    asked = text("SELECT * FROM registered_endings(:first, :after, ARRAY['agreed_oral'])")
    rows = session.execute(asked, {"first": month, "after": shift(month, 1)}).all()
    assert [(row.number, row.involved) for row in rows] == [(1, 4)]
    assert set(rows[0]._mapping) == {
        "agency", "kind", "type", "source", "involved", "amount", "complexity", "outcome", "number",
    }  # fmt: skip
    assert session.get(Dispute, dispute.id) is None
    assert client_of("tang").get(f"/matters/{dispute.id}").status_code == 404
    page = client_of("gao").get(f"/registers/?month={clock.today():%Y-%m}")
    assert "没有调解结束的事项" not in page.text
    elsewhere, _hu = door("hu")
    assert elsewhere.execute(asked, {"first": month, "after": shift(month, 1)}).all() == []


def test_two_alike_are_one_line_of_sums(door: Door, client_of: Clients) -> None:
    settled(door)
    settled(door)
    sent = client_of("gao").post("/registers/monthly", data={"month": f"{clock.today():%Y-%m}"})
    assert [row[2] for row in rows_of(sent.data) if row[1] == "合计"] == [2]


def test_another_county_counts_nothing_of_it(door: Door, client_of: Clients) -> None:
    settled(door)
    page = client_of("hu").get(f"/registers/?month={clock.today():%Y-%m}")
    assert "没有调解结束的事项" in page.text


def test_who_may_not_take_lists_away_sees_no_registers(client_of: Clients) -> None:
    for login in ("mei", "zhou", "an", "kang"):
        assert client_of(login).get("/registers/").status_code == 403


def test_items_carry_masked_names_and_the_codes_of_the_standard(
    door: Door, client_of: Clients
) -> None:
    report(door, parties=(NewParty("applicant", "person", "王小明", phone="13900001111"),))
    month = {"month": f"{clock.today():%Y-%m}"}
    head, line, *_ = rows_of(client_of("gao").post("/registers/items", data=month).data)
    item = dict(zip(head, line, strict=True))
    assert (item["类别★"], item["规模★"], item["涉及人数★"]) == ("02", "01", 4)
    assert "小明" not in str(line)
    assert "13900001111" not in str(line)


def test_a_restricted_matter_gives_nothing_away(door: Door, client_of: Clients) -> None:
    report(door, flags=("domestic_violence",), summary="不该出现的话")
    month = {"month": f"{clock.today():%Y-%m}"}
    cells = rows_of(client_of("gao").post("/registers/items", data=month).data)
    assert "不该出现的话" not in str(cells)


def test_a_long_title_is_cut_to_what_the_standard_holds(door: Door, client_of: Clients) -> None:
    report(door, title="长" * 180)
    month = {"month": f"{clock.today():%Y-%m}"}
    head, line, *_ = rows_of(client_of("gao").post("/registers/items", data=month).data)
    assert len(str(line[head.index("名称★")])) == 100
