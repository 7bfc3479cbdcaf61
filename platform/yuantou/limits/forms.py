"""Forms of the administrator: days of the calendar, and a limit from a day on."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from yuantou.calendar.clock import today
from yuantou.database.text import clean
from yuantou.limits import hours_text
from yuantou.limits.rules import LimitRule, Unit, WorkingHours
from yuantou.limits.words import UNITS

LONGEST_SPAN = 31
LONGEST_SOURCE = 300
FIRST_YEAR, LAST_YEAR = 2000, 2100
KINDS = ("none", "bounded", "unbounded")


class DayField(DateField):
    """A day, with a word of ours where it cannot be read."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read a day or say how to write it."""
        try:
            super().process_formdata(list(valuelist))
        except ValueError:
            raise ValueError(_("日期请写成年月日，例如 2026-11-03")) from None


class WholeField(IntegerField):
    """A whole number, with a word of ours where it cannot be read."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read digits or say what is asked."""
        try:
            super().process_formdata([one for one in valuelist if one.strip()])
        except ValueError:
            raise ValueError(_("请填整数，例如 2")) from None


def _words(label: Any, asked: Any, most: int = LONGEST_SOURCE) -> TextAreaField:
    return TextAreaField(
        label,
        [DataRequired(asked), Length(max=most, message=_l("最多 %(max)d 字"))],
        filters=[lambda text: clean(text or "")],
    )


class DaysForm(FlaskForm):
    """One day or a few in a row, worked or not, by which document."""

    first = DayField(_l("哪一天"), [InputRequired(_l("请写日期"))])
    last = DayField(_l("到哪一天"), [Optional()])
    worked = RadioField(
        _l("这天怎么算"),
        [InputRequired(_l("请选上班还是放假"))],
        choices=[SelectChoice("yes", _l("上班")), SelectChoice("no", _l("放假"))],
        validate_choice=True,
    )
    source = _words(_l("依据"), _l("请写依据，例如哪个机关哪年哪月的通知"))

    @property
    def days(self) -> list[date]:
        """Every day that is meant."""
        first: date = self.first.data
        span = ((self.last.data or first) - first).days + 1
        return [first + timedelta(days=each) for each in range(span)]

    def validate_first(self, field: Any) -> None:
        """A year that somebody can have meant."""
        if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
            raise ValidationError(_("年份不对，请核对"))

    def validate_last(self, field: Any) -> None:
        """A span that runs forward and is not a year by mistake."""
        if not field.data or not self.first.data:
            return
        span = (field.data - self.first.data).days + 1
        if span < 1:
            raise ValidationError(_("不能早于第一天"))
        if span > LONGEST_SPAN:
            raise ValidationError(_("一次最多 %(n)s 天，请分次登记", n=LONGEST_SPAN))


class DaySheetForm(FlaskForm):
    """A table of days."""

    file = FileField(_l("工作日历表"), [FileRequired(_l("请选择文件"))])


class TakeBackForm(FlaskForm):
    """Why the official calendar holds again."""

    source = _words(_l("撤销的理由"), _l("请写撤销的理由"))


class HoursForm(FlaskForm):
    """The working hours as they shall be from a day on."""

    seasons = TextAreaField(
        _l("作息时间"),
        [DataRequired(_l("请写作息时间")), Length(max=600, message=_l("最多 %(max)d 字"))],
    )
    source = _words(_l("依据"), _l("请写依据，例如哪个机关哪年哪月的通知"))
    confirmed = BooleanField(_l("已核对依据，不再是示例"))
    valid_from = DayField(_l("从哪天起执行"), [InputRequired(_l("请写从哪天起执行"))])
    reason = _words(_l("为什么改"), _l("请写为什么改"))

    def validate_seasons(self, field: Any) -> None:
        """Lines that can be read, with the fault by its line."""
        try:
            hours_text.seasons(field.data)
        except hours_text.HoursError as fault:
            raise ValidationError(str(fault)) from None

    def validate_valid_from(self, field: Any) -> None:
        """The hours of a day that has begun stay as they were."""
        if field.data and field.data <= today():
            raise ValidationError(_("最早从明天起：已经过去的时间不重算"))
        if field.data and field.data.year > LAST_YEAR:
            raise ValidationError(_("年份不对，请核对"))

    def show(self, hours: WorkingHours) -> None:
        """The hours as they are."""
        self.seasons.data = hours_text.text(hours.seasons)
        self.source.data, self.confirmed.data = hours.source, not hours.example
        self.valid_from.data = today() + timedelta(days=1)

    def hours(self) -> WorkingHours:
        """The hours that are asked for."""
        seasons = hours_text.seasons(self.seasons.data or "")
        return WorkingHours(seasons, self.source.data or "", not self.confirmed.data)


