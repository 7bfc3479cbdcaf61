"""Rules that judge at night: repeated pairs, common respondents, limits, agreements, suits.

Pure functions of the rule and what was gathered; numbers and references go in, never a name.
W04 stands in surges.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yuantou.alerts.findings import Finding, Reason
from yuantou.alerts.rules import Rule
from yuantou.disputes.matter import N_

MOST_MATTERS = 200  # references that a warning keeps; their number stands beside them


@dataclass(frozen=True, slots=True)
class Pair:
    """Matters of the same two sides, the newest last; `calls` of them came by the police's call."""

    matters: tuple[int, ...]
    calls: int = 0


@dataclass(frozen=True, slots=True)
class Respondent:
    """Matters against one organisation, told by so many different people; `mark` is no name."""

    mark: str
    matters: tuple[int, ...]
    people: int


@dataclass(frozen=True, slots=True)
class SuitCourse:
    """Suits of one place and cause: those of the newest whole month, and of months before it."""

    count: int
    past: tuple[int, ...]
    month: date


@dataclass(frozen=True, slots=True)
class Village:
    """The village with most matters of a township, and how many the township has."""

    name: str
    count: int
    of: int


def repeated(rule: Rule, pair: Pair) -> Finding | None:
    """W02: the same two sides have so many matters within the window. The matter is shown."""
    days, count = int(rule.number("days")), len(pair.matters)
    if count < min(rule.number("yellow"), rule.number("red")):
        return None
    level = "red" if count >= rule.number("red") else "yellow"
    reasons = [
        Reason(N_("同样的双方 %(days)s 天内有 %(count)s 件事项。"), {"days": days, "count": count})
    ]
    if pair.calls >= rule.number("calls"):
        values = {"days": int(rule.number("call_days")), "count": pair.calls}
        reasons.append(Reason(N_("其中 %(days)s 天内由 110 转来 %(count)s 件。"), values))
    facts = {**_kept(pair.matters), "count": count, "calls": pair.calls}
    return Finding(rule.code, rule.version, level, tuple(reasons), facts)


def common_respondent(rule: Rule, found: Respondent) -> Finding | None:
    """W03: so many different people have a matter against one organisation within the window."""
    if found.people < min(rule.number("yellow"), rule.number("red")):
        return None
    level = "red" if found.people >= rule.number("red") else "yellow"
    values = {
        "days": int(rule.number("days")),
        "count": len(found.matters),
        "people": found.people,
    }
    say = N_("%(days)s 天内有 %(count)s 件事项针对同一家单位，来自 %(people)s 个不同的申请人。")
    facts = {**_kept(found.matters), "people": found.people, "mark": found.mark}
    return Finding(rule.code, rule.version, level, (Reason(say, values),), facts)


def overdue_red(rule: Rule, days: int) -> Finding:
    """W08: a red matter is past its limit, however little."""
    say = N_("红色事项超期 %(days)s 天。") if days else N_("红色事项刚刚超期。")
    facts = {"days": days}
    return Finding(rule.code, rule.version, "red", (Reason(say, facts),), facts)


def overdue_unit(rule: Rule, matters: Sequence[int], overdue: Sequence[int]) -> Finding | None:
    """W08: matters of one unit that are overdue by more days than the rule leaves; as one warning.

    `overdue` has the days of every matter, `matters` those that may be listed.
    """
    days = int(rule.number("days"))
    late = [each for each in overdue if each > days]
    if not late:
        return None
    values = {"count": len(late), "days": days, "longest": max(late)}
    say = N_("一个承办单位有 %(count)s 件事项超期多于 %(days)s 天，最长 %(longest)s 天，宜督办。")
    facts = {**_kept(matters), **values, "of": len(late)}
    return Finding(rule.code, rule.version, "yellow", (Reason(say, values),), facts)


def agreement(rule: Rule, due_on: date, today: date) -> Finding | None:
    """W09: an agreement is due in a few days, or was due and nobody noted that it was kept."""
    left = (due_on - today).days
    if left < -rule.number("days_after") or left > rule.number("days_before"):
        return None
    facts = {"due_on": due_on.isoformat(), "left": left}
    if left < 0:
        values = {"day": due_on.isoformat(), "days": -left}
        say = N_("协议应于 %(day)s 履行，已过 %(days)s 天，没有登记已履行。")
        return Finding(rule.code, rule.version, "yellow", (Reason(say, values),), facts)
    say = N_("协议 %(day)s 到期，还有 %(days)s 天。") if left else N_("协议 %(day)s（今天）到期。")
    values = {"day": due_on.isoformat(), "days": left}
    return Finding(rule.code, rule.version, "blue", (Reason(say, values),), facts)


