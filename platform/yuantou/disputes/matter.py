"""What the rules look at: the matter, the actor before it, and the refusal they may give.

Standard library only; the service fills these from the database, tests from one line.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

Facts = Mapping[str, object]


class Mark(StrEnum):
    """The group of a state on the screens; the value is the suffix of its CSS class."""

    WAIT = "wait"
    RUN = "run"
    DONE = "done"
    BACK = "back"
    HOLD = "hold"
    UP = "up"
    SHUT = "shut"


class Duty(StrEnum):
    """What an actor is to one matter; the service works it out from account, agency and area.

    The handler is the agency that has the matter now, from the report on: it is never nobody.
    """

    REPORTER = "reporter"
    HANDLER = "handler"
    COORDINATOR = "coordinator"
    COUNTY = "county"
    SUPERVISOR = "supervisor"
    COURT = "court"
    SYSTEM = "system"

    @property
    def name_zh(self) -> str:
        """The duty as the screens say it."""
        return _DUTIES[self]


_DUTIES = {
    Duty.REPORTER: "登记人",
    Duty.HANDLER: "承办单位",
    Duty.COORDINATOR: "综治中心",
    Duty.COUNTY: "县级综治中心",
    Duty.SUPERVISOR: "督办单位",
    Duty.COURT: "人民法院",
    Duty.SYSTEM: "系统定时任务",
}


class Ground(StrEnum):
    """Why a door is closed: law, duty, time, the state of the matter, or an unfilled form."""

    LAW = "law"
    DUTY = "duty"
    TIME = "time"
    STATE = "state"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A closed door that says why, and by which law where it is law."""

    code: str
    message_zh: str
    law_zh: str = ""
    ground: Ground = Ground.LAW
    field: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who stands before the matter: agency, duties towards it, permissions he holds."""

    agency_id: int | None = None
    duties: frozenset[Duty] = frozenset()
    permissions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Matter:
    """All that the rules know of a dispute at the moment `at`.

    `state` is a DisputeState, or the state of a track (judicial confirmation, …) when a track
    is judged. `alleged_abuser` is true when a party is said to have used violence against
    another; `subjects` are what the agreement settles where the law treats it apart.
    """

    state: StrEnum
    at: datetime
    handler_agency_id: int | None = None
    category: str = ""
    refused: bool = False
    consented: bool = False
    alleged_abuser: bool = False
    possible_crime: bool = False
    police_reported_at: datetime | None = None
    has_path_notice: bool = False
    returns: int = 0
    return_until: datetime | None = None
    agreement_effective_on: date | None = None
    subjects: frozenset[str] = frozenset()
    due_on: date | None = None
    closed_on: date | None = None
    missing_documents: tuple[str, ...] = ()


# What a blank required field is called when the form is refused.
FIELD_NAMES = {
    "applicants": "双方当事人的共同申请",
    "application_documents": "申请材料",
    "applied_on": "申请日期",
    "cleared_on": "整改查明日期",
    "consent": "双方同意调解",
    "consents": "双方同意延长",
    "court_case": "法院案号",
    "court_code": "人民法院",
    "decided_on": "裁定日期",
    "fault": "通报或者约谈的事由",
    "listed_by": "决定挂牌的机关",
    "materials": "移送材料",
    "message": "催办内容",
    "outcome": "结果(撤诉、即时履行、司法确认、调解书)",
    "procedure": "审理程序(普通或简易)",
    "received_at": "签收材料时刻",
    "returned_at": "退回法院时刻",
    "time_limit": "督办期限",
    "agreement_content": "协议内容",
    "agreement_form": "协议形式(口头或书面)",
    "category": "纠纷类型",
    "deadline": "办理期限",
    "defaulted_on": "查明未履行的日期",
    "designation_reason": "指定管辖的理由",
    "evidence": "履行情况的依据",
    "found": "回访情况",
    "handler_agency_id": "承办单位",
    "manner": "督促方式",
    "master_id": "并入的事项",
    "mediator_id": "调解员",
    "officer_id": "承办人",
    "partners": "参加联合调处的单位",
    "path": "办理途径",
    "path_options": "已告知的其他途径",
    "performed_on": "履行完毕日期",
    "planned_on": "拟回访日期",
    "police_station": "接报的公安机关",
    "reason": "理由",
    "relapse": "反弹情形",
    "reply": "答复内容",
    "reported_at": "报告时刻",
    "resumed_on": "恢复日期",
    "risk": "风险等级",
    "signature": "签名方式",
    "subjects": "协议涉及的事项",
    "suggested_owner": "建议的承办单位",
    "until": "预计恢复日期",
}
