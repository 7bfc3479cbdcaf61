"""Addresses that nobody types in good faith: answered as what is not there, never as a failure."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.maps.lands import Clients, land_of
from yuantou.maps.queries import Period
from yuantou.maps.views import ViewFault, read

FAR = "99999999999999999999"
ODD = (
    "/map?since=0001-01",
    "/map?until=9999-12",
    "/map?since=0001-01&until=9999-12",
    "/map/table?compare=period&since2=0001-01",
    "/map?area=%00",
    "/map/county/%00",
    "/map/spot/211382?until=9999-12",
    "/map/places?level=township&area=%00",
    "/map/geometry/%00.json",
    "/map/values?bounds=nan",
    "/map/values?bounds=inf",
    "/map/counties.xlsx?until=9999-11",
    "/map/reach/?area=%00",
    "/map/sources/?kind=%00&state=%00",
    f"/map/sources/{FAR}",
    "/warnings/?area=%00",
    "/warnings/?rule=%00",
    "/warnings/?rule=%EF%BF%BF&area=%F0%9F%98%80",
    f"/warnings/{FAR}",
    f"/sources/analyses/new?warning={FAR}",
    f"/sources/analyses/new?source={FAR}",
    "/sources/analyses/new?number=%00",
    f"/sources/meetings/new?analysis={FAR}",
    f"/sources/letters/new?analysis={FAR}",
    f"/sources/meetings/{FAR}",
    "/sources/analyses/?page=99999999999999999999",
    "/warnings/record/?days=99999999999999999999",
    "/warnings/record/sense?county=%00",
    "/research/?q=%00%25_%5C",
    f"/research/pulls/{FAR}.xlsx",
)


def test_an_odd_address_is_no_failure(owner: Session, client_of: Clients) -> None:
    land_of(owner)
    far = client_of("sheng")
    failed = {address: far.get(address).status_code for address in ODD}
    assert {address: code for address, code in failed.items() if code >= 500} == {}


def test_a_month_that_has_not_begun_is_the_running_one() -> None:
    day = date(2026, 11, 23)
    view = read({"since": "2026-03", "until": "9999-12"}, ("rate",), (), day)
    assert view.period == Period(date(2026, 3, 1), date(2026, 11, 1))
    assert read({"compare": "period", "since2": "2027-01"}, ("rate",), (), day).other_period
    with pytest.raises(ViewFault):
        read({"since": "1949-09"}, ("rate",), (), day)
