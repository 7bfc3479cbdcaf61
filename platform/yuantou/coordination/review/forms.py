"""The forms of cross-review: a round, the checklist of one file, the reviewed unit's answer."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired, NumberRange, Optional

from yuantou.coordination.review.checklist import Findings, Item, missing, unexplained
from yuantou.coordination.sampling.forms import PeriodForm
from yuantou.mediation.acting import remark, words
from yuantou.mediation.fields import CountField, LineField, Most, options, without_identity

LARGEST = 50
VERDICT_NAMES = (("ok", _l("符合")), ("flaw", _l("不符合")), ("none", _l("不适用")))


class RoundForm(PeriodForm):
    """How many files of each area."""

    per_area = CountField(
        _l("每个地方评查几件"),
        [InputRequired(_l("请写几件")), NumberRange(1, LARGEST, _l("请写 1 到 50 之间的数"))],
        default=5,
    )
    seed = LineField(_l("随机种子"), [Optional(), Most(60)])

    def values(self) -> dict[str, Any]:
        """Arguments of the use case."""
        names = ("submission", "name", "first_day", "last_day", "per_area", "due_on", "seed")
        return {name: self[name].data or "" for name in names}


class ReplyForm(FlaskForm):
    """What the reviewed unit says to the findings."""

    words = words(_l("核对与整改情况"), _l("请写核对与整改情况"), 2000)


class FindingsForm(FlaskForm):
    """The checklist; `checklist_form` adds a verdict and a note for each item."""

    opinion = remark(_l("总的意见"), 1000)

    def findings(self, items: Sequence[Item]) -> dict[str, dict[str, str]]:
        """What was judged so far."""
        found = {}
        for item in items:
            verdict = self[f"verdict_{item.code}"].data or ""
            found[item.code] = {"verdict": verdict, "note": self[f"note_{item.code}"].data or ""}
        return found

    def complete(self, items: Sequence[Item]) -> bool:
        """Whether all is judged and every flaw explained; each gap is said at its place."""
        found = self.findings(items)
        unjudged, silent = missing(items, found), unexplained(items, found)
        for code in unjudged:
            self[f"verdict_{code}"].errors = [_("请选一项；必须有的不能选“不适用”。")]
        for code in silent:
            self[f"note_{code}"].errors = [_("不符合的，请写明是什么。")]
        return not unjudged and not silent


def checklist_form(items: Sequence[Item], known: Findings, opinion: str) -> FindingsForm:
    """The form of a round's items, filled with what was kept."""
    fields: dict[str, Any] = {}
    for item in items:
        choices = VERDICT_NAMES if item.need == "if" else VERDICT_NAMES[:2]
        fields[f"verdict_{item.code}"] = RadioField(
            _(item.name_zh), choices=options(choices), validate_choice=False
        )
        fields[f"note_{item.code}"] = LineField(
            _l("说明"), [Optional(), Most(300), without_identity]
        )
    data = {f"verdict_{code}": one.get("verdict") for code, one in known.items()}
    data |= {f"note_{code}": one.get("note") for code, one in known.items()}
    made: FindingsForm = type("ChecklistForm", (FindingsForm,), fields)(
        data={**data, "opinion": opinion}
    )
    return made
