"""A paper filled from the record: every value as text, the parties masked or in clear."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from yuantou.calendar.clock import local
from yuantou.database.text import clean
from yuantou.disputes.codes import read
from yuantou.disputes.models import Dispute, Party
from yuantou.disputes.parties import OpenedParty
from yuantou.disputes.workflow import DisputeState
from yuantou.mediation.models import Agreement, FollowUp, MediationRecord, PathNotice
from yuantou.mediation.papers.filled import Filled
from yuantou.mediation.papers.queries import Record

SIDES = {"applicant": "申请人", "respondent": "被申请人", "third": "第三人"}
GENDERS = {"male": "男", "female": "女"}
CONSENTS = {"agreed": "同意", "yes": "同意", "refused": "不愿", "no": "不愿"}
MODES = {"immediate": "当场履行", "by_date": "约定日期履行", "none": "没有给付内容"}
MANNERS = {"oral": "当面口头", "phone": "电话", "written": "书面"}
PERFORMED = {
    "performed": "已履行",
    "partly": "部分履行",
    "defaulted": "未履行",
    "none": "没有给付内容",
}
SATISFIED = {
    "satisfied": "满意",
    "fair": "一般",
    "dissatisfied": "不满意",
    "unstated": "未表态",
}
_NUMBER = re.compile(r"(.*)〔(\d{4})〕第0*(\d+)号")
_ID = re.compile(r"\d{6}(\d{4})(\d{2})(\d{2})\d{2}(\d)[\dXx]")


@dataclass(frozen=True)
class Making:
    """Who makes a paper, when."""

    who: str
    agency: str
    at: datetime

    @property
    def footer(self) -> str:
        """The line on every page."""
        at = local(self.at)
        return f"{self.who}（{self.agency}）{at:%Y-%m-%d %H:%M} 制作 · 仅限办案使用"


def fill(
    session: Session,
    record: Record,
    parties: Sequence[Party],
    opened: Mapping[int, OpenedParty],
    making: Making,
) -> Filled:
    """All that is known; `opened` holds the parties in clear, by id."""
    people = [_person(party, opened.get(party.id), local(making.at).date()) for party in parties]
    values = (
        _matter(record)
        | _agreement(record)
        | _session(record, record.session)
        | _notice(record.notice)
        | _call(record, record.call)
        | _ending(record)
        | {
            "party_names": "、".join(one["name"] for one in people),
            "made_on": day(local(making.at).date()),
            "made_by": making.who,
        }
    )
    values = {name: clean(value) for name, value in values.items()}
    people = [{name: clean(value) for name, value in one.items()} for one in people]
    return Filled(values, people, {"paths": _paths(record.notice)}, making.footer)


def file_no(number: str | None) -> str:
    """The number of the file, （年）X人调字第N号, from the number of the matter."""
    found = _NUMBER.fullmatch(number or "")
    return f"（{found[2]}）{found[1]}人调字第{found[3]}号" if found else ""


def day(value: date | None) -> str:
    """A day as offices write it; nothing where there is none."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def moment(value: datetime | None) -> str:
    """A moment as offices write it."""
    at = local(value) if value else None
    return f"{day(at.date())} {at:%H:%M}" if at else ""


def money(value: float | None) -> str:
    """An amount in yuan; nothing where there is none."""
    return f"{value:,.2f} 元" if value else ""


def _matter(record: Record) -> dict[str, str]:
    dispute, codes = record.dispute, read()
    kind, source = codes.types.get(dispute.type), codes.sources.get(dispute.source)
    return {
        "file_no": file_no(dispute.number),
        "number": dispute.number or "",
        "title": dispute.title,
        "type": kind.name_zh if kind else "",
        "source": source.name_zh if source else "",
        "place": f"{record.area}{dispute.place}",
        "occurred_on": day(dispute.occurred_on),
        "accepted_on": _on(dispute.accepted_at),
        "involved": f"{dispute.involved} 人",
        "amount": money(dispute.amount),
        "summary": dispute.summary,
        "handler": record.handler,
        "mediator": record.person(dispute.mediator_id),
        "registrar": record.person(dispute.reporter_id),
    }


