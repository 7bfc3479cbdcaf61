"""What to look at instead where small counts hide much: a wider period, all types, a whole year.

Nothing more is shown than the tables show to whoever asks for that view: it is only offered, with
the number of counties that it shows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from yuantou.maps import veils
from yuantou.maps.figures import Picture
from yuantou.maps.queries import Period
from yuantou.maps.views import View
from yuantou.territory.models import Area


@dataclass(frozen=True)
class Way:
    """A view that hides less: what it is called, and how many counties it shows."""

    words: str
    view: View
    number: int


def ways(session: Session, shown: Picture, sight: Sequence[Area]) -> list[Way]:
    """Views of the same figure that hide less than this one, the nearest first."""
    hidden = sum(each.hidden for each in shown.in_sight)
    if not hidden or not shown.view.fixed:
        return []
    least, found = len(sight) - hidden, list[Way]()
    for words, view in _near(shown):
        table = veils.counties(session, sight, shown.measure, view.period)
        if table is None:
            return []
        type_ = view.type if shown.measure.typed else ""
        span = veils.span_of(shown.measure, view.period)
        number = sum(not table.hides(area.code, type_, *span) for area in sight)
        if number > least:
            found.append(Way(words, replace(view, bounds=()), number))
            least = number
    return found


def _near(shown: Picture) -> Iterator[tuple[str, View]]:
    """The views to try: quarter, year, the last whole year, all types."""
    view, newest = shown.view, veils.newest_month()
    for period in _periods(view.period, newest):
        yield period.words, replace(view, period=period)
    if view.type and shown.measure.typed:
        yield _("全部类型"), replace(view, type="")


def _periods(asked: Period, newest: date) -> Iterator[Period]:
    """What the asked period lies in, as far as it is over; and the last whole year."""
    january = asked.last.replace(month=1)
    if asked.last <= newest:
        quarter = asked.last.replace(month=asked.last.month - (asked.last.month - 1) % 3)
        ends = (quarter.replace(month=quarter.month + 2), january.replace(month=12))
        for first, last in zip((quarter, january), ends, strict=True):
            whole = Period(first, min(last, newest))
            if whole != asked and whole.first <= asked.first:
                yield whole
    if newest < january.replace(month=12):
        ago = january.replace(year=january.year - 1)
        yield Period(ago, ago.replace(month=12))
