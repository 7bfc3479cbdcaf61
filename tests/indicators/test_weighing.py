"""Beside each rate stands what keeps it honest."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.indicators.test_pages import PERIOD, filled, page
from yuantou.indicators.definitions import definition
from yuantou.indicators.weighing import WHY, counterweights

__all__ = ["filled"]
Client = Callable[[str], FlaskClient]


def test_fewer_suits_are_read_with_refusals_to_file_and_to_mediate(owner: Session) -> None:
    assert counterweights(definition(owner, "R_filed")) == ("C12368", "I07R")
    assert counterweights(definition(owner, "I07")) == ("I07R",)
    assert counterweights(definition(owner, "I15")) == ()


def test_every_counterweight_says_why(owner: Session) -> None:
    for code in ("I07", "I08", "I17", "R_civil"):
        assert set(counterweights(definition(owner, code))) <= set(WHY)


@pytest.mark.usefixtures("filled")
def test_it_stands_beside_the_rate_with_its_value_or_why_there_is_none(client_of: Client) -> None:
    body = page(client_of("gao"), f"/indicators/I07?{PERIOD}")
    assert "防止只图数字好看" in body
    assert "不愿调解的人有权直接起诉" in body
    filed = page(client_of("gao"), f"/indicators/R_filed?{PERIOD}")
    assert "不予立案的投诉多了" in filed
    index = page(client_of("gao"), f"/indicators/?{PERIOD}")
    assert index.count("同看") >= 4
    assert "防止只图数字好看" not in page(client_of("gao"), f"/indicators/I15?{PERIOD}")
