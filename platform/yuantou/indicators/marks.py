"""What changed since the figures were kept: matters by their county, or whole counties.

Triggers write the marks, in the transaction that changes a row. A matter answers otherwise too when
a later one of the same persons changes, or when a suit is linked to it: these are found here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Row, delete, func, select, text
from sqlalchemy.orm import Session

from yuantou.indicators.models import StaleArea
from yuantou.territory.models import Area

COUNTY = "county"
Mark = Row[str, str, int | None]
ALL = "*"  # too many parties changed at once to name their matters
DISPUTES, UNITS, COUNTS, PARTIES = "disputes", "units", "counts", "parties"

_LINK = text("SELECT link_matters(CAST(:which AS bigint[]))")
_LINK_SUITS = text("SELECT link_suits(CAST(:counties AS text[]))")
_LINKED = text("""
    SELECT county_code, id FROM dispute WHERE id = ANY (:which)
    UNION SELECT d.county_code, d.id FROM matter_link l JOIN dispute d ON d.id = l.earlier_id
    WHERE l.later_id = ANY (:which)""")


@dataclass(slots=True)
class Marks:
    """Changed matters by county; counties to be read whole; counties and areas of other counts."""

    matters: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    whole: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    counts: set[str] = field(default_factory=set)

    @property
    def counties(self) -> list[str]:
        """Where anything but court counts changed."""
        return sorted({*self.matters, *self.whole, *self.units})

    def note(self, rows: Iterable[Mark]) -> None:
        """Take in what triggers marked."""
        kinds = {DISPUTES: self.whole, UNITS: self.units, COUNTS: self.counts}
        for kind, area, matter in rows:
            if matter is not None:
                self.matters[area].add(matter)
            elif kind in kinds:
                kinds[kind].add(area)


def taken(session: Session) -> Marks:
    """Step: the marks, no longer standing; the links of what they name are made anew."""
    marks, rows = Marks(), _drained(session)
    marks.note(rows)
    if _too_many(rows):
        link_all(session)
        marks.whole.update(every_county(session))
    else:
        for county, matter in _linked_anew(session, _named(rows)):
            marks.matters[county].add(matter)
    if marks.counties:
        link_suits(session, marks.counties)
        marks.note(_drained(session, DISPUTES))
    return marks


def linked(session: Session) -> None:
    """Step: no mark stands, and all links are made; everything is computed anew."""
    rows = _drained(session)
    if _too_many(rows):
        link_all(session)
    else:
        _linked_anew(session, _named(rows))
    link_suits(session, every_county(session))
    _drained(session, DISPUTES)


def every_county(session: Session) -> Sequence[str]:
    """The codes of all counties."""
    return session.scalars(select(Area.code).where(Area.level == COUNTY)).all()


def link_all(session: Session) -> None:
    """Step: link all matters of the same persons anew, and have the planner know of it."""
    session.execute(_LINK, {"which": None})
    session.execute(select(func.know_links()))


def link_suits(session: Session, counties: Sequence[str]) -> None:
    """Step: link settled matters of these counties to the suits that followed them."""
    session.execute(_LINK_SUITS, {"counties": list(counties)})


def _drained(session: Session, kind: str | None = None) -> Sequence[Mark]:
    gone = delete(StaleArea).returning(StaleArea.kind, StaleArea.area_code, StaleArea.dispute_id)
    return session.execute(gone if kind is None else gone.where(StaleArea.kind == kind)).all()


def _too_many(rows: Iterable[Mark]) -> bool:
    """Whether more changed at once than triggers name."""
    return any(row.area_code == ALL for row in rows)


def _named(rows: Iterable[Mark]) -> set[int]:
    named = {int(row.area_code) for row in rows if row.kind == PARTIES and row.area_code != ALL}
    return named | {row.dispute_id for row in rows if row.dispute_id is not None}


def _linked_anew(session: Session, which: Collection[int]) -> set[tuple[str, int]]:
    """These matters, and the earlier ones of the same persons before and after linking them."""
    if not which:
        return set()
    asked = {"which": list(which)}
    before = session.execute(_LINKED, asked).all()
    session.execute(_LINK, asked)
    return {(row.county_code, row.id) for row in (*before, *session.execute(_LINKED, asked))}
