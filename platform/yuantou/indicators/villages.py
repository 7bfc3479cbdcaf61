"""Villages of a year by the conditions of the definition in force: how many, and how many meet all.

Each condition is a fact of the list; which of them count is data of the definition (`criteria`).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from yuantou.indicators.catalogue import Definition
from yuantou.indicators.definitions import in_force
from yuantou.indicators.models import VillageYear
from yuantou.indicators.supplied import DECEMBER, Supplied

# Asked of the table it is a condition of SQL, asked of a row it is an answer.
MET: Mapping[str, Callable[[Any], Any]] = {
    "no_suits": lambda village: village.suits == 0,
    "no_crimes": lambda village: village.crimes == 0,
    "no_petitions_above": lambda village: village.petitions_above == 0,
    "screened": lambda village: village.screened,
}


def newest_list(session: Session, county: str | None = None) -> int | None:
    """The last year that any county, or one, has a list of."""
    asked = select(func.max(VillageYear.year)).where(VillageYear.replaced_at.is_(None))
    return session.scalar(asked.where(VillageYear.county_code == county) if county else asked)


def village_counts(
    session: Session, areas: set[str], first: date, last: date, versions: Sequence[Definition]
) -> dict[tuple[str, str, date], Supplied]:
    """The components of one definition, by county and the December of each listed year."""
    asked = list(dict.fromkeys(made.criteria for made in versions))
    hits = [
        func.count().filter(and_(*(MET[name](VillageYear) for name in names))) for names in asked
    ]
    rows = session.execute(
        select(
            VillageYear.county_code,
            VillageYear.year,
            func.count(),
            func.max(VillageYear.entered_at),
            *hits,
        )
        .where(
            VillageYear.county_code.in_(areas),
            VillageYear.year.between(first.year, last.year),
            VillageYear.replaced_at.is_(None),
        )
        .group_by(VillageYear.county_code, VillageYear.year)
    )
    found: dict[tuple[str, str, date], Supplied] = {}
    for county, year, number, at, *met in rows:
        month = date(year, DECEMBER, 1)
        made = in_force(versions, date(year, DECEMBER, 31))
        if made is not None and first <= month <= last:
            place = met[asked.index(made.criteria)]
            found[made.numerator[0], county, month] = Supplied(place, at)
            found[made.denominator[0], county, month] = Supplied(number, at)
    return found
