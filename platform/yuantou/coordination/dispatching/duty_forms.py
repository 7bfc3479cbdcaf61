"""The forms of the duty list."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, ValidationError
from wtforms.validators import InputRequired, Optional

from yuantou.calendar.clock import today
from yuantou.coordination.forms import choose
from yuantou.disputes.codes import read
from yuantou.mediation.fields import DayField, Most, WordsField, not_far, options, without_identity


class DutyForm(FlaskForm):
    """A new line of the list."""

    agency_id = choose(_l("责任单位"), _l("请选责任单位"))
    type = SelectField(_l("纠纷类型"), [InputRequired(_l("请选纠纷类型"))])
    area_code = SelectField(_l("适用区划"), [InputRequired(_l("请选适用区划"))])
    basis = WordsField(
        _l("依据"),
        [InputRequired(_l("请写依据的法律、文件和条款")), Most(300), without_identity],
    )
    gb31000 = SelectField(_l("只限其中一类（GB/T 31000）"), [Optional()])
    valid_from = DayField(
        _l("从哪天起"), [InputRequired(_l("请写从哪天起")), not_far], default=today
    )
    valid_to = DayField(_l("到哪天止"), [Optional(), not_far])

    def validate_gb31000(self, field: Any) -> None:
        """A kind belongs to its type."""
        known = read().types.get(self.type.data or "")
        if field.data and known and field.data not in known.gb31000:
            raise ValidationError(_l("这一类不属于所选的纠纷类型，请改选或留空"))

    def validate_valid_to(self, field: Any) -> None:
        """Spans do not end before they begin."""
        if field.data and self.valid_from.data and field.data < self.valid_from.data:
            raise ValidationError(_l("不能早于起始日期"))

    def validate_type(self, field: Any) -> None:
        """One of the list."""
        if field.data not in read().types:
            raise ValidationError(_l("请选纠纷类型"))


class EndForm(FlaskForm):
    """The last day of a duty."""

    last_day = DayField(_l("到哪天止"), [InputRequired(_l("请写到哪天止")), not_far], default=today)

    def values(self) -> dict[str, Any]:
        """Arguments of the use case."""
        return {"last_day": self.last_day.data}


class DutySheetForm(FlaskForm):
    """A table of duties."""

    file = FileField(_l("职责清单表"), [FileRequired(_l("请选择文件"))])


def type_options() -> list[Any]:
    """The types of dispute, chosen on purpose."""
    return options(
        [("", _("请选择")), *((one.code, _(one.name_zh)) for one in read().types.values())]
    )


def kind_options() -> list[Any]:
    """The kinds of GB/T 31000; '' means the whole type."""
    codes = read().gb31000
    return options(
        [("", _("整个类型")), *((code, f"{code} {name}") for code, name in codes.items())]
    )
