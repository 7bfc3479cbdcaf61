"""The forms of a scheme's version and of an event."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DecimalField,
    FileField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from yuantou.assessments.schemes.choosing import NewChoice
from yuantou.assessments.schemes.service import NewEvent
from yuantou.calendar.clock import today
from yuantou.database.sheets import clean
from yuantou.mediation.attachments.forms import take
from yuantou.mediation.attachments.service import Clean

MOST_POINTS = 1000
FIRST_YEAR = 2020


def _cleaned(text: str | None) -> str | None:
    return clean(text) if text else text


class ChoiceForm(FlaskForm):
    """Which scheme judges a level from a year on."""

    scheme = SelectField(_l("方案"), validators=[InputRequired(_l("请选方案"))])
    year = IntegerField(
        _l("从哪一年起"),
        validators=[
            InputRequired(_l("请填四位年份，例如 2027")),
            NumberRange(FIRST_YEAR, 2100, _l("请填 2020 到 2100 之间的年份")),
        ],
    )
    reason = StringField(
        _l("依据"),
        filters=[_cleaned],
        validators=[DataRequired(_l("请写依据的决定或者文件")), Length(max=300)],
    )

    def choice(self) -> NewChoice:
        """What the form says; a scheme judges one level."""
        level, _sign, scheme = str(self.scheme.data).partition("/")
        return NewChoice(level, self.year.data or 0, scheme, self.reason.data or "")


class EventForm(FlaskForm):
    """A bonus, a malus or a veto of a unit, with its evidence."""

    row = SelectField(_l("项目"), validators=[InputRequired(_l("请选项目"))])
    area_code = SelectField(_l("县区"), validators=[InputRequired(_l("请选县区"))])
    unit = StringField(_l("其中的乡镇街道或部门"), filters=[_cleaned], validators=[Length(max=32)])
    happened_on = DateField(
        _l("发生日期"), validators=[InputRequired(_l("请选日期，例如 2026-01-15"))]
    )
    points = DecimalField(
        _l("分数"),
        validators=[
            Optional(),
            NumberRange(0, MOST_POINTS, _l("请填大于 0 的分数")),
        ],
    )
    reason = StringField(
        _l("事由"),
        filters=[_cleaned],
        validators=[DataRequired(_l("请写事由")), Length(max=300)],
    )
    evidence = StringField(
        _l("证据"),
        filters=[_cleaned],
        validators=[Length(max=300)],
    )
    file = FileField(_l("证据文件"))
    told: list[Clean]

    def validate(self, extra_validators: Any = None) -> bool:
        """Evidence is text, a file, or both; a file is judged by what it holds."""
        sound = super().validate(extra_validators)
        self.told = take(self.file)
        if not self.told and not self.evidence.data and not self.file.errors:
            self.evidence.errors = [_("请写文件名和文号、材料存放处，或者传一个文件")]
        return bool(sound and not self.evidence.errors and not self.file.errors)

    def validate_happened_on(self, field: Any) -> None:
        """What has not happened cannot count."""
        if field.data and field.data > today():
            raise ValidationError(_l("发生日期不能晚于今天"))

    def event(self) -> NewEvent:
        """What the form says."""
        scheme, _sign, row = str(self.row.data).partition("/")
        return NewEvent(
            scheme=scheme,
            row=row,
            happened_on=self.happened_on.data or today(),
            points=self.points.data,
            reason=self.reason.data or "",
            evidence=self.evidence.data or "",
            file=self.told[0] if self.told else None,
        )
