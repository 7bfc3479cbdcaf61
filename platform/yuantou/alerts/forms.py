"""The forms of a warning. Each has its own prefix, for they stand on one page."""

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from yuantou.alerts.levels import lower_levels
from yuantou.alerts.models import Alert
from yuantou.alerts.words import LEVELS, OUTCOMES
from yuantou.database.text import whole_number
from yuantou.mediation.fields import Most, WordsField, options, without_identity

Choices = list[tuple[int, str]]


def _words(label: Any, asked: Any, most: int = 500) -> WordsField:
    return WordsField(label, [DataRequired(asked), Most(most), without_identity])


class AlertForm(FlaskForm):
    """An act on a warning; `version` is the one that the page showed."""

    act: ClassVar[str] = ""
    version = HiddenField()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(prefix=self.act, **kwargs)

    def prepare(self, alert: Alert, receivers: Choices) -> None:
        """Fill what can be chosen."""

    def known(self) -> int | None:
        """The version that the page showed."""
        return whole_number(self.version.data or "")

    def values(self) -> dict[str, Any]:
        """Arguments of the use case."""
        return {}


class AcknowledgeForm(AlertForm):
    """It was read."""

    act = "acknowledge"
    note = WordsField(_l("说明"), [Most(500), without_identity])

    def values(self) -> dict[str, Any]:
        return {"note_words": self.note.data or ""}


class TakeForm(AlertForm):
    """One takes it oneself."""

    act = "take"


class HandForm(AlertForm):
    """Another unit is to handle it."""

    act = "hand"
    agency_id = SelectField(_l("交给哪个单位"), coerce=int, choices=[])
    reason = _words(_l("理由"), _l("请写转交的理由"))

    def prepare(self, alert: Alert, receivers: Choices) -> None:
        self.agency_id.choices = [(0, _l("请选择")), *receivers]

    def validate_agency_id(self, field: SelectField) -> None:
        """One must be chosen."""
        if not field.data:
            raise ValidationError(_l("请选一个单位"))

    def values(self) -> dict[str, Any]:
        return {"agency_id": self.agency_id.data, "reason": self.reason.data or ""}


class ActForm(AlertForm):
    """What was done."""

    act = "act"
    words = _words(_l("做了什么"), _l("请写做了什么"), 1000)

    def values(self) -> dict[str, Any]:
        return {"words": self.words.data or ""}


class CloseForm(AlertForm):
    """What was found."""

    act = "close"
    outcome = RadioField(
        _l("结论"), [InputRequired(_l("请选一个结论"))], choices=options(list(OUTCOMES.items()))
    )
    words = _words(_l("依据"), _l("请写查明的情况"), 1000)

    def values(self) -> dict[str, Any]:
        return {"outcome": self.outcome.data, "words": self.words.data or ""}


class DowngradeForm(AlertForm):
    """A lower level."""

    act = "downgrade"
    to = RadioField(_l("降为"), [InputRequired(_l("请选降为哪一级"))], choices=[])
    reason = _words(_l("理由"), _l("请写降级的理由"))

    def prepare(self, alert: Alert, receivers: Choices) -> None:
        self.to.choices = options([(one, LEVELS[one]) for one in lower_levels(alert.level)])

    def values(self) -> dict[str, Any]:
        return {"to": self.to.data, "reason": self.reason.data or ""}


class DecideForm(AlertForm):
    """The second person's word."""

    act = "decide"
    agreed = RadioField(
        _l("决定"),
        [InputRequired(_l("请选同意或者不同意"))],
        choices=options([("yes", _l("同意降级")), ("no", _l("不同意"))]),
    )
    words = _words(_l("理由"), _l("请写决定的理由"))

    def values(self) -> dict[str, Any]:
        return {"agreed": self.agreed.data == "yes", "words": self.words.data or ""}


class EscalateForm(AlertForm):
    """One level up."""

    act = "escalate"
    reason = _words(_l("理由"), _l("请写上报的理由"))

    def values(self) -> dict[str, Any]:
        return {"reason": self.reason.data or ""}