class VersionForm(FlaskForm):
    """A limit as it shall be from a day on."""

    amount = WholeField(
        _l("时限"),
        [
            InputRequired(_l("请写时限")),
            NumberRange(1, 3650, _l("请填 1 至 3650 之间的整数")),
        ],
    )
    unit = SelectField(_l("单位"), choices=[SelectChoice(str(unit), UNITS[unit]) for unit in Unit])
    first_day_counts = BooleanField(_l("起算当日计入"))
    rolls_over = BooleanField(_l("末日遇节假日顺延到下一个工作日"))
    extending = RadioField(
        _l("可否延长"),
        choices=[
            SelectChoice("none", _l("不能延长")),
            SelectChoice("bounded", _l("有上限")),
            SelectChoice("unbounded", _l("不限")),
        ],
    )
    extension = WholeField(
        _l("最多延长"),
        [Optional(), NumberRange(1, 3650, _l("请填 1 至 3650 之间的整数"))],
    )
    source = _words(_l("依据"), _l("请写依据的法规、文件和条文"))
    confirmed = BooleanField(_l("已核对依据，不再是示例"))
    valid_from = DayField(_l("从哪天起执行"), [InputRequired(_l("请写从哪天起执行"))])
    reason = _words(_l("为什么改"), _l("请写为什么改"))

    def validate_valid_from(self, field: Any) -> None:
        """What has begun is not judged by a rule that came later."""
        if field.data and field.data < today():
            raise ValidationError(_("不能早于今天：新的时限不溯及既往"))

    def validate_first_day_counts(self, field: Any) -> None:
        """Only days have a first day."""
        if field.data and self.unit.data not in (Unit.CALENDAR_DAY, Unit.WORKING_DAY):
            raise ValidationError(_("只有按天计算的时限才有“当日计入”"))

    def validate_rolls_over(self, field: Any) -> None:
        """Hours end at their minute."""
        if field.data and self.unit.data in (Unit.CLOCK_HOUR, Unit.WORKING_HOUR):
            raise ValidationError(_("按小时计算的时限不顺延"))

    def validate_extending(self, field: Any) -> None:
        """A bound that is said is written."""
        if field.data == "bounded" and not self.extension.data and not self.extension.errors:
            raise ValidationError(_("请写最多延长多少"))

    def show(self, rule: LimitRule) -> None:
        """The limit as it is."""
        self.amount.data, self.unit.data = rule.amount, str(rule.unit)
        self.first_day_counts.data, self.rolls_over.data = rule.first_day_counts, rule.rolls_over
        self.extending.data = "unbounded" if rule.extension is None else KINDS[bool(rule.extension)]
        self.extension.data = rule.extension or None
        self.source.data, self.confirmed.data = rule.source, not rule.example
        self.valid_from.data = today() + timedelta(days=1)

    def changes(self, rule: LimitRule) -> dict[str, Any]:
        """What the new version says otherwise; without extension nobody grants one."""
        bounds = {"none": 0, "unbounded": None, "bounded": self.extension.data}
        extension = bounds[self.extending.data]
        return {
            "amount": self.amount.data,
            "unit": Unit(self.unit.data),
            "first_day_counts": self.first_day_counts.data,
            "rolls_over": self.rolls_over.data,
            "extension": extension,
            "extends_with": () if extension == 0 else rule.extends_with,
            "source": self.source.data,
            "example": not self.confirmed.data,
        }
