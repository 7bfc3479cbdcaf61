"""The history of a matter in words: the way it went, its timeline, and whose hands it lay in."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from yuantou.calendar.workdays import WorkCalendar
from yuantou.coordination.fact_words import fact_words
from yuantou.coordination.queries import Names
from yuantou.disputes.models import Dispute, DisputeEvent, Participation
from yuantou.disputes.tracks import TRACKS
from yuantou.disputes.words import comma, moment_words
from yuantou.disputes.workflow import ENDS, MAIN_WAY, STATES, TRANSITIONS, DisputeState

_S = DisputeState
PASSED = {
    _S.REPORTED: "已上报",
    _S.ACCEPTED: "已受理",
    _S.TRIAGED: "已研判",
    _S.DISPATCHED: "已交办",
    _S.SIGNED: "已签收",
    _S.IN_HANDLING: "部门办理",
    _S.IN_MEDIATION: "调解",
    _S.AGREED: "达成协议",
    _S.PERFORMING: "履行",
    _S.PERFORMED: "已履行",
    _S.REPLIED: "已答复",
    _S.FAILED: "调解不成",
    _S.TERMINATED: "终止",
    _S.DEFAULTED: "未履行",
    _S.PATH_ADVISED: "已告知途径",
    _S.FOLLOW_UP: "回访",
    _S.CLOSED: "结案归档",
    _S.REOPENED: "反弹重启",
}
_HEAD = MAIN_WAY[:5]
WAYS = {
    "main": MAIN_WAY,
    "handling": (*_HEAD, _S.IN_HANDLING, _S.REPLIED, _S.FOLLOW_UP, _S.CLOSED),
    "failed": (*_HEAD, _S.IN_MEDIATION, _S.FAILED, _S.PATH_ADVISED, _S.FOLLOW_UP, _S.CLOSED),
    "terminated": (*_HEAD, _S.TERMINATED, _S.PATH_ADVISED, _S.FOLLOW_UP, _S.CLOSED),
}
EVENTS = (
    {row.event: row.name_zh for row in TRANSITIONS}
    | {row.event: row.name_zh for track in TRACKS for row in track.table}
    | {
        "reported": "上报",
        "draft_kept": "存草稿",
        "draft_restored": "恢复草稿",
        "received_at_window": "窗口接收",
        "found_in_screening": "排查发现",
        "merged_into": "并入另一件",
        "taken_out": "移出一件",
        "handler_named": "点名知悉人",
        "handler_unnamed": "撤下知悉人",
        "lift_asked": "提出解除限制知悉",
        "lift_refused": "不同意解除限制知悉",
        "restriction_lifted": "解除限制知悉",
        "personal_data_erased": "销毁个人信息",
        "entrusted": "法院委托调解",
        "supervision_replied": "答复督办",
        "supervision_reply_returned": "退回督办答复",
        "sample_called": "抽查回访",
        "review_opened": "评查人查看卷宗",
        "file_reviewed": "交叉评查",
        "party_opened": "查看当事人资料",
        "party_added": "登记当事人",
        "party_corrected": "更正当事人",
        "party_settled": "核对单位名称",
        "handling_started": "部门开始办理",
        "recorded": "调解记录",
        "mediation_recorded": "调解记录",
        "followed_up": "回访",
        "supplemented": "补充情况",
        "partly_performed": "部分履行",
        "oral_agreement_noted": "记下口头协议（未生效）",
        "duplicate_settled": "核对重复登记",
        "deadline_extended": "延长期限",
        "extension_asked": "申请延长期限",
        "extension_refused": "不准延长期限",
        "limit_reminded": "到期提醒",
        "deadlines_moved": "工作日历调整，期限重算",
        "corrected": "更正登记内容",
        "exported": "导出",
        "handed_over": "交接给同事",
        "series_joined": "归入系列案",
        "series_left": "移出系列案",
        "analysed": "纳入类案分析",
        "source_joined": "归入共同源头",
        "source_left": "移出共同源头",
        "told_apart": "核对：不是同一件",
        "others_asked": "查看当事人在本单位的其他事项",
        "agency_joined": "邀请协办",
        "agency_released": "解除协办",
        "contributed": "协办情况",
        "transfer_offered": "移送外区，等接收",
        "transferred": "接收移送",
        "transfer_declined": "未接收移送",
        "transfer_withdrawn": "撤回移送",
        "whistle_blown": "吹哨",
        "whistle_answered": "回应哨声",
        "whistle_arrived": "到场",
        "referred_in": "登记来件",
        "referred_out": "转平台外单位",
        "referral_answered": "登记转办答复",
        "attached": "添加附件",
        "attachment_opened": "下载附件",
        "attachment_withdrawn": "撤下附件",
        "paper_made": "制作文书",
        "paper_signed": "登记文书签名",
        "signature_struck": "撤销签名登记",
        "warning_raised": "发出预警",
        "warning_lifted": "预警升级",
        "warning_acknowledged": "确认预警",
        "warning_closed": "预警办结",
        "warning_settled": "预警随事项结束",
    }
)
_BACK = {"returned", "mediation_failed", "terminated", "defaulted", "reopened", "declined"}
_PRIVATE = {"party_opened", "others_asked", "exported", "attachment_opened"}


@dataclass(frozen=True)
class Step:
    """One dot of the way: past, now or ahead."""

    label: str
    note: str
    kind: str


@dataclass(frozen=True)
class Entry:
    """One line of the timeline."""

    at: str
    when: str
    what: str
    note: str
    who: str
    kind: str


def steps(dispute: Dispute, events: Sequence[DisputeEvent], now: datetime) -> list[Step]:
    """The way from report to archive: what was passed and when, where it stands, what is ahead."""
    reached = _reached(events)
    current = _S(dispute.state)
    way = list(_way(current, reached))
    if current not in way:
        way.insert(_place(way, reached), current)
    at = way.index(current)
    passed = [_past(state, reached[state], now) for state in way[:at] if state in reached]
    note = moment_words(reached[current], now) if current in reached else ""
    here = Step(_(STATES[current][0]), note, "now")
    to_come = [] if current in ENDS else way[at + 1 :]
    ahead = [Step(_(PASSED.get(state, STATES[state][0])), "", "ahead") for state in to_come]
    return [*passed, here, *ahead]


def asides(dispute: Dispute, events: Sequence[DisputeEvent], known: Names) -> list[dict[str, str]]:
    """Returns so far, and where else the matter may go from here."""
    found = []
    back = [event for event in events if event.event == "returned"]
    if back:
        by = "、".join(dict.fromkeys(known.agencies.get(e.agency_id or 0, "") for e in back))
        found.append({"text": _("退回 %(n)s 次（%(who)s）", n=len(back), who=by), "kind": "back"})
    current = _S(dispute.state)
    way = _way(current, _reached(events))
    others = [
        _(row.name_zh)
        for row in TRANSITIONS
        if current in row.sources and row.leads_to and row.target not in way
    ]
    if others:
        found.append({"text": _("另有去向：%(where)s", where=comma().join(others)), "kind": ""})
    return found


def timeline(
    events: Sequence[DisputeEvent],
    known: Names,
    now: datetime,
    changed: Mapping[int, str] | None = None,
) -> list[Entry]:
    """Newest first; what was looked at stands in it too. `changed` says what corrections did."""
    told = changed or {}
    return [_entry(event, known, now, told.get(event.id, "")) for event in reversed(events)]


def hands(
    dispute: Dispute,
    events: Sequence[DisputeEvent],
    taken: Sequence[Participation],
    known: Names,
    calendar: WorkCalendar,
    now: datetime,
) -> list[dict[str, Any]]:
    """Working days by agency in the order they first had it; standing time apart, and without
    the time between an end and a new beginning, when nobody had it."""
    end = dispute.closed_at or now
    turns = [(dispute.reported_at, _first_holder(dispute, taken))]
    turns += [(part.since, part.agency_id) for part in taken]
    bounds = [since for since, _agency in turns[1:]] + [end]
    days: dict[int, float] = {}
    stopped = 0.0
    stops, rests = _spells(events, (_S.SUSPENDED,), end), _spells(events, ENDS, end)
    for (since, agency), until in zip(turns, bounds, strict=True):
        still = sum(_days(calendar, max(a, since), min(b, until)) for a, b in stops)
        rested = sum(_days(calendar, max(a, since), min(b, until)) for a, b in rests)
        days[agency] = days.get(agency, 0.0) + _days(calendar, since, until) - still - rested
        stopped += still
    did = _deeds(events)
    found: list[dict[str, Any]] = [
        {
            "label": known.agencies.get(agency, ""),
            "value": round(value, 1),
            "note": "、".join(did.get(agency, [])),
        }
        for agency, value in days.items()
    ]
    found.append({"label": _("停表"), "value": round(stopped, 1), "kind": "stop"})
    return [part for part in found if part["value"] > 0]


def event_name(event: DisputeEvent) -> str:
    """An event as the screens say it."""
    return _(EVENTS.get(event.event, "其他登记"))


def actor_words(event: DisputeEvent, known: Names) -> str:
    """Who did it, of which agency."""
    person = known.accounts.get(event.actor_id or 0, "")
    agency = known.agencies.get(event.agency_id or 0, "")
    return " · ".join(filter(None, (person, agency))) or _("系统")


def _reached(events: Sequence[DisputeEvent]) -> dict[DisputeState, datetime]:
    """When each state was entered last; a reopened matter starts its way anew."""
    found: dict[DisputeState, datetime] = {}
    for event in events:
        if event.event in ("reopened", "returned"):
            kept = (_S.REPORTED, _S.ACCEPTED)
            found = {state: at for state, at in found.items() if state in kept}
        if event.to_state and event.to_state != event.from_state:
            found[_S(event.to_state)] = event.at
    return found


def _way(current: DisputeState, reached: dict[DisputeState, datetime]) -> tuple[DisputeState, ...]:
    seen = {current, *reached}
    if seen & {_S.IN_HANDLING, _S.REPLIED}:
        return WAYS["handling"]
    if _S.TERMINATED in seen:
        return WAYS["terminated"]
    return WAYS["failed"] if _S.FAILED in seen else WAYS["main"]


def _place(way: Sequence[DisputeState], reached: dict[DisputeState, datetime]) -> int:
    """Behind the last state of the way that was reached."""
    return max((way.index(state) + 1 for state in reached if state in way), default=0)


def _past(state: DisputeState, at: datetime, now: datetime) -> Step:
    return Step(_(PASSED.get(state, STATES[state][0])), moment_words(at, now), "past")


def _entry(event: DisputeEvent, known: Names, now: datetime, changed: str) -> Entry:
    note = "；".join(filter(None, (changed, event.note, *fact_words(event, known, now))))
    return Entry(
        at=event.at.isoformat(timespec="minutes"),
        when=moment_words(event.at, now),
        what=event_name(event),
        note=note,
        who=actor_words(event, known),
        kind=_kind(event),
    )


def _kind(event: DisputeEvent) -> str:
    if event.event in _PRIVATE:
        return "private"
    if event.event in _BACK:
        return "back"
    if event.event == "escalated":
        return "up"
    return "solid" if event.to_state and event.to_state != event.from_state else ""


def _first_holder(dispute: Dispute, taken: Sequence[Participation]) -> int:
    """Who had it from the report on: the one that reported, unless it was handed on at once."""
    if not taken:
        return dispute.handler_agency_id
    return dispute.reporting_agency_id


def _spells(
    events: Sequence[DisputeEvent], states: Container[str], end: datetime
) -> list[tuple[datetime, datetime]]:
    """When the matter stood in one of `states`, from its entry to the next state, or to `end`."""
    found, since = [], None
    for event in (event for event in events if event.to_state):
        inside = event.to_state in states
        if inside and since is None:
            since = event.at
        elif since is not None and not inside:
            found.append((since, event.at))
            since = None
    return [*found, (since, end)] if since is not None else found


def _days(calendar: WorkCalendar, since: datetime, until: datetime) -> float:
    if until <= since:
        return 0.0
    return calendar.worked_days_between(since, until)


def _deeds(events: Sequence[DisputeEvent]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for event in events:
        if event.agency_id and event.to_state and event.to_state != event.from_state:
            done = found.setdefault(event.agency_id, [])
            name = event_name(event)
            if name not in done and len(done) < 3:
                done.append(name)
    return found
