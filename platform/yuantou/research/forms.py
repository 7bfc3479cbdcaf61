"""The forms of research: a question, which figures to freeze, the report."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, SelectMultipleField, ValidationError
from wtforms.validators import InputRequired, Optional

from yuantou.calendar.clock import today
from yuantou.database.text import whole_number
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.periods import parse_month, shift
from yuantou.mediation.acting import remark, words
from yuantou.mediation.fields import LineField, MarkField, Most, options, without_identity
from yuantou.territory.models import Area

MOST_INDICATORS, MOST_AREAS, MOST_MONTHS = 20, 30, 60


class TopicForm(FlaskForm):
    """What is asked."""

    submission = MarkField()
    title = LineField(
        _l("课题名称"), [InputRequired(_l("请写课题名称")), Most(80), without_identity]
    )
    question = words(_l("要研究的问题"), _l("请写要研究的问题"), 1000)
    keywords = LineField(_l("关键词"), [Optional(), Most(100), without_identity])


def _month(months_ago: int) -> Any:
    return lambda: f"{shift(today().replace(day=1), -months_ago):%Y-%m}"


class PullForm(FlaskForm):
    """Which figures, of which places, over which months."""

    submission = MarkField()
    codes = SelectMultipleField(
        _l("指标"), [InputRequired(_l("请选指标，至少一个"))], validate_choice=False
    )
    areas = SelectMultipleField(
        _l("地方"), [InputRequired(_l("请选地方，至少一个"))], validate_choice=False
    )
    first = LineField(_l("从哪个月"), [InputRequired(_l("请写起始月份"))], default=_month(12))
    last = LineField(_l("到哪个月"), [InputRequired(_l("请写截止月份"))], default=_month(1))

    def offer(self, known: Sequence[Definition], areas: Sequence[Area]) -> None:
        """Fill the lists."""
        self.codes.choices = options((one.code, _(one.name_zh)) for one in known)
        self.areas.choices = options((one.code, one.name) for one in areas)

    def validate_codes(self, field: SelectMultipleField) -> None:
        """Not the whole catalogue at once."""
        _few(field, MOST_INDICATORS)

    def validate_areas(self, field: SelectMultipleField) -> None:
        """Not the whole province month by month."""
        _few(field, MOST_AREAS)

    def validate_last(self, field: LineField) -> None:
        """A period that runs forward, over no more than five years."""
        first, last = self.span()
        if first is None or last is None:
            raise ValidationError(_("月份请写成年-月，例如 2026-03"))
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        if not 0 < months <= MOST_MONTHS or last > today():
            raise ValidationError(_("期间要往后走，不超过五年，也不能晚于本月"))

    def span(self) -> tuple[date | None, date | None]:
        """First and last month; None for what is none."""
        return _read(self.first.data), _read(self.last.data)


class ReportForm(FlaskForm):
    """The report, typed or as a file."""

    version = HiddenField()
    report = remark(_l("报告正文"), 20_000)
    file = FileField(_l("报告文件"), [Optional()])

    @property
    def known_version(self) -> int | None:
        """Version of the topic when the page was opened."""
        return whole_number(self.version.data)


def _few(field: SelectMultipleField, most: int) -> None:
    if len(set(field.data or ())) > most:
        raise ValidationError(_("一次最多选 %(n)s 个", n=most))


def _read(words: str | None) -> date | None:
    try:
        found = parse_month(words or "")
    except ValueError:
        return None
    return found if found.year > 1949 else None