def suits(rule: Rule, course: SuitCourse) -> Finding | None:
    """W10: a month's suits of one cause in one place are a multiple of its own mean before."""
    past = course.past[-int(rule.number("months")) :]
    if len(past) < rule.number("least_months") or course.count < rule.number("least"):
        return None
    mean = sum(past) / len(past)
    if course.count < rule.number("ratio") * mean:
        return None
    values = {
        "month": f"{course.month:%Y-%m}",
        "count": course.count,
        "mean": f"{mean:.1f}",
        "months": len(past),
    }
    say = N_("%(month)s 起诉 %(count)s 件，过去 %(months)s 个月平均每月 %(mean)s 件。")
    facts = {"count": course.count, "mean": round(mean, 3), "month": f"{course.month:%Y-%m}"}
    return Finding(rule.code, rule.version, "yellow", (Reason(say, values),), facts)


def doubtful(rule: Rule, questions: Sequence[int], lapsed: int) -> Finding | None:
    """W11: questions about a county's data that were answered, or not in time, wait for it."""
    if not questions:
        return None
    values = {"count": len(questions), "lapsed": lapsed}
    say = N_("有 %(count)s 个数据核问等待查看，其中 %(lapsed)s 个单位逾期没有说明。")
    facts = {"questions": list(questions)[:MOST_MATTERS], **values}
    return Finding(rule.code, rule.version, "blue", (Reason(say, values),), facts)


def same_signature(rule: Rule, matters: Sequence[int]) -> Finding | None:
    """W11: one picture of a signature lies under the papers of so many matters."""
    if len(matters) < rule.number("signatures"):
        return None
    values = {"days": int(rule.number("days")), "count": len(matters)}
    say = N_("%(days)s 天内，同一张签名图片用在 %(count)s 件事项的文书上。请核对是不是传错了文件。")
    return Finding(rule.code, rule.version, "blue", (Reason(say, values),), _kept(matters))


def same_phone(rule: Rule, people: int, matters: int) -> Finding | None:
    """W11: one phone was left for so many people; asked of a matter's handlers, of no person."""
    if people < rule.number("phones"):
        return None
    values = {"days": int(rule.number("days")), "people": people, "count": matters}
    say = N_(
        "本件有一个联系电话，%(days)s 天内留给了 %(people)s 个不同的当事人（%(count)s 件事项）。"
        "请核对是不是填错，或者由别人代留。"
    )
    facts = {"persons": people, "count": matters}
    return Finding(rule.code, rule.version, "blue", (Reason(say, values),), facts)


def village_share(rule: Rule, village: Village) -> Finding | None:
    """W11: one village has more than its share of the township's matters."""
    share = 100 * village.count / village.of if village.of else 0.0
    if village.of < rule.number("least") or share <= rule.number("share"):
        return None
    values = {
        "days": int(rule.number("days")),
        "count": village.of,
        "village": village.name,
        "part": village.count,
        "share": f"{share:.0f}",
    }
    say = N_(
        "%(days)s 天内全乡镇登记 %(count)s 件，其中%(village)s %(part)s 件，占 %(share)s%%。"
        "请看是真的集中，还是别的村没有登记。"
    )
    facts = {"count": village.count, "all": village.of, "days": values["days"]}
    return Finding(rule.code, rule.version, "blue", (Reason(say, values),), facts)


def slips(rule: Rule, matters: Sequence[int], dates: int, sums: int, twice: int) -> Finding | None:
    """W11: matters of a unit whose day or sum cannot be so, or that were written down twice."""
    if not matters:
        return None
    said = (
        (dates, N_("%(count)s 件的发生日期在登记以后，或者早得不合情理。")),
        (sums, N_("%(count)s 件的金额不可能。")),
        (twice, N_("%(count)s 件和另一件一字不差，像是同一件登记了两次。")),
    )
    reasons = tuple(Reason(say, {"count": count}) for count, say in said if count)
    ask = Reason(N_("请核对这些事项，写错的更正，重复的并案。"))
    facts = {**_kept(matters), "dates": dates, "sums": sums, "twice": twice}
    return Finding(rule.code, rule.version, "blue", (*reasons, ask), facts)


def _kept(matters: Sequence[int]) -> dict[str, object]:
    return {"matters": list(matters)[-MOST_MATTERS:], "of": len(matters)}
