"""The forms of questions: the unit's words, the office's finding."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import DataRequired, InputRequired

from yuantou.indicators.integrity.kinds import OUTCOMES
from yuantou.mediation.fields import Most, WordsField, options, without_identity


class AnswerForm(FlaskForm):
    """What the unit says."""

    answer = WordsField(_l("说明"), [DataRequired(_l("请写明原因")), Most(1000), without_identity])


class CloseForm(FlaskForm):
    """What the office finds about the data."""

    outcome = RadioField(
        _l("结论"), [InputRequired(_l("请选一个结论"))], choices=options(list(OUTCOMES.items()))
    )
    words = WordsField(_l("理由"), [DataRequired(_l("请写理由")), Most(500), without_identity])
