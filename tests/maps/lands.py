"""A land of three square counties for the tests of the map."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import (
    CITY,
    DONGJIE,
    GONGYINGZI,
    HEPING,
    KAZUO,
    LINGYUAN,
    NANJIE,
    PROVINCE,
    SHENYANG,
)
from yuantou.calendar.clock import today
from yuantou.indicators.models import DisputeMonth
from yuantou.maps.drawing import draw
from yuantou.maps.queries import month_back
from yuantou.territory.models import Boundary

NOW = datetime(2026, 1, 5, tzinfo=UTC)
PATHS = {
    LINGYUAN: f"{PROVINCE}/{CITY}/{LINGYUAN}/",
    KAZUO: f"{PROVINCE}/{CITY}/{KAZUO}/",
    HEPING: f"{PROVINCE}/{SHENYANG}/{HEPING}/",
}
Clients = Callable[[str], FlaskClient]


def last_month() -> date:
    """The last whole month as it is now: a run of the tests may pass midnight."""
    return month_back(today().replace(day=1), 1)


def squares(owner: Session, *codes: str) -> None:
    """Areas as squares of one degree, side by side from 119° to the east."""
    for west, code in enumerate(codes, start=119):
        ring = [[west, 41], [west + 1, 41], [west + 1, 42], [west, 42], [west, 41]]
        owner.add(
            Boundary(
                area_code=code,
                geometry={"type": "Polygon", "coordinates": [ring]},
                source_crs="EPSG:4490",
                approval_no=None,
                valid_from=date(2020, 1, 1),
                valid_to=None,
                source="方格",
            )
        )
    owner.commit()


def count(owner: Session, code: str, path: str, level: str, reported: int) -> None:
    """Keep a month's sum as the job would."""
    owner.add(
        DisputeMonth(
            area_code=code,
            month=last_month(),
            type="damages",
            level=level,
            area_path=path,
            reported=reported,
            closed=0,
            computed_at=NOW,
        )
    )


def land_of(owner: Session) -> None:
    """Three square counties, drawn; Lingyuan has 40 disputes, Kazuo 2, Heping 30."""
    squares(owner, *PATHS)
    for code, reported in ((LINGYUAN, 40), (KAZUO, 2), (HEPING, 30)):
        count(owner, code, PATHS[code], "county", reported)
    count(owner, NANJIE, PATHS[LINGYUAN] + NANJIE + "/", "township", 38)
    count(owner, DONGJIE, PATHS[LINGYUAN] + DONGJIE + "/", "township", 2)
    count(owner, GONGYINGZI, PATHS[KAZUO] + GONGYINGZI + "/", "township", 2)
    draw(owner, now=NOW)
    owner.commit()


ORDER = sorted(PATHS)


def of(client: FlaskClient, query: str = "layer=reported") -> dict[str, str]:
    """Words of the counties in sight."""
    sent = client.get(f"/map/values?{query}").get_json()
    rows = zip(ORDER, sent["classes"], sent["words"].split("|"), strict=True)
    return {code: words for code, level, words in rows if level != "_"}
