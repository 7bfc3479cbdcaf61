"""The small map: who coordinates several counties sees shares, not ranks."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import DONGJIE, KAZUO, LINGYUAN, NANJIE
from tests.intake.rounds.opening import opened, unit_named
from tests.maps.lands import squares
from yuantou.calendar.clock import today
from yuantou.intake.rounds.sketch import sketch_of

Clients = Callable[[str], FlaskClient]


def test_a_city_sees_the_share_of_each_county(client_of: Clients, owner: Session) -> None:
    squares(owner, LINGYUAN, KAZUO)
    opened(client_of("tang"), places="前山村")
    client_of("mei").post(f"/screening/units/{unit_named(owner, '前山村').id}/report")
    page = client_of("qi").get("/screening/").text
    assert "<title>凌源市 1 / 1</title>" in page
    assert "无审图号，仅供内部使用" in page
    assert "排名" in page  # the note that there is none


def test_townships_are_drawn_where_their_polygons_are_known(
    client_of: Clients, owner: Session
) -> None:
    where = opened(client_of("gao"), login="gao", places="南街\t前山村\n东街\t某村")
    assert "<figure" not in client_of("gao").get(where).text
    squares(owner, NANJIE, DONGJIE)
    assert "<title>南街街道 0 / 1</title>" in client_of("gao").get(where).text


def test_areas_are_shaded_by_share(owner: Session) -> None:
    squares(owner, LINGYUAN, KAZUO)
    drawn = sketch_of(owner, {LINGYUAN: (1, 2), KAZUO: (0, 0)}, today())
    assert drawn is not None
    assert [(one.code, one.shade) for one in drawn.shapes] == [
        (KAZUO, "no-data"),
        (LINGYUAN, "seq-3"),
    ]
    assert all(one.path.startswith("M") for one in drawn.shapes)
