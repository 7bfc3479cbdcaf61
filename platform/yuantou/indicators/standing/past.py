"""A figure against the same months of its own three years before, as far as they compare."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from yuantou.indicators.covering import Cover
from yuantou.indicators.figures import Figure
from yuantou.indicators.ledger import Ledger
from yuantou.indicators.periods import shift
from yuantou.indicators.rates import comparable
from yuantou.indicators.standing.comparing import (
    ALIKE,
    HIGHER,
    LOWER,
    Finding,
    Pair,
    compare,
)

YEARS = 3
_YEAR = 12


@dataclass(frozen=True, slots=True)
class Past:
    """The pooled years before, and what the test says of the difference."""

    years: tuple[int, ...]
    pooled: Pair
    value: str
    finding: Finding

    @property
    def said(self) -> str:
        """In words: a difference only where the test finds one."""
        span = "、".join(str(year) for year in self.years)
        words = {
            HIGHER: _("高于自己前几年同期（%(years)s，%(value)s），超出偶然。"),
            LOWER: _("低于自己前几年同期（%(years)s，%(value)s），超出偶然。"),
            ALIKE: _("与自己前几年同期（%(years)s，%(value)s）相比，差别不超出偶然。"),
        }
        return words.get(self.finding.code, "") % {"years": span, "value": self.value}


def earliest(start: date) -> date:
    """The first month that the comparison may need."""
    return shift(start, -_YEAR * YEARS)


def past(ledger: Ledger, figure: Figure, cover: Cover) -> Past | None:
    """Up to three years before, on this period's population; None without any that may be told."""
    if figure.value is None or figure.definition.kind not in ("rate", "share"):
        return None
    found = [
        (start.year, pair)
        for back in range(1, YEARS + 1)
        if (start := shift(figure.start, -_YEAR * back))
        and (pair := _earlier(ledger, figure, start, shift(figure.end, -_YEAR * back), cover))
    ]
    if not found or not figure.denominator:
        return None
    pooled = sum(pair[0] for _year, pair in found), sum(pair[1] for _year, pair in found)
    own = figure.numerator or 0, figure.denominator
    value = figure.on_screen(pooled[0] * figure.definition.factor / pooled[1]) or 0.0
    return Past(
        tuple(sorted(year for year, _pair in found)),
        pooled,
        f"{value:,.{figure.definition.places}f}",
        compare(figure.definition.kind, own, pooled),
    )


def _earlier(ledger: Ledger, figure: Figure, start: date, end: date, cover: Cover) -> Pair | None:
    """Cases of another year; a rate's are divided by the population of the figure."""
    if figure.definition.regimes and not comparable(figure.start, start):
        return None
    if start < ledger.alike_since(figure.code, figure.end):
        return None
    before = ledger.figure(figure.code, figure.area_code, start, end)
    rate = figure.definition.kind == "rate"
    whole = figure.denominator if rate else before.denominator
    if before.numerator is None or not whole or cover.hides(before):
        return None
    if before.missing is not None and before.missing.code != "population":
        return None
    return before.numerator, whole
