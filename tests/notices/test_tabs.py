"""The four tabs of the inbox: what my unit must do, what is due soon, overdue, told."""

import re
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from tests.access.doors import Client, ids
from tests.coordination.matters import Door, act, agency_of, dispatched, report
from yuantou.accounts.models import Deputy
from yuantou.calendar import clock
from yuantou.coordination.dispatching.models import Whistle
from yuantou.disputes.models import Dispute, Participation
from yuantou.notices.service import notify


def tab(client_of: Client, login: str, name: str, more: str = "") -> str:
    answer = client_of(login).get(f"/notices?tab={name}{more}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def numbers(page: str) -> dict[str, str]:
    """The numbers on the tabs."""
    found = re.findall(r">([^<]+?) <span class=\"number\">([^<]+)</span>", page)
    return dict(found)


def due(owner: Session, matter: int, at: datetime) -> None:
    owner.execute(update(Dispute).where(Dispute.id == matter).values(next_due_at=at))
    owner.commit()


def test_what_my_unit_must_do_is_there_and_what_another_holds_is_not(
    door: Door, client_of: Client
) -> None:
    dispatched(door, to="ren", title="欠薪争议")
    assert "欠薪争议" in tab(client_of, "ren", "todo")
    for login in ("mei", "zhu", "gao", "hu"):
        assert "欠薪争议" not in tab(client_of, login, "todo")


def test_a_matter_leaves_the_tab_when_it_goes_on_to_another_unit(
    door: Door, client_of: Client
) -> None:
    matter = dispatched(door, to="ren", title="欠薪争议")
    act(door, "ren", matter, "return", reason="不属于本单位职责", suggested_owner="住建局")
    assert "欠薪争议" not in tab(client_of, "ren", "todo")


def test_what_rests_until_a_day_is_nothing_to_do_before_it(
    door: Door, client_of: Client, owner: Session
) -> None:
    matter = report(door, title="院墙滴水争议")
    owner.execute(update(Dispute).where(Dispute.id == matter).values(state="suspended"))
    due(owner, matter, clock.now() + timedelta(days=20))
    assert "院墙滴水争议" not in tab(client_of, "mei", "todo")
    due(owner, matter, clock.now() - timedelta(days=1))
    assert "院墙滴水争议" in tab(client_of, "mei", "todo")


def test_who_was_called_has_an_answer_to_do(door: Door, client_of: Client, owner: Session) -> None:
    matter, now = report(door, title="请来现场的事"), clock.now()
    housing, township = agency_of(door, "zhu"), agency_of(door, "tang")
    owner.add(
        Participation(dispute_id=matter, agency_id=housing, part="called", since=now, until=None)
    )
    whistle = Whistle(
        dispute_id=matter,
        caller_agency_id=township,
        caller_id=ids(owner)["tang"],
        agency_id=housing,
        wanted="到现场",
        blown_at=now,
        due_at=now + timedelta(days=1),
    )
    owner.add(whistle)
    owner.commit()
    assert "请来现场的事" in tab(client_of, "zhu", "todo")
    whistle.answered_at = now
    owner.commit()
    assert "请来现场的事" not in tab(client_of, "zhu", "todo")


def test_soon_and_over_are_two_tabs_with_their_numbers(
    door: Door, client_of: Client, owner: Session
) -> None:
    due(owner, report(door, title="快到的"), clock.now() + timedelta(days=2))
    due(owner, report(door, title="过了的"), clock.now() - timedelta(days=2))
    due(owner, report(door, title="还早的"), clock.now() + timedelta(days=20))
    soon, over = tab(client_of, "mei", "soon"), tab(client_of, "ming", "over")
    assert ("快到的" in soon, "过了的" in soon, "还早的" in soon) == (True, False, False)
    assert ("快到的" in over, "过了的" in over, "还早的" in over) == (False, True, False)
    assert numbers(soon) == {"待办": "3", "快到期": "1", "超期": "1", "告知": "0"}


def test_the_county_sees_what_is_overdue_in_all_of_it_and_its_neighbour_nothing(
    door: Door, client_of: Client, owner: Session
) -> None:
    due(owner, report(door, title="过了的"), clock.now() - timedelta(days=2))
    assert "过了的" not in tab(client_of, "gao", "over")
    assert "过了的" in tab(client_of, "gao", "over", "&whole=1")
    assert "过了的" not in tab(client_of, "hu", "over", "&whole=1")
    assert "过了的" not in tab(client_of, "dong", "over", "&whole=1")


def test_a_restricted_matter_is_in_the_inbox_of_its_named_handlers_alone(
    door: Door, client_of: Client
) -> None:
    report(door, title="不可外传的事", flags=("domestic_violence",))
    assert "不可外传的事" in tab(client_of, "mei", "todo")
    assert "不可外传的事" not in tab(client_of, "ming", "todo")
    assert numbers(tab(client_of, "ming", "todo"))["待办"] == "0"


@pytest.mark.parametrize(
    ("login", "tabs"),
    [
        ("gao", ["待办", "快到期", "超期", "告知"]),
        ("sheng", ["待办", "快到期", "超期", "告知"]),
        ("kang", ["待办", "快到期", "超期", "告知"]),
        ("zhou", ["待办", "告知"]),
        ("an", ["告知"]),
        ("shen", ["告知"]),
    ],
)
def test_each_role_has_the_tabs_that_it_can_use(
    client_of: Client, login: str, tabs: list[str]
) -> None:
    assert list(numbers(tab(client_of, login, ""))) == tabs


def test_an_empty_tab_says_when_something_will_be_there(client_of: Client) -> None:
    assert "现在没有要办的事" in tab(client_of, "mei", "todo")
    assert "没有超期的事项" in tab(client_of, "mei", "over")


def test_who_stands_in_reads_what_the_other_was_told(
    door: Door, client_of: Client, owner: Session
) -> None:
    people, today = ids(owner), clock.today()
    session, viewer = door("mei")
    notify(session, agency_id=viewer.agency.id, account_id=people["mei"], kind="x", title="只给梅")
    session.commit()
    assert "只给梅" not in tab(client_of, "ming", "told")
    owner.add(
        Deputy(
            account_id=people["mei"],
            deputy_id=people["ming"],
            first_day=today,
            last_day=today,
            reason="外出",
            created_by=people["guan"],
            created_at=clock.now(),
        )
    )
    owner.commit()
    assert "只给梅" in tab(client_of, "ming", "told")


def test_an_administrator_reads_what_he_himself_was_told(
    door: Door, client_of: Client, owner: Session
) -> None:
    session, viewer = door("an")
    notify(session, agency_id=viewer.agency.id, account_id=viewer.id, kind="x", title="请看外发")
    session.commit()
    assert "请看外发" in tab(client_of, "an", "told")
    assert "请看外发" not in tab(client_of, "bao", "told")


def test_the_menu_counts_what_waits(door: Door, client_of: Client) -> None:
    report(door)
    session, viewer = door("mei")
    notify(session, agency_id=viewer.agency.id, kind="x", title="请看")
    session.commit()
    page = client_of("mei").get("/account").get_data(as_text=True)
    assert re.search(r"收件箱<span class=\"count\">2</span>", page)


def test_every_matter_and_notice_is_reached_by_the_keys_of_the_desk(
    door: Door, client_of: Client
) -> None:
    report(door)
    session, viewer = door("mei")
    notify(session, agency_id=viewer.agency.id, kind="x", title="请看")
    session.commit()
    for name in ("todo", "told"):
        page = tab(client_of, "mei", name)
        assert page.count("data-row ") + page.count("data-row>") == 1
        assert page.count("data-open>") == 1
        assert 'data-key="1"' in page
