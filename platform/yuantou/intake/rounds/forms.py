"""Forms of rounds: opening one, reporting for a unit, and the list of sensitive times."""

import re
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from yuantou.calendar.clock import today
from yuantou.intake.rounds.naming import MOST_UNITS, Pasted, read_places
from yuantou.intake.rounds.seasons import Season, day_of
from yuantou.intake.rounds.service import NewRound, Told
from yuantou.mediation.fields import (
    CountField,
    DayField,
    LineField,
    Most,
    WordsField,
    not_far,
    options,
    without_identity,
)

KINDS = (("regular", _l("定期")), ("special", _l("专项")), ("sensitive", _l("敏感节点")))
USUAL_DAYS = 6
LONGEST = 366
SPARE_LINES = 3
MOST_SEASONS = 40
_CUT = re.compile(r"[,，、;；\n]+")
_REQUIRED = InputRequired(_l("请填写"))


def themes_of(text: str | None) -> tuple[str, ...]:
    """Themes as they were typed, separated by commas or lines."""
    parts = (part.strip() for part in _CUT.split(text or ""))
    return tuple(dict.fromkeys(part[:30] for part in parts if part))[:12]


class UnitsForm(FlaskForm):
    """Villages, communities and agencies that report."""

    places = WordsField(_l("村、社区"), [Most(20_000)])
    agencies = SelectMultipleField(_l("单位"), coerce=int)

    pasted: Pasted
    townships: dict[str, str]

    def offer(self, townships: Sequence[tuple[str, str]], agencies: Sequence[Any]) -> None:
        """Townships that lines may name, agencies that may be ticked."""
        self.townships = dict(townships)
        self.agencies.choices = [(one.id, one.name) for one in agencies]

    def validate_places(self, field: Field) -> None:
        """Say of each line what is wrong with it."""
        self.pasted = read_places(field.data or "", self.within_scope())
        if self.pasted.faults:
            words = [_line_fault(number, fault) for number, fault in self.pasted.faults[:5]]
            raise ValidationError("；".join(words))

    def within_scope(self) -> dict[str, str]:
        """Townships that may be named."""
        return self.townships


class RoundForm(UnitsForm):
    """A round; most of it is already filled in."""

    submission = HiddenField(default=lambda: uuid.uuid4().hex)
    kind = RadioField(_l("种类"), choices=options(KINDS), default="regular")
    title = LineField(_l("名称"), [_REQUIRED, Most(60), without_identity])
    area = SelectField(_l("范围"), [_REQUIRED])
    starts_on = DayField(_l("起"), [_REQUIRED, not_far], default=today)
    ends_on = DayField(
        _l("止"), [_REQUIRED, not_far], default=lambda: today() + timedelta(days=USUAL_DAYS)
    )
    themes = LineField(_l("重点"), [Most(200)])
    note = WordsField(_l("说明"), [Most(500), without_identity])

    def within_scope(self) -> dict[str, str]:
        """Only the chosen township, where one was chosen."""
        chosen = self.townships.get(self.area.data)
        return {self.area.data: chosen} if chosen else self.townships

    def validate_submission(self, field: Field) -> None:
        """The token is one that this page drew."""
        try:
            uuid.UUID(field.data or "")
        except ValueError:
            raise ValidationError(_("请刷新页面后再提交")) from None

    def validate_ends_on(self, field: Field) -> None:
        """A round ends after it begins, within a year."""
        if not field.data or not self.starts_on.data:
            return
        if field.data < self.starts_on.data:
            raise ValidationError(_("止日不能早于起日"))
        if (field.data - self.starts_on.data).days > LONGEST:
            raise ValidationError(_("一轮排查不超过一年"))

    def new(self) -> NewRound:
        """The round, from a form that was found valid."""
        if self.starts_on.data is None or self.ends_on.data is None:
            raise ValueError("a round is made of a valid form only")
        return NewRound(
            submission=uuid.UUID(self.submission.data).hex,
            kind=self.kind.data,
            title=self.title.data,
            area_code=self.area.data,
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            themes=themes_of(self.themes.data),
            note=self.note.data or "",
            places=tuple(self.pasted.units),
            agencies=tuple(self.agencies.data or ()),
        )


class ReportForm(FlaskForm):
    """What a unit reports: everything may stay as it is."""

    visited = CountField(
        _l("走访户数"), [Optional(), NumberRange(0, 1_000_000, _l("请填 0 到 1000000"))]
    )
    signed_by = LineField(_l("签字人"), [Most(30)])
    note = LineField(_l("说明"), [Most(200), without_identity])

    def told(self, name: str) -> Told:
        """The report, signed by `name` unless somebody else was written."""
        return Told(self.signed_by.data or name, self.visited.data, self.note.data or "")


class ProlongForm(FlaskForm):
    """Another last day."""

    ends_on = DayField(_l("止"), [_REQUIRED, not_far])


def season_lines(rows: Sequence[dict[str, str]]) -> tuple[list[Season], dict[str, str]]:
    """Seasons out of typed rows, and faults by the name of the cell; empty rows are passed over."""
    seasons: list[Season] = []
    faults: dict[str, str] = {}
    for number, row in enumerate(rows):
        if not any(row.values()):
            continue
        first, last = day_of(row["first"]), day_of(row["last"])
        if not row["name"] or len(row["name"]) > 30:
            faults[f"name-{number}"] = _("请写名称，最多 30 字")
        for key, day in (("first", first), ("last", last)):
            if day is None:
                faults[f"{key}-{number}"] = _("请写月日，例如 11-01")
        if first and last and row["name"]:
            seasons.append(Season(row["name"], first, last, themes_of(row["themes"])))
    return seasons, faults


def _line_fault(number: int, fault: str) -> str:
    words = {
        "nameless": _("第 %(n)s 行没有村、社区名称", n=number),
        "long": _("第 %(n)s 行名称过长", n=number),
        "where": _("第 %(n)s 行看不出属于哪个乡镇街道", n=number),
        "many": _("超过 %(n)s 个单元，请分成几轮", n=MOST_UNITS),
    }
    return words[fault]
