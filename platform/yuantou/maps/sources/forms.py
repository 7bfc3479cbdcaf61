"""What is asked of who names a source, attaches matters, and looks at a name."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, ValidationError
from wtforms.validators import InputRequired

from yuantou.coordination.forms import options
from yuantou.coordination.matter import REASONS
from yuantou.disputes.organisations import like_a_person
from yuantou.maps.sources.kinds import KINDS, TYPED
from yuantou.mediation.acting import words
from yuantou.mediation.fields import LineField, MarkField, Most, without_identity

SHORTEST = 4
LONGEST = 60
_ENDS_LIKE_WORK = ("工程", "项目", "小区", "园区", "政策", "办法", "改造", "拆迁", "征收", "补贴")


class SourceForm(FlaskForm):
    """A project or a policy that several matters go back to."""

    submission = MarkField()
    kind = RadioField(_l("类别"), [InputRequired(_l("请选择类别"))], choices=[])
    name = LineField(
        _l("名称"),
        [InputRequired(_l("请写项目或政策的名称")), Most(LONGEST), without_identity],
    )

    def prepare(self) -> None:
        """The kinds that are named by people."""
        self.kind.choices = options([(kind, KINDS[kind]) for kind in TYPED])

    def validate_name(self, field: LineField) -> None:
        """Never a natural person."""
        told = field.data or ""
        like_work = told.endswith(_ENDS_LIKE_WORK)
        if len(told) < SHORTEST or (like_a_person(told) and not like_work):
            raise ValidationError(_("请写项目或政策的全称；不登记自然人"))


class AttachForm(FlaskForm):
    """Numbers of matters, one a line."""

    numbers = words(_l("事项编号"), _l("请写事项编号，一行一个"), 4000)


class DetachForm(FlaskForm):
    """Which matter leaves, and why."""

    dispute_id = HiddenField(validators=[InputRequired()])
    reason = words(_l("移出的理由"), _l("请写移出的理由"), 200)


class NameForm(FlaskForm):
    """Why the name is looked at."""

    reason = RadioField(_l("查看事由"), [InputRequired(_l("请选择查看事由"))], choices=[])

    def prepare(self) -> None:
        """The reasons that the page of a matter offers."""
        self.reason.choices = options(list(REASONS.items()))
