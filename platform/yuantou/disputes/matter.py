"""What the rules look at: the matter, the actor before it, and the refusal they may give.

Standard library only; the service fills these from the database, tests from one line. Texts are
marked with `N_` for translation and translated where they are shown (words.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as column
from datetime import date, datetime
from enum import StrEnum

Facts = Mapping[str, object]
N_ = str  # marks a text for translation, and leaves it as it is


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
    Duty.REPORTER: N_("登记人"),
    Duty.HANDLER: N_("承办单位"),
    Duty.COORDINATOR: N_("综治中心"),
    Duty.COUNTY: N_("县级综治中心"),
    Duty.SUPERVISOR: N_("督办单位"),
    Duty.COURT: N_("人民法院"),
    Duty.SYSTEM: N_("系统定时任务"),
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
    """A closed door that says why, and by which law where it is law.

    `text` may hold %(names)s, whose `values` are texts, days, numbers or lists of texts.
    """

    code: str
    text: str
    law_zh: str = ""
    ground: Ground = Ground.LAW
    field: str = ""
    values: Mapping[str, object] = column(default_factory=dict)

    @property
    def message_zh(self) -> str:
        """The whole text in Chinese."""
        if not self.values:
            return self.text
        return self.text % {name: zh_words(value) for name, value in self.values.items()}


def zh_words(value: object) -> str:
    """A value inside a Chinese sentence: days as offices write them, lists with their comma."""
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, list | tuple):
        return "、".join(map(str, value))
    return str(value)


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
    another, `home_violence` where it was at home; `report_owed` where the law demands a report;
    `…_until` are last days by the limits in force, None where none is bound;
    `subjects` are what the agreement settles where the law treats it apart.
    """

    state: StrEnum
    at: datetime
    handler_agency_id: int | None = None
    category: str = ""
    refused: bool = False
    consented: bool = False
    alleged_abuser: bool = False
    home_violence: bool = False
    possible_crime: bool = False
    report_owed: bool = False
    police_reported_at: datetime | None = None
    has_path_notice: bool = False
    returns: int = 0
    return_until: datetime | None = None
    agreement_effective_on: date | None = None
    subjects: frozenset[str] = frozenset()
    due_on: date | None = None
    closed_on: date | None = None
    confirmation_until: date | None = None
    reopening_until: date | None = None
    rest_until: date | None = None
    missing_documents: tuple[str, ...] = ()


# What a blank required field is called when the form is refused.
FIELD_NAMES = {
    "applicants": N_("双方当事人的共同申请"),
    "application_documents": N_("申请材料"),
    "applied_on": N_("申请日期"),
    "cleared_on": N_("整改查明日期"),
    "consent": N_("双方同意调解"),
    "consents": N_("双方同意延长"),
    "court_case": N_("法院案号"),
    "court_code": N_("人民法院"),
    "decided_on": N_("裁定日期"),
    "fault": N_("通报或者约谈的事由"),
    "listed_by": N_("决定挂牌的机关"),
    "materials": N_("移送材料"),
    "message": N_("催办内容"),
    "outcome": N_("结果（撤诉、即时履行、司法确认、调解书）"),
    "procedure": N_("审理程序（普通或简易）"),
    "received_at": N_("签收材料时刻"),
    "returned_at": N_("退回法院时刻"),
    "time_limit": N_("督办期限"),
    "agreement_content": N_("协议内容"),
    "agreement_form": N_("协议形式（口头或书面）"),
    "category": N_("纠纷类型"),
    "deadline": N_("办理期限"),
    "defaulted_on": N_("查明未履行的日期"),
    "designation_reason": N_("指定管辖的理由"),
    "evidence": N_("依据"),
    "found": N_("回访情况"),
    "handler_agency_id": N_("承办单位"),
    "manner": N_("督促方式"),
    "master_id": N_("并入的事项"),
    "mediator_id": N_("调解员"),
    "officer_id": N_("承办人"),
    "partners": N_("参加联合调处的单位"),
    "path": N_("办理途径"),
    "path_options": N_("已告知的其他途径"),
    "performed_on": N_("履行完毕日期"),
    "planned_on": N_("拟回访日期"),
    "police_station": N_("接报的公安机关"),
    "reason": N_("理由"),
    "relapse": N_("反弹情形"),
    "reply": N_("答复内容"),
    "reported_at": N_("报告时刻"),
    "resumed_on": N_("恢复日期"),
    "risk": N_("风险等级"),
    "signature": N_("签名方式"),
    "subjects": N_("协议涉及的事项"),
    "suggested_owner": N_("建议的承办单位"),
    "until": N_("预计恢复日期"),
}
