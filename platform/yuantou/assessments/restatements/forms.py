"""The form of a request, and of a new edition."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from yuantou.database.sheets import clean

LONGEST = 300


def _cleaned(text: str | None) -> str | None:
    return clean(text) if text else text


class ReasonForm(FlaskForm):
    """Why."""

    reason = StringField(
        _l("事由"),
        filters=[_cleaned],
        validators=[DataRequired(_l("请写事由，例如哪项数据更正了")), Length(max=LONGEST)],
    )
