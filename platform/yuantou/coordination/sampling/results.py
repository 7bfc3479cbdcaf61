"""What a closed round says: shares with their intervals, no unit ranked, nobody's single answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from geo.rates import wilson_interval
from yuantou.coordination.sampling.models import SampleRound

LEAST = 3  # a share over fewer answers would tell who said what
QUESTIONS = (
    ("reached", "drawn", _l("联系上（应答率）")),
    ("genuine", "genuine_of", _l("当事人确认有这件事、这个结果")),
    ("performed", "performed_of", _l("当事人确认已全部履行")),
    ("satisfied", "satisfied_of", _l("当事人满意")),
)


@dataclass(frozen=True)
class Share:
    """A share in words: how many of how many, per cent, 95 % interval; hidden below LEAST."""

    label: str
    hits: int
    of: int

    @property
    def hidden(self) -> bool:
        """Whether so few answered that the share says who."""
        return self.of < LEAST

    @property
    def percent(self) -> str:
        """The share, or a dash."""
        return "—" if self.hidden else f"{100 * self.hits / self.of:.1f}%"

    @property
    def interval(self) -> str:
        """The 95 % Wilson interval."""
        if self.hidden:
            return ""
        low, high = (float(limit) for limit in wilson_interval(self.hits, self.of))
        return f"{100 * low:.1f}%–{100 * high:.1f}%"

    @property
    def counted(self) -> str:
        """How many of how many."""
        if self.hidden:
            return _("不足 %(n)s 人，不显示", n=LEAST)
        return f"{self.hits} / {self.of}"


@dataclass(frozen=True)
class Results:
    """Shares of the whole round and of those units that the viewer may be told about."""

    whole: Sequence[Share]
    units: Sequence[tuple[str, dict[str, int], Sequence[Share]]]


def results_of(held: SampleRound, names: Mapping[int, str], only: int | None) -> Results | None:
    """The sums of a closed round; `only` one unit's beside the whole, in the order of `names`."""
    if held.results is None:
        return None
    by_unit = {row["agency_id"]: row for row in held.results if row["drawn"]}
    whole: dict[str, int] = {}
    for row in by_unit.values():
        whole = {name: whole.get(name, 0) + value for name, value in row.items()}
    told = [unit for unit in names if unit in by_unit and only in (None, unit)]
    units = [(names[unit], by_unit[unit], _shares(by_unit[unit])) for unit in told]
    return Results(_shares(whole), units)


def _shares(row: Mapping[str, Any]) -> list[Share]:
    return [
        Share(str(label), row.get(hits, 0), row.get(tries, 0)) for hits, tries, label in QUESTIONS
    ]
