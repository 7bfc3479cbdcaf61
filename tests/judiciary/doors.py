"""What the tests of the courts' counts share: files, and walking in through the doors."""

import re
from collections.abc import Callable, Sequence

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from yuantou.judiciary.models import CourtCount

HEAD = ("法院名称", "月份", "口径", "民事一审新收", "行政一审新收", "先行调解成功")
COURT = "lingyuan-court"
DEC = (COURT, "2025-12", "含先行调解成功", 120, 3, 20)
NOV = (COURT, "2025-11", "含先行调解成功", 100, 2, "")
Doors = Callable[[str], FlaskClient]


def sheet(*rows: Sequence[object], head: Sequence[str] = HEAD) -> bytes:
    """A CSV with our header."""
    return "\n".join(",".join(str(cell) for cell in row) for row in (head, *rows)).encode()


def upload(
    client: FlaskClient, data: bytes, name: str = "counts.csv", reason: str = ""
) -> TestResponse:
    """Send a file to be checked; the body is built here so that no temporary file is left open."""
    part = 'Content-Disposition: form-data; name="{}"'
    body = b"\r\n".join(
        [
            b"--frontier",
            (part.format("table") + f'; filename="{name}"').encode(),
            b"Content-Type: application/octet-stream\r\n",
            data,
            b"--frontier",
            part.format("reason").encode() + b"\r\n",
            reason.encode(),
            b"--frontier--\r\n",
        ]
    )
    kind = "multipart/form-data; boundary=frontier"
    return client.post("/judiciary/upload", data=body, content_type=kind)


def confirm(client: FlaskClient, checked: TestResponse) -> TestResponse:
    """Confirm what a check showed."""
    found = re.search(r'name="rows"[^>]*value="([^"]+)"', checked.text)
    assert found, checked.text
    return client.post("/judiciary/confirm", data={"rows": found[1]})


def number_of(response: TestResponse) -> int:
    """Number of the batch that a redirect leads to."""
    assert response.status_code == 302, response.text
    return int(response.location.rsplit("/", 1)[1])


def entered(client: FlaskClient, *rows: Sequence[object], reason: str = "") -> int:
    """Upload and confirm rows; the number of the batch."""
    checked = upload(client, sheet(*rows), reason=reason)
    assert checked.status_code == 200, checked.text
    return number_of(confirm(client, checked))


def released(doors: Doors, *rows: Sequence[object], reason: str = "") -> int:
    """Enter as Kang, release as Lu."""
    batch = entered(doors("kang"), *rows, reason=reason)
    assert doors("lu").post(f"/judiciary/batches/{batch}/release").status_code == 302
    return batch


def rows_of(owner: Session) -> list[CourtCount]:
    """All kept rows, oldest first."""
    owner.expire_all()
    return owner.query(CourtCount).order_by(CourtCount.id).all()
