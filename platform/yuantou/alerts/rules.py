"""The rules of warnings as data: what each is called, its numbers and their special cases.

Standard library only; config/warnings.toml ships them, rulebook.py keeps their versions.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yuantou.alerts.levels import WarningsMalformed
from yuantou.disputes.matter import N_

AT_ONCE, NIGHTLY = "at_once", "nightly"
# Each rule's numbers, as the page of the rules names them.
NUMBERS: dict[str, dict[str, str]] = {
    "W01": {"yellow": N_("达到多少人为黄"), "red": N_("达到多少人为红")},
    "W02": {
        "days": N_("看多少天"),
        "yellow": N_("达到多少件为黄"),
        "red": N_("达到多少件为红"),
        "call_days": N_("报警看多少天"),
        "calls": N_("报警达到多少次"),
    },
    "W03": {
        "days": N_("看多少天"),
        "yellow": N_("多少人反映为黄"),
        "red": N_("多少人反映为红"),
    },
    "W04": {
        "short_days": N_("短期看多少天"),
        "short_past": N_("短期同过去多少期比"),
        "long_days": N_("长期看多少天"),
        "long_past": N_("长期同过去多少期比"),
        "least_past": N_("过去至少要有多少期"),
        "sigmas": N_("超过均值多少倍标准差"),
        "p": N_("偶然出现的概率低于"),
        "least": N_("至少多少件"),
    },
    "W05": {},
    "W06": {"failures": N_("调解不成多少次")},
    "W07": {"facts": N_("同时有多少项加重情形"), "hours": N_("多少小时内研判")},
    "W08": {"days": N_("非红色事项超期多于多少天")},
    "W09": {"days_before": N_("到期前多少天提醒"), "days_after": N_("到期后多少天以内报")},
    "W10": {
        "ratio": N_("达到均值的多少倍"),
        "months": N_("同过去多少个月比"),
        "least_months": N_("过去至少要有多少个月"),
        "least": N_("至少多少件"),
    },
    "W11": {
        "days": N_("看多少天"),
        "signatures": N_("同一签名图出现在多少件事项"),
        "phones": N_("同一电话用于多少个当事人"),
        "share": N_("一村占全乡镇百分之多少"),
        "least": N_("全乡镇至少多少件"),
        "amount": N_("金额超过多少万元要核对"),
        "years": N_("发生在登记前多少年以上要核对"),
    },
}
LEAST_CROWD = 3  # no rule of many people begins below; a matter of fewer is not looked at for it
_KEYS = {"code", "name_zh", "says_zh", "when", "active", "source", "example"}
_MORE = {"numbers", "special", "types", "flags"}


@dataclass(frozen=True, slots=True)
class Special:
    """Other numbers for some types of dispute, or where one of these facts is there."""

    numbers: Mapping[str, float]
    types: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    def fits(self, type_code: str, flags: Iterable[str]) -> bool:
        """Whether a matter is such a case."""
        return type_code in self.types or any(flag in self.flags for flag in flags)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in one version."""

    code: str
    name_zh: str
    says_zh: str
    when: str
    active: bool
    source: str
    example: bool
    numbers: Mapping[str, float] = field(default_factory=dict)
    special: tuple[Special, ...] = ()
    types: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    version: int = 0

    def number(self, name: str, type_code: str = "", flags: Sequence[str] = ()) -> float:
        """A number of the rule; of special cases that fit, the strictest."""
        fitting = [
            one.numbers[name]
            for one in self.special
            if name in one.numbers and one.fits(type_code, flags)
        ]
        return min(fitting, default=self.numbers[name])


def read(path: Path) -> tuple[Rule, ...]:
    """All rules of the file; WarningsMalformed says which row cannot be used and why."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("rule", [])
        rules = tuple(rule_of(row) for row in rows)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as fault:
        raise WarningsMalformed(f"{path}: {fault}") from fault
    codes = [rule.code for rule in rules]
    if sorted(codes) != sorted(NUMBERS):
        raise WarningsMalformed(f"{path}: rules are {', '.join(NUMBERS)}, each once")
    return rules


def rule_of(row: Mapping[str, Any], version: int = 0) -> Rule:
    """A rule from a row of the file or from the stored body of its version."""
    code = row.get("code", "?")
    if unknown := row.keys() - _KEYS - _MORE:
        raise ValueError(f"{code}: unknown key {', '.join(sorted(unknown))}")
    numbers = dict(row.get("numbers", {}))
    special = tuple(
        Special(dict(one["numbers"]), tuple(one.get("types", ())), tuple(one.get("flags", ())))
        for one in row.get("special", ())
    )
    _check(code, row, numbers, special)
    return Rule(
        **{key: row[key] for key in _KEYS},
        numbers=numbers,
        special=special,
        types=tuple(row.get("types", ())),
        flags=tuple(row.get("flags", ())),
        version=version,
    )


def body(rule: Rule) -> dict[str, Any]:
    """The rule as it is stored; `rule_of` reads it."""
    made: dict[str, Any] = {key: getattr(rule, key) for key in sorted(_KEYS)}
    made |= {"numbers": dict(rule.numbers), "types": list(rule.types), "flags": list(rule.flags)}
    made["special"] = [
        {"numbers": dict(one.numbers), "types": list(one.types), "flags": list(one.flags)}
        for one in rule.special
    ]
    return made


def _check(
    code: str, row: Mapping[str, Any], numbers: Mapping[str, Any], special: Sequence[Special]
) -> None:
    if code not in NUMBERS or row["when"] not in (AT_ONCE, NIGHTLY):
        raise ValueError(f"{code}: no such rule, or 'when' is not {AT_ONCE} or {NIGHTLY}")
    if numbers.keys() != NUMBERS[code].keys():
        raise ValueError(f"{code}: numbers are {', '.join(NUMBERS[code]) or 'none'}")
    stated = [numbers, *(one.numbers for one in special)]
    if any(
        type(value) not in (int, float) or value <= 0 for one in stated for value in one.values()
    ):
        raise ValueError(f"{code}: every number is above 0")
    if any(one.numbers.keys() - numbers.keys() for one in special):
        raise ValueError(f"{code}: a special case has a number that the rule has not")
    if code == "W01" and min(value for one in stated for value in one.values()) < LEAST_CROWD:
        raise ValueError(f"{code}: begins at {LEAST_CROWD} people")
