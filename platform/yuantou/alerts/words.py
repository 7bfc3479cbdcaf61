"""Warnings in words: rules, levels, states, outcomes, what happened; reasons as they are read."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from yuantou.agencies.kinds import KINDS
from yuantou.agencies.models import AgencyKind
from yuantou.alerts.detection.words import ALL_TYPES
from yuantou.alerts.detection.words import NAMES as DETECTORS
from yuantou.alerts.levels import HANDLER, OFFICES
from yuantou.alerts.models import Alert
from yuantou.alerts.names import NAMES
from yuantou.disputes.codes import read as codes
from yuantou.disputes.words import comma
from yuantou.indicators.disclosure import shown, small

COUNTS = ("count", "n", "people")  # values that count matters or persons

LEVELS = {"red": _l("红色预警"), "yellow": _l("黄色预警"), "blue": _l("蓝色提示")}
OWNER_NAMES = {HANDLER: _l("承办单位、调解员"), **{one: KINDS[AgencyKind(one)] for one in OFFICES}}
STATES = {
    "open": (_l("待确认"), "wait"),
    "acknowledged": (_l("已确认"), "run"),
    "acting": (_l("处置中"), "run"),
    "closed": (_l("已结"), "shut"),
}
OUTCOMES = {
    "real": _l("属实"),
    "explained": _l("有正常原因"),
    "nothing": _l("没有问题"),
}
EVENTS = {
    "raised": _l("发出预警"),
    "lifted": _l("情况加重，升级"),
    "lapsed": _l("逾期未确认，已再次提醒并告知上级"),
    "acknowledged": _l("确认"),
    "taken": _l("本人承办"),
    "handed": _l("转交"),
    "acted": _l("处置"),
    "closed": _l("办结"),
    "downgrade_proposed": _l("提出降级"),
    "downgraded": _l("同意降级"),
    "downgrade_refused": _l("不同意降级"),
    "escalated": _l("升级上报"),
    "settled": _l("事项已履行或者办结，预警随之结束"),
    "moved": _l("随事项转到新的地区"),
}


def rule_name(rule: str) -> str:
    """A rule or detector in words; one that is not known here says its code."""
    return str(_(NAMES[rule])) if rule in NAMES else rule


def owner_names(owners: Sequence[str]) -> str:
    """Who answers for a level, the nearest first."""
    return " → ".join(str(OWNER_NAMES[one]) for one in owners)


def in_story(facts: Mapping[str, Any]) -> list[str]:
    """What the matter's timeline says of a warning: rule, level, finding."""
    if "warning" not in facts:
        return []
    said = [rule_name(str(facts.get("rule", ""))), LEVELS.get(str(facts.get("level")), "")]
    return [str(one) for one in (*said, OUTCOMES.get(str(facts.get("outcome")), "")) if one]


def type_name(code: str | None) -> str:
    """A type of dispute in words; '' for all."""
    kind = codes().types.get(code or "")
    return _(kind.name_zh) if kind else ""


def reasons(alert: Alert, *, open_: bool = True) -> list[str]:
    """The sentences of a warning in the language of the page.

    `open_`: the reader may see the matters; others are told no small count.
    """
    return [sentence(reason, open_=open_) for reason in alert.reasons]


def sentence(reason: Mapping[str, Any], *, open_: bool = True) -> str:
    """One reason; what its values do not fill is shown as it stands, never an error."""
    given: dict[str, Any] = dict(reason.get("with", {}))
    values = {name: _value(name, value) for name, value in given.items()}
    if not open_:
        values |= {name: number(given[name]) for name in COUNTS if name in given}
    say = str(reason.get("say", ""))
    try:
        return str(_(say, **values)) if values else str(_(say))
    except (KeyError, TypeError, ValueError):
        return say


def number(count: object) -> object:
    """A count as it is told to who may not see what was counted."""
    return shown(count, hidden=False) if isinstance(count, int) and small(count) else count


def _value(name: str, value: object) -> object:
    """Codes of facts, types and detectors are said in words; old rows hold Chinese words."""
    if name == "flags" and isinstance(value, list):
        known = codes().flags
        return comma().join(_(known[one].name_zh) if one in known else str(one) for one in value)
    if name == "detectors":
        told = value if isinstance(value, list) else str(value).split("、")
        return comma().join(_(DETECTORS.get(str(one), str(one))) for one in told)
    if name == "names" and isinstance(value, str):
        return value.replace("、", comma())
    if name == "type" and value in codes().types:
        return type_name(str(value))
    return _(ALL_TYPES) if value == ALL_TYPES else value
