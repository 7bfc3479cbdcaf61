"""The forms of a scheme's version and of an event."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, DecimalField, SelectField, StringField, TextAreaField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from yuantou.assessments.scheme import Scheme
from yuantou.assessments.schemes.entries import read
from yuantou.assessments.schemes.service import NewEvent
from yuantou.calendar.clock import today
from yuantou.database.sheets import clean

LONGEST = 20_000
MOST_POINTS = 1000


def _cleaned(text: str | None) -> str | None:
    return clean(text) if text else text


class ReasonForm(FlaskForm):
    """Why a version should count."""

    reason = StringField(
        _l("为什么改、依据哪份文件"),
        filters=[_cleaned],
        validators=[DataRequired(_l("请写理由和依据文件，第二个人要看")), Length(max=500)],
    )


class ProposalForm(ReasonForm):
    """A whole scheme with the month from which it would count."""

    since = StringField(
        _l("从哪个月起用"),
        validators=[
            InputRequired(_l("请填年月，例如 2027-01")),
            Regexp(r"^20\d\d-(0[1-9]|1[0-2])$", message=_l("请填年月，例如 2027-01")),
        ],
    )
    entry = TextAreaField(
        _l("方案"), validators=[InputRequired(_l("请写方案")), Length(max=LONGEST)]
    )

    def __init__(self, *args: Any, code: str, version: int, **more: Any) -> None:
        super().__init__(*args, **more)
        self._code, self._version = code, version
        self.made: Scheme | None = None

    def validate_entry(self, field: Any) -> None:
        """Refuse a scheme that cannot be reckoned, with the reason."""
        if self.since.errors or not self.since.data:
            return
        first = date.fromisoformat(f"{self.since.data}-01")
        try:
            self.made = read(field.data, code=self._code, version=self._version, valid_from=first)
        except (ValueError, TypeError) as fault:
            raise ValidationError(_("这套方案不能用：%(why)s", why=fault)) from fault


class EventForm(FlaskForm):
    """A bonus, a malus or a veto of an area, with its evidence."""

    row = SelectField(_l("项目"), validators=[InputRequired(_l("请选项目"))])
    area_code = SelectField(_l("县区"), validators=[InputRequired(_l("请选县区"))])
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
        validators=[DataRequired(_l("请写文件名和文号，或材料存放处")), Length(max=300)],
    )

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
            area_code=self.area_code.data,
            happened_on=self.happened_on.data or today(),
            points=self.points.data,
            reason=self.reason.data or "",
            evidence=self.evidence.data or "",
        )
