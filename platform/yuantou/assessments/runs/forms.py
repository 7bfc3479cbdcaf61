"""The form of a run that the office opens."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp, ValidationError

from yuantou.assessments.periods import first_day, month_of, months_back
from yuantou.assessments.runs.machine import RunKind
from yuantou.assessments.runs.words import KINDS, QUARTER
from yuantou.database.sheets import clean
from yuantou.mediation.fields import options

MONTH = r"^20\d\d-(0[1-9]|1[0-2])$"
QUARTER_ENDS = (3, 6, 9, 12)
YEAR_END = 12


def _cleaned(text: str | None) -> str | None:
    return clean(text) if text else text


class RunForm(FlaskForm):
    """Kind, scheme, last month, for ad hoc runs the first month too, and why."""

    kind = SelectField(
        _l("种类"), choices=options((each.value, words) for each, words in KINDS.items())
    )
    scheme = SelectField(_l("方案"))
    last = StringField(
        _l("到哪个月为止"),
        validators=[
            InputRequired(_l("请填年月，例如 2026-09")),
            Regexp(MONTH, message=_l("请填年月，例如 2026-09")),
        ],
    )
    first = StringField(_l("从哪个月起"))
    reason = StringField(
        _l("事由"),
        filters=[_cleaned],
        validators=[DataRequired(_l("请写事由，例如依据哪份通知")), Length(max=300)],
    )

    def validate_last(self, field: Any) -> None:
        """A quarter ends with its third month, a year with December."""
        if field.errors:
            return
        month = first_day(field.data).month
        if self.kind.data == RunKind.QUARTERLY and month not in QUARTER_ENDS:
            raise ValidationError(_("季度到 3、6、9、12 月为止"))
        if self.kind.data == RunKind.YEARLY and month != YEAR_END:
            raise ValidationError(_("年度到 12 月为止"))

    def validate_first(self, field: Any) -> None:
        """Only ad hoc runs choose where they begin; within one year, because targets are yearly."""
        if self.kind.data != RunKind.AD_HOC or self.last.errors or not self.last.data:
            return
        try:
            first = first_day((field.data or "").strip())
        except ValueError:
            raise ValidationError(_("请填年月，例如 2026-04")) from None
        last = first_day(self.last.data)
        if first > last or first.year != last.year:
            raise ValidationError(_("起月不能晚于止月，并且要在同一年"))

    def span(self) -> tuple[date, date]:
        """First and last month."""
        last = first_day(self.last.data or "")
        if self.kind.data == RunKind.QUARTERLY:
            return months_back(last, QUARTER - 1), last
        if self.kind.data == RunKind.AD_HOC:
            return first_day((self.first.data or month_of(last)).strip()), last
        return last.replace(month=1), last
