"""Over which months the courts' case feed must be known before a figure of suits can be said."""

from datetime import date

from yuantou.indicators.figures import Figure
from yuantou.indicators.periods import shift

FOLLOWED = 6  # months that 180 days before or after a month touch
_BACK = {"lasted_90": 3, "lasted_180": FOLLOWED}  # where an entry belongs to the last day watched


def followed(blank: Figure) -> tuple[date, date]:
    """The first and last of these months."""
    back = _BACK.get(blank.definition.day)
    if back:
        return shift(blank.start, -back), blank.end
    return blank.start, shift(blank.end, FOLLOWED)
