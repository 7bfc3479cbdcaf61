"""Which step leads from where to where: the only place that says so. No database.

Every state has a way back but the one of a letter that was sent: what was sent is withdrawn, and
written anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

OWNER, OTHER, BOTH = "owner", "other", "both"


@dataclass(frozen=True, slots=True)
class Step:
    """One act: from which states to which; `who` is the unit that owns the object or the other."""

    code: str
    name: Any
    sources: tuple[str, ...]
    target: str
    who: str = OWNER
    back: bool = False


@dataclass(frozen=True)
class Course:
    """The states of one kind of object, with their words and marks (macros/states.html)."""

    kind: str
    states: Mapping[str, tuple[Any, str]]
    steps: Mapping[str, Step]

    def open(self, state: str, *, owner: bool, other: bool) -> list[Step]:
        """The steps that a viewer may take from `state`."""
        parts = {OWNER: owner, OTHER: other, BOTH: owner or other}
        return [one for one in self.steps.values() if state in one.sources and parts[one.who]]


def _course(kind: str, states: Mapping[str, tuple[Any, str]], *steps: Step) -> Course:
    return Course(kind, states, {one.code: one for one in steps})


ANALYSIS = _course(
    "analysis",
    {
        "draft": (_l("分析中"), "run"),
        "settled": (_l("已定稿"), "done"),
        "dropped": (_l("已作罢"), "shut"),
    },
    Step("settle", _l("定稿"), ("draft",), "settled"),
    Step("drop", _l("作罢"), ("draft",), "dropped"),
    Step("reopen", _l("重新打开"), ("settled", "dropped"), "draft", back=True),
)
MEETING = _course(
    "meeting",
    {
        "called": (_l("已召集"), "wait"),
        "held": (_l("已召开"), "done"),
        "cancelled": (_l("已取消"), "shut"),
    },
    Step("hold", _l("记下结论"), ("called",), "held"),
    Step("cancel", _l("取消会议"), ("called",), "cancelled"),
    Step("restore", _l("恢复会议"), ("cancelled",), "called", back=True),
    Step("amend", _l("补正纪要"), ("held",), "called", back=True),
)
TASK = _course(
    "task",
    {
        "open": (_l("办理中"), "run"),
        "reported": (_l("已报结果"), "wait"),
        "done": (_l("已完成"), "done"),
        "dropped": (_l("不再办"), "shut"),
    },
    Step("report", _l("报结果"), ("open",), "reported", OTHER),
    Step("accept", _l("认可"), ("reported",), "done"),
    Step("return", _l("退回再办"), ("reported",), "open", back=True),
    Step("drop", _l("不再办"), ("open",), "dropped"),
    Step("reopen", _l("重新办理"), ("done", "dropped"), "open", back=True),
)
LETTER = _course(
    "recommendation",
    {
        "draft": (_l("起草中"), "run"),
        "signed": (_l("已签发"), "wait"),
        "sent": (_l("已送达"), "wait"),
        "received": (_l("已签收"), "run"),
        "replied": (_l("已回复"), "wait"),
        "accepted": (_l("已采纳"), "done"),
        "archived": (_l("已归档"), "shut"),
        "withdrawn": (_l("已撤回"), "back"),
    },
    Step("sign", _l("签发"), ("draft",), "signed"),
    Step("unsign", _l("退回修改"), ("signed",), "draft", back=True),
    Step("send", _l("送达"), ("signed",), "sent"),
    Step("receive", _l("签收"), ("sent",), "received", OTHER),
    Step("reply", _l("回复"), ("received",), "replied", OTHER),
    Step("ask_again", _l("请再回复"), ("replied",), "received", back=True),
    Step("accept", _l("认可回复"), ("replied",), "accepted"),
    Step("archive", _l("归档"), ("accepted",), "archived"),
    Step("reopen", _l("重新跟进"), ("accepted", "archived"), "replied", back=True),
    Step("withdraw", _l("撤回"), ("draft", "signed", "sent", "received"), "withdrawn", back=True),
    Step("redraft", _l("重新起草"), ("withdrawn",), "draft", back=True),
)
APPRAISAL = _course(
    "appraisal",
    {
        "open": (_l("待评估"), "run"),
        "appraised": (_l("已评估"), "wait"),
        "closed": (_l("已报送"), "done"),
        "dropped": (_l("已撤项"), "shut"),
    },
    Step("appraise", _l("记评估结论"), ("open",), "appraised"),
    Step("report", _l("记报送"), ("appraised",), "closed"),
    Step("amend", _l("更正结论"), ("appraised", "closed"), "open", back=True),
    Step("drop", _l("撤项"), ("open",), "dropped"),
    Step("restore", _l("恢复"), ("dropped",), "open", back=True),
)
COURSES = {one.kind: one for one in (ANALYSIS, MEETING, TASK, LETTER, APPRAISAL)}
