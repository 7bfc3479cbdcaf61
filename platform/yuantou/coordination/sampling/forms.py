"""The forms of samples: what to draw, and what was said on a call."""

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, ValidationError
from wtforms.validators import InputRequired, NumberRange, Optional

from yuantou.calendar.clock import today
from yuantou.coordination.sampling.service import Told
from yuantou.mediation.acting import remark
from yuantou.mediation.fields import (
    CountField,
    DayField,
    LineField,
    MarkField,
    Most,
    not_far,
    not_in_future,
    options,
)

LONGEST = timedelta(days=366)
LARGEST = 500


def last_month() -> tuple[date, date]:
    """First and last day of the month before this one."""
    last = today().replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


class PeriodForm(FlaskForm):
    """A name and a period of closed matters; `submission` makes a double click one round."""

    submission = MarkField()
    name = LineField(_l("名称"), [InputRequired(_l("请写名称")), Most(60)])
    first_day = DayField(
        _l("结案从"),
        [InputRequired(_l("请写起始日期")), not_in_future],
        default=lambda: last_month()[0],
    )
    last_day = DayField(
        _l("结案到"),
        [InputRequired(_l("请写截止日期")), not_in_future],
        default=lambda: last_month()[1],
    )
    due_on = DayField(
        _l("完成期限"),
        [InputRequired(_l("请写完成期限")), not_far],
        default=lambda: today() + timedelta(days=14),
    )

    def validate_last_day(self, field: DayField) -> None:
        """A period runs forward, and not over more than a year."""
        first, last = self.first_day.data, field.data
        if first and last and last < first:
            raise ValidationError(_("截止日期不能早于起始日期"))
        if first and last and last - first > LONGEST:
            raise ValidationError(_("一次最多抽一年内结案的"))

    def validate_due_on(self, field: DayField) -> None:
        """A limit lies ahead."""
        if field.data and field.data < today():
            raise ValidationError(_("期限不能早于今天"))


class DrawForm(PeriodForm):
    """How many to draw; a seed may be given, a number that was public before the draw."""

    size = CountField(
        _l("抽多少件"),
        [
            InputRequired(_l("请写抽多少件")),
            NumberRange(1, LARGEST, _l("请写 1 到 500 之间的数")),
        ],
        default=30,
    )
    seed = LineField(_l("随机种子"), [Optional(), Most(60)])

    def values(self) -> dict[str, Any]:
        """Arguments of the use case."""
        names = ("submission", "name", "first_day", "last_day", "size", "due_on", "seed")
        return {name: self[name].data or "" for name in names}


YES_NO = (("yes", _l("是")), ("no", _l("不是")), ("unsaid", _l("没有说")))
PERFORMED = (
    ("yes", _l("全部履行")),
    ("partly", _l("部分履行")),
    ("no", _l("没有履行")),
    ("none", _l("没有要履行的")),
)
SATISFIED = (
    ("yes", _l("满意")),
    ("fair", _l("一般")),
    ("no", _l("不满意")),
    ("unsaid", _l("没有说")),
)


def asked_who_was_reached(form: Any, field: RadioField) -> None:
    """Who was reached is asked everything, who was not, nothing."""
    known = {choice[0] for choice in field.iter_choices()}
    if form.reached.data == "yes" and field.data not in known:
        raise ValidationError(_("联系上的，请选一项"))


class CallForm(FlaskForm):
    """What was said; only who was reached is asked."""

    reached = RadioField(
        _l("联系上了吗"),
        [InputRequired(_l("请选是否联系上"))],
        choices=options((("yes", _l("联系上了")), ("no", _l("没有联系上")))),
    )
    genuine = RadioField(
        _l("当事人是否确认有这件事、这个结果"),
        [asked_who_was_reached],
        choices=options(YES_NO),
        validate_choice=False,
    )
    performed = RadioField(
        _l("协议履行了吗"),
        [asked_who_was_reached],
        choices=options(PERFORMED),
        validate_choice=False,
    )
    satisfied = RadioField(
        _l("对办理满意吗"),
        [asked_who_was_reached],
        choices=options(SATISFIED),
        validate_choice=False,
    )
    note = remark(_l("补充"))

    def told(self) -> Told:
        """What the use case writes down; nothing was said by whom nobody reached."""
        note = self.note.data or ""
        if self.reached.data != "yes":
            return Told(False, note=note)
        return Told(True, self.genuine.data, self.performed.data, self.satisfied.data, note)
