"""The planted employer of the invented province is found among all its firms, and stands out."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.synth.conftest import NOW, Invented
from yuantou.maps.sources.gathering import Span
from yuantou.maps.sources.keeping import scan_all
from yuantou.maps.sources.kinds import terms
from yuantou.maps.sources.models import CommonSource, CommonSourceMatter


def test_the_planted_employer_rises(invented: Invented, session: Session) -> None:
    told = terms()
    scan_all(session, Span.before(NOW.date(), told.weeks), told, now=NOW)
    planted = next(one for one in invented.made.truth["planted"] if one["kind"] == "one_employer")
    rising = session.scalars(select(CommonSource).where(CommonSource.state == "rising")).all()
    found = [one for one in rising if one.area_code in planted["areas"] and one.kind == "employer"]
    assert len(found) == 1
    members = session.scalars(
        select(CommonSourceMatter.dispute_id).where(CommonSourceMatter.source_id == found[0].id)
    )
    hit = set(members) & set(planted["dispute_ids"])
    assert len(hit) >= 0.9 * len(planted["dispute_ids"])
    assert found[0].since is not None
    assert abs((found[0].since - date.fromisoformat(planted["first"])).days) <= 14
