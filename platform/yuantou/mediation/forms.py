"""The forms of mediation. Field names are those of the workflow's facts, so that a refusal finds
its field; `layout` says in which order and shape the page shows them."""

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    RadioField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.validators import InputRequired, Optional

from yuantou.calendar.clock import today
from yuantou.mediation.acting import (
    ActForm,
    Layout,
    coming_day,
    manner,
    past_day,
    past_moment,
    paths,
    remark,
    words,
)
from yuantou.mediation.fields import (
    AmountField,
    DayField,
    LineField,
    Most,
    not_far,
    options,
    without_identity,
)

MODES = (
    ("immediate", _l("当场已履行")),
    ("by_date", _l("约定日期履行")),
    ("none", _l("没有给付内容")),
)
SUBJECTS = (
    ("marriage", _l("婚姻")),
    ("adoption", _l("收养")),
    ("inheritance", _l("继承")),
    ("personal_status", _l("确认或者解除身份关系")),
    ("title", _l("物权、知识产权确权")),
)

ALSO_TOLD = (
    ("civil_affairs", _l("民政部门")),
    ("education", _l("教育部门")),
    ("women_federation", _l("妇联")),
)


class ConsentForm(ActForm):
    """The parties agree to mediate."""

    layout: ClassVar[Layout] = (("consent", "check"), ("note", "words"))
    consent = BooleanField(
        _l("双方当事人自愿同意调解"), [InputRequired(_l("须双方都同意，才能登记"))]
    )
    note = remark(_l("说明"))


class RefusalForm(ActForm):
    """A party refuses mediation."""

    layout: ClassVar[Layout] = (("reason", "words"),)
    reason = words(_l("谁、怎样表示不愿调解"), _l("请写明由哪一方、怎样表示"))


class PoliceForm(ActForm):
    """The police were told."""

    layout: ClassVar[Layout] = (
        ("police_station", "line"),
        ("reported_at", "moment"),
        ("reported_to", "chips"),
        ("note", "words"),
    )
    police_station = LineField(
        _l("接报的公安机关"), [InputRequired(_l("请写接报的派出所或者公安机关")), Most(100)]
    )
    reported_at = past_moment(_l("报告时刻"), _l("请写报告的时刻"))
    reported_to = SelectMultipleField(_l("同时报告"), choices=options(ALSO_TOLD))
    note = remark(_l("说明"))


class BeginForm(ActForm):
    """Mediation begins."""

    layout: ClassVar[Layout] = (("consent", "check"), ("note", "words"))
    consent = BooleanField(
        _l("双方当事人自愿同意调解"), [InputRequired(_l("须双方都同意，才能开始调解"))]
    )
    note = remark(_l("说明"))


class RecordForm(ActForm):
    """One session of mediation."""

    layout: ClassVar[Layout] = (
        ("held_at", "moment"),
        ("place", "line"),
        ("attendees", "line"),
        ("content", "long"),
    )
    held_at = past_moment(_l("调解时间"), _l("请写调解的时间"))
    place = LineField(_l("地点"), [InputRequired(_l("请写地点，例如村委会")), Most(100)])
    attendees = LineField(
        _l("参加人"),
        [
            InputRequired(_l("请写谁参加，例如双方当事人、村委会主任")),
            Most(200),
            without_identity,
        ],
    )
    content = words(_l("调解经过"), _l("请写双方怎么说、谈到哪一步"), 5000, id="record")


