"""What is reckoned apart is what would be reckoned here; a failure says why."""

from functools import partial

import pytest

from tests.alerts.detection.invented import province
from yuantou.alerts.detection.apart import ReckoningFailed, apart, here
from yuantou.alerts.detection.judging import judge
from yuantou.alerts.detection.terms import terms


def test_another_process_finds_the_same() -> None:
    found = province(1, counties=6, types=2)
    told: list[tuple[int, int]] = []
    given = (found.series, found.neighbours, terms())
    theirs = apart(judge, *given, progress=lambda done, whole: told.append((done, whole)))
    ours = here(judge, *given, progress=lambda _done, _whole: None)
    assert repr(theirs) == repr(ours)
    assert told[-1] == (4, 4)


def test_a_failure_is_told_with_its_reason() -> None:
    with pytest.raises(ReckoningFailed, match="missing 2 required positional arguments"):
        apart(partial(judge, terms=terms()), progress=lambda _done, _whole: None)
