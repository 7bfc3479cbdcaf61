"""A figure and what goes with it: interval, population, what is missing and why."""

from dataclasses import dataclass
from datetime import date, datetime

from yuantou.indicators import rates
from yuantou.indicators.catalogue import Definition


@dataclass(frozen=True, slots=True)
class CourtGap:
    """A due court and the months that it has not sent."""

    court_code: str
    court_name: str
    months: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a figure cannot be said; `courts` names whose counts are lacking."""

    code: str
    message_zh: str
    courts: tuple[CourtGap, ...] = ()


@dataclass(frozen=True, slots=True)
class PopulationUsed:
    """The persons a rate was divided by."""

    kind: str
    kind_zh: str
    year: int
    persons: int
    source: str
    old: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator in one area and period. `value` is None exactly where `missing` is not.

    `numerator` and `denominator` are cases and persons of a rate, cases and cases of a share.
    `apart` are the cases, within the numerator of a city or the province, of courts that count to
    the city or province itself.
    """

    definition: Definition
    area_code: str
    area_name: str
    level: str
    start: date
    end: date
    regime: str
    value: float | None = None
    numerator: int | None = None
    denominator: int | None = None
    missing: Missing | None = None
    population: PopulationUsed | None = None
    apart: int | None = None
    indicative: bool = False
    warnings: tuple[str, ...] = ()
    computed_at: datetime | None = None
    area_path: str = ""

    @property
    def code(self) -> str:
        """Code of the indicator."""
        return self.definition.code

    @property
    def cases(self) -> int | None:
        """Its numerator, though no population be known to divide it by; else None if missing."""
        return self.numerator if not self.missing or self.missing.code == "population" else None

    @property
    def version(self) -> int:
        """Version of the definition that it was computed by."""
        return self.definition.version

    def told(
        self,
        value: float | None = None,
        numerator: int | None = None,
        denominator: int | None = None,
        *,
        missing: Missing | None = None,
        population: PopulationUsed | None = None,
        indicative: bool = False,
        warnings: tuple[str, ...] = (),
        at: datetime | None = None,
    ) -> "Figure":
        """The figure of this area and period with what was found; a report tells ten thousand."""
        return Figure(
            self.definition,
            self.area_code,
            self.area_name,
            self.level,
            self.start,
            self.end,
            self.regime,
            value,
            numerator,
            denominator,
            missing,
            population,
            self.apart,
            indicative,
            warnings,
            at,
            self.area_path,
        )

    @property
    def low(self) -> float | None:
        """The lower end of its 95 % interval, None where it has none."""
        return self._limits[0]

    @property
    def high(self) -> float | None:
        """The upper end."""
        return self._limits[1]

    @property
    def _limits(self) -> rates.Interval | tuple[None, None]:
        """Reckoned where it is asked for: a report goes through thousands and prints hundreds."""
        if self.value is None:
            return None, None
        kind, events, whole = self.definition.kind, self.numerator or 0, self.denominator or 0
        if kind == "count":
            return rates.poisson(events, 1, 1)
        if kind == "rate":
            return rates.poisson(events, whole, self.definition.factor)
        if kind == "share" and events <= whole:
            return rates.wilson(events, whole, self.definition.factor)
        return None, None

    @property
    def shown(self) -> tuple[float | None, str]:
        """Value and unit as screens write them."""
        return self.on_screen(self.value), self.definition.screen[1]

    def on_screen(self, value: float | None) -> float | None:
        """A value of this figure (its own, or an end of its interval) on the screens' scale."""
        factor = self.definition.screen[0] / self.definition.factor
        return None if value is None else value * factor


@dataclass(frozen=True, slots=True)
class Mean:
    """The figure of all counties of a city or of the province together."""

    level: str
    area_code: str
    area_name: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Change:
    """This period against the same one a year earlier; None with a reason where it cannot be said.

    Relative for rates, percentage points for shares. `bridge`: across the break of 2025, by the
    labelled estimate.
    """

    value: float | None
    this: Figure
    prior: Figure | None = None
    bridge: bool = False
    label_zh: str = ""
    reason_zh: str | None = None


@dataclass(frozen=True, slots=True)
class DisputeCount:
    """Disputes reported and closed in an area and type over some months."""

    area_code: str
    type: str
    reported: int
    closed: int
    computed_at: datetime
