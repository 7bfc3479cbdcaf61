"""Versions of rules in words: why an act is refused, what two versions differ in."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from yuantou.access import second_person
from yuantou.alerts.levels import ORDER, Terms
from yuantou.alerts.rulebook import Kept
from yuantou.alerts.rules import NUMBERS, Rule, Special
from yuantou.alerts.words import LEVELS, owner_names, type_name
from yuantou.disputes.codes import read as codes
from yuantou.disputes.words import comma

DAYS = {
    "days": _l("办结以后多少天内，同样的情况不重复预警"),
    "days_after_nothing": _l("结论为“没有问题”的，地方上办结以后多少天内不重复预警"),
}
REFUSALS = {
    **second_person.REFUSALS,
    "waiting": _l("这条规则已有一版在等第二个人，先处理那一版。"),
    "unchanged": _l("和现行的一版没有区别。"),
}


def number_words(rule: str, key: str) -> str:
    """What a number of a rule is called."""
    return _(NUMBERS[rule][key])


def special_words(special: Special) -> str:
    """The types and facts of a special case."""
    return comma().join((*map(type_name, special.types), *_flags(special.flags)))


def differences(old: Kept | None, new: Kept) -> Iterator[tuple[str, str, str]]:
    """Name, old and new value of everything that the new version changes."""
    before = dict(_told(old)) if old else {}
    for name, value in _told(new):
        if old is not None and before.get(name, "") != value:
            yield name, before.get(name, ""), value


def _told(kept: Kept) -> Iterator[tuple[str, str]]:
    yield from _of_terms(kept) if isinstance(kept, Terms) else _of_rule(kept)


def _of_terms(terms: Terms) -> Iterator[tuple[str, str]]:
    for code in reversed(ORDER):
        level, name = terms.levels[code], LEVELS[code]
        yield _("%(level)s：多少小时内确认", level=name), f"{level.hours}"
        yield _("%(level)s：由谁负责，近的在先", level=name), owner_names(level.owners)
    yield str(DAYS["days"]), f"{terms.rest.days}"
    yield str(DAYS["days_after_nothing"]), f"{terms.rest_after_nothing.days}"


def _of_rule(rule: Rule) -> Iterator[tuple[str, str]]:
    yield _("是否启用"), _("启用") if rule.active else _("停用")
    for key in NUMBERS[rule.code]:
        yield number_words(rule.code, key), f"{rule.numbers[key]:g}"
    for one in rule.special:
        for key, value in one.numbers.items():
            yield f"{number_words(rule.code, key)}（{special_words(one)}）", f"{value:g}"
    yield _("适用类型"), comma().join(map(type_name, rule.types))
    yield _("情形"), comma().join(_flags(rule.flags))


def _flags(flags: Sequence[str]) -> list[str]:
    known = codes().flags
    return [_(known[one].name_zh) if one in known else one for one in flags]
