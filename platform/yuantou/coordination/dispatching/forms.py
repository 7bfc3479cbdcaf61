"""The forms of what passes between agencies."""

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Optional

from yuantou.access.viewer import db
from yuantou.calendar.clock import local, now
from yuantou.coordination.dispatching.words import BODIES, RESPONSES
from yuantou.coordination.forms import Choices, CoordinationForm, choose, offer, options
from yuantou.disputes.models import Dispute
from yuantou.limits.terms import due
from yuantou.mediation.acting import Layout, past_day, remark, words
from yuantou.mediation.fields import DayField, LineField, Most, not_far, without_identity

REFERRAL = "referral_answer"


def _several(label: Any, asked: Any) -> SelectMultipleField:
    return SelectMultipleField(label, [InputRequired(asked)], coerce=int, choices=[])


class PartnersForm(CoordinationForm):
    """Which agencies; in a restricted matter, which persons of theirs."""

    partners = _several(_l("单位"), _l("请选单位，至少一个"))
    named = _several(
        _l("知悉人（限制知悉的事项只有被点名的人能看）"),
        _l("限制知悉的事项须点名知悉人，至少一位"),
    )

    def prepare(self, dispute: Dispute, agencies: Choices, people: Choices) -> None:
        """A restricted matter is for persons, any other for agencies."""
        if dispute.restricted:
            self.named.choices = options(people)
            del self.partners
        else:
            self.partners.choices = options(agencies)
            del self.named

    def shown(self) -> list[tuple[Any, str]]:
        """Without the field that this matter has no use for."""
        return [(self[name], shape) for name, shape in self.layout if name in self]

    def values(self) -> dict[str, Any]:
        """Arguments of the use case."""
        given = {name: self[name].data for name, _shape in self.layout if name in self}
        return {"partners": ()} | given


class JoinForm(PartnersForm):
    """Others are asked to help."""

    layout: ClassVar[Layout] = (
        ("reason", "words"),
        ("partners", "select-many"),
        ("named", "select-many"),
    )
    reason = words(_l("请他们办什么"), _l("请写请协办单位办什么"), 500)


class WhistleForm(PartnersForm):
    """Departments are called to come."""

    layout: ClassVar[Layout] = (
        ("wanted", "words"),
        ("partners", "select-many"),
        ("named", "select-many"),
    )
    wanted = words(_l("吹哨事由"), _l("请写要部门到哪里、办什么"), 500)


class ReleaseForm(CoordinationForm):
    """Help is over."""

    layout: ClassVar[Layout] = (("partner", "select"), ("reason", "words"))
    partner = choose(_l("解除哪个单位"), _l("请选单位"))
    reason = words(_l("解除理由"), _l("请写为什么不再需要协办"), 500)


class ContributionForm(CoordinationForm):
    """What a helper did."""

    layout: ClassVar[Layout] = (("words", "long"),)
    words = words(_l("协办情况"), _l("请写本单位办了什么、有什么意见"), 2000)


class TransferForm(CoordinationForm):
    """To which centre, and why."""

    layout: ClassVar[Layout] = (("to_agency_id", "select"), ("reason", "words"))
    to_agency_id = choose(_l("移送到"), _l("请选接收的综治中心"))
    reason = words(_l("移送理由"), _l("请写为什么应由那里办，例如发生地、被申请人所在地"), 500)


class AcceptTransferForm(CoordinationForm):
    """Where it is placed."""

    layout: ClassVar[Layout] = (("area_code", "select"), ("note", "words"))
    area_code = SelectField(_l("归到哪个区划"), [InputRequired(_l("请选区划"))])
    note = remark(_l("说明"))


class ReasonForm(CoordinationForm):
    """Why not."""

    layout: ClassVar[Layout] = (("reason", "words"),)
    reason = words(_l("理由"), _l("请写理由"), 500)


class AnswerWhistleForm(CoordinationForm):
    """Whether they come."""

    layout: ClassVar[Layout] = (("response", "chips"), ("words", "words"))
    response = RadioField(
        _l("能否到场"), [InputRequired(_l("请选能否到场"))], choices=options(RESPONSES)
    )
    words = words(_l("谁去、何时到；不能到场的写原因"), _l("请写谁去、何时到，或者原因"), 500)


class ArrivalForm(CoordinationForm):
    """Who came."""

    layout: ClassVar[Layout] = (("partner", "select"),)
    partner = choose(_l("到场单位"), _l("请选到场的单位"))


class ReferOutForm(CoordinationForm):
    """Something is handed to a body outside."""

    layout: ClassVar[Layout] = (
        ("body", "chips"),
        ("external_name", "line"),
        ("reason", "words"),
        ("due_on", "date"),
        ("external_number", "line"),
    )
    body = RadioField(_l("转给谁"), [InputRequired(_l("请选转给谁"))], choices=options(BODIES))
    external_name = LineField(
        _l("接收单位"), [InputRequired(_l("请写接收单位的名称")), Most(100), without_identity]
    )
    reason = words(_l("转办事项"), _l("请写请对方办什么、依据什么"), 500)
    due_on = DayField(
        _l("希望哪天前答复"),
        [InputRequired(_l("请写答复期限")), not_far],
        default=lambda: local(due(db(), REFERRAL, now())).date(),
    )
    external_number = LineField(_l("对方编号"), [Optional(), Most(60), without_identity])


class ReferInForm(CoordinationForm):
    """The matter came from a body outside."""

    layout: ClassVar[Layout] = (
        ("body", "chips"),
        ("external_name", "line"),
        ("external_number", "line"),
        ("passed_on", "date"),
        ("due_on", "date"),
        ("reason", "words"),
    )
    body = RadioField(
        _l("从哪里转来"), [InputRequired(_l("请选从哪里转来"))], choices=options(BODIES)
    )
    external_name = LineField(
        _l("转来单位"), [InputRequired(_l("请写转来单位的名称")), Most(100), without_identity]
    )
    external_number = LineField(
        _l("对方编号"), [InputRequired(_l("请写对方的编号")), Most(60), without_identity]
    )
    passed_on = past_day(_l("哪天转来"), _l("请写哪天转来"))
    due_on = DayField(
        _l("须在哪天前答复对方"),
        [InputRequired(_l("请写答复期限")), not_far],
        default=lambda: local(due(db(), REFERRAL, now())).date(),
    )
    reason = remark(_l("对方的要求"))


class ReferralAnswerForm(CoordinationForm):
    """The answer to a referral."""

    layout: ClassVar[Layout] = (("referral", "select"), ("answered_on", "date"), ("words", "words"))
    referral = choose(_l("哪一件转办"), _l("请选哪一件转办"))
    answered_on = past_day(_l("哪天答复"), _l("请写哪天答复"))
    words = words(_l("答复内容"), _l("请写答复的结果"), 1000)


def only_one(field: SelectField, found: Choices, *, filled: bool) -> None:
    """Fill the list; where there is but one to choose, it is chosen."""
    offer(field, found)
    if len(found) == 1 and not filled:
        field.data = found[0][0]
