"""How the screens call bodies outside, answers and outcomes."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from yuantou.calendar.clock import local

BODIES = (
    ("police", _l("公安机关")),
    ("petition", _l("信访部门")),
    ("hotline", _l("12345 热线")),
    ("other", _l("其他单位")),
)
RESPONSES = (("coming", _l("派人到场")), ("unable", _l("不能到场")))
OUTCOMES = {
    "accepted": _l("已接收"),
    "declined": _l("未接收"),
    "withdrawn": _l("已撤回"),
}


def body_name(code: str) -> Any:
    """A body outside."""
    return dict(BODIES).get(code, code)


def span_words(since: datetime, until: datetime) -> str:
    """How long something took, in hours or days."""
    hours = (until - since).total_seconds() / 3600
    if hours < 1:
        return _("不到 1 小时")
    if hours < 48:
        return _("%(n)s 小时", n=round(hours))
    return _("%(n)s 天", n=round(hours / 24))


def minute(at: datetime) -> str:
    """A moment to the minute, in Shanghai."""
    return f"{local(at):%m-%d %H:%M}"
