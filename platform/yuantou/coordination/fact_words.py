"""What the kept facts of an event say beside its name."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from yuantou.coordination.queries import Names
from yuantou.database.text import whole_number
from yuantou.disputes.codes import read
from yuantou.disputes.models import DisputeEvent
from yuantou.disputes.words import comma, day_words, moment_words

Words = Callable[[Mapping[str, Any]], list[str]]
_brought: list[Words] = []


def bring(words: Words) -> None:
    """Let a room above say the facts that it kept in an event."""
    if words not in _brought:
        _brought.append(words)


def fact_words(event: DisputeEvent, known: Names, now: datetime) -> list[str]:
    """The kept facts of an event that say more than its name."""
    facts, codes, said = event.facts, read(), []
    for name, words in (
        ("handler_agency_id", _("承办")),
        ("suggested_owner", _("建议承办")),
        ("from_agency_id", _("移送单位")),
        ("to_agency_id", _("接收单位")),
    ):
        agency = known.agencies.get(_int(facts.get(name)))
        said += [f"{words}：{agency}"] if agency else []
    for name, words in (("mediator_id", _("调解员")), ("officer_id", _("承办人"))):
        person = known.accounts.get(_int(facts.get(name)))
        said += [f"{words}：{person}"] if person else []
    for name, words in (
        ("deadline", _("期限")),
        ("until", _("预计恢复")),
        ("due_on", _("履行期限")),
    ):
        said += [f"{words}：{_day(facts[name], now)}"] if facts.get(name) else []
    graded = event.event != "reported"  # the least that its facts demand is nobody's judgement
    risk = codes.risks.get(str(facts.get("risk", ""))) if graded else None
    said += _court_words(facts, known, now)
    said += [_("风险：%(level)s", level=_(risk.name_zh))] if risk else []
    said += _listed(
        _("已告知"), facts.get("path_options"), {k: _(v.name_zh) for k, v in codes.paths.items()}
    )
    said += _listed(
        _("参加单位"), facts.get("partners"), {str(k): v for k, v in known.agencies.items()}
    )
    return [*said, *(words for say in _brought for words in say(facts))]


def _court_words(facts: Mapping[str, Any], known: Names, now: datetime) -> list[str]:
    """Case numbers, days of a court, when the police were told, who was named."""
    said = [f"{_('案号')}：{facts['court_case']}"] if facts.get("court_case") else []
    for name, words in (("decided_on", _("裁定")), ("applied_on", _("申请"))):
        said += [f"{words}：{_day(facts[name], now)}"] if facts.get(name) else []
    if facts.get("reported_at"):
        moment = datetime.fromisoformat(str(facts["reported_at"]))
        said.append(_("报告时刻：%(at)s", at=moment_words(moment, now)))
    person = known.accounts.get(_int(facts.get("account_id")))
    return [*said, person] if person else said


def _listed(label: str, values: object, named: dict[str, str]) -> list[str]:
    if not isinstance(values, list) or not values:
        return []
    return [f"{label}：{comma().join(named.get(str(each), str(each)) for each in values)}"]


def _day(value: object, now: datetime) -> str:
    try:
        day = date.fromisoformat(str(value)[:10])
    except ValueError:
        return str(value)
    return day_words(datetime(day.year, day.month, day.day, tzinfo=now.tzinfo), now)


def _int(value: object) -> int:
    return whole_number(value) or 0
