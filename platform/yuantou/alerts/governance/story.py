"""The story of an object in words, for macros/layout.html's timeline."""

from collections.abc import Sequence
from typing import Any

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
            "note": event.note,
            "who": " · ".join(filter(None, (agency, name))),
            "kind": "back" if event.event in steps and steps[event.event].back else "solid",
        }
        for event, name, agency in rows
    ]
