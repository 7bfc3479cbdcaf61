"""The forms of an extension."""

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from yuantou.limits.rules import LimitRule
from yuantou.mediation.acting import MANNERS, ActForm, Layout, words
from yuantou.mediation.fields import CountField, options

MOST = 365
USUAL = 15


def _amount() -> CountField:
    return CountField(
        _l("延长多少"),
        [InputRequired(_l("请写延长多少")), NumberRange(1, MOST, _l("请填 1 至 365 之间的整数"))],
    )


class ExtensionForm(ActForm):
    """What each of them says: why."""

    reason = words(_l("理由"), _l("请写理由"), 500)

    def show(self, rule: LimitRule, had: int, asked: int | None) -> None:
        """Fill in what is known."""

    @property
    def note(self) -> str:
        """What history keeps in words."""
        return str(self.reason.data)


class AmountForm(ExtensionForm):
    """And by how much."""

    amount = _amount()

    def show(self, rule: LimitRule, had: int, asked: int | None) -> None:
        """The amount that is asked for, or what the rule leaves, or what is usual."""
        left = USUAL if rule.extension is None else rule.extension - had
        self.amount.data = asked or max(left, 1)


class ConsentForm(AmountForm):
    """Both parties agree to go on."""

    layout: ClassVar[Layout] = (
        ("amount", "line"),
        ("consents", "check"),
        ("manner", "chips"),
        ("reason", "words"),
    )
    consents = BooleanField(_l("双方当事人都同意延长"))
    manner = RadioField(_l("怎样征得同意"), choices=options(MANNERS), default="oral")
    reason = words(_l("依据"), _l("请写何时、怎样征得双方同意"), 500)

    def validate_consents(self, field: Any) -> None:
        """One side alone extends nothing."""
        if not field.data:
            raise ValidationError(_("须双方当事人都同意；一方不同意的，不能延长"))

    @property
    def note(self) -> str:
        """How both agreed, then what was written."""
        chosen = next(str(label) for code, label in MANNERS if code == self.manner.data)
        return _("双方同意（%(manner)s）：%(words)s", manner=chosen, words=self.reason.data)


class AskingForm(AmountForm):
    """The handler asks the county."""

    layout: ClassVar[Layout] = (("amount", "line"), ("reason", "words"))


class ApprovalForm(AmountForm):
    """The county approves."""

    layout: ClassVar[Layout] = (("amount", "line"), ("reason", "words"))


class RefusalForm(ExtensionForm):
    """The county does not."""

    layout: ClassVar[Layout] = (("reason", "words"),)
