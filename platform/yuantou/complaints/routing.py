"""Which office answers: the county's centre, or the one above where the centre is meant."""

from collections.abc import Sequence
from dataclasses import dataclass

OFFICES = ("county_centre", "city_coordination", "province_coordination")  # from below


@dataclass(frozen=True)
class Office:
    """An office that can answer: its kind and the path of its area."""

    id: int
    kind: str
    area_path: str


def office_for(path: str, complained_of: int | None, offices: Sequence[Office]) -> Office | None:
    """The lowest office over the area of `path` that is not itself complained of."""
    over = [one for one in offices if path.startswith(one.area_path) and one.id != complained_of]
    return min(over, key=lambda one: (OFFICES.index(one.kind), one.id), default=None)
