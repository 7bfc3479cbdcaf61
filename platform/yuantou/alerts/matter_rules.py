"""Rules about one matter that judge as soon as it is logged or moves: W01, W05, W06, W07.

Each is a pure function of the rule and the matter's facts. They grade the matter, never a person.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from yuantou.alerts.findings import Finding, Reason
from yuantou.alerts.rules import Rule
from yuantou.disputes.matter import N_


@dataclass(frozen=True, slots=True)
class MatterFacts:
    """What stands of a matter: type, people, facts, how often mediation failed, relapses."""

    type: str
    involved: int
    flags: tuple[str, ...] = ()
    failures: int = 0
    relapsed: bool = False


def many_people(rule: Rule, matter: MatterFacts) -> Finding | None:
    """W01: as many people as the threshold of its type, or more."""
    yellow = rule.number("yellow", matter.type, matter.flags)
    red = rule.number("red", matter.type, matter.flags)
    if matter.involved < min(yellow, red):
        return None
    level, least = ("red", red) if matter.involved >= red else ("yellow", yellow)
    say = N_("涉及 %(involved)s 人，达到 %(least)s 人的门槛。")
    values = {"involved": matter.involved, "least": int(least)}
    return Finding(rule.code, rule.version, level, (Reason(say, values),), values)


def red_line(rule: Rule, matter: MatterFacts) -> Finding | None:
    """W05: one of the facts that are red by themselves."""
    found = [flag for flag in matter.flags if flag in rule.flags]
    if not found:
        return None
    reason = Reason(N_("有红线情形：%(flags)s。"), {"flags": found})
    return Finding(rule.code, rule.version, "red", (reason,), {"flags": found})


def failing(rule: Rule, matter: MatterFacts) -> Finding | None:
    """W06: mediation failed so many times, or the matter came back after it was closed."""
    least, reasons = int(rule.number("failures")), []
    if matter.failures >= least:
        values = {"failures": matter.failures, "least": least}
        reasons.append(Reason(N_("调解不成 %(failures)s 次，达到 %(least)s 次。"), values))
    if matter.relapsed:
        reasons.append(Reason(N_("办结后反弹，已重启。")))
    if not reasons:
        return None
    facts = {"failures": matter.failures, "relapsed": matter.relapsed}
    return Finding(rule.code, rule.version, "yellow", tuple(reasons), facts)


def aggravated(rule: Rule, matter: MatterFacts) -> Finding | None:
    """W07: a type that turns violent easily, with several aggravating facts."""
    found = [flag for flag in matter.flags if flag in rule.flags]
    if matter.type not in rule.types or len(found) < rule.number("facts"):
        return None
    hours = int(rule.number("hours"))
    reason = Reason(
        N_("%(type)s纠纷，同时有 %(count)s 项加重情形：%(flags)s。须在 %(hours)s 小时内研判。"),
        {"type": matter.type, "count": len(found), "flags": found, "hours": hours},
    )
    return Finding(rule.code, rule.version, "red", (reason,), {"flags": found}, hours)


MATTER_RULES: Mapping[str, Callable[[Rule, MatterFacts], Finding | None]] = {
    "W01": many_people,
    "W05": red_line,
    "W06": failing,
    "W07": aggravated,
}


def judge(rules: Mapping[str, Rule], matter: MatterFacts) -> Iterator[Finding]:
    """What the active rules say of a matter; a red line stands before aggravating facts."""
    found = {
        code: finding
        for code, look in MATTER_RULES.items()
        if code in rules and (finding := look(rules[code], matter)) is not None
    }
    if "W05" in found:
        found.pop("W07", None)
    yield from found.values()
