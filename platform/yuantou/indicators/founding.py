"""Counties that were founded or ended in the months that figures speak of: in which sums they are.

The territory's list says from when and until when a county stands, and by what paper.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from yuantou.indicators.periods import shift
from yuantou.territory.models import Area

YEAR = 12


@dataclass(frozen=True, slots=True)
class Founding:
    """One county that began or ended to stand on a day."""

    code: str
    name: str
    path: str
    day: date
    ended: bool
    source: str


def foundings(areas: Iterable[Area], first: date, last: date) -> list[Founding]:
    """Those from the same months of last year on, which the months are compared with, by day."""
    since, until = shift(first, -YEAR), shift(last, 1)
    found = [
        Founding(area.code, area.name, area.path, day, ended, area.source)
        for area in areas
        if area.level == "county"
        for day, ended in ((area.valid_from, False), (area.valid_to, True))
        if day is not None and since < day < until
    ]
    return sorted(found, key=lambda each: (each.day, each.code))


def founding_words(areas: Iterable[Area], path: str, first: date, last: date) -> list[str]:
    """What a page says of them below an area, beside the sum of some months."""
    return [
        _words(each, each.day > first) % {"name": each.name, "day": each.day.isoformat(),
                                          "source": each.source}
        for each in foundings(areas, first, last)
        if each.path.startswith(path)
    ]  # fmt: skip


def _words(each: Founding, within: bool) -> str:
    if each.ended and within:
        return _(
            "%(name)s自 %(day)s 起撤销（依据：%(source)s）：此前的数计入合计，此后没有它的数。"
        )
    if each.ended:
        return _(
            "%(name)s自 %(day)s 起撤销（依据：%(source)s）：本期没有它的数，上年同期的合计里有。"
        )
    if within:
        return _("%(name)s自 %(day)s 起设立（依据：%(source)s）：合计从那天起含它的数。")
    return _(
        "%(name)s自 %(day)s 起设立（依据：%(source)s）：本期含它的数，上年同期的合计里没有或不全。"
    )
