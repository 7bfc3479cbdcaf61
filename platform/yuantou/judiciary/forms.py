"""What the court is asked: one month by hand, a file, and the reason for sending back."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from yuantou.database.sheets import clean
from yuantou.judiciary.columns import BASES, CAUSE, EXCLUDED, INCLUDED, MEASURES
from yuantou.judiciary.counting import Entry, Fault
from yuantou.territory.models import Court

LONGEST_CAUSES = 4000


class CountForm(FlaskForm):
    """One court's month; numbers are text so that what was typed is given back as it was."""

    court = SelectField(_l("法院"), [DataRequired(_l("请选择法院"))])
    month = StringField(_l("月份"), [InputRequired(_l("请写月份，例如 2026-01")), Length(max=20)])
    basis = SelectField(
        _l("民事一审新收的口径"),
        [Optional()],
        choices=[
            SelectChoice("", _l("请选择（2024 年及以前不用选）")),
            SelectChoice(INCLUDED, BASES[INCLUDED]),
            SelectChoice(EXCLUDED, BASES[EXCLUDED]),
        ],
    )
    by_cause = TextAreaField(_l("分案由"), [Optional(), Length(max=LONGEST_CAUSES)])
    reason = TextAreaField(_l("更正说明"), [Optional(), Length(max=500)])

    def offer(self, courts: Iterable[Court]) -> None:
        """The courts to choose from."""
        self.court.choices = [SelectChoice(court.code, court.name) for court in courts]

    def entry(self) -> Entry:
        """What was typed, as an entry."""
        keys = [measure.key for measure in MEASURES] + ["court", "month", "basis", "reason"]
        texts = {key: clean(self[key].data or "") for key in keys}
        return Entry(texts | _causes(self.by_cause.data or ""))

    def blame(self, faults: Iterable[Fault]) -> None:
        """Put each fault beside its field, unless the field already says something."""
        told = {name for name in self.data if self[name].errors}
        for fault in faults:
            cause = fault.key.removeprefix(CAUSE) if fault.key.startswith(CAUSE) else ""
            name = "by_cause" if cause else fault.key if fault.key in self else "court"
            if name not in told:
                message = f"{cause}：{fault.message}" if cause else fault.message
                self[name].errors = [*self[name].errors, message]


for _measure in MEASURES:
    _rules = [
        InputRequired(_l("没有填。没有案件请填 0")) if _measure.required else Optional(),
        Length(max=30),
    ]
    setattr(CountForm, _measure.key, StringField(_measure.label, _rules))


class UploadForm(FlaskForm):
    """A file with many courts and months."""

    table = FileField(_l("CSV 或 XLSX 文件"), [FileRequired(_l("请选择文件"))])
    reason = TextAreaField(_l("更正说明"), [Optional(), Length(max=500)])


class ConfirmForm(FlaskForm):
    """The checked rows, signed, on their way to be entered."""

    rows = HiddenField(validators=[DataRequired()])


class ReasonForm(FlaskForm):
    """Why a batch is sent back."""

    reason = TextAreaField(
        _l("退回或撤回的原因"), [DataRequired(_l("请写明原因")), Length(max=500)]
    )


def _causes(text: str) -> dict[str, str]:
    """Lines of 'cause number'; a line without a number is shown back as a fault of the sums."""
    found: dict[str, str] = {}
    for line in text.replace("：", " ").replace(":", " ").splitlines():
        name, _space, number = clean(line).rpartition(" ")
        if name or number:
            key = CAUSE + (name.strip() or number)
            found[key] = number if name else _("（没有写件数）")
    return found
