"""What the owner of counts is asked: a month by hand, a file, why something is taken back."""

from collections.abc import Iterable, Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from yuantou.indicators.words import say
from yuantou.judiciary.counting import Fault
from yuantou.territory.models import Area


class MonthForm(FlaskForm):
    """One area's month; `month_form` adds a field for every count."""

    area = SelectField(_l("地区"), [DataRequired(_l("请选择地区"))])
    month = StringField(_l("月份"), [InputRequired(_l("请写月份，例如 2026-01")), Length(max=20)])
    source = StringField(
        _l("数据依据"),
        [InputRequired(_l("请写明数据从哪里来，例如：本单位统计月报")), Length(max=100)],
    )
    reason = TextAreaField(_l("更正说明"), [Optional(), Length(max=300)])

    def offer(self, areas: Iterable[Area]) -> None:
        """The areas to choose from."""
        self.area.choices = [SelectChoice(area.code, area.name) for area in areas]

    def texts(self, names: Sequence[str]) -> dict[str, str]:
        """What was typed, by key."""
        return {key: str(self[key].data or "") for key in ("area", "month", *names)}

    def blame(self, faults: Iterable[Fault]) -> None:
        """Put each fault beside its field."""
        for fault in faults:
            name = fault.key if fault.key in self.data else "month"
            if fault.message not in self[name].errors:
                self[name].errors = [*self[name].errors, fault.message]


def month_form(names: Sequence[str]) -> type[MonthForm]:
    """The form with a field for every count of these names."""
    rules = [Optional(), Length(max=20)]
    return type("CountsForm", (MonthForm,), {name: StringField(say(name), rules) for name in names})


class UploadForm(FlaskForm):
    """A file with many areas and months."""

    table = FileField(_l("CSV 或 XLSX 文件"), [FileRequired(_l("请选择文件"))])
    source = StringField(
        _l("数据依据"),
        [InputRequired(_l("请写明数据从哪里来，例如：本单位统计月报")), Length(max=100)],
    )
    reason = TextAreaField(_l("更正说明"), [Optional(), Length(max=300)])


class ConfirmForm(FlaskForm):
    """The checked rows, signed."""

    rows = HiddenField(validators=[DataRequired()])


class UndoForm(FlaskForm):
    """Why a saving is undone; `at` names it."""

    at = HiddenField(validators=[DataRequired()])
    reason = StringField(_l("撤销的原因"), [DataRequired(_l("请写明原因")), Length(max=300)])
