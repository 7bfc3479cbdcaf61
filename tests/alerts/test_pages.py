"""The pages of warnings: who sees what, each act, sent twice, outrun, refused."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.alerts.conftest import RAISED, Raise
from tests.cast import CITY, GONGYINGZI, KAZUO, LINGYUAN, NANJIE
from tests.coordination.matters import Door, agency_of, report
from yuantou.alerts.models import Alert, AlertEvent, Sighting
from yuantou.calendar import clock
from yuantou.disputes.models import Dispute
from yuantou.disputes.words import moment_words

Clients = Callable[[str], FlaskClient]


def page(client_of: Clients, login: str, address: str) -> str:
    answer = client_of(login).get(address)
    assert answer.status_code == 200, (login, address, answer.status_code)
    return answer.get_data(as_text=True)


def send(
    client_of: Clients, login: str, number: int | None, act: str, **fields: object
) -> tuple[int, str]:
    told = {f"{act}-{name}": value for name, value in fields.items()}
    answer = client_of(login).post(f"/warnings/{number}/{act}", data=told)
    return answer.status_code, answer.get_data(as_text=True)


def fresh(owner: Session, number: int | None) -> Alert:
    owner.expire_all()
    return owner.get_one(Alert, number)


def events(owner: Session, number: int | None) -> list[str]:
    owner.expire_all()
    rows = owner.query(AlertEvent).filter_by(warning_id=number).order_by(AlertEvent.id)
    return [row.event for row in rows]


def test_the_list_stands_by_level_and_limit(client_of: Clients, warn: Raise) -> None:
    for level in ("blue", "yellow", "red"):
        warn(level=level, area=LINGYUAN, key=level)
    shown = re.findall(r"/warnings/(\d+)\" data-open", page(client_of, "gao", "/warnings/"))
    assert shown == ["3", "2", "1"]


def test_each_tab_holds_its_own(client_of: Clients, warn: Raise, owner: Session) -> None:
    first, second, third = (warn(key=str(place)) for place in range(3))
    send(client_of, "gao", second, "acknowledge")
    send(client_of, "gao", third, "close", outcome="real", words="确有其事")
    for tab, held in (("todo", {first}), ("known", {second}), ("done", {third})):
        shown = page(client_of, "gao", f"/warnings/?tab={tab}")
        assert {int(one) for one in re.findall(r"/warnings/(\d+)\" data-open", shown)} == held
    assert len(re.findall(r"\" data-open", page(client_of, "gao", "/warnings/?tab=all"))) == 3


def test_filters_narrow_the_list_and_say_when_nothing_fits(client_of: Clients, warn: Raise) -> None:
    warn()
    assert "没有符合条件的预警" in page(client_of, "gao", "/warnings/?level=red")
    assert "同一地区同类纠纷骤增" in page(
        client_of, "gao", f"/warnings/?level=yellow&rule=W04&type=migrant_wages&area={LINGYUAN}"
    )


def test_an_empty_list_says_when_something_will_be_there(client_of: Clients) -> None:
    assert "现在没有这样的预警" in page(client_of, "tang", "/warnings/")


@pytest.mark.parametrize(
    ("login", "status"),
    [("gao", 200), ("qi", 200), ("sheng", 200), ("zhou", 200), ("hu", 404), ("mei", 404),
     ("tang", 404), ("ren", 404), ("kang", 403), ("jian", 403), ("an", 403)],
)  # fmt: skip
def test_a_warning_of_a_county_is_its_own_and_of_those_above(
    client_of: Clients, warn: Raise, login: str, status: int
) -> None:
    assert client_of(login).get(f"/warnings/{warn()}").status_code == status


@pytest.mark.parametrize(
    ("login", "status"), [("mei", 200), ("gao", 200), ("ming", 404), ("tang", 404), ("qi", 404)]
)
def test_a_restricted_matters_warning_opens_for_who_is_named(
    client_of: Clients, door: Door, owner: Session, login: str, status: int
) -> None:
    report(door, flags=("domestic_violence",), title="涉密的事")
    number = owner.query(Alert).one().id
    answer = client_of(login).get(f"/warnings/{number}")
    assert answer.status_code == status
    assert ("涉密的事" in page(client_of, login, "/warnings/")) is (status == 200)


def test_the_page_says_why_and_what_belongs_to_it(
    client_of: Clients, door: Door, warn: Raise
) -> None:
    seen, hidden = report(door, title="看得到的事"), report(door, "kai", area_code="211324100")
    number = warn(facts={"matters": [seen, hidden], "of": 7, "count": 7, "expected": 2.5})
    shown = page(client_of, "gao", f"/warnings/{number}")
    assert "近 7 天 9 件" in shown
    assert "看得到的事" in shown
    assert "共 7 件，列出您看得到的 1 件" in shown
    assert "2.5" in shown


def test_a_surge_lists_the_matters_of_its_days(client_of: Clients, door: Door, warn: Raise) -> None:
    report(door, title="这一周的事")
    report(door, title="别的类型", type="contract")
    number = warn(type_code="neighborhood", facts={"days": 7, "count": 1}, at=clock.now())
    shown = page(client_of, "gao", f"/warnings/{number}")
    assert "这一周的事" in shown
    assert "别的类型" not in shown


def test_the_page_says_on_which_days_it_was_seen_again(
    client_of: Clients, warn: Raise, owner: Session
) -> None:
    number = warn()
    day = RAISED.date() + timedelta(days=1)
    owner.add(Sighting(warning_id=number, day=day, rule="W04", facts={"count": 11, "mean": 2.5}))
    held = owner.get_one(Alert, number)
    held.state, held.outcome, held.closed_at = "closed", "explained", RAISED
    owner.commit()
    shown = page(client_of, "gao", f"/warnings/{number}")
    assert "发出以后又出现" in shown
    assert "最近一次 2026年11月21日" in shown
    assert "件数 11 · 过去平均 2.5" in shown
    assert "办结以后</small>" in shown
    rests = moment_words(RAISED + timedelta(days=7), clock.now())
    assert f"{rests} 以前，同样的情况不重复预警" in shown


def test_a_cluster_lists_the_matters_of_all_its_places(
    client_of: Clients, door: Door, warn: Raise, owner: Session
) -> None:
    seen = RAISED - timedelta(days=2)
    for title, login, area in (("凌源的事", "mei", NANJIE), ("喀左的事", "kai", GONGYINGZI)):
        held = report(door, login, title=title, area_code=area, now=seen)
        owner.get_one(Dispute, held).pressing = True  # the city opens no others
    owner.commit()
    facts = {"members": [LINGYUAN, KAZUO], "first": "2026-11-14", "last": "2026-11-20",
             "observed": 2.0}  # fmt: skip
    number = warn(area=CITY, rule="D_SCAN", type_code="neighborhood", facts=facts)
    shown = page(client_of, "qi", f"/warnings/{number}")
    assert "凌源的事" in shown
    assert "喀左的事" in shown


def test_acknowledging_is_done_once_however_often_it_is_sent(
    client_of: Clients, warn: Raise, owner: Session
) -> None:
    number = warn()
    assert [send(client_of, "gao", number, "acknowledge")[0] for _ in range(2)] == [303, 303]
    row = fresh(owner, number)
    assert (row.state, row.acknowledged_by) == ("acknowledged", row.owner_account_id)
    assert events(owner, number) == ["raised", "acknowledged"]


def test_handling_to_the_end(client_of: Clients, warn: Raise, owner: Session) -> None:
    number = warn()
    send(client_of, "gao", number, "act", words="已约谈企业")
    send(client_of, "gao", number, "act", words="已约谈企业")
    assert (
        send(client_of, "gao", number, "close", outcome="explained", words="季节性用工")[0] == 303
    )
    assert (
        send(client_of, "gao", number, "close", outcome="explained", words="季节性用工")[0] == 303
    )
    row = fresh(owner, number)
    assert (row.state, row.outcome, row.outcome_note) == ("closed", "explained", "季节性用工")
    assert events(owner, number) == ["raised", "acted", "closed"]
    assert send(client_of, "gao", number, "act", words="再补一笔")[0] == 422


def test_what_is_left_out_is_said_beside_its_field_and_nothing_is_lost(
    client_of: Clients, warn: Raise
) -> None:
    status, shown = send(client_of, "gao", warn(), "close", words="写了一大段")
    assert status == 422
    assert "请选一个结论" in shown
    assert "写了一大段" in shown


def test_an_older_page_is_told_what_changed_and_keeps_what_was_typed(
    client_of: Clients, warn: Raise, owner: Session
) -> None:
    number = warn()
    version = fresh(owner, number).version
    send(client_of, "gao", number, "act", words="先做的事")
    status, shown = send(
        client_of, "qi", number, "close", outcome="real", words="后到的结论", version=version
    )
    assert status == 409
    assert "刚刚有变化" in shown
    assert "后到的结论" in shown
    assert fresh(owner, number).state == "acting"
    renewed = re.search(r'name="close-version"[^>]*value="(\d+)"', shown)
    assert renewed is not None
    assert send(
        client_of, "qi", number, "close", outcome="real", words="后到的结论",
        version=renewed.group(1),
    )[0] == 303  # fmt: skip


def test_a_downgrade_needs_a_second_person(client_of: Clients, warn: Raise, owner: Session) -> None:
    number = warn(level="red")
    assert send(client_of, "gao", number, "downgrade", to="yellow", reason="已经稳控")[0] == 303
    assert send(client_of, "gao", number, "downgrade", to="yellow", reason="已经稳控")[0] == 303
    assert fresh(owner, number).level == "red"
    assert send(client_of, "gao", number, "decide", agreed="yes", words="同意")[0] == 422
    assert "降级待决定" in page(client_of, "qi", f"/warnings/{number}")
    assert send(client_of, "qi", number, "decide", agreed="yes", words="情况属实")[0] == 303
    row = fresh(owner, number)
    assert (row.level, row.downgrade_to) == ("yellow", None)
    assert row.downgrade_by != row.downgrade_decided_by
    assert events(owner, number) == ["raised", "downgrade_proposed", "downgraded"]


def test_a_downgrade_may_be_refused(client_of: Clients, warn: Raise, owner: Session) -> None:
    number = warn(level="red")
    send(client_of, "gao", number, "downgrade", to="blue", reason="已经稳控")
    send(client_of, "sheng", number, "decide", agreed="no", words="仍有风险")
    assert fresh(owner, number).level == "red"
    assert events(owner, number)[-1] == "downgrade_refused"


@pytest.mark.parametrize("to", ["red", "yellow", "purple"])
def test_a_downgrade_goes_down(client_of: Clients, warn: Raise, to: str) -> None:
    assert send(client_of, "gao", warn(), "downgrade", to=to, reason="已经稳控")[0] == 422


def test_who_may_not_downgrade_cannot_by_the_address(
    client_of: Clients, door: Door, owner: Session
) -> None:
    report(door, involved=12)
    number = owner.query(Alert).one().id
    owner.get_one(Alert, number).owner_agency_id = agency_of(door, "mei")
    owner.commit()
    assert send(client_of, "mei", number, "downgrade", to="blue", reason="没事了")[0] == 422
    assert send(client_of, "mei", number, "act", words="已上门")[0] == 303


def test_escalating_brings_the_next_owner_and_a_new_limit(
    client_of: Clients, warn: Raise, owner: Session, door: Door
) -> None:
    number = warn(area=NANJIE)
    assert send(client_of, "tang", number, "escalate", reason="超出处置能力")[0] == 303
    row = fresh(owner, number)
    assert (row.level, row.state, row.owner_agency_id) == ("red", "open", agency_of(door, "gao"))
    assert send(client_of, "gao", number, "escalate", reason="涉及外市")[0] == 303
    assert fresh(owner, number).owner_agency_id == agency_of(door, "qi")
    assert "预警" in page(client_of, "gao", f"/warnings/{number}")


def test_handing_over_to_a_department_that_hands_it_back(
    client_of: Clients, warn: Raise, owner: Session, door: Door
) -> None:
    number, labour, county = warn(), agency_of(door, "ren"), agency_of(door, "gao")
    assert send(client_of, "gao", number, "hand", agency_id=labour, reason="劳动监察")[0] == 303
    assert fresh(owner, number).owner_agency_id == labour
    assert "确认预警" in page(client_of, "ren", "/notices?tab=todo")
    assert send(client_of, "ren", number, "acknowledge")[0] == 303
    assert send(client_of, "ren", number, "hand", agency_id=county, reason="不属职责")[0] == 303
    assert fresh(owner, number).owner_agency_id == county


def test_a_cluster_can_be_handed_to_one_of_its_counties(
    client_of: Clients, door: Door, warn: Raise, owner: Session
) -> None:
    facts = {"members": [LINGYUAN, KAZUO], "first": "2026-11-14", "last": "2026-11-20"}
    number = warn(area=CITY, rule="D_SCAN", facts=facts)
    county = agency_of(door, "hu")
    assert send(client_of, "qi", number, "hand", agency_id=county, reason="先查")[0] == 303
    assert fresh(owner, number).owner_agency_id == county
    assert "办结" in page(client_of, "hu", f"/warnings/{number}")


def test_it_is_not_handed_to_who_cannot_see_it(
    client_of: Clients, warn: Raise, door: Door, owner: Session
) -> None:
    other = agency_of(door, "hu")
    assert send(client_of, "gao", warn(), "hand", agency_id=other, reason="试一试")[0] == 422


def test_another_county_can_do_nothing_by_the_address(
    client_of: Clients, warn: Raise, owner: Session
) -> None:
    number = warn()
    for act in ("acknowledge", "act", "close", "escalate", "take", "downgrade", "decide", "hand"):
        assert send(client_of, "hu", number, act, words="x", outcome="real")[0] == 404
    assert events(owner, number) == ["raised"]


def test_who_only_reads_cannot_handle(client_of: Clients, warn: Raise) -> None:
    number = warn()
    assert "记处置" not in page(client_of, "zhou", f"/warnings/{number}")
    assert send(client_of, "zhou", number, "acknowledge")[0] == 403


def test_the_inbox_holds_what_nobody_acknowledged(client_of: Clients, warn: Raise) -> None:
    number = warn(level="red")
    shown = page(client_of, "gao", "/notices?tab=todo")
    assert f"/warnings/{number}" in shown
    assert "确认预警：凌源市 同一地区同类纠纷骤增" in shown
    send(client_of, "gao", number, "acknowledge")
    assert "确认预警" not in page(client_of, "gao", "/notices?tab=todo")
    assert "确认预警" not in page(client_of, "hu", "/notices?tab=todo")


def test_the_page_of_a_matter_shows_its_warnings(client_of: Clients, door: Door) -> None:
    matter = report(door, involved=12)
    shown = page(client_of, "mei", f"/matters/{matter}")
    assert "涉及 12 人，达到 10 人的门槛。" in shown
    assert "1 条待处置" in shown


def test_the_rules_say_their_numbers_sources_and_versions(client_of: Clients) -> None:
    shown = page(client_of, "mei", "/warnings/rules")
    for words in (
        "W01",
        "W11",
        "示例",
        "第 1 版",
        "拖欠农民工工资",
        "2 小时（昼夜连续）",
        "7 天内同样的情况不重复预警，从办结那一刻起算",
    ):
        assert words in shown


def test_a_reason_that_cannot_be_said_is_shown_as_it_stands(
    client_of: Clients, warn: Raise
) -> None:
    number = warn(reasons=[{"say": "还差一个值 %(missing)s", "with": {"days": 7}}])
    assert "还差一个值" in page(client_of, "gao", f"/warnings/{number}")


def test_the_menu_says_how_many_nobody_acknowledged(client_of: Clients, warn: Raise) -> None:
    def counted(login: str) -> list[str]:
        shown = page(client_of, login, "/warnings/rules")
        return re.findall(r'预警<span class="count">(\d+)', shown)[:1]

    first = warn()
    warn(key="another")
    assert counted("gao") == ["2"]
    assert counted("qi") == []
    send(client_of, "gao", first, "acknowledge")
    assert counted("gao") == ["1"]


def test_who_sees_sums_alone_is_told_no_small_count(client_of: Clients, warn: Raise) -> None:
    reason = {"say": "有 %(count)s 件事项超期多于 %(days)s 天", "with": {"count": 1, "days": 7}}
    number = warn(rule="W08", type_code=None, facts={"count": 1, "matters": [], "of": 1},
                  reasons=[reason])  # fmt: skip
    for address in ("/warnings/", f"/warnings/{number}"):
        assert "有 &lt;3 件事项超期多于 7 天" in page(client_of, "zhou", address)
        assert "有 1 件事项超期多于 7 天" in page(client_of, "gao", address)
    assert "共 &lt;3 件" in page(client_of, "zhou", f"/warnings/{number}")


def test_the_ledgers_tab_is_there_for_who_may_open_it(client_of: Clients) -> None:
    assert 'href="/warnings/record/"' in page(client_of, "gao", "/warnings/")
    assert 'href="/warnings/record/"' not in page(client_of, "tang", "/warnings/")


def test_what_was_typed_stays_where_a_colleague_closed_it_first(
    client_of: Clients, warn: Raise
) -> None:
    number = warn()
    send(client_of, "gao", number, "close", outcome="real", words="查明属实")
    for version in ("1", ""):
        told = {"words": "已约谈三家企业", "version": version}
        code, answer = send(client_of, "gao", number, "act", **told)
        assert code in (409, 422)
        assert "已约谈三家企业" in answer
