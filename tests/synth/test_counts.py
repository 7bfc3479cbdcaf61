"""The courts' counts hold the rules of the form, and lie where the published figures lie."""

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.synth.conftest import Invented


def test_causes_add_up_to_the_total(session: Session) -> None:
    wrong = session.scalar(
        text("""SELECT count(*) FROM court_count c, LATERAL (SELECT sum(value::int) AS total
                FROM jsonb_each_text(c.by_cause)) s WHERE s.total <> c.civil_first_new""")
    )
    assert wrong == 0


def test_each_month_has_the_numbers_of_its_regime_alone(session: Session) -> None:
    rows = session.execute(text("SELECT * FROM court_count")).all()
    assert {row.regime for row in rows} == {"pre2025", "file_first"}
    for row in rows:
        early = row.month < date(2025, 1, 1)
        assert row.regime == ("pre2025" if early else "file_first")
        assert (row.basis == "none") == early
        assert (row.prelit is None) != early
        assert (row.first_mediation_success is None) == early


def test_entering_and_releasing_are_two_people(session: Session) -> None:
    same = session.scalar(text("SELECT count(*) FROM count_batch WHERE entered_by = released_by"))
    assert same == 0
    early = session.scalar(text("SELECT count(*) FROM count_batch WHERE released_at < entered_at"))
    assert early == 0


def test_no_count_is_of_a_month_that_has_not_ended(session: Session) -> None:
    assert session.scalar(text("SELECT max(month) FROM court_count")) == date(2026, 10, 1)


def test_success_shares_are_the_published_ones(invented: Invented) -> None:
    measured = {line.name: line for line in invented.made.measured}
    for name in ("诉前调解成功率", "先行调解成功率"):
        value = measured[name].value
        assert value is not None
        assert abs(value - measured[name].published) < 2
    filed = measured["2024 年每万人立案"]
    assert filed.value is not None
    assert 0.9 < filed.value / filed.published < 1.1