class AgreementForm(ActForm):
    """The parties agree."""

    layout: ClassVar[Layout] = (
        ("agreement_form", "chips"),
        ("agreement_content", "long"),
        ("amount", "money"),
        ("mode", "chips"),
        ("due_on", "date"),
        ("effective_on", "date"),
        ("subjects", "chips"),
        ("signature", "chips"),
    )
    agreement_form = RadioField(
        _l("协议形式"),
        choices=options([("oral", _l("口头")), ("written", _l("书面"))]),
        default="oral",
    )
    agreement_content = words(_l("协议内容"), _l("请写双方约定了什么"), 5000)
    amount = AmountField(_l("协议金额"), [Optional()])
    mode = RadioField(
        _l("履行方式"),
        [InputRequired(_l("请选履行方式"))],
        invalid_choice_message=_l("请选履行方式"),
        choices=options(MODES),
        default="by_date",
    )
    due_on = DayField(_l("履行到期"), [not_far])
    effective_on = past_day(_l("生效日期"), _l("请写生效日期"))
    subjects = SelectMultipleField(_l("协议涉及的事项"), choices=options(SUBJECTS))
    signature = RadioField(
        _l("签名方式"),
        choices=options([("paper", _l("纸上签名")), ("electronic", _l("电子签名"))]),
        validate_choice=False,
    )

    def validate_due_on(self, field: Any) -> None:
        """A promise for later says until when."""
        if self.mode.data == "by_date" and field.data is None and not field.errors:
            raise ValidationError(_("请写约定哪天履行完"))
        if field.data and self.effective_on.data and field.data < self.effective_on.data:
            raise ValidationError(_("履行到期不能早于生效日期"))

    def validate_signature(self, field: Any) -> None:
        """A written agreement is signed."""
        if self.agreement_form.data == "written" and field.data not in ("paper", "electronic"):
            raise ValidationError(_("书面协议请选签名方式"))


class PerformanceForm(ActForm):
    """What was promised has been done, or part of it."""

    layout: ClassVar[Layout] = (
        ("result", "chips"),
        ("performed_on", "date"),
        ("amount", "money"),
        ("evidence", "words"),
    )
    result = RadioField(
        _l("履行到什么程度"),
        choices=options([("performed", _l("全部履行")), ("partly", _l("部分履行"))]),
        default="performed",
    )
    performed_on = past_day(_l("履行日期"), _l("请写履行的日期"))
    amount = AmountField(_l("履行金额"), [Optional()])
    evidence = words(_l("依据"), _l("请写凭什么认定，例如收条、转账记录、双方确认"))


class DefaultForm(ActForm):
    """The promised day has passed."""

    layout: ClassVar[Layout] = (("defaulted_on", "date"), ("evidence", "words"))
    defaulted_on = past_day(_l("查明未履行的日期"), _l("请写查明的日期"))
    evidence = words(_l("依据"), _l("请写怎样查明，例如电话询问双方"))


class UrgeForm(ActForm):
    """A party was urged to perform."""

    layout: ClassVar[Layout] = (("manner", "chips"), ("note", "words"))
    manner = RadioField(
        _l("督促方式"),
        choices=options([("visit", _l("上门")), ("phone", _l("电话")), ("written", _l("书面"))]),
        default="phone",
    )
    note = remark(_l("对方怎么说"))


class EndingForm(ActForm):
    """Mediation failed or ends; the parties hear of other ways."""

    layout: ClassVar[Layout] = (
        ("reason", "words"),
        ("path_options", "chips"),
        ("manner", "chips"),
        ("note", "words"),
    )
    reason = words(_l("理由"), _l("请写理由"))
    path_options = paths()
    manner = manner()
    note = remark(_l("告知时的说明"))


class TerminationForm(EndingForm):
    """Mediation ends without result before its time."""

    layout: ClassVar[Layout] = (("ground", "chips"), *EndingForm.layout)
    ground = RadioField(
        _l("终止原因"),
        [InputRequired(_l("请选终止原因"))],
        invalid_choice_message=_l("请选终止原因"),
        choices=options(
            [
                ("refused", _l("一方拒绝或者退出")),
                ("crime", _l("发现涉嫌违法犯罪")),
                ("in_court", _l("已诉讼、仲裁")),
                ("other", _l("其他")),
            ]
        ),
    )


class PathForm(ActForm):
    """The parties are told of other ways."""

    layout: ClassVar[Layout] = (
        ("path_options", "chips"),
        ("manner", "chips"),
        ("note", "words"),
    )
    path_options = paths()
    manner = manner()
    note = remark(_l("说明"))


