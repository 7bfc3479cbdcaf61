"""What series and comparisons ask."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, ValidationError
from wtforms.validators import InputRequired, Optional

from yuantou.coordination.forms import choose, options
from yuantou.mediation.acting import words
from yuantou.mediation.fields import LineField, Most, WordsField, without_identity

SUBMISSION_LENGTH = 32
LEAST_REASON = 4


def _line(label: Any, asked: Any, most: int) -> LineField:
    return LineField(label, [InputRequired(asked), Most(most), without_identity])


class SeriesForm(FlaskForm):
    """A series to be: its name, its cause, the organisation in common, its lead."""

    submission = HiddenField()
    name = _line(_l("系列名称"), _l("请写系列名称，例如“某小区供暖”"), 80)
    cause = words(_l("共同的起因"), _l("请写这些事项共同的起因"), 500)
    respondent = SelectField(_l("共同的对方单位"), [Optional()], choices=[])
    lead_agency_id = choose(_l("牵头单位"), _l("请选择牵头单位"))

    @property
    def drawn(self) -> str:
        """The mark of this form, by which sending it twice is noticed."""
        told = self.submission.data or ""
        return told if len(told) == SUBMISSION_LENGTH and told.isalnum() else uuid4().hex

    def prepare(self, agencies: Sequence[tuple[int, str]], respondents: Sequence[str]) -> None:
        """Fill what is chosen from; persons are never among the respondents."""
        self.lead_agency_id.choices = options(agencies)
        none = ("", _("没有，或不是单位"))
        self.respondent.choices = options([none, *((one, one) for one in respondents)])


class ChangeForm(FlaskForm):
    """Name, cause and leads of a series that goes on."""

    name = _line(_l("系列名称"), _l("请写系列名称"), 80)
    cause = words(_l("共同的起因"), _l("请写这些事项共同的起因"), 500)
    lead_agency_id = choose(_l("牵头单位"), _l("请选择牵头单位"))
    lead_dispute_id = SelectField(_l("牵头事项"), [Optional()], coerce=int, choices=[])

    def prepare(
        self, agencies: Sequence[tuple[int, str]], members: Sequence[tuple[int, str]]
    ) -> None:
        """Fill what is chosen from."""
        self.lead_agency_id.choices = options(agencies)
        self.lead_dispute_id.choices = options([(0, _("不指定")), *members])


class AddForm(FlaskForm):
    """Numbers of matters, one a line."""

    numbers = words(_l("事项编号"), _l("请写事项编号，一行一个"), 4000)


class RemoveForm(FlaskForm):
    """Which matter leaves, and why."""

    dispute_id = HiddenField(validators=[InputRequired()])
    reason = words(_l("移出的理由"), _l("请写移出的理由"), 200)


class VerdictForm(FlaskForm):
    """The same, and which one stays; or different."""

    verdict = RadioField(_l("是不是同一件"), [InputRequired(_l("请选择是不是同一件"))], choices=[])
    note = WordsField(_l("依据"), [Most(300), without_identity])

    def prepare(self, choices: Sequence[tuple[str, Any]]) -> None:
        """Only the mergers that are open are offered."""
        self.verdict.choices = options(choices)

    def validate_note(self, field: Any) -> None:
        """A merger says why."""
        if self.verdict.data != "apart" and len(field.data or "") < LEAST_REASON:
            raise ValidationError(_("并案要写明依据，至少 4 个字"))


class OthersForm(FlaskForm):
    """Whose other matters, and what for."""

    party_id = RadioField(_l("当事人"), [InputRequired(_l("请选择当事人"))], coerce=int, choices=[])
    reason = words(_l("查看事由"), _l("请写查看事由"), 200)

    def validate_reason(self, field: Any) -> None:
        """A reason is a sentence, not a sign."""
        if len(field.data or "") < LEAST_REASON:
            raise ValidationError(_("请写明为什么要看，至少 4 个字"))
