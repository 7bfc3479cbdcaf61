"""A name for a question, and who else sees it."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from yuantou.database.text import clean


def _line(text: str | None) -> str:
    return " ".join(clean(text or "").split())


class ViewForm(FlaskForm):
    """What a saved view is called, whether the unit sees it, whether the desk begins with it."""

    name = StringField(
        _l("视图名称"),
        [DataRequired(_l("请写视图名称，例如“本周到期的欠薪”")), Length(max=40)],
        filters=[_line],
    )
    shared = BooleanField(_l("本单位同事也能用"))
    standard = BooleanField(_l("打开工作台时先看这个"))
