"""The form of a letter."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired

from yuantou.agencies.models import Agency
from yuantou.alerts.governance.fields import (
    FindingForm,
    SubmissionForm,
    VersionForm,
    reference,
    title_field,
)
from yuantou.database.text import whole_number
from yuantou.mediation.acting import words
from yuantou.mediation.fields import options


class LetterForm(SubmissionForm, VersionForm, FindingForm):
    """To whom, about what, on which ground, asking for what."""

    analysis = HiddenField()
    addressee_id = SelectField(
        _l("收函单位"), [InputRequired(_l("请选收函单位。"))], validate_choice=False
    )
    title = title_field()
    problem = words(_l("发现的问题"), _l("请写发现的问题"), 3000)
    basis = words(_l("依据"), _l("请写依据"), 1000)
    advice = words(_l("建议"), _l("请写建议"), 3000)

    def offer(self, agencies: Sequence[Agency], more: int) -> None:
        """Fill the list."""
        self.addressee_id.choices = options((("", _l("请选")), *self.found(agencies, more)))

    @property
    def addressee(self) -> int:
        """The agency that is chosen; 0 for none."""
        return whole_number(self.addressee_id.data) or 0

    def texts(self) -> dict[str, str]:
        """What is written."""
        return {name: self[name].data or "" for name in ("title", "problem", "basis", "advice")}

    def values(self) -> dict[str, Any]:
        """Arguments of the use case."""
        return {
            **self.texts(),
            "submission": self.submission.data,
            "addressee_id": self.addressee,
            "analysis_id": reference(self.analysis),
        }
