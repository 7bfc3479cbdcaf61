"""The kept cells of some areas and months in memory, and every figure that they give."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

from yuantou.indicators import rates
from yuantou.indicators.catalogue import CASE_FEED, Definition
from yuantou.indicators.compiler import flow_of
from yuantou.indicators.counting import APART, is_due
from yuantou.indicators.courts import has_apart, lacks, regime, sum_of, unfit, without
from yuantou.indicators.definitions import UnknownIndicator, in_force
from yuantou.indicators.eras import alike_since, told
from yuantou.indicators.feeding import followed
from yuantou.indicators.figures import (
    Change,
    CourtGap,
    Figure,
    Mean,
    Missing,
)
from yuantou.indicators.judging import YEAR, compared, judged, rated
from yuantou.indicators.kept import Line, MonthOfCourts
from yuantou.indicators.periods import months, shift, to_date
from yuantou.indicators.populations import Populations
from yuantou.indicators.standing.entering import late_of
from yuantou.indicators.standing.lateness import late_words
from yuantou.indicators.supplied import Supplied, SuppliedCounts, stood
from yuantou.indicators.words import say
from yuantou.territory.models import Area, Court

MEAN_LEVELS = ("city", "province")


class Place(NamedTuple):
    """An area as its figures name it."""

    code: str
    name: str
    level: str
    path: str


@dataclass(frozen=True)
class Ledger:
    """What `queries.read_ledger` read. Figures of other areas or months are errors, not blanks."""

    definitions: Mapping[str, Sequence[Definition]]
    areas: Mapping[str, Area]
    courts: Sequence[Court]
    court_months: Mapping[tuple[str, date], MonthOfCourts]
    lines: Mapping[tuple[str, str], Line]
    supplied: Mapping[tuple[str, str, date], Supplied]
    populations: Populations
    first: date
    last: date
    readable: frozenset[str]
    codes: frozenset[str]
    fed: frozenset[tuple[str, date]] = frozenset()
    today: date = date.max
    late: Mapping[date, float] = field(default_factory=dict)
    entering: Mapping[str, Mapping[date, float]] = field(default_factory=dict)

    def definition(self, code: str, on: date) -> Definition:
        """The definition in force on a day, or UnknownIndicator."""
        asked = code, on
        if asked not in self._in_force:
            self._in_force[asked] = in_force(self.definitions.get(code, ()), on)
        found = self._in_force[asked]
        if found is None:
            raise UnknownIndicator(code)
        return found

    @cached_property
    def _in_force(self) -> dict[tuple[str, date], Definition | None]:
        """The definitions found so far: every figure asks for its own."""
        return {}

    def figure(self, code: str, area_code: str, start: date, end: date) -> Figure:
        """One figure over the months from `start` to `end`."""
        asked = code, area_code, start, end
        if asked not in self._figures:
            self._figures[asked] = self._figure(self.definition(code, end), area_code, start, end)
        return self._figures[asked]

    def series(
        self, code: str, area_code: str, start: date, end: date, *, to_date: bool = False
    ) -> list[Figure]:
        """A figure for every month; with `to_date` cumulated from January."""
        return [
            self.figure(code, area_code, month.replace(month=1) if to_date else month, month)
            for month in months(start, end)
        ]

    def cases(self, code: str, area_code: str, start: date, end: date) -> list[int | None]:
        """The cases of a rate in every month, over whatever population; None where unknown."""
        return [self._cases(code, area_code, month) for month in months(start, end)]

    def _cases(self, code: str, area_code: str, month: date) -> int | None:
        made, area = self.definition(code, month), self._area(area_code)
        if made.kind != "rate" or not made.of_courts or has_apart(area.level, pooled=False):
            return self.figure(code, area_code, month, month).cases
        self._refuse_unread(code, area_code, month, month)
        if unfit(made, area.level, regime(month, month)):
            return None
        held = self._sent(area_code, month, month, regime(month, month), pooled=False)
        return None if isinstance(held, Missing) else sum_of(held, made.numerator)

    def means(self, code: str, area_code: str, start: date, end: date) -> tuple[Mean, ...]:
        """City and province over `area_code`: all their counties together, apart cases left out."""
        above = self.areas[area_code].path.strip("/").split("/")[:-1]
        found = [self.areas[each] for each in reversed(above) if each in self.areas]
        return tuple(
            Mean(area.level, area.code, area.name, self._pooled(code, area, start, end))
            for area in found
            if area.level in MEAN_LEVELS
        )

    def year_on_year(self, code: str, area_code: str, start: date, end: date) -> Change:
        """Against the same months a year earlier, by the same population."""
        before = shift(start, -YEAR), shift(end, -YEAR)
        this = self.figure(code, area_code, start, end)
        if this.value is None:
            return Change(None, this, reason_zh=this.missing.message_zh if this.missing else None)
        earlier, bridge = self._earlier_code(this.definition, start, before[1])
        if earlier is None:
            return Change(None, this, reason_zh=say("break"))
        if not bridge and before[0] < self.alike_since(code, end):
            return Change(None, this, reason_zh=say("other_version"))
        prior = self._figure(
            self.definition(earlier, before[1]), area_code, *before, population_of=end
        )
        return compared(this, prior, bridge)

    def alike_since(self, code: str, on: date) -> date:
        """The first month that was counted as the month `on` is."""
        return alike_since(self.definitions.get(code, ()), on)

    def to_date(self, code: str, area_code: str, month: date) -> Figure:
        """The figure from January to `month`."""
        return self.figure(code, area_code, *to_date(month))

    def _earlier_code(
        self, definition: Definition, start: date, before: date
    ) -> tuple[str | None, bool]:
        if not definition.regimes or rates.comparable(start, before):
            return definition.code, False
        return (definition.bridge, True) if definition.bridge else (None, False)

    def late_months(self, made: Definition) -> Mapping[date, float]:
        """The months that courts, or units that enter matters late, will likely still add to."""
        if not made.of_matters:
            return self.late if made.of_courts else {}
        version = made.code, made.version
        if version not in self._late:
            self._late[version] = late_of(made, self.entering)
        return self._late[version]

    @cached_property
    def _late(self) -> dict[tuple[str, int], dict[date, float]]:
        """The late months found so far: every figure asks for them."""
        return {}

    def _refuse_unread(self, code: str, area_code: str, start: date, end: date) -> None:
        if code not in self.codes:
            raise LookupError(f"indicator {code} was not read into this ledger")
        if area_code not in self.readable:
            raise LookupError(f"area {area_code} was not read into this ledger")
        if start < self.first or end > self.last or start > end:
            raise LookupError(f"{start:%Y-%m} to {end:%Y-%m} was not read into this ledger")

    def _figure(
        self,
        definition: Definition,
        area_code: str,
        start: date,
        end: date,
        *,
        population_of: date | None = None,
        pooled: bool = False,
    ) -> Figure:
        self._refuse_unread(definition.code, area_code, start, end)
        code, name, level, path = self._area(area_code)
        blank = Figure(
            definition, code, name, level, start, end, regime(start, end), area_path=path
        )
        wrong = unfit(definition, level, blank.regime)
        if wrong is not None:
            return blank.told(missing=wrong)
        if definition.of_matters:
            return self._from_cells(blank)
        if definition.of_courts:
            return self._from_counts(blank, population_of or end, pooled)
        used = definition.kind == "rate"
        persons = self.populations.used(code, population_of or end) if used else None
        return self._supplied.figure(blank, persons)

    def _area(self, area_code: str) -> Place:
        """What a figure says of its area, without asking the mapped row each time."""
        if area_code not in self._places:
            area = self.areas[area_code]
            self._places[area_code] = Place(area.code, area.name, area.level, area.path)
        return self._places[area_code]

    @cached_property
    def _places(self) -> dict[str, Place]:
        return {}

    def _pooled(self, code: str, area: Area, start: date, end: date) -> Figure:
        """All counties of `area`; from January on, those whose courts sent every month."""
        strict = self._figure(self.definition(code, end), area.code, start, end, pooled=True)
        row = self.court_months.get((area.code, end))
        late = strict.missing is not None and strict.missing.code == "courts"
        if not late or row is None or not row.to_date_of or start != to_date(end)[0]:
            return strict
        return self._of_complete(replace(strict, missing=None), row)

    def _of_complete(self, blank: Figure, row: MonthOfCourts) -> Figure:
        definition = blank.definition
        cases = rates.total(row.to_date.get(name) for name in definition.numerator)
        counties = sum(
            each.level == "county"
            and each.path.startswith(blank.area_path)
            and stood(each, blank.end)
            for each in self.areas.values()
        )
        if cases is None:
            lacking = [say(n) for n in definition.numerator if row.to_date.get(n) is None]
            missing = Missing("component", say("component", what="、".join(lacking)))
            return blank.told(missing=missing, at=row.computed_at)
        if definition.kind == "rate":
            persons = self.populations.together(row.to_date_of, blank.end)
            made = rated(blank, cases, persons, row.computed_at)
        else:
            tries = rates.total(row.to_date.get(name) for name in definition.denominator)
            made = judged(blank, cases, tries or 0, row.computed_at)
        part = say("part", n=len(row.to_date_of), all=counties)
        return replace(made, warnings=(*made.warnings, part))

    def _from_cells(self, blank: Figure) -> Figure:
        if blank.definition.needs != CASE_FEED:
            return self._from_known_cells(blank)
        unknown = self._unfed(blank)
        if unknown or not self._feeding(blank):
            return blank.told(missing=Missing("casefeed", say("casefeed"), unknown))
        made = self._from_known_cells(blank)
        young = max(blank.end, self._fed_until(blank)) < followed(blank)[1]
        return replace(made, warnings=(*made.warnings, say("young"))) if young else made

    def _unfed(self, blank: Figure) -> tuple[CourtGap, ...]:
        """The courts without a released case feed over the months that must be known."""
        span = followed(blank)[0], max(blank.end, self._fed_until(blank))
        asked = blank.area_code, blank.end, span
        if asked not in self._unknown:
            wanted = list(months(*span))
            self._unknown[asked] = tuple(
                CourtGap(court.code, court.name, lacking)
                for court in self._feeding(blank)
                if (lacking := tuple(each for each in wanted if (court.code, each) not in self.fed))
            )
        return self._unknown[asked]

    @cached_property
    def _unknown(self) -> dict[tuple[str, date, tuple[date, date]], tuple[CourtGap, ...]]:
        """The gaps of case feeds found so far: several figures of an area ask for them."""
        return {}

    def _feeding(self, blank: Figure) -> list[Court]:
        """The counties' courts in an area: their feeds are needed."""
        return [
            court
            for court in self._courts_below.get(blank.area_code, ())
            if court.counts_to == "county" and is_due(court, blank.end)
        ]

    def _fed_until(self, blank: Figure) -> date:
        """The last month that must be fed by now: a court has a whole month to send the last."""
        return min(followed(blank)[1], shift(self.today.replace(day=1), -2))

    def _from_known_cells(self, blank: Figure) -> Figure:
        line = self.lines.get((blank.code, blank.area_code))
        hits, tries, computed = line.over(blank.start, blank.end) if line else (0, 0, None)
        if blank.definition.of_stock:
            tries += self.open_at(blank.code, blank.area_code, blank.start)
        if blank.definition.kind == "rate":
            used = self.populations.used(blank.area_code, blank.end)
            return self._noted(rated(blank, hits, used, computed))
        return self._noted(judged(blank, hits, tries, computed))

    @cached_property
    def _figures(self) -> dict[tuple[str, str, date, date], Figure]:
        """Figures said so far: changes, trends and comparisons ask for them again."""
        return {}

    @cached_property
    def _supplied(self) -> SuppliedCounts:
        return SuppliedCounts(self.supplied, self.areas)

    def open_at(self, code: str, area_code: str, month: date) -> int:
        """Entries of a figure over a stock that had come and not left when `month` began."""
        line = self.lines.get((flow_of(code), area_code))
        return line.left_before(month) if line else 0

    def _from_counts(self, blank: Figure, population_end: date, pooled: bool) -> Figure:
        held = self._sent(blank.area_code, blank.start, blank.end, blank.regime, pooled=pooled)
        if isinstance(held, Missing):
            return blank.told(missing=held)
        return self._noted(self._counted(blank, held, population_end, pooled))

    def _sent(
        self, area_code: str, start: date, end: date, under: str, *, pooled: bool
    ) -> Sequence[MonthOfCourts] | Missing:
        """What the courts of an area sent in these months, all of them, or what is lacking."""
        rows = [self.court_months.get((area_code, month)) for month in months(start, end)]
        gaps = self.gaps(area_code, start, end, counties_only=pooled)
        if gaps:
            return Missing("courts", say("courts"), gaps)
        held = [row for row in rows if row is not None]
        if not held or len(held) < len(rows):
            return Missing("no_court", say("no_court"))
        if any(row.regime != under for row in held):
            return Missing("regime_mixed", say("regime_mixed"))
        return held

    def _noted(self, figure: Figure) -> Figure:
        """The figure with a warning of its months that entries will likely still add to."""
        two = told(self.definitions.get(figure.code, ()), figure.start, figure.end)
        if two and figure.definition.of_matters:
            two = say("two_versions", which=two)
            figure = replace(figure, warnings=(*figure.warnings, two))
        known = self.late_months(figure.definition)
        if not known or figure.value is None:
            return figure
        late = {m: known[m] for m in months(figure.start, figure.end) if m in known}
        if not late:
            return figure
        return replace(figure, warnings=(*figure.warnings, say("late", months=late_words(late))))

    def _counted(
        self, blank: Figure, held: Sequence[MonthOfCourts], population_end: date, pooled: bool
    ) -> Figure:
        definition, with_apart = blank.definition, has_apart(blank.level, pooled)
        cases = sum_of(held, definition.numerator)
        known = blank
        if with_apart:
            apart = sum_of(held, definition.numerator, APART)
            cases = rates.total((cases, apart))
            known = blank if apart is None else replace(blank, apart=apart)
        at = max([row.computed_at for row in held])
        if cases is None:
            return without(known, held, definition.numerator, at, with_apart)
        if definition.kind == "rate":
            used = self.populations.used(known.area_code, population_end)
            return rated(known, cases, used, at)
        tries = sum_of(held, definition.denominator)
        if with_apart:
            tries = rates.total((tries, sum_of(held, definition.denominator, APART)))
        if tries is None:
            return without(known, held, definition.denominator, at, with_apart)
        return judged(known, cases, tries, at)

    def gaps(
        self, area_code: str, start: date, end: date, *, counties_only: bool = False
    ) -> tuple[CourtGap, ...]:
        """Due courts that have not sent every month of the period, with the months."""
        asked = area_code, start, end, counties_only
        if asked not in self._gaps:
            self._gaps[asked] = tuple(self._lacking_in(*asked))
        return self._gaps[asked]

    @cached_property
    def _gaps(self) -> dict[tuple[str, date, date, bool], tuple[CourtGap, ...]]:
        """Gaps found so far: all indicators of an area and period share them."""
        return {}

    def _lacking_in(
        self, area_code: str, start: date, end: date, counties_only: bool
    ) -> Iterator[CourtGap]:
        span = [(month, self.court_months.get((area_code, month))) for month in months(start, end)]
        for court in self._courts_below.get(area_code, ()):
            if counties_only and court.counts_to != "county":
                continue
            lacking = tuple(month for month, row in span if lacks(court, month, row))
            if lacking:
                yield CourtGap(court.code, court.name, lacking)

    @cached_property
    def _courts_below(self) -> dict[str, list[Court]]:
        """The courts that count to each area or to one below it, in order."""
        found: dict[str, list[Court]] = {}
        for court in self.courts:
            for code in court.counts_to_path.strip("/").split("/"):
                found.setdefault(code, []).append(court)
        return found
