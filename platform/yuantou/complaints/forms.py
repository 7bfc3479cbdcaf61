"""Forms of a complaint or suggestion and of its answer."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from yuantou.database.text import clean
from yuantou.mediation.fields import options, without_identity

MOST = 2000
KINDS = {"suggestion": _l("建议"), "complaint": _l("投诉")}
ABOUTS = {"platform": _l("平台"), "agency": _l("某个单位"), "matter": _l("某件事项的办理")}


class ComplaintForm(FlaskForm):
    """What somebody has to say, and about what."""

    kind = RadioField(_l("这是"), choices=options(KINDS.items()), default="suggestion")
    about = RadioField(_l("关于"), default="platform")
    agency = SelectField(_l("哪个单位"), coerce=int, default=0)
    text = TextAreaField(
        _l("内容"),
        [
            DataRequired(_l("请写下内容")),
            Length(max=MOST, message=_l("最多 %(max)d 字")),
            without_identity,
        ],
        filters=[lambda text: clean(text or "")],
    )

    def prepare(self, agencies: Sequence[tuple[int, str]], *, has_matter: bool) -> None:
        """What it can be about; a matter only where one was open."""
        pairs = [(code, name) for code, name in ABOUTS.items() if code != "matter" or has_matter]
        self.about.choices = options(pairs)
        self.agency.choices = [
            SelectChoice(0, _("不涉及单位")),
            *(SelectChoice(key, name) for key, name in agencies),
        ]
        if has_matter and not self.is_submitted():
            self.kind.data, self.about.data = "complaint", "matter"

    def validate_agency(self, field: Any) -> None:
        """An agency that is meant is named."""
        if self.about.data == "agency" and not field.data:
            raise ValidationError(_("请选是哪个单位"))


class AnswerForm(FlaskForm):
    """The answer to it."""

    text = TextAreaField(
        _l("答复"),
        [DataRequired(_l("请写下答复")), Length(max=MOST, message=_l("最多 %(max)d 字"))],
        filters=[lambda text: clean(text or "")],
    )
