"""The desk's form over the intake's, and the forms of the roster."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    Field,
    RadioField,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.validators import InputRequired

from yuantou.access.table_in import rows_in
from yuantou.database.sheets import SheetError
from yuantou.database.text import clean
from yuantou.disputes.codes import read
from yuantou.disputes.identity import phone_of
from yuantou.disputes.parties import NewParty
from yuantou.disputes.service import NewDispute
from yuantou.disputes.telling import (
    GENDERS,
    LONGEST_ETHNICITY,
    LONGEST_OCCUPATION,
    SIDES,
    PartyFields,
    party_of,
    told_party,
)
from yuantou.intake.forms import PARTIES, IntakeForm
from yuantou.intake.window.pasting import GENDERS as GENDER_WORDS
from yuantou.intake.window.pasting import (
    MOST_ROWS,
    TITLE_LINES,
    Pasted,
    judge,
    read_text,
    wrong_numbers_left_out,
)
from yuantou.intake.window.roster import MODES, DutyLine, NewEntry
from yuantou.mediation.fields import LineField, Most, WordsField, options, without_identity

LARGEST_PASTE = 40_000
WINDOW_SOURCE = "centre_window"
MORE = ("gender", "ethnicity", "occupation")
FIRST_AT_WINDOW = (WINDOW_SOURCE, "application", "petition", "police", "hotline_12345")
_REQUIRED = InputRequired(_l("请填写"))


class ListField(WordsField):
    """Rows of a sheet: the first cell may be empty, so nothing is cut at the beginning."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Keep the text clean."""
        if valuelist:
            self.data = clean(f".{valuelist[0]}.")[1:-1]


def _sources() -> list[tuple[str, Any]]:
    """Where matters at a window usually come from, first."""
    known = read().sources
    order = [*FIRST_AT_WINDOW, *(code for code in known if code not in FIRST_AT_WINDOW)]
    return [(code, _l(known[code].name_zh)) for code in order]


class DeskForm(IntakeForm):
    """What is asked at the window: the intake's questions, addresses, papers and a pasted list."""

    source = RadioField(
        _l("怎么来的"),
        [InputRequired(_l("请选这件纠纷怎么来的"))],
        invalid_choice_message=_l("请选这件纠纷怎么来的"),
        choices=options(_sources()),
    )
    pasted = ListField(_l("粘贴名单"), [Most(LARGEST_PASTE)])
    table = FileField(_l("或者上传名单"))
    pasted_side = SelectField(_l("名单里的人是"), choices=options(SIDES[:2]), default="applicant")
    lenient = BooleanField(_l("证件号、电话有错的先不记，只记姓名"))
    papers = LineField(_l("收到的材料"), [Most(200), without_identity])

    @cached_property
    def people(self) -> Pasted | None:
        """The pasted list, judged with the columns that the writer chose; None without one."""
        rows = read_text(self.pasted.data or "")
        return judge(rows, request.form.getlist("column")) if rows else None

    def take_file(self) -> bool:
        """Put an uploaded list into the field for pasting; False where it cannot be read."""
        sent = self.table.data
        if not getattr(sent, "filename", ""):
            return True
        try:
            most = MOST_ROWS + TITLE_LINES + 2
            rows = rows_in(sent.read(), sent.filename, most, TITLE_LINES)
        except SheetError as error:
            where = _("第 %(n)s 行：", n=error.line) if error.line else ""
            self.table.errors = [f"{where}{error.message}"]
            return False
        self.pasted.data = "\n".join("\t".join(row.cells) for row in rows)
        return True

    def party_fields(self) -> list[PartyFields]:
        """The parties' fields, with what the forms of a file ask beyond the intake."""
        return [
            replace(fields, **{name: self[f"party{fields.number}_{name}"] for name in MORE})
            for fields in super().party_fields()
        ]

    def parties(self) -> list[NewParty]:
        """Typed parties with their addresses, then the pasted ones, each once."""
        typed = [
            party_of(fields, "unknown", self[f"party{fields.number}_address"].data or "")
            for fields in self.party_fields()
            if fields.filled
        ]
        return [*typed, *self._pasted_parties()]

    def draft(self) -> NewDispute:
        """The report; as many people and as much money as the list says, unless more was typed."""
        told, found = super().draft(), self.people
        involved = max(told.involved, len(self.parties()))
        amount = told.amount
        if amount is None and found is not None and found.total:
            amount = float(found.total)
        return replace(told, involved=involved, amount=amount)

    def _pasted_parties(self) -> list[NewParty]:
        found = self.people
        if found is None:
            return []
        made = []
        for line in found.kept:
            told = wrong_numbers_left_out(line, found.columns)
            made.append(
                told_party(
                    line.kind,
                    self.pasted_side.data or "applicant",
                    told["name"],
                    told["phone"],
                    told["id"],
                    address=told["address"][:200],
                    gender=GENDER_WORDS.get(told["gender"], ""),
                    ethnicity=told["ethnicity"][:LONGEST_ETHNICITY],
                    occupation=told["occupation"][:LONGEST_OCCUPATION],
                )
            )
        return made


for _number in range(1, PARTIES + 1):
    setattr(DeskForm, f"party{_number}_address", LineField(_l("住址或单位地址"), [Most(200)]))
    setattr(
        DeskForm,
        f"party{_number}_gender",
        SelectField(_l("性别"), choices=options(GENDERS), default=""),
    )
    setattr(DeskForm, f"party{_number}_ethnicity", LineField(_l("民族"), [Most(LONGEST_ETHNICITY)]))
    setattr(
        DeskForm,
        f"party{_number}_occupation",
        LineField(_l("职业或职务"), [Most(LONGEST_OCCUPATION)]),
    )


class SeatForm(FlaskForm):
    """A department's person at the centre."""

    agency = LineField(_l("单位"), [_REQUIRED, Most(60)])
    mode = RadioField(_l("方式"), choices=options(MODES), default="resident")
    person = LineField(_l("姓名"), [_REQUIRED, Most(30)])
    window_no = LineField(_l("窗口"), [Most(20)])
    phone = LineField(_l("办公电话"), [Most(30)])
    days = SelectMultipleField(_l("哪几天"), [_REQUIRED])

    def validate_phone(self, field: Field) -> None:
        """An office's number, where one is given."""
        if field.data and phone_of(field.data) is None:
            raise ValidationError(_("电话号码不对：手机 11 位，座机带区号"))

    def entry(self) -> NewEntry:
        """What is to be noted, from a form that was found valid."""
        return NewEntry(
            agency_name=self.agency.data,
            mode=self.mode.data,
            person=self.person.data,
            window_no=self.window_no.data or "",
            phone=self.phone.data or "",
            days=[date.fromisoformat(day) for day in self.days.data],
        )


def duty_lines(week: Sequence[date], sent: Any) -> tuple[list[DutyLine], dict[str, str]]:
    """The duty of a week as it was typed, and faults by the name of the cell."""
    lines, faults = [], {}
    for day in week:
        person = clean(sent.get(f"person-{day}", ""))
        phone = clean(sent.get(f"phone-{day}", ""))
        if len(person) > 30:
            faults[f"person-{day}"] = _("最多 %(n)s 字", n=30)
        if phone and phone_of(phone) is None:
            faults[f"phone-{day}"] = _("电话号码不对：手机 11 位，座机带区号")
        if phone and not person:
            faults[f"person-{day}"] = _("请写值班人")
        lines.append(DutyLine(day, person, phone))
    return lines, faults
