"""Days that people set themselves: the desk's term, the end of a rest, the day of performance."""

from datetime import date

from yuantou.limits.rules import Leave, LimitRule, Unit

PROMISES = {  # event -> (code, fact that holds the day)
    "dispatched": ("dispatch_term", "deadline"),
    "designated": ("dispatch_term", "deadline"),
    "suspended": ("suspension", "until"),
    "performance_begun": ("performance", "due_on"),
}
PROMISES_END = {
    "dispatch_term": (
        "agreed",
        "mediation_failed",
        "terminated",
        "replied",
        "returned",
        "recalled",
    ),
    "suspension": ("resumed", "terminated"),
    "performance": ("performed", "path_advised"),
}
PAUSED = ("dispatch_term",)  # the others run on while mediation rests


def _promise(code: str, name_zh: str, source: str, *leaves: Leave) -> LimitRule:
    return LimitRule(
        code=code,
        name_zh=name_zh,
        amount=1,
        unit=Unit.CALENDAR_DAY,
        first_day_counts=False,
        rolls_over=False,
        source=source,
        example=False,
        extension=None if leaves else 0,
        ends_with=PROMISES_END[code],
        extends_with=leaves,
    )


PROMISE_RULES = {
    rule.code: rule
    for rule in (
        _promise("dispatch_term", "交办期限", "交办、指定管辖时写明的日期", Leave.APPROVAL),
        _promise("suspension", "中止期限", "中止时写明的预计恢复日期"),
        _promise("performance", "履行期限", "双方在调解协议中约定的日期"),
    )
}


def promised_day(event: str, facts: dict[str, object]) -> tuple[str, date] | None:
    """The promise that an event brings, and its day."""
    code, fact = PROMISES.get(event, ("", ""))
    value = facts.get(fact)
    return (code, date.fromisoformat(str(value)[:10])) if value else None
