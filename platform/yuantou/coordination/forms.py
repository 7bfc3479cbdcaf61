"""The forms of coordination. Field names are those of the workflow's facts, so that a refusal
finds its field; `values` gives what the use case is called with."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, StopValidation

from yuantou.access.viewer import db
from yuantou.calendar.clock import now, today
from yuantou.disputes.codes import read
from yuantou.disputes.guards import MEDIATING_PATHS
from yuantou.disputes.models import Dispute
from yuantou.limits.terms import finish_day
from yuantou.mediation.acting import ActForm, Layout, paths, remark, words
from yuantou.mediation.fields import DayField, LineField, Most, not_far, without_identity

PATHWAYS = (
    ("own_mediation", _l("本级调解")),
    ("refer", _l("交其他调解组织")),
    ("department", _l("交部门办理")),
    ("joint", _l("联合调处")),
    ("other_path", _l("引导其他途径")),
)
Choices = Sequence[tuple[Any, str]]
NONE_CHOSEN = 0


def options(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Choices of a field."""
    return [SelectChoice(value, label) for value, label in pairs]


def choose(label: Any, asked: Any) -> SelectField:
    """One of a list that must be chosen from on purpose; `offer` fills it."""

    def chosen(form: Any, field: Any) -> None:
        if not field.data:
            field.errors = []
            raise StopValidation(asked)

    chosen.field_flags = {"required": True}  # type: ignore[attr-defined]
    return SelectField(label, [chosen], coerce=int, choices=[])


def offer(field: SelectField, found: Choices) -> None:
    """Fill the list; nothing is chosen beforehand."""
    field.choices = options([(NONE_CHOSEN, _("请选择")), *found])


class CoordinationForm(ActForm):
    """An act of coordination; `final` marks what has no way back."""

    final: ClassVar[bool] = False

    def values(self) -> dict[str, Any]:
        """Arguments of the use case."""
        return {name: self[name].data for name, _shape in self.layout}


class AcceptForm(CoordinationForm):
    """The report is taken up and gets its number."""

    layout: ClassVar[Layout] = (("consent", "check"), ("note", "words"))
    consent = BooleanField(_l("双方当事人已同意调解"))
    note = remark(_l("说明"))


class DeclineForm(CoordinationForm):
    """The report is not taken up; the reporter hears of other ways."""

    final: ClassVar[bool] = True
    layout: ClassVar[Layout] = (("reason", "words"), ("path_options", "chips"))
    reason = words(_l("不予受理的理由"), _l("请写理由，例如已经起诉、不属于调解范围"))
    path_options = paths()


class MergeForm(CoordinationForm):
    """The same matter was reported before."""

    layout: ClassVar[Layout] = (("master_number", "line"), ("reason", "words"))
    master_number = LineField(_l("并入哪一件"), [InputRequired(_l("请写另一件的编号")), Most(60)])
    reason = words(_l("为什么是同一件"), _l("请写怎样认定是同一件"), 500)


class UnmergeForm(CoordinationForm):
    """They were not the same after all."""

    layout: ClassVar[Layout] = (("reason", "words"),)
    reason = words(_l("为什么解除"), _l("请写怎样认定不是同一件"), 500)


class TriageForm(CoordinationForm):
    """Type, risk, path and difficulty."""

    layout: ClassVar[Layout] = (
        ("category", "select"),
        ("risk", "chips"),
        ("path", "chips"),
        ("complexity", "chips"),
        ("note", "words"),
    )
    category = SelectField(_l("纠纷类型"), [InputRequired(_l("请选纠纷类型"))])
    risk = RadioField(_l("风险等级"), [InputRequired(_l("请定风险等级"))])
    path = RadioField(
        _l("办理途径"), [InputRequired(_l("请选办理途径"))], choices=options(PATHWAYS)
    )
    complexity = RadioField(_l("难易"), default="ordinary")
    note = remark(_l("研判意见"))
    least = "blue"

    def prepare(self, dispute: Dispute) -> None:
        """What can be chosen, and what is already known."""
        codes = read()
        self.least = codes.least_risk(dispute.flags)
        self.category.choices = options(
            (each.code, _(each.name_zh)) for each in codes.types.values()
        )
        self.risk.choices = options(
            (each.code, f"{each.mark} {_(each.name_zh)}") for each in codes.risks.values()
        )
        self.complexity.choices = options(
            (each.code, _(each.name_zh)) for each in codes.complexities.values()
        )
        if codes.bars_mediation(dispute.flags):
            self.path.choices = options(
                (code, name) for code, name in PATHWAYS if code not in MEDIATING_PATHS
            )
        if not self.is_submitted():
            self.category.data = dispute.type
            self.risk.data = dispute.risk or self.least
            self.path.data = dispute.pathway or self.path.choices[0].value
            self.complexity.data = dispute.complexity or "ordinary"

    def validate_risk(self, field: RadioField) -> None:
        """Facts of the matter set the lowest level."""
        order = ("red", "yellow", "blue")
        if field.data in order and order.index(field.data) > order.index(self.least):
            name = _(read().risks[self.least].name_zh)
            raise ValidationError(_("按已登记的情形，至少应定为%(level)s", level=name))


def owner_given(form: Any, field: Any) -> None:
    """Chosen from the list, or one that the duty list proposes."""
    if not field.data and not form.proposed:
        field.errors = []
        raise StopValidation(_l("请选承办单位"))


