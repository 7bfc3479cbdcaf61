"""The forms of the tracks to a court. Field names are the facts of the tables in tracks.py."""

from typing import Any, ClassVar
from uuid import uuid4

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, StopValidation

from yuantou.disputes.codes import read
from yuantou.disputes.parties import NewParty
from yuantou.disputes.telling import PartyFields, check_party, party_of
from yuantou.mediation.acting import ActForm, Layout, past_day, past_moment, remark, words
from yuantou.mediation.fields import LineField, MarkField, Most, options, without_identity

PROCEDURES = (
    ("ordinary", _l("普通程序")),
    ("simplified", _l("简易程序")),
)
OUTCOMES = (
    ("withdrawn_suit", _l("撤诉")),
    ("performed_at_once", _l("即时履行")),
    ("confirmed", _l("司法确认")),
    ("mediation_paper", _l("调解书")),
)
OF_AGREEMENT = (
    ("none", _l("都不涉及")),
    ("personal_status", _l("确认或者解除身份关系")),
    ("title", _l("物权、知识产权确权")),
    ("special_procedure", _l("适用其他特别程序")),
    ("out_of_scope", _l("不属法院受案范围")),
)
NONE_CHOSEN = 0


def _choose(label: Any, asked: Any) -> SelectField:
    def chosen(form: Any, field: Any) -> None:
        if not field.data:
            field.errors = []
            raise StopValidation(asked)

    chosen.field_flags = {"required": True}  # type: ignore[attr-defined]
    return SelectField(label, [chosen], coerce=int, choices=[])


def _court_chosen(form: Any, field: Any) -> None:
    """A court that uses the platform, or one of the table of courts."""
    if not field.data and not form.court_code.data:
        field.errors = []
        raise StopValidation(_("请选人民法院；不在系统内的，在下一栏选"))


def _judge_named(form: Any, field: Any) -> None:
    """Where the court can look in at all, a restricted matter is shown to one of its people."""
    if not field.data and form.court_agency_id.data and not form.court_code.data:
        field.errors = []
        raise StopValidation(_("限制知悉的事项须点名一位法官"))


def offer(field: SelectField, found: list[tuple[int, str]]) -> None:
    """Fill a list; nothing is chosen beforehand unless there is one alone."""
    field.choices = [(NONE_CHOSEN, _("请选择")), *found]
    if len(found) == 1 and not field.raw_data:
        field.data = found[0][0]


class TrackForm(ActForm):
    """An act of a track."""

    def facts(self) -> dict[str, Any]:
        """What the table is told."""
        return {name: self[name].data for name, _shape in self.layout if name in self}

    def shown(self) -> list[tuple[Any, str]]:
        """Without the field that only restricted matters have."""
        return [(self[name], shape) for name, shape in self.layout if name in self]


class NoteForm(TrackForm):
    """Nothing but a remark."""

    layout: ClassVar[Layout] = (("note", "words"),)
    note = remark(_l("说明"))


class ReasonForm(TrackForm):
    """A reason."""

    layout: ClassVar[Layout] = (("reason", "words"),)
    reason = words(_l("理由"), _l("请写理由"))


class ApplicationForm(TrackForm):
    """Both sides ask a court to confirm their agreement."""

    layout: ClassVar[Layout] = (
        ("applicants", "chips"),
        ("subjects", "chips"),
        ("court_agency_id", "select"),
        ("court_code", "select"),
        ("applied_on", "date"),
        ("application_documents", "words"),
        ("named_id", "select"),
    )
    applicants = RadioField(
        _l("谁申请"),
        [InputRequired(_l("请选由谁申请"))],
        choices=options([("both", _l("双方共同申请")), ("one", _l("只有一方"))]),
        default="both",
    )
    subjects = SelectMultipleField(_l("协议是否涉及"), choices=options(OF_AGREEMENT))
    court_agency_id = SelectField(_l("人民法院"), [_court_chosen], coerce=int, choices=[])
    court_code = SelectField(_l("法院不在系统内的，从这里选"), choices=[], default="")
    applied_on = past_day(_l("申请日期"), _l("请写申请日期"))
    application_documents = words(
        _l("申请材料"),
        _l("请写交了哪些材料，例如申请书、调解协议、身份证明、送达地址"),
        default=_l("申请书、调解协议、双方身份证明、送达地址确认书"),
    )
    named_id = SelectField(
        _l("法院知悉人（限制知悉的事项只有被点名的人能看）"),
        [_judge_named],
        coerce=int,
        choices=[],
    )

    def prepare(self, elsewhere: list[tuple[str, str]]) -> None:
        """Courts that do not use the platform; the handler writes down what they decide."""
        self.court_code.choices = [("", _("不适用")), *elsewhere]

    def facts(self) -> dict[str, Any]:
        """Nothing ticked is nothing stated; 都不涉及 states that there is nothing."""
        told = super().facts()
        told.pop("named_id", None)
        outside = bool(self.court_code.data)
        told["court_agency_id"] = None if outside else self.court_agency_id.data or None
        chosen = self.subjects.data or None
        told["subjects"] = tuple(each for each in chosen if each != "none") if chosen else None
        return told


