"""Which courts' counts a court sees: its area's where its counts belong there, else its own."""

import pytest

from yuantou.access.scope import NOWHERE, Range, scope_of
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.territory.models import Court

CITY = "210000/211100/"


@pytest.mark.parametrize(
    ("counts_to", "counted_path", "courts"),
    [
        ("city", CITY, Range.below(CITY)),
        ("province", "210000/", NOWHERE),  # an oil-field court that only sits in the city
        ("county", "210000/211100/211103/", NOWHERE),
    ],
)
def test_sight_of_a_court(counts_to: str, counted_path: str, courts: Range) -> None:
    account = Account(id=1, role="court_clerk")
    agency = Agency(id=2, area_path=CITY, court_code="c", kind="court")
    court = Court(code="c", counts_to=counts_to, counts_to_path=counted_path)
    scope = scope_of(account, agency, court)
    assert (scope.court, scope.courts) == ("c", courts)
