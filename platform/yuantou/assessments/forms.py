"""The form of a target."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from yuantou.assessments.service import NewTarget
from yuantou.assessments.targets.values import FIRST_YEAR, LAST_YEAR, direction_fault, value_fault
from yuantou.calendar.clock import today
from yuantou.database.sheets import clean
from yuantou.indicators.catalogue import Definition

DIRECTIONS = (
    SelectChoice("down", _l("不高于（控制值）")),
    SelectChoice("up", _l("不低于（目标值）")),
)


def _cleaned(text: str | None) -> str | None:
    return clean(text) if text else text


class TargetForm(FlaskForm):
    """Indicator × area × year, its value, and on whose word.

    `known` are the definitions in force.
    `township` and `agency_id` are what the code in `unit` was found to mean (pages.find_unit).
    """

    known: Mapping[str, Definition] = {}
    township: str | None = None
    agency_id: int | None = None

    indicator = SelectField(_l("指标"), validators=[InputRequired(_l("请选指标"))])
    area_code = SelectField(_l("地区"), validators=[InputRequired(_l("请选地区"))])
    unit = StringField(_l("其中的乡镇街道或部门"), filters=[_cleaned], validators=[Length(max=32)])
    year = IntegerField(
        _l("年度"),
        validators=[
            InputRequired(_l("请填四位年份，例如 2026")),
            NumberRange(FIRST_YEAR, LAST_YEAR, _l("请填 2020 到 2100 之间的年份")),
        ],
    )
    value = StringField(
        _l("数值"), filters=[_cleaned], validators=[DataRequired(_l("请填数字，例如 78.0"))]
    )
    direction = SelectField(_l("方向"), choices=DIRECTIONS)
    set_by = StringField(
        _l("由谁确定"),
        filters=[_cleaned],
        validators=[DataRequired(_l("请写确定目标的机关")), Length(max=100)],
    )
    document = StringField(
        _l("依据文件"),
        filters=[_cleaned],
        validators=[DataRequired(_l("请写文件名和文号")), Length(max=300)],
    )
    set_on = DateField(_l("确定日期"), validators=[InputRequired(_l("请选日期，例如 2026-01-15"))])

    def validate_value(self, field: Any) -> None:
        """A target is a number that its figure can reach."""
        if fault := value_fault(field.data or "", self.known.get(self.indicator.data)):
            raise ValidationError(fault)

    def validate_direction(self, field: Any) -> None:
        """It does not pull against the definition."""
        if fault := direction_fault(field.data, self.known.get(self.indicator.data)):
            raise ValidationError(fault)

    def validate_set_on(self, field: Any) -> None:
        """A target cannot have been set tomorrow."""
        if field.data and not date(FIRST_YEAR - 5, 1, 1) <= field.data <= today():
            raise ValidationError(_l("确定日期不能晚于今天，也不能早于 2015 年"))

    def target(self) -> NewTarget:
        """What the form says."""
        return NewTarget(
            indicator=self.indicator.data,
            area_code=self.township or self.area_code.data,
            agency_id=self.agency_id,
            year=self.year.data,
            value=float(self.value.data or ""),
            direction=self.direction.data,
            set_by=self.set_by.data,
            document=self.document.data,
            set_on=self.set_on.data,
        )
