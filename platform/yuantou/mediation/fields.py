"""Form fields and validators that say in Chinese what is wrong; intake uses them too."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    Field,
    HiddenField,
    IntegerField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import DateInput, DateTimeLocalInput, TextInput

from yuantou.calendar.clock import ZONE, now, today
from yuantou.database.text import clean, holds_unseen

EARLIEST = date(1949, 10, 1)
LARGEST_AMOUNT = 1e11
_DAY = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*")
_MOMENT = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D+(\d{1,2})\D+(\d{1,2})(?:\D+\d{1,2})?\D*")
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_MARK = re.compile(r"[0-9A-Za-z-]{1,64}")


def options(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Answers to choose from, as code and label."""
    return [SelectChoice(code, label) for code, label in pairs]


class MarkField(HiddenField):
    """Drawn with the form, so that sending it twice is once; what is no mark is drawn anew."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Keep the mark that came."""
        told = valuelist[0] if valuelist else ""
        self.data = told if _MARK.fullmatch(told) else uuid4().hex


class LineField(StringField):
    """One line of text; what cannot be seen is taken out, and `cleaned` says so."""

    cleaned = False

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Keep the text clean."""
        if valuelist:
            self.cleaned = holds_unseen(valuelist[0])
            self.data = clean(valuelist[0])


class WordsField(LineField, TextAreaField):
    """Several lines of text, cleaned alike."""


class CountField(IntegerField):
    """A whole number, full-width digits included."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read digits or say what is asked."""
        text = _plain(valuelist)
        if not text:
            self.data = None
            return
        if not text.isascii() or not text.isdigit() or len(text) > 9:
            self.data = None
            raise ValueError(_("请填整数，例如 2"))
        self.data = int(text)


class AmountField(Field):
    """Yuan with at most two decimals; separators are passed over."""

    widget = TextInput()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read an amount or say how to write it."""
        text = _plain(valuelist).replace(",", "").removesuffix("元")
        self.data = None
        if not text:
            return
        if not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", text) or float(text) > LARGEST_AMOUNT:
            raise ValueError(_("金额请写成数字，单位元，例如 18600 或 18600.50"))
        self.data = float(text)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:g}"


class DayField(Field):
    """A day as a browser sends it or as people write it: 2026-11-03, 2026年11月3日."""

    widget = DateInput()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read a day or say how to write it."""
        self.data = None
        text = _plain(valuelist)
        if not text:
            return
        found = _DAY.fullmatch(text)
        try:
            self.data = date(*map(int, found.groups())) if found else None
        except ValueError:
            self.data = None
        if self.data is None:
            raise ValueError(_("日期请写成年月日，例如 2026-11-03"))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""


class MomentField(Field):
    """A moment to the minute, in the time of Shanghai."""

    widget = DateTimeLocalInput()

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read a moment or say how to write it."""
        self.data = None
        text = _plain(valuelist)
        if not text:
            return
        found = _MOMENT.fullmatch(text)
        try:
            self.data = _moment(found) if found else None
        except ValueError:
            self.data = None
        if self.data is None:
            raise ValueError(_("时间请写到分，例如 2026-11-03 09:30"))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") if self.data else ""


class Most:
    """No more than `limit` characters; the page counts along."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.field_flags = {"maxlength": limit}

    def __call__(self, form: Any, field: Any) -> None:
        """Say by how much the text is too long."""
        length = len(field.data or "")
        if length > self.limit:
            raise ValidationError(
                _("最多 %(most)s 字，现在 %(n)s 字，请删短", most=self.limit, n=length)
            )


def without_identity(form: Any, field: Any) -> None:
    """The same of a field."""
    refuse_identity(field.data or "")


def refuse_identity(words: str) -> None:
    """Personal numbers are kept with the parties, sealed, and nowhere else: ValidationError."""
    text = unicodedata.normalize("NFKC", words)
    if _ID_NUMBER.search(text) or _MOBILE.search(text):
        raise ValidationError(_("这里像是写了身份证号或者手机号。请写到“当事人”里，那里加密保存"))


def not_in_future(form: Any, field: Any) -> None:
    """What happened has happened, and not before the Republic."""
    value = field.data
    if value is None:
        return
    day = value.date() if isinstance(value, datetime) else value
    if day > today() or (isinstance(value, datetime) and value > now()):
        raise ValidationError(_("不能晚于现在"))
    if day < EARLIEST:
        raise ValidationError(_("不能早于 1949 年 10 月 1 日"))


def not_far(form: Any, field: Any) -> None:
    """A day to come, within thirty years."""
    if field.data is None:
        return
    if field.data < EARLIEST:
        raise ValidationError(_("不能早于 1949 年 10 月 1 日"))
    if field.data.year > today().year + 30:
        raise ValidationError(_("期限太远，请核对年份"))


def cleaned_labels(form: FlaskForm) -> list[str]:
    """Labels of the fields from which something unseen was taken out."""
    return [str(field.label.text) for field in form if getattr(field, "cleaned", False)]


def _plain(valuelist: Sequence[str]) -> str:
    return clean(unicodedata.normalize("NFKC", valuelist[0])) if valuelist else ""


def _moment(found: re.Match[str]) -> datetime:
    year, month, day, hour, minute = map(int, found.groups())
    return datetime.combine(date(year, month, day), time(hour, minute), ZONE)