class CourtCaseForm(TrackForm):
    """The court takes the application up."""

    layout: ClassVar[Layout] = (("court_case", "line"),)
    court_case = LineField(
        _l("案号"), [InputRequired(_l("请写案号，例如（2026）辽1382民特1号")), Most(100)]
    )


class DecisionForm(TrackForm):
    """The court finds the agreement valid."""

    layout: ClassVar[Layout] = (("decided_on", "date"),)
    decided_on = past_day(_l("裁定日期"), _l("请写裁定日期"))


class DismissalForm(DecisionForm):
    """The court dismisses the application."""

    layout: ClassVar[Layout] = (("decided_on", "date"), ("reason", "words"))
    reason = words(_l("理由"), _l("请写理由"))


class ExecutionForm(TrackForm):
    """A party asks for enforcement."""

    layout: ClassVar[Layout] = (("applied_on", "date"),)
    applied_on = past_day(_l("申请执行日期"), _l("请写申请执行的日期"))


class ReceiptForm(TrackForm):
    """The papers of the court are received; the clock starts."""

    layout: ClassVar[Layout] = (
        ("received_at", "moment"),
        ("procedure", "chips"),
        ("materials", "words"),
    )
    received_at = past_moment(_l("签收材料时刻"), _l("请写签收的时刻"))
    procedure = RadioField(_l("审理程序"), choices=options(PROCEDURES), default="ordinary")
    materials = words(_l("收到的材料"), _l("请写收到哪些材料，例如起诉状副本、证据"))


class ExtensionForm(TrackForm):
    """Both sides agree to more time."""

    layout: ClassVar[Layout] = (("consents", "chips"),)
    consents = RadioField(
        _l("谁同意延长"),
        [InputRequired(_l("请选谁同意"))],
        choices=options([("both", _l("双方都同意")), ("one", _l("只有一方"))]),
    )


class SuccessForm(TrackForm):
    """The entrusted mediation has a result."""

    layout: ClassVar[Layout] = (("outcome", "chips"),)
    outcome = RadioField(_l("结果"), [InputRequired(_l("请选结果"))], choices=options(OUTCOMES))


class HandBackForm(TrackForm):
    """The papers go back to the court."""

    layout: ClassVar[Layout] = (("returned_at", "moment"),)
    returned_at = past_moment(_l("退回法院时刻"), _l("请写退回的时刻"))


class EntrustForm(FlaskForm):
    """A court sends a matter out to be mediated."""

    submission = MarkField(default=lambda: uuid4().hex)
    court_case = LineField(
        _l("案号"), [InputRequired(_l("请写案号，例如（2026）辽1382民初1号")), Most(100)]
    )
    procedure = RadioField(_l("审理程序"), choices=options(PROCEDURES), default="ordinary")
    receiver = _choose(_l("受委托单位"), _l("请选受委托单位"))
    type = SelectField(_l("纠纷类型"), [InputRequired(_l("请选纠纷类型"))])
    place = LineField(_l("争议地"), [InputRequired(_l("请写争议地")), Most(100), without_identity])
    summary = words(_l("诉讼请求和事由"), _l("请写诉讼请求和事由"), 2000)
    filed_on = past_day(_l("立案日期"), _l("请写立案日期"))
    materials = words(_l("移送材料"), _l("请写移送哪些材料，例如起诉状副本、证据"))
    applicant_name = LineField(_l("原告姓名或名称"), [InputRequired(_l("请写原告")), Most(50)])
    applicant_kind = RadioField(
        _l("原告是"),
        choices=options([("person", _l("个人")), ("organisation", _l("单位"))]),
        default="person",
    )
    applicant_phone = LineField(_l("原告电话"), [Most(30)])
    applicant_number = LineField(_l("原告证件号"), [Most(40)])
    respondent_name = LineField(_l("被告姓名或名称"), [InputRequired(_l("请写被告")), Most(50)])
    respondent_kind = RadioField(
        _l("被告是"),
        choices=options([("person", _l("个人")), ("organisation", _l("单位"))]),
        default="person",
    )
    respondent_phone = LineField(_l("被告电话"), [Most(30)])
    respondent_number = LineField(_l("被告证件号"), [Most(40)])

    def prepare(self, receivers: list[tuple[int, str]]) -> None:
        """Whom the court may ask; the types."""
        offer(self.receiver, receivers)
        known = [(each.code, _(each.name_zh)) for each in read().types.values()]
        self.type.choices = [("", _("请选择")), *known]

    def validate(self, extra_validators: Any = None) -> bool:
        """Fields first, then each party as a whole."""
        fine = bool(super().validate(extra_validators))
        return all((fine, *(check_party(self._party(side)) for side in SIDES)))

    def parties(self) -> tuple[NewParty, ...]:
        """Both sides of the suit."""
        return tuple(party_of(self._party(side), "unknown") for side in SIDES)

    def _party(self, side: str) -> PartyFields:
        fields = {name: self[f"{side}_{name}"] for name in ("kind", "name", "phone")}
        number = SIDES.index(side) + 1
        return PartyFields(number, _Fixed(side), id_number=self[f"{side}_number"], **fields)


SIDES = ("applicant", "respondent")


class _Fixed:
    """A side that is not asked because the page says it."""

    def __init__(self, data: str) -> None:
        self.data = data