class SuspensionForm(ActForm):
    """Mediation rests; the clock stops."""

    layout: ClassVar[Layout] = (
        ("ground", "chips"),
        ("reason", "words"),
        ("evidence", "line"),
        ("until", "date"),
    )
    ground = RadioField(
        _l("中止原因"),
        [InputRequired(_l("请选中止原因"))],
        invalid_choice_message=_l("请选中止原因"),
        choices=options(
            [
                ("appraisal", _l("等鉴定")),
                ("unreachable", _l("联系不上当事人")),
                ("force_majeure", _l("不可抗力")),
                ("other", _l("其他")),
            ]
        ),
    )
    reason = words(_l("说明"), _l("请写明情况"))
    evidence = LineField(
        _l("依据"),
        [
            InputRequired(_l("请写凭什么中止，例如鉴定委托书编号、三次联系的时间")),
            Most(200),
            without_identity,
        ],
    )
    until = coming_day(_l("预计恢复日期"), _l("请写预计哪天恢复"), 15)

    def validate_until(self, field: Any) -> None:
        """Rest has an end."""
        if field.data and field.data < today():
            raise ValidationError(_("预计恢复日期不能早于今天"))


class ResumptionForm(ActForm):
    """Mediation goes on."""

    layout: ClassVar[Layout] = (("resumed_on", "date"), ("note", "words"))
    resumed_on = past_day(_l("恢复日期"), _l("请写恢复日期"))
    note = remark(_l("说明"))


class FollowUpPlanForm(ActForm):
    """A call-back is planned."""

    layout: ClassVar[Layout] = (("planned_on", "date"), ("note", "words"))
    planned_on = coming_day(_l("拟回访日期"), _l("请写拟回访日期"), 30)
    note = remark(_l("说明"))

    def validate_planned_on(self, field: Any) -> None:
        """One plans for days to come."""
        if field.data and field.data < today():
            raise ValidationError(_("拟回访日期不能早于今天"))


class FollowUpForm(ActForm):
    """A call-back was made."""

    layout: ClassVar[Layout] = (
        ("called_at", "moment"),
        ("reached", "chips"),
        ("performed", "chips"),
        ("satisfied", "chips"),
        ("hidden_risk", "chips"),
        ("note", "words"),
        ("close_file", "check"),
    )
    called_at = past_moment(_l("回访时间"), _l("请写回访时间"))
    reached = RadioField(
        _l("是否联系上"),
        choices=options([("yes", _l("联系上")), ("no", _l("没联系上"))]),
        default="yes",
    )
    performed = RadioField(
        _l("履行情况"),
        [Optional()],
        choices=options(
            [
                ("performed", _l("已履行")),
                ("partly", _l("部分履行")),
                ("defaulted", _l("未履行")),
                ("none", _l("没有给付内容")),
            ]
        ),
        validate_choice=False,
    )
    satisfied = RadioField(
        _l("当事人是否满意"),
        [Optional()],
        choices=options(
            [
                ("satisfied", _l("满意")),
                ("fair", _l("一般")),
                ("dissatisfied", _l("不满意")),
                ("unstated", _l("未表态")),
            ]
        ),
        validate_choice=False,
    )
    hidden_risk = RadioField(
        _l("有无激化隐患"),
        choices=options([("no", _l("没有")), ("yes", _l("有"))]),
        default="no",
    )
    note = words(_l("回访情况"), _l("请写当事人怎么说"))
    close_file = BooleanField(_l("情况正常，一并结案归档"))

    def validate_close_file(self, field: Any) -> None:
        """A file with an open question stays open."""
        if field.data and (self.hidden_risk.data == "yes" or self.reached.data == "no"):
            raise ValidationError(_("没联系上或者还有隐患的，不能结案"))


class ClosingForm(ActForm):
    """The file is closed."""

    layout: ClassVar[Layout] = (("found", "words"),)
    found = words(_l("回访情况和结果"), _l("请写回访情况和结果"))


class PerformanceStartForm(ActForm):
    """The time for performing runs."""

    layout: ClassVar[Layout] = (("note", "words"),)
    note = remark(_l("说明"))
