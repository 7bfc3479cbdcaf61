"""Addresses that nobody types in good faith: answered as what is not there, never as a failure."""

from datetime import timedelta

from sqlalchemy.orm import Session

from tests.maps.lands import Clients, land_of
from yuantou.calendar.clock import today

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


def test_a_month_that_has_not_begun_is_none(owner: Session, client_of: Clients) -> None:
    land_of(owner)
    later = f"{today() + timedelta(days=40):%Y-%m}"
    for asked in (f"until={later}", "since=1949-09", f"compare=period&since2={later}"):
        assert client_of("sheng").get(f"/map?{asked}").status_code == 400
    assert client_of("sheng").get(f"/map?until={today():%Y-%m}").status_code == 200
