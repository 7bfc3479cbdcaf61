"""A mediated matter with two parties, and papers read back."""

import io
import re
import zlib
from collections.abc import Callable
from datetime import date
from typing import Any

from docx import Document
from flask.testing import FlaskClient

from tests.coordination.matters import Door, act, report
from yuantou.disputes.parties import NewParty
from yuantou.mediation.facts import Terms
from yuantou.mediation.service import agree

Client = Callable[[str], FlaskClient]
ZHANG = NewParty("applicant", "person", "张建国", "resident", "211382198001010018", "13900001234")
LI = NewParty("respondent", "person", "李秀英 <b>{{ 7*7 }}", address="前山村三组 & 四组")


def mediated(door: Door, **changes: Any) -> int:
    """A numbered matter in mediation by Mei."""
    matter = report(door, parties=(ZHANG, LI), **changes)
    act(door, "mei", matter, "accept")
    kind = changes.get("type", "neighborhood")
    act(door, "mei", matter, "triage", category=kind, risk="blue", path="mediation")
    mediator = door("mei")[1].id
    act(door, "mei", matter, "mediate", mediator_id=mediator, consent=True)
    return matter


def agreed(door: Door, form: str = "written", subjects: tuple[str, ...] = (), **more: Any) -> int:
    """A matter whose parties agreed, to perform later."""
    matter = mediated(door, **more)
    session, mei = door("mei")
    terms = Terms(
        form,
        "三日内拆除滴水",
        "by_date",
        date(2026, 3, 2),
        date(2026, 3, 20),
        500,
        "paper" if form == "written" else None,
        subjects,
    )
    with door.app.test_request_context():
        agree(session, by=mei, dispute_id=matter, terms=terms)
    return matter


def address(matter: int, kind: str, source: int = 0) -> str:
    """Where a paper is made."""
    return f"/matters/{matter}/paper-{kind}/{source}"


def word(client: FlaskClient, place: str, names: str = "clear") -> str:
    """What a paper says as Word, its footer included."""
    answer = client.post(place, data={"shape": "word", "names": names})
    assert answer.status_code == 200, answer.text
    return read_word(answer.data)


def read_word(data: bytes) -> str:
    """All text of a Word file."""
    document = Document(io.BytesIO(data))
    parts = [document.element.body, document.sections[0].footer._element]
    return "\n".join(t.text or "" for part in parts for t in part.iter() if t.tag.endswith("}t"))


def pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    return len(re.findall(rb"/Type /Page\b", pdf))


def streams(pdf: bytes) -> bytes:
    """The unpacked streams of a PDF."""
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return b"".join(_unpacked(one) for one in found)


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error:
        return data