class SendingForm(CoordinationForm):
    """To which agency, with which term, and who there may see a restricted matter.

    Owners that the duty list names are proposed with their reason, the best chosen beforehand;
    whoever is chosen from the list of all comes before them.
    """

    proposal = RadioField(_l("按职责清单建议"), coerce=int, validate_choice=False, choices=[])
    handler_agency_id = SelectField(_l("承办单位"), [owner_given], coerce=int, choices=[])
    deadline = DayField(_l("办理期限"), [InputRequired(_l("请写办理期限")), not_far])
    named_id = choose(
        _l("知悉人（限制知悉的事项只有被点名的人能看）"),
        _l("限制知悉的事项须点名一位知悉人"),
    )

    def prepare(
        self, dispute: Dispute, agencies: Choices, people: Choices, owners: Choices = ()
    ) -> None:
        """Agencies of the county; a term that fits the difficulty."""
        others = [(key, name) for key, name in agencies if key != dispute.handler_agency_id]
        self._propose(owners)
        offer(self.handler_agency_id, others)
        offer(self.named_id, people)
        if not self.is_submitted():
            self.deadline.data = finish_day(db(), dispute.id, now())
        if not dispute.restricted:
            del self.named_id

    @property
    def proposed(self) -> int | None:
        """The owner that was chosen among those proposed."""
        if "proposal" not in self or not self.proposal.choices:
            return None
        known = {value for value, _label, *_more in self.proposal.iter_choices()}
        return self.proposal.data if self.proposal.data in known else None

    def shown(self) -> list[tuple[Any, str]]:
        """Without the fields that this matter has no use for."""
        return [(self[name], shape) for name, shape in self.layout if name in self]

    def values(self) -> dict[str, Any]:
        """Arguments of the use case."""
        given = {name: self[name].data for name, _shape in self.layout if name in self}
        given.pop("proposal", None)
        return given | {"handler_agency_id": given["handler_agency_id"] or self.proposed}

    def _propose(self, owners: Choices) -> None:
        """The owners by the duty list, and the first of them chosen."""
        if not owners:
            del self.proposal
            return
        self.proposal.choices = options(owners)
        self.handler_agency_id.label.text = _("交别的单位（选了以这里为准）")
        if not self.is_submitted():
            self.proposal.data = owners[0][0]

    def validate_deadline(self, field: DayField) -> None:
        """A term lies ahead."""
        if field.data and field.data < today():
            raise ValidationError(_("办理期限不能早于今天"))


class DispatchForm(SendingForm):
    """The matter goes to an agency with a term."""

    layout: ClassVar[Layout] = (
        ("proposal", "owners"),
        ("handler_agency_id", "select"),
        ("deadline", "date"),
        ("reason", "words"),
        ("named_id", "select"),
    )
    reason = words(_l("交办理由"), _l("请写为什么交这个单位，要求办什么"), 500)


class DesignateForm(SendingForm):
    """The county names the handler, and it stays."""

    layout: ClassVar[Layout] = (
        ("proposal", "owners"),
        ("handler_agency_id", "select"),
        ("deadline", "date"),
        ("designation_reason", "words"),
        ("named_id", "select"),
    )
    designation_reason = words(_l("指定管辖的理由"), _l("请写指定这个单位的理由"), 500)


class ReturnForm(CoordinationForm):
    """Not ours; whose it may be."""

    layout: ClassVar[Layout] = (("reason", "words"), ("suggested_owner", "select"))
    reason = words(_l("退回理由"), _l("请写为什么不属于本单位职责"), 500)
    suggested_owner = choose(_l("建议的承办单位"), _l("请选建议的承办单位"))


class RecallForm(CoordinationForm):
    """It was sent to the wrong one."""

    layout: ClassVar[Layout] = (("reason", "words"),)
    reason = words(_l("撤回理由"), _l("请写为什么撤回"), 500)


class SignForm(CoordinationForm):
    """The matter is received."""

    layout: ClassVar[Layout] = (("note", "words"),)
    note = remark(_l("说明"))


class MediateForm(CoordinationForm):
    """A mediator is named and mediation begins."""

    layout: ClassVar[Layout] = (
        ("mediator_id", "select"),
        ("consent", "check"),
        ("note", "words"),
    )
    mediator_id = choose(_l("调解员"), _l("请选调解员"))
    consent = BooleanField(_l("双方当事人自愿同意调解"))
    note = remark(_l("说明"))


class HandleForm(CoordinationForm):
    """A person of the department takes it in hand."""

    layout: ClassVar[Layout] = (("officer_id", "select"), ("note", "words"))
    officer_id = choose(_l("承办人"), _l("请选承办人"))
    note = remark(_l("说明"))


class ReplyForm(CoordinationForm):
    """The department's answer."""

    layout: ClassVar[Layout] = (("reply", "long"),)
    reply = words(_l("答复内容"), _l("请写办理结果和依据"), 3000)


class EscalateForm(CoordinationForm):
    """Several agencies handle it together under the county."""

    layout: ClassVar[Layout] = (("reason", "words"), ("partners", "select-many"))
    reason = words(_l("提级理由"), _l("请写为什么需要联合调处"), 500)
    partners = SelectMultipleField(
        _l("参加联合调处的单位"),
        [InputRequired(_l("请选参加的单位，至少一个"))],
        coerce=int,
        choices=[],
    )


class ReopenForm(CoordinationForm):
    """The matter flared up again."""

    layout: ClassVar[Layout] = (("relapse", "words"),)
    relapse = words(_l("反弹情形"), _l("请写出现了什么情况"), 1000)


class OpenPartyForm(ActForm):
    """Why somebody looks at a party's particulars."""

    reason = LineField(_l("查看事由"), [InputRequired(), Most(100), without_identity])
