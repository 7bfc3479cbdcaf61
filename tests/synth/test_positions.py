"""The demo county has invented positions, marked as such, never beside real ones."""

import json
from collections.abc import Callable, Iterator

import pytest
import shapely
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.synth.conftest import KEYS, NOW
from yuantou.maps.reach.models import Place, PlaceBatch
from yuantou.maps.reach.queries import invented as is_invented
from yuantou.maps.reach.queries import positions, standing
from yuantou.synth.positions import FILE, write_positions
from yuantou.synth.service import Order, create_demo, remove_demo
from yuantou.territory.models import Area

SMALL = Order(60, 1, 3, NOW)
OUTLINE = "POLYGON ((119 40, 120 40, 120 40.4, 119.3 40.4, 119.3 41, 119 41, 119 40))"


@pytest.fixture(scope="module")
def placed(
    empty_land: Callable[[], Engine], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """A small demo over counties with one crooked outline."""
    engine = empty_land()
    told = json.dumps(shapely.geometry.mapping(shapely.from_wkt(OUTLINE)))
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO boundary (area_code, geometry, source_crs, valid_from, source)"
                " SELECT code, CAST(:told AS jsonb), 'EPSG:4490', valid_from, '示例'"
                " FROM area WHERE level = 'county'"
            ),
            {"told": told},
        )
    create_demo(engine, SMALL, KEYS, tmp_path_factory.mktemp("demo") / "a.txt", lambda _: None)
    yield engine
    assert remove_demo(engine, everything=True) == SMALL.disputes
    with engine.connect() as connection:
        left = "SELECT (SELECT count(*) FROM place) + (SELECT count(*) FROM place_batch)"
        assert connection.execute(text(left)).scalar_one() == 0


@pytest.fixture
def session(placed: Engine) -> Iterator[Session]:
    """What a test changes here is taken back."""
    with Session(placed) as session:
        yield session
        session.rollback()


def test_every_township_of_the_demo_county_stands_in_it(session: Session) -> None:
    (batch,) = session.query(PlaceBatch).all()
    county = batch.area_path.strip("/").split("/")[-1]
    shape = shapely.from_wkt(OUTLINE)
    seats = session.query(Place).filter_by(kind="township").all()
    codes = {area.code for area in session.query(Area).filter_by(parent_code=county)}
    assert {seat.area_code for seat in seats} == codes
    assert all(shape.contains(shapely.Point(seat.lng, seat.lat)) for seat in seats)
    assert {kind for (kind,) in session.query(Place.kind)} == {"township", "tribunal", "mediation"}


def test_they_say_that_they_are_invented(session: Session) -> None:
    (batch,) = session.query(PlaceBatch).all()
    assert (batch.file_name, batch.lines) == (FILE, session.query(Place).count())
    assert is_invented(session, batch.area_path)
    assert all(place.invented for place in standing(session))


def test_an_offices_positions_drive_them_out(session: Session) -> None:
    batch = session.query(PlaceBatch).one()
    seat = session.query(Place).filter_by(kind="township").first()
    assert seat is not None
    real = text("UPDATE agency SET demo = false WHERE id = :id")
    other = session.execute(
        text("SELECT id FROM agency WHERE kind = 'city_coordination' LIMIT 1")
    ).scalar_one()
    session.execute(real, {"id": other})
    session.execute(
        text(
            "INSERT INTO place_batch (agency_id, area_path, file_name, content_hash, lines,"
            " entered_by, entered_at, undone_reason) SELECT :agency, area_path, 'a', 'a', 1,"
            " entered_by, entered_at, '' FROM place_batch"
        ),
        {"agency": other},
    )
    session.execute(
        text(
            "INSERT INTO place (batch_id, slot, kind, name, area_code, area_path, lng, lat,"
            " given_lng, given_lat, datum, since) SELECT (SELECT max(id) FROM place_batch), slot,"
            " kind, name, area_code, area_path, lng, lat, lng, lat, datum, since FROM place"
            " WHERE id = :id"
        ),
        {"id": seat.id},
    )
    assert list(positions(session, batch.area_path)) == [seat.area_code]
    assert not is_invented(session, batch.area_path)


def test_none_are_written_where_others_stand_or_no_outline_is_known(
    placed: Engine, session: Session
) -> None:
    (batch,) = session.query(PlaceBatch).all()
    county = batch.area_path.strip("/").split("/")[-1]
    with placed.begin() as connection:
        assert write_positions(connection, county, NOW, 1) == 0
        assert write_positions(connection, "000000", NOW, 1) == 0
