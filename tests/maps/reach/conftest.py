"""Positions as an office sends them, and the pages they go through."""

import html
import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import KAZUO, LINGYUAN
from tests.maps.lands import squares

HEAD = "类别,名称,县区,乡镇街道,经度,纬度,坐标系"
ROWS = (
    "人民法庭,凌源第一人民法庭,凌源市,,119.40,41.25,CGCS2000",
    "调解点,南街调解点,凌源,南街街道,119.41,41.25,WGS84",
    "乡镇街道,,211382,南街街道,119.40,41.25,CGCS2000",
    "乡镇街道,,211382,万元店镇,119.40,41.70,CGCS2000",
)
Clients = Callable[[str], FlaskClient]


def csv(*rows: str) -> bytes:
    """A file with these lines below the header."""
    return "\n".join((HEAD, *rows)).encode()


def upload(client: FlaskClient, data: bytes, name: str = "位置.csv") -> tuple[int, str]:
    """What checking a file says."""
    answer = client.post("/map/reach/places", data={"file": (io.BytesIO(data), name)})
    return answer.status_code, html.unescape(answer.get_data(as_text=True))


def load(client: FlaskClient, *rows: str) -> int:
    """Check and confirm; the status of confirming."""
    status, words = upload(client, csv(*rows))
    assert status == 200, words
    found = re.search(r'name="lines"[^>]*value="(.*?)">', words, re.S)
    assert found is not None
    return client.post(
        "/map/reach/places/write?file=位置.csv", data={"lines": found[1]}
    ).status_code


@pytest.fixture
def land(owner: Session) -> None:
    """Two square counties side by side."""
    squares(owner, LINGYUAN, KAZUO)
