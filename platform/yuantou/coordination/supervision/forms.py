"""The forms of supervision. Field names are those of the track's facts."""

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError
from wtforms.validators import InputRequired

from yuantou.calendar.clock import today
from yuantou.coordination.forms import CoordinationForm
from yuantou.mediation.acting import Layout, past_day, words
from yuantou.mediation.fields import DayField, LineField, Most, not_far


def limit_day() -> DayField:
    """Until when the reply is due; prepared from the limit in force."""
    return DayField(_l("答复期限"), [InputRequired(_l("请写答复期限")), not_far, _not_past])


def _not_past(form: Any, field: DayField) -> None:
    if field.data and field.data < today():
        raise ValidationError(_("期限不能早于今天"))


class RemindForm(CoordinationForm):
    """A word to the handler."""

    layout: ClassVar[Layout] = (("message", "words"),)
    message = words(
        _l("催办内容"),
        _l("请写催办内容"),
        500,
        default=lambda: _("请按期限办理，办好后在本系统登记。"),
    )


class SuperviseForm(CoordinationForm):
    """An order: why, what is asked, until when."""

    layout: ClassVar[Layout] = (
        ("reason", "words"),
        ("demands", "words"),
        ("time_limit", "date"),
    )
    reason = words(_l("督办事由"), _l("请写督办事由"), 500)
    demands = words(
        _l("办理要求"),
        _l("请写办理要求"),
        1000,
        default=lambda: _("查明原因，依法办理，并在期限内书面答复办理情况。"),
    )
    time_limit = limit_day()


class ListForm(SuperviseForm):
    """The matter is listed by decision of an authority."""

    layout: ClassVar[Layout] = (
        ("listed_by", "line"),
        ("reason", "words"),
        ("demands", "words"),
        ("time_limit", "date"),
    )
    listed_by = LineField(
        _l("决定挂牌的机关"), [InputRequired(_l("请写决定挂牌的机关")), Most(100)]
    )


class CensureForm(CoordinationForm):
    """The last step."""

    final: ClassVar[bool] = True
    layout: ClassVar[Layout] = (("fault", "words"),)
    fault = words(_l("约谈、通报的事由"), _l("请写约谈、通报的事由"), 1000)


class AnswerForm(CoordinationForm):
    """What the supervised agency answers."""

    layout: ClassVar[Layout] = (("reply", "long"),)
    reply = words(_l("答复内容"), _l("请写查明的原因、办理情况和结果"), 3000)


class SendBackForm(CoordinationForm):
    """Why the answer does not do, and until when a new one is due."""

    layout: ClassVar[Layout] = (("reason", "words"), ("time_limit", "date"))
    reason = words(_l("退回理由"), _l("请写答复缺什么"), 500)
    time_limit = limit_day()


class ClearForm(CoordinationForm):
    """What was asked is done."""

    layout: ClassVar[Layout] = (("cleared_on", "date"), ("evidence", "words"))
    cleared_on = past_day(_l("整改查明日期"), _l("请写查明日期"))
    evidence = words(_l("销号依据"), _l("请写凭什么销号，例如答复属实、已办结"), 500)
