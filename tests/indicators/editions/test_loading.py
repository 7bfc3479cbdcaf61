"""A later version that ships leaves the months alone that the one before counted."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from yuantou.calendar.clock import today
from yuantou.indicators.definitions import load_definitions
from yuantou.indicators.models import DefinitionVersion
from yuantou.indicators.periods import first_of, shift
from yuantou.indicators.queries import definitions


def test_it_counts_from_the_month_after_it_was_loaded_and_is_laid_before_the_office_once(
    owner: Session,
) -> None:
    shipped = definitions(owner)["I16"]
    later = replace(shipped, version=shipped.version + 1, plain_zh="换了说法")
    assert load_definitions(owner, [later]) == 1
    assert load_definitions(owner, [later]) == 0
    row = owner.get_one(DefinitionVersion, ("I16", later.version))
    assert row.valid_from == shift(first_of(today()), 1)
    assert row.approved_at is None


def test_a_later_month_that_it_names_itself_is_kept(owner: Session) -> None:
    shipped = definitions(owner)["I16"]
    month = date(2030, 5, 1)
    load_definitions(owner, [replace(shipped, version=9, valid_from=month, plain_zh="换")])
    assert owner.get_one(DefinitionVersion, ("I16", 9)).valid_from == month
