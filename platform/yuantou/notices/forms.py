"""Forms of suggestions and their answers."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from yuantou.database.text import clean

MOST = 2000


class SuggestionForm(FlaskForm):
    """What somebody has to say about the platform."""

    text = TextAreaField(
        _l("投诉或建议"),
        [DataRequired(_l("请写下内容")), Length(max=MOST, message=_l("最多 %(max)d 字"))],
        filters=[lambda text: clean(text or "")],
    )


class AnswerForm(FlaskForm):
    """The answer to it."""

    text = TextAreaField(
        _l("答复"),
        [DataRequired(_l("请写下答复")), Length(max=MOST, message=_l("最多 %(max)d 字"))],
        filters=[lambda text: clean(text or "")],
    )
