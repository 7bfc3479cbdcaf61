"""Who is told that a settled matter came back to court: its handlers; others only how many."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import LINGYUAN, NANJIE
from tests.indicators.conftest import Matter
from tests.judiciary.casefeed.feeds import feed, party
from tests.judiciary.casefeed.test_linking import JANUARY, LI, NOW, SETTLED, figure
from yuantou.access.viewer import Viewer
from yuantou.agencies.models import Agency
from yuantou.disputes.models import Dispute, Participation
from yuantou.indicators.keeping import keep_all
from yuantou.indicators.membership import members
from yuantou.judiciary.casefeed.models import SuitLink

Open = Callable[[str], tuple[Session, Viewer]]


@pytest.fixture
def sued(owner: Session, worker: Session, matter: Matter) -> int:
    """A settled matter of Nanjie's committee after which its party sued."""
    number = matter(NANJIE, **SETTLED)
    handler = owner.query(Agency).filter_by(code="nanjie-committee").one()
    owner.add(Participation(dispute_id=number, agency_id=handler.id, part="handling", since=NOW))
    party(owner, number, LI)
    feed(owner, "2026-01", "2026-09", ("2026-03-01", "neighborhood", (LI,)))
    keep_all(worker, now=NOW)
    worker.commit()
    return number


def test_the_link_is_told_to_the_handlers_alone(sued: int, viewer_session: Open) -> None:
    told = {}
    for login in ("mei", "gao", "tang", "kang"):
        session, _viewer = viewer_session(login)
        told[login] = [row.dispute_id for row in session.query(SuitLink)]
    assert told == {"mei": [sued], "gao": [], "tang": [], "kang": []}


def test_the_page_of_the_matter_says_it_to_its_handlers(
    sued: int, client_of: Callable[[str], FlaskClient]
) -> None:
    where = f"/matters/{sued}"
    assert "第40天" in client_of("mei").get(where).text
    page = client_of("gao").get(where)
    assert page.status_code == 200
    assert "到法院立案" not in page.text


def test_members_of_the_figure_are_only_counted_for_others(
    owner: Session, worker: Session, sued: int, viewer_session: Open
) -> None:
    one = figure(worker, JANUARY, LINGYUAN)
    assert (one.numerator, one.denominator) == (1, 1)
    session, gao = viewer_session("gao")
    found = members(session, gao.scope, one, as_of=NOW)
    assert (found.rows, found.inside, found.outside) == ((), 0, 1)
    assert owner.get_one(Dispute, sued).closed_at is not None
