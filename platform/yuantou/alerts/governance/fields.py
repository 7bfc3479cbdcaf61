"""What the forms of this room are made of."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, SubmitField
from wtforms.validators import InputRequired, Optional

from yuantou.agencies.models import Agency
from yuantou.database.text import whole_number
from yuantou.disputes.codes import read
from yuantou.mediation.acting import remark
from yuantou.mediation.fields import LineField, MarkField, Most, options, without_identity

LARGEST_ID = 2**53


def title_field(label: object = _l("标题")) -> LineField:
    """One line that must be there."""
    return LineField(label, [InputRequired(_l("请写标题")), Most(80), without_identity])


def pick_type() -> SelectField:
    """A type of matters, or none."""
    return SelectField(_l("类型"), [Optional()], validate_choice=False)


def type_options() -> list[object]:
    """Types to choose from, none first."""
    kinds = ((kind.code, _(kind.name_zh)) for kind in read().types.values())
    return list(options((("", _("按事项自动判断")), *kinds)))


def reference(field: HiddenField) -> int | None:
    """The row that a hidden field points at."""
    number = whole_number(field.data)
    return number if number and number < LARGEST_ID else None


class VersionForm(FlaskForm):
    """Knows which version its writer saw."""

    version = HiddenField()

    @property
    def known_version(self) -> int | None:
        """Version of the row when the page was opened."""
        return whole_number(self.version.data)


class WordsForm(FlaskForm):
    """A few words to a step."""

    words = remark(_l("说明"), 2000)


class FindingForm(FlaskForm):
    """Offers agencies of which there may be more than a list holds: found by a part of the name.

    Pressing `finding` shows the page again with what was found; what was typed and chosen stays.
    """

    find = LineField(_l("按名称查找单位"), [Optional(), Most(40)])
    finding = SubmitField(_l("查找"))
    more = hits = 0

    def found(self, agencies: Sequence[Agency], more: int) -> list[tuple[str, str]]:
        """The choices, how many are not among them, and how many have the name that was asked."""
        self.more, asked = more, (self.find.data or "").casefold()
        self.hits = sum(asked in one.name.casefold() for one in agencies)
        return [(str(one.id), one.name) for one in agencies]


class SubmissionForm(FlaskForm):
    """Sent twice it is one."""

    submission = MarkField()
