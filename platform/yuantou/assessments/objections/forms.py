"""The forms of an objection and of its answer."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from yuantou.assessments.objections.words import CLAIMS, OUTCOMES, REMEDIES, SUBJECTS
from yuantou.assessments.periods import first_day
from yuantou.database.sheets import clean
from yuantou.mediation.attachments.forms import take
from yuantou.mediation.attachments.service import Clean
from yuantou.mediation.fields import options

LONGEST = 1000
MOST = 1_000_000


def _cleaned(text: str | None) -> str | None:
    return clean(text) if text else text


def _changed(label: Any) -> IntegerField:
    return IntegerField(
        label,
        default=0,
        validators=[
            Optional(),
            NumberRange(-MOST, MOST, message=_l("件数太大")),
        ],
    )


class ObjectionForm(FlaskForm):
    """Against which figure, on account of what, and why."""

    indicator = SelectField(_l("哪个指标"))
    subject = RadioField(_l("针对什么"), choices=options(SUBJECTS), default="matter")
    number = StringField(_l("纠纷编号"), filters=[_cleaned], validators=[Length(max=40)])
    claim = SelectField(_l("这件纠纷"), choices=options(CLAIMS))
    month = StringField(_l("哪个月"), filters=[_cleaned], validators=[Length(max=7)])
    events = _changed(_l("分子应增减多少件"))
    whole = _changed(_l("分母应增减多少件"))
    reason = TextAreaField(
        _l("理由"),
        filters=[_cleaned],
        validators=[DataRequired(_l("请写理由")), Length(max=LONGEST)],
    )
    evidence = TextAreaField(_l("依据"), filters=[_cleaned], validators=[Length(max=LONGEST)])
    file = FileField(_l("依据文件"))
    told: list[Clean]

    def validate(self, extra_validators: Any = None) -> bool:
        """Only what the chosen subject needs is asked; evidence is text, a file, or both."""
        sound = super().validate(extra_validators)
        self.told = take(self.file)
        if self.subject.data == "matter" and not self.number.data:
            self.number.errors = [_("请填纠纷编号")]
        if self.subject.data == "court" and not self._month_known():
            self.month.errors = [_("请填年月，例如 2026-09")]
        if self.subject.data != "matter" and not (self.events.data or self.whole.data):
            self.events.errors = [_("请填应增减的件数，减少填负数")]
        if not self.told and not self.evidence.data and not self.file.errors:
            self.evidence.errors = [_("请写依据，或者传一个文件")]
        asked = (self.number, self.month, self.events, self.evidence, self.file)
        return bool(sound and not any(field.errors for field in asked))

    def _month_known(self) -> bool:
        try:
            first_day(self.month.data or "")
        except ValueError:
            return False
        return True


class DecisionForm(FlaskForm):
    """The answer, with reasons."""

    outcome = RadioField(
        _l("答复"), choices=options(OUTCOMES), validators=[InputRequired(_l("请选答复"))]
    )
    remedy = RadioField(_l("采纳的，怎么改"), choices=options(REMEDIES), default="data")
    events = _changed(_l("分子增减"))
    whole = _changed(_l("分母增减"))
    reason = TextAreaField(
        _l("理由"),
        filters=[_cleaned],
        validators=[DataRequired(_l("请写理由，提出的单位会看到")), Length(max=LONGEST)],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """An adjustment says by how much."""
        sound = super().validate(extra_validators)
        adjusts = self.outcome.data != "rejected" and self.remedy.data == "adjust"
        if adjusts and not (self.events.data or self.whole.data):
            self.events.errors = [_("请填增减的件数")]
        return bool(sound and not self.events.errors)
