"""What of the figures a page may show to its viewer, and over which months he may ask.

Who may open the matters of a place sees its figures over any months. Everybody else is shown the
cells of one table (veils.py). Courts' counts, which stand open row by row beside their figure, and
other bodies' counts are held view by view.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from yuantou.access.roles import Reach
from yuantou.access.scope import NOWHERE, Range, Scope
from yuantou.indicators import veils
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.choosing import Choice
from yuantou.indicators.disclosure import fixed_period, small
from yuantou.indicators.figures import Change, Figure, Mean
from yuantou.indicators.printing import hidden_figures
from yuantou.indicators.veils import Kept


@dataclass(frozen=True)
class Cover:
    """One viewer's sight of figures. `made`: the definitions that he will ask for, read at once."""

    session: Session
    scope: Scope
    made: Sequence[Definition] = ()

    def opens(self, path: str) -> bool:
        """Whether the viewer may open every matter below a path."""
        full = self.scope.full
        return self.scope.reach is Reach.AREA and full.lo <= path < full.hi

    def choice(self, asked: Choice, made: Definition | None = None) -> Choice:
        """The choice with the month, quarter or year that its months become where they must."""
        if (made is not None and made.of_courts) or self.opens(asked.area.path):
            return asked
        first = {"month": asked.end, "quarter": _quarter(asked.end)}.get(asked.span)
        start, end = fixed_period(
            first or asked.end.replace(month=1), asked.end, veils.newest_month()
        )
        return replace(asked, start=start, end=end, asked=asked.end)

    def hides(self, figure: Figure) -> bool:
        """Whether the table of a figure of matters hides it; of other figures it knows nothing."""
        made = figure.definition
        if not made.of_matters or self.opens(figure.area_path) or figure.numerator is None:
            return False
        table = veils.of_figure(self.session, made, figure.end, self._own, self._kept_of(made))
        return table.hides(figure.area_code, veils.ALL, figure.start, figure.end)

    def hidden(self, found: Sequence[Figure]) -> set[int]:
        """Places of the figures that must not be shown."""
        tabled = {
            place
            for place, each in enumerate(found)
            if each.definition.of_matters and not self.opens(each.area_path)
        }
        rest = [place for place in range(len(found)) if place not in tabled]
        beside = hidden_figures([found[place] for place in rest])
        return {place for place in tabled if self.hides(found[place])} | {
            rest[each] for each in beside
        }

    def change(self, change: Change) -> Change:
        """The change unless the earlier figure, which it would tell, is hidden."""
        if change.prior is None or change.value is None or not self.hides(change.prior):
            return change
        return Change(None, change.this, None, reason_zh=_("上年同期的数不能显示，不作比较。"))

    def means(self, found: Sequence[Mean]) -> tuple[Mean, ...]:
        """The means that may be shown."""
        return tuple(each for each in found if not self.hides(each.figure))

    @property
    def _own(self) -> Range:
        return self.scope.full if self.scope.reach is Reach.AREA else NOWHERE

    def _kept_of(self, made: Definition) -> Callable[[], Kept] | None:
        """What is read at once of all that will be asked for, once something has to be."""
        asked = made.code in {each.code for each in self.made}
        return (lambda: self._kept) if asked else None

    @cached_property
    def _kept(self) -> Kept:
        return veils.read(self.session, [each for each in self.made if each.of_matters])


def _quarter(month: date) -> date:
    return month.replace(month=month.month - (month.month - 1) % 3)


def why_hidden(figure: Figure) -> str:
    """Why a figure is not shown: it is small, or a small one would follow from it."""
    counts = (figure.numerator, figure.denominator)
    if any(small(count) for count in counts[: 2 if figure.definition.kind == "share" else 1]):
        return _("数目小于3，不显示")
    return _("不显示：否则能推算出别处小于3的数")
