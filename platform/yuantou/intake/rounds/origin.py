"""Where a report of a dispute came from: the unit of a round. Standard library only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """A unit of a round for which somebody logs what was found."""

    unit_id: int
    unit: str
    round_id: int
    round: str
    area_code: str
    place: str
