"""Limits in words: how much, how counted, how a due moment came about."""

from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from yuantou.calendar.clock import local
from yuantou.disputes.matter import N_
from yuantou.disputes.tracks import TRACKS
from yuantou.disputes.words import day_words, moment_words
from yuantou.disputes.workflow import TRANSITIONS
from yuantou.limits.book import Clock
from yuantou.limits.history import extensions_of, pauses_of, reckoned, stands
from yuantou.limits.models import Deadline
from yuantou.limits.promises import PROMISE_RULES
from yuantou.limits.rules import Flaw, Graded, Leave, LimitRule, Unit

UNITS = {
    Unit.CALENDAR_DAY: _l("天（自然日）"),
    Unit.CALENDAR_MONTH: _l("个月"),
    Unit.WORKING_DAY: _l("个工作日"),
    Unit.WORKING_HOUR: _l("个工作小时"),
    Unit.CLOCK_HOUR: _l("小时（昼夜连续）"),
}
LEAVES = {
    Leave.CONSENT: _l("双方当事人同意"),
    Leave.APPROVAL: _l("县级综治中心在届满前批准"),
}
FLAWS = {
    Flaw.LATE: _l("届满后才准，不计"),
    Flaw.TOO_LONG: _l("超过可延长的上限，不计"),
}
EVENTS = (
    {row.event: row.name_zh for row in TRANSITIONS}
    | {row.event: row.name_zh for track in TRACKS for row in track.table}
    | {"transferred": N_("接收移送")}
)
GRADES = {
    Graded.START: _l("定级、定类后按相应时限，起算日不变"),
    Graded.CHANGE: _l("计时中转入这一档的，自转入时起算"),
}


def amount_words(amount: int, unit: Unit) -> str:
    """An amount with its unit written out."""
    return f"{amount} {UNITS[unit]}"


def counting_words(rule: LimitRule) -> list[str]:
    """First day, roll-over, what kind of limit it is."""
    said = [_("当日计入") if rule.first_day_counts else _("次日起算")]
    if not rule.unit.by_day:
        said = [_("自当时起算")]
    if rule.rolls_over:
        said.append(_("末日遇节假日顺延"))
    if rule.window:
        said.append(_("逾期失权"))
    if rule.graded:
        said.append(str(GRADES[Graded(rule.graded)]))
    return said


def extension_words(rule: LimitRule) -> str:
    """Whether it can be extended, by whom and by how much."""
    if rule.extension == 0:
        return _("不能延长")
    who = "、".join(str(LEAVES[Leave(each)]) for each in rule.extends_with)
    most = _("不限") if rule.extension is None else amount_words(rule.extension, rule.unit)
    bound = _("最多延长：%(most)s", most=most)
    return "；".join(filter(None, (who, bound)))


def event_words(events: tuple[str, ...]) -> str:
    """The acts that start or stop a clock."""
    return "、".join(_(EVENTS[each]) for each in events if each in EVENTS)


def reckoning_words(row: Deadline, rule: LimitRule, hands: Clock, now: datetime) -> list[str]:
    """How the due moment came about, step by step."""
    due = reckoned(row, rule, hands.calendar)
    said = [_first_words(row, rule, now)]
    for pause in pauses_of(row):
        until = moment_words(pause.end, now) if pause.end else _("现在")
        since = moment_words(pause.start, now)
        said.append(_("停止计时：%(since)s 至 %(until)s", since=since, until=until))
    flaws = dict(due.ignored)
    for each in extensions_of(row):
        words = _("延长 %(amount)s", amount=amount_words(each.amount, rule.unit))
        told = f"{words}（{day_words(each.approved_at, now)}）"
        said.append(f"{told}：{FLAWS[flaws[each]]}" if each in flaws else told)
    if due.provisional:
        said.append(_("所涉年份的放假安排尚未公布，暂按周一至周五计算"))
    if stands(row):
        said.append(_("现在停表，恢复后按剩余时间续计"))
    return said


def _first_words(row: Deadline, rule: LimitRule, now: datetime) -> str:
    start = moment_words(row.started_at, now)
    if rule.code in PROMISE_RULES:
        return _("%(start)s 写明的日期", start=start)
    counted = "，".join(counting_words(rule))
    amount = amount_words(rule.amount, rule.unit)
    return _("自 %(start)s 起 %(amount)s，%(how)s", start=start, amount=amount, how=counted)


def moved_words(moved: int) -> str:
    """What a change of the calendar did."""
    if not moved:
        return _("工作日历已更新，没有期限受影响。")
    return _("工作日历已更新，%(n)s 条正在计时的期限已经重算，并写进各事项的经过。", n=moved)


def hours_moved_words(day: date, moved: int) -> str:
    """What new working hours did."""
    said = _("已定为新版，自 %(day)s 起按新的作息时间计算工作小时。", day=day.isoformat())
    if not moved:
        return said
    return said + _("%(n)s 条正在计时的期限已经重算，并写进各事项的经过。", n=moved)


def due_line(row: Deadline, rule: LimitRule, now: datetime) -> str:
    """The due moment: the day, and the minute where it counts hours."""
    if rule.unit.by_day:
        return day_words(row.due_at, now)
    return f"{day_words(row.due_at, now)} {local(row.due_at):%H:%M}"
