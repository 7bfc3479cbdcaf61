"""Whoever judges a matter sees who would own it, and why, before it is sent anywhere."""

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.coordination.dispatching.test_duties import BASIS, owns
from tests.coordination.matters import Door, act, report

ClientOf = Callable[[str], FlaskClient]


def accepted(door: Door, kind: str = "neighborhood") -> int:
    dispute = report(door, type=kind)
    act(door, "mei", dispute, "accept")
    return dispute


def test_the_form_names_the_owner_of_the_type_and_the_reason(
    door: Door, client_of: ClientOf
) -> None:
    owns(door, "ren")
    dispute = accepted(door, "migrant_wages")
    page = client_of("tang").get(f"/matters/{dispute}/do/triage").text
    assert "按责任清单，拟由凌源市人力资源和社会保障局承办" in page
    assert BASIS in page


def test_another_type_has_another_owner_or_none(door: Door, client_of: ClientOf) -> None:
    owns(door, "ren")
    dispute = accepted(door)
    tang, address = client_of("tang"), f"/matters/{dispute}/proposed-owner"
    assert "人力资源" in tang.get(f"{address}?type=migrant_wages").text
    assert "没有这一类纠纷的责任单位" in tang.get(f"{address}?type=medical").text
    assert "没有这一类纠纷的责任单位" in tang.get(f"{address}?type=nonsense").text


def test_whoever_may_not_see_the_matter_is_refused(door: Door, client_of: ClientOf) -> None:
    dispute = accepted(door)
    assert client_of("hu").get(f"/matters/{dispute}/proposed-owner").status_code == 404
