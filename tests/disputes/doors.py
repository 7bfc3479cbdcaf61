"""A matter and its people, told in one line each."""

from datetime import date, datetime, timedelta
from typing import Any

from yuantou.access.permissions import Permission
from yuantou.calendar.clock import ZONE
from yuantou.disputes.workflow import Actor, DisputeState, Duty, Matter

NOW = datetime(2026, 11, 23, 9, 42, tzinfo=ZONE)
OWN, OTHER = 7, 8
EVERYTHING = frozenset({*map(str, Permission), "confirmation:decide"})

HANDLER = Actor(OWN, frozenset({Duty.HANDLER, Duty.REPORTER}), EVERYTHING)
COORDINATOR = Actor(OTHER, frozenset({Duty.COORDINATOR, Duty.COUNTY}), EVERYTHING)
ANYBODY = Actor(OWN, frozenset(Duty), EVERYTHING)
STRANGER = Actor(99, frozenset(), EVERYTHING)

FACTS: dict[str, object] = {
    "agreement_content": "三日内拆除院墙外侧滴水",
    "agreement_form": "written",
    "applicants": "both",
    "application_documents": "申请书、协议、身份证明",
    "applied_on": "2026-11-23",
    "category": "neighborhood",
    "cleared_on": "2026-11-23",
    "consent": True,
    "consents": "both",
    "court_case": "(2026)辽0106民特1号",
    "court_code": "2106",
    "deadline": "2026-12-01",
    "decided_on": "2026-11-23",
    "defaulted_on": "2026-11-22",
    "designation_reason": "两次退回",
    "evidence": "收条",
    "fault": "逾期未报",
    "found": "双方满意",
    "handler_agency_id": OTHER,
    "listed_by": "县委政法委",
    "manner": "上门",
    "master_id": 1,
    "materials": "起诉状副本",
    "mediator_id": 3,
    "message": "请尽快办理",
    "officer_id": 4,
    "outcome": "withdrawn_suit",
    "partners": [5, 6],
    "path": "mediation",
    "path_options": ["litigation"],
    "performed_on": "2026-11-22",
    "planned_on": "2026-12-22",
    "police_station": "前山派出所",
    "procedure": "ordinary",
    "reason": "当事人要求",
    "received_at": NOW,
    "relapse": "又起争执",
    "reply": "已依法处理",
    "reported_at": NOW - timedelta(minutes=5),
    "resumed_on": "2026-11-23",
    "returned_at": NOW,
    "risk": "blue",
    "signature": "paper_scan",
    "subjects": [],
    "suggested_owner": "住建局",
    "time_limit": "3 个工作日",
    "until": date(2026, 12, 10),
}


def matter(state: DisputeState, **known: Any) -> Matter:
    """A plain matter in `state`, handled by the agency OWN."""
    return Matter(**{"state": state, "at": NOW, "handler_agency_id": OWN, **known})


def without(*fields: str) -> dict[str, object]:
    """The filled form but for some fields."""
    return {key: value for key, value in FACTS.items() if key not in fields}
