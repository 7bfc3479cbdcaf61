"""What a batch asks before it begins."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, ValidationError

from yuantou.calendar.clock import today
from yuantou.coordination.forms import choose, offer
from yuantou.mediation.acting import coming_day, remark, words

SUBMISSION_LENGTH = 32


class BatchForm(FlaskForm):
    """What every batch carries; `submission` is drawn with the form."""

    submission = HiddenField()

    @property
    def drawn(self) -> str:
        """The mark of this form, by which sending it twice is noticed."""
        told = self.submission.data or ""
        return told if len(told) == SUBMISSION_LENGTH and told.isalnum() else uuid4().hex

    def facts(self) -> dict[str, object]:
        """What all matters of the batch share."""
        return {}

    def prepare(self, receivers: Sequence[tuple[int, str]]) -> None:
        """Fill what is chosen from."""


class DispatchBatch(BatchForm):
    """One agency, one term, one reason."""

    handler_agency_id = choose(_l("承办单位"), _l("请选择承办单位"))
    deadline = coming_day(_l("办理期限"), _l("请写办理期限"), 30)
    reason = remark(_l("说明"))

    def facts(self) -> dict[str, object]:
        """As the steps read them."""
        return {
            "handler_agency_id": self.handler_agency_id.data,
            "deadline": str(self.deadline.data),
            "reason": self.reason.data or "",
        }

    def prepare(self, receivers: Sequence[tuple[int, str]]) -> None:
        """The agencies of the county."""
        offer(self.handler_agency_id, receivers)

    def validate_deadline(self, field: Any) -> None:
        """A term lies ahead."""
        if field.data and field.data < today():
            raise ValidationError(_("期限不能早于今天"))


class RemindBatch(BatchForm):
    """What the handlers are told."""

    message = words(_l("催办内容"), _l("请写催办内容"), 500)

    def facts(self) -> dict[str, object]:
        """As the steps read them."""
        return {"message": self.message.data}


class ExportBatch(BatchForm):
    """Nothing more is asked."""


FORMS: dict[str, type[BatchForm]] = {
    "dispatch": DispatchBatch,
    "remind": RemindBatch,
    "export": ExportBatch,
}
