"""A dispatch that nobody signed is taken back by who may dispatch there, not by the receiver."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.coordination.matters import Door, act, agency_of, dispatched
from tests.coordination.test_acts import do, now
from yuantou.notices.models import Notice

ClientOf = Callable[[str], FlaskClient]


def test_a_recalled_matter_can_be_sent_to_the_right_one(
    door: Door, client_of: ClientOf, owner: Session
) -> None:
    dispute, labour = dispatched(door), agency_of(door, "ren")
    assert do(client_of("gao"), dispute, "recall", reason="应交住建").status_code == 303
    assert now(owner, dispute).state == "triaged"
    told = owner.scalars(select(Notice.kind).where(Notice.agency_id == labour)).all()
    assert "dispute_recalled" in told
    assert "撤回交办" in client_of("gao").get(f"/matters/{dispute}").get_data(as_text=True)


def test_what_was_signed_stays(door: Door, client_of: ClientOf) -> None:
    dispute = dispatched(door)
    act(door, "ren", dispute, "sign")
    assert client_of("gao").get(f"/matters/{dispute}/do/recall").status_code == 409
    fresh = dispatched(door)
    assert client_of("ren").get(f"/matters/{fresh}/do/recall").status_code == 409
