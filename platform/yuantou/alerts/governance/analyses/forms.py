"""The forms of an analysis: what is asked of which matters, and what was found."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, ValidationError
from wtforms.validators import InputRequired, Optional

from yuantou.alerts.governance.fields import (
    SubmissionForm,
    VersionForm,
    pick_type,
    reference,
    title_field,
    type_options,
)
from yuantou.disputes.codes import read
from yuantou.mediation.acting import remark, words
from yuantou.mediation.fields import Most, WordsField, options
from yuantou.territory.models import Area


class AnalysisForm(SubmissionForm):
    """A question about matters of a warning, of a common source, or of typed numbers."""

    warning = HiddenField()
    source = HiddenField()
    title = title_field()
    question = words(_l("要弄清的问题"), _l("请写要弄清的问题"), 500)
    area = SelectField(_l("地方"), [InputRequired(_l("请选地方"))], validate_choice=False)
    type = pick_type()
    numbers = WordsField(_l("事项编号"), [Optional(), Most(20_000)])

    def offer(self, areas: Sequence[Area]) -> None:
        """Fill the lists."""
        self.area.choices = options((one.code, one.name) for one in areas)
        self.type.choices = type_options()

    def validate_area(self, field: SelectField) -> None:
        """A place that was offered."""
        if field.data not in {one[0] for one in field.iter_choices()}:
            raise ValidationError(_("请选本单位辖区内的地方。"))

    def validate_type(self, field: SelectField) -> None:
        """A type that there is, or none."""
        if field.data and field.data not in read().types:
            raise ValidationError(_("没有这个类型"))

    def typed(self) -> list[str]:
        """Numbers of matters, however they were separated."""
        return re.findall(r"[^\s,，、;；]{4,60}", self.numbers.data or "")[:2000]

    def values(self) -> dict[str, Any]:
        """Arguments of the use case."""
        return {
            "submission": self.submission.data,
            "title": self.title.data,
            "question": self.question.data,
            "area": self.area.data,
            "type_code": self.type.data or None,
            "warning_id": reference(self.warning),
            "source_id": reference(self.source),
        }


class FindingsForm(VersionForm):
    """What was found, and what is advised."""

    findings = remark(_l("分析结论"), 5000)
    advice = remark(_l("治理建议"), 3000)
