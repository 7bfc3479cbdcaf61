"""What the forms of all acts are made of: version and last-seen event, words, days, other ways."""

from datetime import timedelta
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    HiddenField,
    RadioField,
    SelectMultipleField,
)
from wtforms.validators import InputRequired, Optional

from yuantou.calendar.clock import now, today
from yuantou.database.text import whole_number
from yuantou.disputes.codes import read
from yuantou.disputes.guards import PROTECTION
from yuantou.disputes.models import Dispute
from yuantou.mediation.fields import (
    DayField,
    MomentField,
    Most,
    WordsField,
    not_far,
    not_in_future,
    options,
    without_identity,
)

PATHS_OF_TYPE = {
    "migrant_wages": ("labor_inspection", "arbitration"),
    "other_labor": ("arbitration",),
    "medical": ("arbitration",),
    "forest_land": ("administrative_adjudication",),
    "house_homestead": ("administrative_adjudication",),
    "expropriation": ("administrative_review",),
}
Layout = tuple[tuple[str, str], ...]

MANNERS = (
    ("oral", _l("当面口头")),
    ("phone", _l("电话")),
    ("written", _l("书面")),
)


class ActForm(FlaskForm):
    """What every act carries: the version and the last event that its writer saw."""

    layout: ClassVar[Layout] = ()
    version = HiddenField()
    seen = HiddenField()

    @property
    def known_version(self) -> int | None:
        """Version of the dispute when the page was opened."""
        return whole_number(self.version.data)

    @property
    def known_event(self) -> int:
        """Id of the last event when the page was opened."""
        return whole_number(self.seen.data) or 0

    def shown(self) -> list[tuple[Any, str]]:
        """Fields in the order of the page, each with its shape."""
        return [(self[name], shape) for name, shape in self.layout]


def words(label: Any, asked: Any, most: int = 1000, **more: Any) -> WordsField:
    """A text that must be there."""
    return WordsField(label, [InputRequired(asked), Most(most), without_identity], **more)


def remark(label: Any, most: int = 500) -> WordsField:
    """A text that may be there."""
    return WordsField(label, [Optional(), Most(most), without_identity])


def past_day(label: Any, asked: Any) -> DayField:
    """A day that has come."""
    return DayField(label, [InputRequired(asked), not_in_future], default=today)


def past_moment(label: Any, asked: Any) -> MomentField:
    """A moment that has passed."""
    return MomentField(label, [InputRequired(asked), not_in_future], default=now)


def coming_day(label: Any, asked: Any, days: int) -> DayField:
    """A day to come."""
    return DayField(
        label, [InputRequired(asked), not_far], default=lambda: today() + timedelta(days=days)
    )


def usual_paths(dispute: Dispute) -> list[str]:
    """The ways that are told of when a party leaves: those of its kind, and those that protect."""
    found = [*PATHS_OF_TYPE.get(dispute.type, ()), "litigation"]
    if "domestic_violence" in dispute.flags:
        found = [PROTECTION, "police", *found]
    return found


def paths() -> SelectMultipleField:
    """The other ways that the parties were told of."""
    return SelectMultipleField(
        _l("已告知的其他途径"),
        [InputRequired(_l("请选出已告知当事人的途径，至少一项"))],
        choices=options((path.code, _l(path.name_zh)) for path in read().paths.values()),
    )


def manner() -> RadioField:
    """How they were told."""
    return RadioField(_l("怎样告知"), choices=options(MANNERS), default="oral")
