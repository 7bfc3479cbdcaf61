"""Rates from the courts' counts: what belongs where, what is missing, what may be compared."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.cast import CITY, HEPING, KAZUO, LINGYUAN, PROVINCE
from tests.indicators.conftest import AT, Count
from yuantou.indicators import queries
from yuantou.indicators.keeping import keep_all
from yuantou.territory.models import Court, Population


def month(words: str) -> date:
    return date.fromisoformat(f"{words}-01")


def test_nothing_sent_is_missing_and_never_nought(worker: Session) -> None:
    keep_all(worker, now=AT)
    for area in (LINGYUAN, CITY, PROVINCE):
        for code in queries.definitions(worker):
            one = queries.figure(worker, code, area, month("2026-01"), month("2026-02"))
            assert one.value is None
            assert one.missing is not None
            assert one.missing.message_zh


def test_a_county_rate_adds_the_months_and_says_population_and_interval(
    worker: Session, counts: Count
) -> None:
    counts("lingyuan-court", "2024-01", "2024-05", civil=1_000, admin=6)
    keep_all(worker, now=AT)
    one = queries.figure(worker, "R_filed", LINGYUAN, month("2024-01"), month("2024-05"))
    assert one.numerator == 5_030
    assert one.value == pytest.approx(5_030 / 50.3)
    assert one.low is not None
    assert one.high is not None
    assert one.low < 100 < one.high
    assert one.population is not None
    assert (one.population.kind, one.population.year) == ("census", 2020)
    assert one.population.old
    assert "2020" in one.warnings[0]


def test_one_missing_month_of_one_court_is_named(worker: Session, counts: Count) -> None:
    counts("lingyuan-court", "2024-01", "2024-04")
    keep_all(worker, now=AT)
    one = queries.figure(worker, "R_filed", LINGYUAN, month("2024-01"), month("2024-05"))
    assert one.value is None
    assert one.missing is not None
    assert [(gap.court_code, gap.months) for gap in one.missing.courts] == [
        ("lingyuan-court", (month("2024-05"),))
    ]


def test_the_cases_alone_are_those_of_the_figures(
    worker: Session, count: Count, counts: Count
) -> None:
    """Months that were sent, that were not, and that lack what a rate is made of."""
    counts("lingyuan-court", "2024-10", "2025-02", admin=6)
    counts("lingyuan-court", "2025-04", "2025-05")
    count("lingyuan-court", "2025-06", basis="none")
    keep_all(worker, now=AT)
    span = month("2024-09"), month("2025-07")
    ledger = queries.read_ledger(worker, [LINGYUAN, CITY, HEPING], *span)
    seen = set()
    for code in ("R_filed", "R_civil", "R_admin", "R_net25", "I02", "I07"):
        for area in (LINGYUAN, CITY, HEPING):
            said = [figure.cases for figure in ledger.series(code, area, *span)]
            assert ledger.cases(code, area, *span) == said
            seen |= set(said)
    assert None in seen
    assert len(seen) > 2


def test_a_county_with_two_courts_needs_both(
    worker: Session, owner: Session, counts: Count
) -> None:
    first = owner.get_one(Court, "lingyuan-court")
    values = {c.name: getattr(first, c.name) for c in Court.__table__.columns}
    owner.add(Court(**{**values, "code": "lingyuan-second", "name": "凌源第二人民法院"}))
    owner.commit()
    counts("lingyuan-court", "2024-01", "2024-01", civil=100, admin=0)
    keep_all(worker, now=AT)
    alone = queries.figure(worker, "R_civil", LINGYUAN, month("2024-01"), month("2024-01"))
    assert alone.missing is not None
    assert alone.missing.courts[0].court_code == "lingyuan-second"
    counts("lingyuan-second", "2024-01", "2024-01", civil=30, admin=0)
    keep_all(worker, now=AT)
    both = queries.figure(worker, "R_civil", LINGYUAN, month("2024-01"), month("2024-01"))
    assert both.numerator == 130


def test_the_intermediate_court_stays_with_the_city_and_is_shown_apart(
    worker: Session, counts: Count
) -> None:
    for court, civil in (("lingyuan-court", 100), ("kazuo-court", 60), ("chaoyang-court", 9)):
        counts(court, "2024-01", "2024-01", civil=civil, admin=0)
    keep_all(worker, now=AT)
    start = month("2024-01")
    city = queries.figure(worker, "R_civil", CITY, start, start)
    assert (city.numerator, city.apart) == (169, 9)
    mean = queries.means(worker, "R_civil", LINGYUAN, start, start)[0]
    assert (mean.level, mean.figure.numerator) == ("city", 160)
    province = queries.figure(worker, "R_civil", PROVINCE, start, start)
    assert province.missing is not None
    assert [gap.court_code for gap in province.missing.courts] == ["heping-court"]


def test_a_correction_replaces_and_an_unreleased_one_does_not(
    worker: Session, count: Count
) -> None:
    count("lingyuan-court", "2024-01", civil=100, admin=0)
    count("lingyuan-court", "2024-01", civil=110, admin=0)
    count("lingyuan-court", "2024-01", civil=999, admin=0, released=False)
    keep_all(worker, now=AT)
    one = queries.figure(worker, "R_civil", LINGYUAN, month("2024-01"), month("2024-01"))
    assert one.numerator == 110


def test_a_month_without_basis_gives_no_figure(worker: Session, count: Count) -> None:
    count("lingyuan-court", "2025-01", basis="none")
    keep_all(worker, now=AT)
    one = queries.figure(worker, "R_filed", LINGYUAN, month("2025-01"), month("2025-01"))
    assert one.missing is not None
    assert one.missing.code == "component"


@pytest.mark.parametrize(
    ("code", "cases"),
    [("R_filed", 102), ("R_civil", 100), ("R_admin", 2), ("R_brought25", 102), ("R_net25", 82)],
)
def test_the_rates_since_2025(worker: Session, count: Count, code: str, cases: int) -> None:
    count("lingyuan-court", "2025-03", civil=80, basis="excl", mediated=20)
    count("kazuo-court", "2025-03", civil=100, basis="incl", mediated=20)
    keep_all(worker, now=AT)
    start = month("2025-03")
    assert queries.figure(worker, code, LINGYUAN, start, start).numerator == cases
    assert queries.figure(worker, code, KAZUO, start, start).numerator == cases


def test_no_year_on_year_across_the_break_but_the_labelled_bridge(
    worker: Session, counts: Count
) -> None:
    counts("lingyuan-court", "2024-01", "2024-01", civil=100, admin=2, before=50)
    counts("lingyuan-court", "2025-01", "2025-01", civil=150, admin=2, mediated=40)
    keep_all(worker, now=AT)
    start = month("2025-01")
    filed = queries.year_on_year(worker, "R_filed", LINGYUAN, start, start)
    assert filed.value is None
    assert filed.reason_zh is not None
    assert "2025年1月1日" in filed.reason_zh
    net = queries.year_on_year(worker, "R_net25", LINGYUAN, start, start)
    assert net.bridge
    assert net.label_zh == "口径衔接估算"
    assert net.value == pytest.approx(112 / 102 - 1)
    brought = queries.year_on_year(worker, "R_brought25", LINGYUAN, start, start)
    assert brought.bridge
    assert brought.value == pytest.approx(152 / 152 - 1)


def test_a_period_across_the_break_is_not_added_up(worker: Session, counts: Count) -> None:
    counts("lingyuan-court", "2024-12", "2025-01")
    keep_all(worker, now=AT)
    one = queries.figure(worker, "R_filed", LINGYUAN, month("2024-12"), month("2025-01"))
    assert one.missing is not None
    assert one.missing.code == "break"


def test_both_years_are_divided_by_the_population_of_the_later(
    worker: Session, owner: Session, counts: Count
) -> None:
    for code in (LINGYUAN, KAZUO, HEPING, CITY, PROVINCE, "210100"):
        for year, persons in ((2022, 520_000), (2023, 500_000)):
            owner.add(
                Population(
                    area_code=code,
                    year=year,
                    kind="resident_year_end",
                    persons=persons,
                    parts={},
                    source="统计公报",
                )
            )
    owner.commit()
    counts("lingyuan-court", "2023-01", "2023-01", civil=100, admin=0)
    counts("lingyuan-court", "2024-01", "2024-01", civil=110, admin=0)
    keep_all(worker, now=AT)
    start = month("2024-01")
    change = queries.year_on_year(worker, "R_civil", LINGYUAN, start, start)
    assert change.value == pytest.approx(0.1)
    assert change.prior is not None
    assert change.prior.population == change.this.population
    assert change.this.population is not None
    assert (change.this.population.year, change.this.population.old) == (2023, False)
    chosen = queries.figure(worker, "R_civil", LINGYUAN, start, start, kind="census")
    assert chosen.population is not None
    assert chosen.population.year == 2020


def test_success_of_mediation_after_filing(worker: Session, counts: Count) -> None:
    counts("lingyuan-court", "2025-01", "2025-02", started=40, mediated=26)
    keep_all(worker, now=AT)
    one = queries.figure(worker, "I02", LINGYUAN, month("2025-01"), month("2025-02"))
    assert one.value == pytest.approx(65)
    assert one.low is not None
    assert one.high is not None
    assert one.low < 65 < one.high
    early = queries.figure(worker, "I02", LINGYUAN, month("2024-01"), month("2024-02"))
    assert early.missing is not None
    assert early.missing.code == "regime"


def test_administrative_cases_are_shown_per_hundred_thousand(worker: Session, count: Count) -> None:
    count("lingyuan-court", "2024-01", admin=10)
    keep_all(worker, now=AT)
    one = queries.figure(worker, "R_admin", LINGYUAN, month("2024-01"), month("2024-01"))
    assert one.value == pytest.approx(10 / 50.3)
    value, unit = one.shown
    assert value == pytest.approx(100 / 50.3)
    assert unit == "件/10万人"


def test_a_mean_to_date_leaves_out_the_counties_whose_courts_are_late(
    worker: Session, counts: Count
) -> None:
    counts("lingyuan-court", "2024-01", "2024-03", civil=100, admin=0)
    counts("kazuo-court", "2024-01", "2024-02", civil=60, admin=0)
    counts("heping-court", "2024-01", "2024-03", civil=200, admin=0)
    keep_all(worker, now=AT)
    january, march = month("2024-01"), month("2024-03")
    city, province = queries.means(worker, "R_civil", KAZUO, january, march)
    assert (city.figure.numerator, city.figure.denominator) == (300, 503_000)
    assert (province.figure.numerator, province.figure.denominator) == (900, 1_233_785)
    assert "2个县区，共3个" in province.figure.warnings[-1]
    of_march = queries.means(worker, "R_civil", KAZUO, march, march)
    assert of_march[0].figure.missing is not None
    whole = queries.means(worker, "R_civil", KAZUO, january, month("2024-02"))
    assert whole[0].figure.denominator == 2_872_857
