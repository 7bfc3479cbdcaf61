"""The story of an object in words, for macros/layout.html's timeline."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from yuantou.alerts.governance.courses import COURSES
from yuantou.calendar.clock import local

WORDS = {
    "opened": _l("建立并冻结名单"),
    "written": _l("修改内容"),
    "called": _l("召集会商"),
    "given": _l("派出任务"),
    "drafted": _l("起草"),
    "registered": _l("登记"),
    "pulled": _l("取数冻结"),
    "published": _l("发布"),
}


def told(kind: str, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Newest first: when, what, by whom; ways back are marked."""
    course = COURSES.get(kind)
    steps = course.steps if course else {}
    return [
        {
            "at": event.at.isoformat(),
            "when": f"{local(event.at):%Y-%m-%d %H:%M}",
            "what": steps[event.event].name if event.event in steps else WORDS.get(event.event, ""),
            "note": "\n".join(filter(None, (event.note, _limit(event.facts)))),
            "who": " · ".join(filter(None, (agency, name))),
            "kind": "back" if event.event in steps and steps[event.event].back else "solid",
        }
        for event, name, agency in rows
    ]


def _limit(facts: Mapping[str, Any]) -> str:
    """The day until which a reply is asked for, beside the one before it."""
    if "due_on" not in facts:
        return ""
    day = date.fromisoformat(facts["due_on"])
    if "due_before" not in facts:
        return _("回复期限 %(day)s", day=day)
    before = date.fromisoformat(facts["due_before"])
    if before == day:
        return _("回复期限不变：%(day)s", day=day)
    return _("原回复期限 %(before)s，新的回复期限 %(day)s", before=before, day=day)
