"""How the screens say moments, deadlines and time held: unit always written, dates never bare."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from yuantou.calendar.clock import local
from yuantou.calendar.workdays import DAY_END, WorkCalendar
from yuantou.disputes.matter import Refusal, zh_words
from yuantou.disputes.workflow import DisputeState

SHORT_HELD = timedelta(days=90)
LONG_LEFT = timedelta(days=60)
CLOCK_DAYS, CLOCK_SOON = 3, 4  # hours up to so many days; minutes with the last so many hours
WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class DueWords:
    """A deadline in two lines; `kind` is over, today, ok or stop."""

    main: str
    basis: str
    kind: str


def due_words(
    due_at: datetime | None, state: str, calendar: WorkCalendar, now: datetime
) -> DueWords:
    """What is left of a deadline or how far it was overrun."""
    if state == DisputeState.SUSPENDED and due_at is None:
        return DueWords(_("计时已停"), "", "stop")
    if due_at is None:
        return DueWords(_("没有期限"), "", "ok")
    due, at = local(due_at), local(now)
    if due < at:
        basis = _("应于 %(day)s", day=day_words(due, at))
        return DueWords(_overrun(due, at, calendar), basis, "over")
    if due.date() == at.date():
        return DueWords(_today(due, at), "", "today")
    if due - at > LONG_LEFT:
        left = _("剩 %(n)s 天", n=(due.date() - at.date()).days)
    else:
        days = calendar.workdays_between(at.date(), due.date())
        left = _("剩 %(n)s 个工作日", n=days) if days else _("下个工作日前")
    return DueWords(left, day_words(due, at), "ok")


def clock_words(due_at: datetime, now: datetime) -> DueWords:
    """What is left of a limit whose hours run day and night, or how far it was overrun."""
    due, at = local(due_at), local(now)
    minutes = int(abs((due - at).total_seconds()) // 60)
    hours, days = minutes // 60, minutes // (24 * 60)
    over, basis = due < at, moment_words(due, at)
    if days > CLOCK_DAYS:
        main = _("超 %(n)s 天", n=days) if over else _("剩 %(n)s 天", n=days)
    elif hours:
        main = _("超 %(n)s 小时", n=hours) if over else _clock_left(hours, minutes % 60)
    else:
        main = _("刚刚超期") if over else _("剩 %(m)s 分钟", m=minutes)
    kind = "over" if over else "today" if hours < CLOCK_SOON else "ok"
    return DueWords(main, _("应于 %(day)s", day=basis) if over else basis, kind)


def _clock_left(hours: int, minutes: int) -> str:
    if hours < CLOCK_SOON and minutes:
        return _("剩 %(h)s 小时 %(m)s 分", h=hours, m=minutes)
    return _("剩 %(n)s 小时", n=hours)


def held_words(since: datetime | None, calendar: WorkCalendar, now: datetime) -> str:
    """How long a matter has lain with its handler."""
    if since is None:
        return "—"
    if now - since > SHORT_HELD:
        return _("%(n)s 天", n=(now - since).days)
    days = calendar.workdays_between(local(since).date(), local(now).date())
    return _("%(n)s 个工作日", n=days) if days else _("今日接手")


def day_words(moment: datetime, now: datetime) -> str:
    """A day; the year only where it is another one."""
    at = local(moment)
    if at.year == local(now).year:
        return f"{at.month}月{at.day}日"
    return f"{at.year}年{at.month}月{at.day}日"


def moment_words(moment: datetime, now: datetime) -> str:
    """A day with hour and minute."""
    return f"{day_words(moment, now)} {local(moment):%H:%M}"


def long_day(now: datetime) -> str:
    """Today in full with the weekday."""
    at = local(now)
    return f"{at.year}年{at.month}月{at.day}日 周{WEEKDAYS[at.weekday()]}"


def money_words(amount: float | None) -> str:
    """An amount in yuan or, from ten thousand on, in 万元."""
    if not amount:
        return ""
    if amount >= 10_000:
        return _("%(n)s 万元", n=f"{amount / 10_000:,.2f}".rstrip("0").rstrip("."))
    return _("%(n)s 元", n=f"{amount:,.2f}".rstrip("0").rstrip("."))


def refusal_words(refusal: Refusal) -> str:
    """Why a door is closed, in the language of the page."""
    values = {name: _spoken(value) for name, value in refusal.values.items()}
    return _(refusal.text, **values)


def law_words(law: str) -> str:
    """The law behind it, in the language of the page."""
    return _(law) if law else ""


def comma() -> str:
    """What stands between the parts of a list."""
    return "、" if _chinese() else ", "


def _chinese() -> bool:
    locale = get_locale()
    return locale is None or locale.language == "zh"


def _spoken(value: object) -> str:
    if isinstance(value, list | tuple):
        return comma().join(_(str(each)) for each in value)
    if isinstance(value, date):
        return zh_words(value) if _chinese() else format_date(value, "long")
    return _(value) if isinstance(value, str) else str(value)


def _overrun(due: datetime, at: datetime, calendar: WorkCalendar) -> str:
    if at - due > SHORT_HELD:
        return _("超 %(n)s 天", n=(at - due).days)
    days = calendar.workdays_between(due.date(), at.date())
    if days:
        return _("超 %(n)s 个工作日", n=days)
    hours = int((at - due).total_seconds() // 3600)
    return _("超 %(n)s 小时", n=hours) if hours else _("刚刚超期")


def _today(due: datetime, at: datetime) -> str:
    if due.time().replace(microsecond=0) >= DAY_END:
        return _("今日到期")
    minutes = int((due - at).total_seconds() // 60)
    if minutes < 60:
        return _("剩 %(m)s 分钟", m=minutes)
    if minutes < 180:
        return _("剩 %(h)s 小时 %(m)s 分", h=minutes // 60, m=minutes % 60)
    return _("今日 %(at)s", at=f"{due:%H:%M}")
