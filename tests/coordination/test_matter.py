"""The page of a matter: who may open it, what it shows, what it keeps hidden."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.coordination.matters import Door, act, dispatched, report
from yuantou.calendar import clock
from yuantou.calendar.workdays import WorkCalendar
from yuantou.coordination.queries import holdings, names
from yuantou.coordination.story import hands
from yuantou.disputes.models import Dispute, DisputeEvent, Party
from yuantou.disputes.parties import NewParty
from yuantou.disputes.service import move
from yuantou.disputes.standing import history

ClientOf = Callable[[str], FlaskClient]
MA = NewParty(
    "applicant", "person", "马某甲", "id_card", "211382199001011234", "13812345678", "前山村"
)


def page(client: FlaskClient, dispute: int) -> str:
    answer = client.get(f"/matters/{dispute}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_those_whose_matter_it_is_open_it(door: Door, client_of: ClientOf) -> None:
    dispute = report(door)
    for login in ("mei", "ming", "tang", "gao"):
        assert "院墙滴水争议" in page(client_of(login), dispute)


def test_nobody_else_learns_that_it_is_there(door: Door, client_of: ClientOf) -> None:
    dispute = report(door)
    for login in ["dong", "hu", "kai", "ren", "zhu", "jian", "kang", "lu", "qi", "sheng"]:
        assert client_of(login).get(f"/matters/{dispute}").status_code == 404


def test_offices_without_matters_have_no_such_page(door: Door, client_of: ClientOf) -> None:
    dispute = report(door)
    for login in ["zhou", "ke", "ren-da", "an", "bao", "shen", "guan"]:
        assert client_of(login).get(f"/matters/{dispute}").status_code == 403


def test_the_department_sees_it_once_it_was_sent_there(door: Door, client_of: ClientOf) -> None:
    html = page(client_of("ren"), dispatched(door))
    assert "签收" in html
    assert "退回" in html


def test_a_restricted_matter_is_for_its_named_handlers(door: Door, client_of: ClientOf) -> None:
    dispute = report(door, flags=("domestic_violence",))
    assert "限制知悉" in page(client_of("mei"), dispute)
    assert "不与被指加害人调解" in page(client_of("gao"), dispute)
    for login in ("ming", "tang"):
        assert client_of(login).get(f"/matters/{dispute}").status_code == 404


def test_parties_stand_masked(door: Door, client_of: ClientOf) -> None:
    html = page(client_of("mei"), report(door, parties=(MA,)))
    assert "马∗∗" in html
    assert "马某甲" not in html
    assert "13812345678" not in html


def test_looking_at_a_party_is_shown_once_and_kept(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = report(door, parties=(MA,))
    party = owner.scalars(select(Party.id).where(Party.dispute_id == dispute)).one()
    client = client_of("mei")
    shown = client.post(f"/matters/{dispute}/parties/{party}", data={"reason": "contact"})
    html = shown.get_data(as_text=True)
    assert "马某甲" in html
    assert "13812345678" in html
    assert "梅调解" in html
    again = page(client, dispute)
    assert "马某甲" not in again
    assert "联系当事人" in again
    event = owner.scalars(select(DisputeEvent).where(DisputeEvent.event == "party_opened")).one()
    assert event.note == "联系当事人"
    audited = owner.execute(text("SELECT facts::text FROM audit_event WHERE action = 'party:open'"))
    assert "马" not in str(audited.scalars().one())


def test_a_party_is_not_opened_without_a_reason(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute = report(door, parties=(MA,))
    party = owner.scalars(select(Party.id).where(Party.dispute_id == dispute)).one()
    answer = client_of("mei").post(f"/matters/{dispute}/parties/{party}", data={"reason": ""})
    assert answer.status_code == 302
    assert (
        owner.scalars(select(DisputeEvent).where(DisputeEvent.event == "party_opened")).all() == []
    )


def test_a_party_of_another_matter_is_not_opened_here(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    other = report(door, "dong", parties=(MA,), area_code="211382002")
    mine = report(door)
    party = owner.scalars(select(Party.id).where(Party.dispute_id == other)).one()
    answer = client_of("mei").post(f"/matters/{mine}/parties/{party}", data={"reason": "contact"})
    assert answer.status_code == 404


def test_shut_doors_say_why(door: Door, client_of: ClientOf) -> None:
    html = page(client_of("gao"), dispatched(door))
    assert "暂不能做" in html
    assert "由承办单位办理“签收”" in html


def test_who_refused_is_said_and_mediation_stays_shut(door: Door, client_of: ClientOf) -> None:
    dispute = report(door)
    act(door, "mei", dispute, "note_refusal", reason="被申请人不愿")
    assert "有当事人拒绝调解" in page(client_of("mei"), dispute)


def test_the_short_link_leads_to_the_page(door: Door, client_of: ClientOf) -> None:
    answer = client_of("mei").get(f"/disputes/{report(door)}")
    assert answer.status_code == 302
    assert "/matters/" in answer.location


def test_the_desk_shows_a_row_in_short(door: Door, client_of: ClientOf) -> None:
    dispute = report(door, parties=(MA,))
    html = client_of("mei").get(f"/matters/{dispute}/glance").get_data(as_text=True)
    assert "院墙滴水争议" in html
    assert "受理" in html
    assert "马" not in html
    assert client_of("hu").get(f"/matters/{dispute}/glance").status_code == 404


def test_the_days_are_said_of_each_that_had_it(door: Door, client_of: ClientOf) -> None:
    dispute = report(door, now=clock.now() - timedelta(days=14))
    act(door, "mei", dispute, "accept")
    html = page(client_of("mei"), dispute)
    assert "时间在谁手里" in html
    assert re.search(r"南街街道人民调解委员会</b> \d+\.\d 个工作日", html)


def test_a_suspended_matter_counts_no_days_for_anybody(door: Door, owner: Session) -> None:
    start = clock.now() - timedelta(days=28)
    dispute = report(door, now=start)
    session, viewer = door("mei")
    for step, facts in (
        ("accept", {"consent": True}),
        ("triage", {"category": "neighborhood", "risk": "blue", "path": "own_mediation"}),
        ("mediate", {"mediator_id": viewer.id}),
        ("suspend", {"reason": "等鉴定", "evidence": "委托书", "until": clock.today()}),
    ):
        move(session, by=viewer, dispute_id=dispute, action=step, facts=facts, now=start)
    session.commit()
    found = owner.get_one(Dispute, dispute)
    events = history(owner, dispute)
    known = names(owner, found, events)
    parts = hands(found, events, holdings(owner, dispute), known, WorkCalendar(), clock.now())
    assert [part.get("kind") for part in parts] == ["stop"]


def test_long_words_and_markup_stay_words(door: Door, client_of: ClientOf) -> None:
    html = page(
        client_of("mei"), report(door, title="<b>" + "长" * 190, summary="<script>x</script>")
    )
    assert "<script>x" not in html
    assert "&lt;script&gt;" in html


def test_a_long_list_of_parties_is_folded(door: Door, client_of: ClientOf) -> None:
    crowd = tuple(NewParty("applicant", "person", f"工人{n}") for n in range(62))
    few, many = report(door, parties=crowd[:10]), report(door, parties=crowd)
    assert "其余" not in page(client_of("mei"), few)
    html = page(client_of("mei"), many)
    assert "其余 54 人（家）" in html
    assert len(re.findall(r'<tr id="party-', html)) == 62


def test_a_party_of_the_fold_is_opened_in_sight(door: Door, client_of: ClientOf) -> None:
    crowd = tuple(NewParty("applicant", "person", f"工人{n}") for n in range(12))
    dispute = report(door, parties=crowd)
    html = page(client_of("mei"), dispute)
    assert '<details class="rest"><summary>其余 4' in html
    last = re.findall(r'action="([^"]*/parties/(\d+)[^"]*)"', html)[-1]
    assert last[0].endswith(f"#party-{last[1]}")
    opened = client_of("mei").post(last[0].partition("#")[0], data={"reason": "核对身份"})
    assert "工人11" in opened.text
    assert '<details class="rest" open>' in opened.text


def test_taking_back_is_never_the_act_that_leads(door: Door, client_of: ClientOf) -> None:
    html = page(client_of("gao"), dispatched(door))
    assert "撤回交办" in html
    assert not re.search(r'class="choice primary" href="[^"]*/recall"', html)


def test_where_the_law_demands_a_report_it_leads_and_nobody_is_asked_to_agree(
    door: Door, client_of: ClientOf
) -> None:
    html = page(client_of("mei"), report(door, flags=("domestic_violence",)))
    led = re.findall(r'class="choice primary" href="([^"]*)"', html)
    assert [address.rpartition("/")[2] for address in led] == ["report-to-police"]
    assert "/note-consent" not in html
