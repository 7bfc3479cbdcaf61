"""The histories are such as the product itself would have written."""

from itertools import groupby

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.synth.conftest import NOW
from yuantou.disputes.codes import read
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.workflow import BY_ACTION, DisputeState, step

ACTION_OF = {row.event: row.action for row in BY_ACTION.values() if row.action != "submit"}


def _histories(session: Session) -> dict[int, list[DisputeEvent]]:
    events = session.scalars(
        select(DisputeEvent).order_by(DisputeEvent.dispute_id, DisputeEvent.at, DisputeEvent.id)
    )
    return {key: list(each) for key, each in groupby(events, key=lambda event: event.dispute_id)}


def test_the_state_machine_accepts_every_history(session: Session) -> None:
    disputes = {row.id: row for row in session.scalars(select(Dispute))}
    histories = _histories(session)
    assert histories.keys() == disputes.keys()
    for number, events in histories.items():
        state = DisputeState.REPORTED
        assert (events[0].event, events[0].to_state) == ("reported", "reported")
        for event in events[1:]:
            assert event.from_state == state
            state = step(state, ACTION_OF[event.event])
            assert event.to_state == state
        assert disputes[number].state == state
        assert disputes[number].updated_at == events[-1].at


def test_nothing_lies_in_the_future_and_order_is_kept(session: Session) -> None:
    for events in _histories(session).values():
        moments = [event.at for event in events]
        assert moments == sorted(moments)
        assert moments[-1] <= NOW


def test_a_possible_offence_is_told_to_the_police_before_it_is_settled(session: Session) -> None:
    crime = {code for code, flag in read().flags.items() if flag.crime}
    histories = _histories(session)
    seen = 0
    for dispute in session.scalars(select(Dispute).where(Dispute.concluded_at.is_not(None))):
        if crime & set(dispute.flags):
            seen += 1
            assert "police_informed" in [event.event for event in histories[dispute.id]]
    assert seen > 10


def test_milestones_are_those_of_the_history(session: Session) -> None:
    ends = ("agreed", "mediation_failed", "terminated", "replied")
    histories = _histories(session)
    for dispute in session.scalars(select(Dispute)):
        events = histories[dispute.id]
        since = max((k for k, e in enumerate(events) if e.event == "reopened"), default=0)
        last = [e.at for e in events[since:] if e.event in ends]
        assert dispute.concluded_at == (last[-1] if last else None)
        accepted = [e.at for e in events if e.event == "accepted"]
        assert dispute.accepted_at == (accepted[0] if accepted else None)


def test_every_state_of_daily_work_has_matters_in_it(session: Session) -> None:
    found = set(session.scalars(select(Dispute.state).distinct()))
    assert {"closed", "in_mediation", "performing", "follow_up", "not_accepted"} <= found


def test_restricted_matters_have_named_handlers_and_others_none(session: Session) -> None:
    wrong = session.scalar(
        text("""SELECT count(*) FROM dispute d WHERE restricted <> EXISTS
                (SELECT FROM named_handler n WHERE n.dispute_id = d.id)""")
    )
    assert wrong == 0
    assert session.scalar(text("SELECT count(*) FROM dispute WHERE restricted")) > 3


def test_every_row_says_that_it_is_demo(session: Session) -> None:
    for table in ("dispute", "account", "agency", "court_count", "target"):
        assert session.scalar(text(f"SELECT count(*) FROM {table} WHERE NOT demo")) == 0
        assert session.scalar(text(f"SELECT count(*) FROM {table}")) > 0


def test_the_next_number_of_a_county_follows_the_last(session: Session) -> None:
    rows = session.execute(
        text("""SELECT s.last, max(substring(d.number FROM '第(\\d+)号')::int) AS used
                FROM number_series s JOIN dispute d ON d.county_code = s.county_code
                 AND extract(year FROM d.accepted_at) = s.year
                WHERE d.number IS NOT NULL GROUP BY s.county_code, s.year, s.last""")
    ).all()
    assert rows
    assert all(row.last == row.used for row in rows)
    top = session.scalar(text("SELECT max(id) FROM dispute"))
    assert session.scalar(text("SELECT nextval('dispute_id_seq')")) > top
