"""A wage-arrears class as the tests of this room need it, and the way from it to a letter."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.cast import LINGYUAN
from tests.coordination.matters import Door, agency_of, report
from yuantou.alerts.governance.analyses.service import open_analysis, write
from yuantou.alerts.governance.recommendations.service import act, draft
from yuantou.calendar import clock
from yuantou.disputes.parties import NewParty

EMPLOYER = NewParty(side="respondent", kind="organisation", name="凌源宏达建筑公司")


@dataclass(frozen=True)
class Way:
    """Ids of what stands."""

    matters: list[int]
    analysis: int
    letter: int = 0


def wages(door: Door, number: int = 3, at: datetime | None = None, **changes: Any) -> list[int]:
    """So many wage matters against one employer, reported a day apart until `at`."""
    last = at or clock.now()
    return [
        report(
            door,
            parties=(EMPLOYER,),
            now=last - timedelta(days=place),
            **{"type": "migrant_wages", "title": "拖欠工资", "submission": uuid4().hex, **changes},
        )
        for place in range(number)
    ]


def analysed(door: Door, matters: list[int], login: str = "gao", **changes: Any) -> int:
    """The county's analysis of them."""
    session, viewer = door(login)
    told: dict[str, Any] = {
        "title": "欠薪类案分析",
        "area": LINGYUAN,
        "type_code": "migrant_wages",
        "question": "为什么同一家企业反复欠薪？",
        "dispute_ids": matters,
    }
    return open_analysis(session, by=viewer, **(told | changes)).id


def settled(door: Door, analysis: int) -> None:
    """Findings that stand."""
    session, viewer = door("gao")
    write(session, by=viewer, analysis_id=analysis, findings="分包层层转手", advice="监管账户",
          settle=True)  # fmt: skip


def drafted(door: Door, analysis: int | None, login: str = "gao", to: str = "ren") -> int:
    """A draft of the kind that the unit of `login` writes."""
    session, viewer = door(login)
    made = draft(
        session,
        by=viewer,
        submission=uuid4().hex,
        addressee_id=agency_of(door, to),
        title="关于工资专户监管的建议",
        problem="三件欠薪都出在同一工地",
        basis="有关规定",
        advice="核查工资专用账户",
        analysis_id=analysis,
    )
    return made.id


def step(
    door: Door, login: str, letter: int, action: str, words: str = "", at: datetime | None = None
) -> str:
    """One step of a letter; returns its state."""
    session, viewer = door(login)
    with session:  # what is refused holds no lock
        return act(session, by=viewer, letter_id=letter, action=action, words=words, now=at).state


def sent(door: Door, analysis: int | None, at: datetime | None = None) -> int:
    """A letter that was signed and sent."""
    letter = drafted(door, analysis)
    for action in ("sign", "send"):
        step(door, "gao", letter, action, at=at)
    return letter
