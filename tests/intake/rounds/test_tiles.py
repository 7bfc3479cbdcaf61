"""A county without township polygons: its outline, and a mark for every township."""

from collections.abc import Callable
from itertools import combinations, pairwise

import pytest
import shapely
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import DONGJIE, LINGYUAN, NANJIE, WANYUANDIAN
from tests.intake.rounds.opening import opened, unit_named
from tests.maps.lands import squares
from yuantou.calendar.clock import today
from yuantou.intake.rounds.tiles import WIDTH, spread, tiles_of
from yuantou.territory.models import Area

Clients = Callable[[str], FlaskClient]


def test_a_round_says_the_state_of_every_township(client_of: Clients, owner: Session) -> None:
    squares(owner, LINGYUAN)
    where = opened(client_of("gao"), login="gao", places="南街\t前山村\n东街\t某村")
    page = client_of("gao").get(where).text
    assert "<title>南街街道 都没有报 0 / 1</title>" in page
    assert "<title>万元店镇 没有单元</title>" in page
    assert "不表示实际位置" in page
    client_of("gao").post(f"/screening/units/{unit_named(owner, '前山村').id}/report")
    assert "<title>南街街道 全部已报 1 / 1</title>" in client_of("gao").get(where).text


def test_marks_stand_on_the_seats_where_all_are_known(owner: Session) -> None:
    squares(owner, LINGYUAN)
    for code, lng in ((NANJIE, 119.25), (DONGJIE, 119.5), (WANYUANDIAN, 119.75)):
        place = owner.get_one(Area, code)
        place.lng, place.lat = lng, 41.5
    owner.commit()
    drawn = tiles_of(owner, LINGYUAN, {NANJIE: (1, 2)}, today())
    assert drawn is not None
    assert drawn.seated
    assert [tile.x for tile in drawn.tiles] == pytest.approx([WIDTH / 4, WIDTH / 2, 3 * WIDTH / 4])
    assert [tile.state for tile in drawn.tiles] == ["some", "none", "none"]


def test_without_an_outline_there_is_no_drawing(owner: Session) -> None:
    assert tiles_of(owner, LINGYUAN, {}, today()) is None


@pytest.mark.parametrize("number", [1, 9, 27, 40])
def test_tiles_lie_inside_and_not_over_each_other(number: int) -> None:
    shape = shapely.Polygon([(0, 0), (320, 40), (300, 280), (160, 180), (20, 300)])
    size, middles = spread(shape, number)
    assert len(middles) == number
    assert all(shape.contains(shapely.Point(at)) for at in middles)
    assert all(
        max(abs(a[0] - b[0]), abs(a[1] - b[1])) >= size - 0.1 for a, b in combinations(middles, 2)
    )
    assert all(a[1] <= b[1] for a, b in pairwise(middles))


def test_a_shape_too_narrow_still_shows_every_township() -> None:
    size, middles = spread(shapely.box(0, 0, 320, 6), 12)
    assert (len(middles), size > 0) == (12, True)