def _agreement(record: Record) -> dict[str, str]:
    agreement: Agreement | None = record.agreement
    if agreement is None:
        return {}
    return {
        "agreement_content": agreement.content,
        "agreement_amount": money(agreement.amount),
        "perform_mode": MODES.get(agreement.perform_mode, ""),
        "due_on": day(agreement.due_on),
        "effective_on": day(agreement.effective_on),
        "performance": PERFORMED.get(record.performance, ""),
        "recorder": record.person(agreement.written_by),
    }


def _session(record: Record, held: MediationRecord | None) -> dict[str, str]:
    if held is None:
        return {}
    return {
        "held_at": moment(held.held_at),
        "held_place": held.place,
        "attendees": held.attendees,
        "held_content": held.content,
        "recorder": record.person(held.written_by),
    }


def _notice(notice: PathNotice | None) -> dict[str, str]:
    if notice is None:
        return {}
    return {
        "told_at": moment(notice.told_at),
        "told_manner": MANNERS.get(notice.manner, ""),
        "told_note": notice.note,
    }


def _paths(notice: PathNotice | None) -> list[str]:
    known = read().paths
    found = [known[code] for code in notice.paths if code in known] if notice else []
    return [f"{one.name_zh}：{one.body_zh}（{one.law_zh}）" for one in found]


def _call(record: Record, call: FollowUp | None) -> dict[str, str]:
    if call is None:
        return {}
    return {
        "called_at": moment(call.called_at),
        "reached": "联系上" if call.reached else "没联系上",
        "called_performed": PERFORMED.get(call.performed or "", ""),
        "satisfied": SATISFIED.get(call.satisfied or "", ""),
        "hidden_risk": "有" if call.hidden_risk else "没有",
        "called_note": call.note,
        "caller": record.person(call.written_by),
    }


def _ending(record: Record) -> dict[str, str]:
    dispute: Dispute = record.dispute
    agreement = record.agreement
    told = [f"{day(local(one.held_at).date())}调解一次。" for one in record.sessions]
    if agreement is not None:
        how = "口头" if agreement.form == "oral" else "书面"
        told.append(f"{day(agreement.effective_on)}达成{how}协议：{agreement.content}")
    return {
        "closed_on": _on(dispute.closed_at),
        "result": DisputeState(dispute.state).name_zh,
        "outcome": "\n".join(told),
    }


def _person(party: Party, opened: OpenedParty | None, on: date) -> dict[str, str]:
    """A party; the sex, the day of birth and the age on a day stand in a resident's number."""
    found = _ID.fullmatch(opened.id_number or "") if opened else None
    told_gender = GENDERS.get(opened.gender or "") if opened else None
    told: dict[str, Any] = {
        "side": SIDES.get(party.side, ""),
        "name": opened.name if opened else party.name_mask,
        "id_number": opened.id_number if opened else party.id_mask,
        "phone": opened.phone if opened else party.phone_mask,
        "address": opened.address if opened else None,
        "consent": CONSENTS.get(party.consent),
        "gender": ("男" if int(found[4]) % 2 else "女") if found else told_gender,
        "birth": f"{found[1]}-{found[2]}-{found[3]}" if found else None,
        "age": f"{_years(found, on)} 岁" if found else None,
        "ethnicity": opened.ethnicity if opened else None,
        "occupation": opened.occupation if opened else None,
    }
    return {name: value or "" for name, value in told.items()}


def _years(born: re.Match[str], on: date) -> int:
    """Whole years from the day of birth in a resident's number."""
    return on.year - int(born[1]) - ((on.month, on.day) < (int(born[2]), int(born[3])))


def _on(value: datetime | None) -> str:
    return day(local(value).date()) if value else ""
