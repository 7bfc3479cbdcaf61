"""Figures from what is kept beside the plain scan, and the assessment of a year."""

import gc
import gzip
import json
import time
from collections import defaultdict
from datetime import date, timedelta

import geopandas as gpd
from shapely.geometry import shape
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from geo.topology import border_shift
from yuantou.assessments.periods import last_day
from yuantou.assessments.service import assess
from yuantou.calendar.clock import now
from yuantou.database.connections import Connections
from yuantou.database.session import make_engine
from yuantou.indicators.queries import dispute_counts, figures
from yuantou.maps.models import MapDrawing
from yuantou.territory.models import Area, Boundary

SCAN = text("""SELECT county_code, count(*) FROM dispute
WHERE date_trunc('month', reported_at) = :month GROUP BY county_code""")
MEDIATED = text("""SELECT county_code, count(*) FILTER (WHERE outcome LIKE 'agreed%'), count(*)
FROM dispute WHERE date_trunc('month', concluded_at) = :month
AND outcome IN ('agreed_oral', 'agreed_written', 'failed', 'terminated') GROUP BY county_code""")

KEPT = text("""SELECT area_code, sum(reported) FROM dispute_month
WHERE level = 'county' AND month = :month GROUP BY area_code""")
KEPT_SHARE = text("""SELECT area_code, numerators[array_position(months, CAST(:month AS date))],
    denominators[array_position(months, CAST(:month AS date))]
    FROM figure_line WHERE indicator = 'I07' AND level = 'county'""")


def ended_month(back: int = 1) -> date:
    """The first day of the `back`-th month before this one."""
    day = now().date().replace(day=1)
    for _ in range(back):
        day = (day - timedelta(days=1)).replace(day=1)
    return day


def kept_and_scanned(connections: Connections, repeats: int) -> dict[str, list[float]]:
    """Times of one month by county: kept counts and share, and the same by a plain scan."""
    engine, month = make_engine(connections.owner), ended_month()
    times: dict[str, list[float]] = defaultdict(list)
    with Session(engine) as session:
        counties = list(session.scalars(select(Area.code).where(Area.level == "county")))
        for _ in range(repeats + 1):
            for name, work in (
                ("counts kept", lambda: session.execute(KEPT, {"month": month}).all()),
                ("counts page", lambda: dispute_counts(session, "county", month, month)),
                ("counts scan", lambda: session.execute(SCAN, {"month": month}).all()),
                ("share kept", lambda: session.execute(KEPT_SHARE, {"month": month}).all()),
                ("share page", lambda: figures(session, ["I07"], counties, month, month)),
                ("share scan", lambda: session.execute(MEDIATED, {"month": month}).all()),
            ):
                started = time.perf_counter()
                work()
                times[name].append(time.perf_counter() - started)
    engine.dispose()
    return {name: each[1:] for name, each in times.items()}


def map_shift(connections: Connections) -> float:
    """Farthest that the drawing of the map lies from the loaded boundaries, in pixels at zoom 7."""
    engine = make_engine(connections.owner)
    with Session(engine) as session:
        packed = session.scalars(
            select(MapDrawing.topology).order_by(MapDrawing.made_at.desc())
        ).first()
        held = session.scalars(
            select(Boundary.geometry)
            .join(Area, Area.code == Boundary.area_code)
            .where(Area.level == "county", Boundary.valid_to.is_(None))
            .order_by(Area.code)
        ).all()
    engine.dispose()
    areas = gpd.GeoDataFrame(geometry=[shape(each) for each in held], crs="EPSG:4490")
    return border_shift(areas, json.loads(gzip.decompress(packed or b"")), "counties", zoom=7)


def year_assessed(connections: Connections) -> tuple[list[float], float]:
    """Times of the assessment of all counties for each of the last twelve months, sealed; and the
    seconds of CPU that they took in this process."""
    engine = make_engine(connections.worker)
    gc.freeze()  # as the product's own processes do (wsgi.py)
    times, before = [], time.process_time()
    for back in range(12, 0, -1):
        with Session(engine) as session:
            started = time.perf_counter()
            period_end = last_day(f"{ended_month(back):%Y-%m}")
            assess(session, period_end=period_end, due_at=now(), force=True)
            session.commit()
            times.append(time.perf_counter() - started)
    engine.dispose()
    return times, time.process_time() - before
