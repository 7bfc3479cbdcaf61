"""What a court is asked for a case feed: months, a file, why rows are opened or taken back."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

PURPOSES = {
    "check": _l("核对报送内容"),
    "correct": _l("查找要更正的行"),
    "audit": _l("检查、审计"),
}


_MONTH = (InputRequired(_l("请写月份，例如 2026-01")), Length(max=20))


class FeedForm(FlaskForm):
    """A file over whole months."""

    first = StringField(_l("起始月份"), _MONTH)
    last = StringField(_l("截止月份"), _MONTH)
    table = FileField(_l("XLSX、CSV 或 JSON 文件"), [FileRequired(_l("请选择文件"))])
    whole = BooleanField(
        _l("这些月份的民事一审案件全部在文件里"),
        [DataRequired(_l("只有整月齐全才能计算；不全请先补齐"))],
    )


class OpenForm(FlaskForm):
    """Why rows are looked at."""

    reason = SelectField(
        _l("查看的理由"),
        [InputRequired(_l("请选择理由"))],
        choices=[SelectChoice(code, label) for code, label in PURPOSES.items()],
    )


class TakeBackForm(FlaskForm):
    """Why a batch is taken back."""

    reason = TextAreaField(
        _l("退回或撤回的原因"), [DataRequired(_l("请写明原因")), Length(max=500)]
    )
