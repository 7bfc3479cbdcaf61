"""The forms of a meeting: who is called, what was decided, what is given to whom."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, SelectMultipleField, ValidationError
from wtforms.validators import InputRequired, Optional

from yuantou.agencies.models import Agency
from yuantou.alerts.governance.fields import (
    LARGEST_ID,
    FindingForm,
    SubmissionForm,
    VersionForm,
    reference,
    title_field,
)
from yuantou.alerts.governance.terms import read
from yuantou.calendar.clock import now, today
from yuantou.database.text import whole_number
from yuantou.mediation.acting import words
from yuantou.mediation.fields import (
    DayField,
    LineField,
    MomentField,
    Most,
    not_far,
    options,
    without_identity,
)


def extending(task_id: int) -> str:
    """The prefix of the form that gives a task more time: each task of the page has one."""
    return f"longer-{task_id}-"


def next_morning() -> Any:
    """Three days from now at nine."""
    return (now() + timedelta(days=3)).replace(hour=9, minute=0, second=0, microsecond=0)


def not_years_away(form: Any, field: MomentField) -> None:
    """A meeting is held within a year, or was."""
    if field.data is not None and abs(field.data - now()) > timedelta(days=366):
        raise ValidationError(_("时间离现在超过一年，请核对年份"))


class MeetingForm(SubmissionForm, FindingForm):
    """When, where, about what, with whom."""

    analysis = HiddenField()
    title = title_field(_l("会议名称"))
    held_at = MomentField(
        _l("时间"), [InputRequired(_l("请写会议时间")), not_years_away], default=next_morning
    )
    place = LineField(_l("地点"), [InputRequired(_l("请写地点")), Most(80), without_identity])
    agenda = words(_l("议程"), _l("请写议程"), 2000)
    agencies = SelectMultipleField(
        _l("参加单位"),
        [InputRequired(_l("请选出参加会商的单位，至少一个。"))],
        validate_choice=False,
    )

    def offer(self, agencies: Sequence[Agency], more: int) -> None:
        """Fill the list."""
        self.agencies.choices = options(self.found(agencies, more))

    @property
    def called(self) -> list[int]:
        """The agencies that are chosen."""
        told = self.agencies.data or ()
        return [number for one in told if (number := whole_number(one)) and number < LARGEST_ID]

    def values(self) -> dict[str, Any]:
        """Arguments of the use case."""
        return {
            "submission": self.submission.data,
            "title": self.title.data,
            "held_at": self.held_at.data,
            "place": self.place.data,
            "agenda": self.agenda.data,
            "agencies": self.called,
            "analysis_id": reference(self.analysis),
        }


class MinutesForm(VersionForm):
    """What was decided; `minutes_form` adds a line for the person of each agency."""

    decisions = words(_l("会商结论"), _l("请写会商结论"), 5000)

    def attended(self) -> dict[int, str]:
        """Agencies that came, with who came for them."""
        prefix = "came_"
        return {
            int(field.short_name.removeprefix(prefix)): field.data.strip()
            for field in self
            if field.short_name.startswith(prefix) and (field.data or "").strip()
        }


def minutes_form(agencies: Sequence[tuple[int, str, str]], **known: Any) -> MinutesForm:
    """The form for these agencies (id, name, person)."""
    fields: dict[str, Any] = {
        f"came_{number}": LineField(name, [Optional(), Most(60), without_identity])
        for number, name, _person in agencies
    }
    data = {f"came_{number}": person for number, _name, person in agencies} | known
    made: MinutesForm = type("AgenciesMinutesForm", (MinutesForm,), fields)(data=data)
    return made


class TaskForm(SubmissionForm):
    """One task of one agency."""

    agency_id = SelectField(
        _l("责任单位"), [InputRequired(_l("请选责任单位"))], validate_choice=False
    )
    what = words(_l("任务"), _l("请写要办什么"), 1000)
    due_on = DayField(
        _l("办完期限"),
        [InputRequired(_l("请写期限")), not_far],
        default=lambda: today() + timedelta(days=read().usual_days),
    )

    def validate_due_on(self, field: DayField) -> None:
        """Nobody can be asked for yesterday."""
        if field.data is not None and field.data < today():
            raise ValidationError(_("期限不能早于今天"))

    def offer(self, agencies: Sequence[tuple[int, str]]) -> None:
        """Fill the list."""
        self.agency_id.choices = options((str(number), name) for number, name in agencies)


class ExtendForm(FlaskForm):
    """More time for a task, and why."""

    due_on = DayField(_l("延到"), [InputRequired(_l("请写期限")), not_far])
    words = words(_l("延期的理由"), _l("请写延期的理由"), 500)
