"""What a closed round says: shares with their intervals, no unit ranked, nobody's single answer."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from geo.rates import wilson_interval
from yuantou.coordination.sampling.models import SampleRound

Sums = dict[str, int]
OTHERS = 0  # stands for all units that the viewer is not told about
LEAST = 3  # a share over fewer answers would tell who said what
QUESTIONS = (
    ("reached", "drawn", _l("联系上（应答率）")),
    ("genuine", "genuine_of", _l("当事人确认有这件事、这个结果")),
    ("performed", "performed_of", _l("当事人确认已全部履行")),
    ("satisfied", "satisfied_of", _l("当事人满意")),
)


@dataclass(frozen=True)
class Share:
    """A share in words: how many of how many, per cent, 95 % interval; hidden where it tells."""

    label: str
    hits: int
    of: int
    hidden: bool

    @property
    def percent(self) -> str:
        """The share, or a dash."""
        return "—" if self._silent else f"{100 * self.hits / self.of:.1f}%"

    @property
    def interval(self) -> str:
        """The 95 % Wilson interval."""
        if self._silent:
            return ""
        low, high = (float(limit) for limit in wilson_interval(self.hits, self.of))
        return f"{100 * low:.1f}%–{100 * high:.1f}%"

    @property
    def counted(self) -> str:
        """How many of how many."""
        if self.hidden:
            return _("人数太少，不显示")
        return f"{self.hits} / {self.of}" if self.of else _("没有人答")

    @property
    def _silent(self) -> bool:
        return self.hidden or not self.of


@dataclass(frozen=True)
class Results:
    """Shares of the whole round and of those units that the viewer may be told about."""

    whole: Sequence[Share]
    units: Sequence[tuple[str, Sums, Sequence[Share]]]


def results_of(held: SampleRound, names: Mapping[int, str], only: int | None) -> Results | None:
    """The sums of a closed round; `only` one unit's beside the whole, in the order of `names`."""
    if held.results is None:
        return None
    by_unit = {row["agency_id"]: row for row in held.results if row["drawn"]}
    told = {unit: row for unit, row in by_unit.items() if only in (None, unit)}
    others = [row for unit, row in by_unit.items() if unit not in told]
    shown = told | ({OTHERS: _added(others)} if others else {})
    hidden = {tries: _telling(shown, tries) for _hits, tries, _label in QUESTIONS}
    units = [
        (names[unit], told[unit], _shares(told[unit], unit, hidden))
        for unit in names
        if unit in told
    ]
    return Results(_shares(_added(list(by_unit.values())), None, hidden), units)


def _added(rows: Sequence[Sums]) -> Sums:
    total: Counter[str] = Counter()
    for row in rows:
        total.update(row)
    return dict(total)


def _telling(rows: Mapping[int, Sums], tries: str) -> set[int]:
    """Units with too few answers, and those that would give them away as whole less the rest."""
    sizes = {unit: row.get(tries, 0) for unit, row in rows.items()}
    hidden = {unit for unit, size in sizes.items() if 0 < size < LEAST}
    larger = sorted((size, unit) for unit, size in sizes.items() if size >= LEAST)
    while hidden and larger and (len(hidden) == 1 or sum(sizes[u] for u in hidden) < LEAST):
        hidden.add(larger.pop(0)[1])
    return hidden


def _shares(row: Sums, unit: int | None, hidden: Mapping[str, set[int]]) -> list[Share]:
    """The whole is hidden only where it is itself too few."""
    made = []
    for hits, tries, label in QUESTIONS:
        of = row.get(tries, 0)
        few = 0 < of < LEAST if unit is None else unit in hidden[tries]
        made.append(Share(str(label), row.get(hits, 0), of, few))
    return made
