"""The intake form: six answers, the rest optional. Nothing that identifies a person is drafted."""

import uuid
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from geo.datums import convert
from yuantou.calendar.clock import today
from yuantou.database.text import clean, whole_number
from yuantou.disputes.codes import read
from yuantou.disputes.parties import NewParty
from yuantou.disputes.service import NewDispute
from yuantou.disputes.telling import KINDS, SIDES, PartyFields, check_party, party_of, told_party
from yuantou.intake.service import Oral
from yuantou.intake.titles import title_of
from yuantou.mediation.fields import (
    AmountField,
    CountField,
    DayField,
    LineField,
    Most,
    WordsField,
    not_far,
    not_in_future,
    options,
    without_identity,
)

PARTIES = 4
FIRST_SOURCES = ("application", "initiative", "grid_screening", "hotline_12345", "police")
FIRST_FLAGS = ("threat_to_others", "came_to_blows", "domestic_violence", "minor")
SCREENED = "grid_screening"
DATUM = "WGS-84"
CHINA = (73.0, 136.0, 3.0, 54.0)


def type_choices() -> list[tuple[str, Any]]:
    """Common types first under their short names, then the others."""
    codes = read()
    common = codes.common_types()
    rest = [each for each in codes.types.values() if not each.common]
    return [(each.code, _l(each.short_zh)) for each in (*common, *rest)]


def _first(codes: Any, first: tuple[str, ...]) -> list[tuple[str, Any]]:
    order = [*first, *(code for code in codes if code not in first)]
    return [(code, _l(codes[code].name_zh)) for code in order]


class IntakeForm(FlaskForm):
    """What a mediator writes while standing in a village."""

    submission = HiddenField(default=lambda: uuid.uuid4().hex)
    saves = HiddenField(default="0")
    distinct = HiddenField()
    unit = HiddenField()
    lng = HiddenField()
    lat = HiddenField()
    type = RadioField(
        _l("是什么纠纷"),
        [InputRequired(_l("请选一类纠纷"))],
        invalid_choice_message=_l("请选一类纠纷"),
        choices=options(type_choices()),
    )
    area = SelectField(_l("乡镇街道"), [InputRequired(_l("请选发生在哪个乡镇、街道"))])
    place = LineField(
        _l("在哪里"),
        [InputRequired(_l("请写发生地点，例如村或小区")), Most(100), without_identity],
    )
    summary = WordsField(
        _l("发生了什么"),
        [InputRequired(_l("请用一两句话写发生了什么")), Most(2000), without_identity],
    )
    occurred_on = DayField(
        _l("什么时候"), [InputRequired(_l("请写发生日期")), not_in_future], default=today
    )
    involved = CountField(
        _l("涉及几个人"),
        [
            InputRequired(_l("请填人数")),
            NumberRange(1, 100_000, _l("人数请填 1 到 100000")),
        ],
        default=2,
    )
    source = RadioField(
        _l("怎么来的"),
        [InputRequired(_l("请选这件纠纷怎么来的"))],
        invalid_choice_message=_l("请选这件纠纷怎么来的"),
        choices=options(_first(read().sources, FIRST_SOURCES)),
    )
    flags = SelectMultipleField(
        _l("有没有这些情况"), choices=options(_first(read().flags, FIRST_FLAGS))
    )
    amount = AmountField(_l("涉及金额"), [Optional()])
    oral = BooleanField(_l("当场已达成口头协议"))
    oral_content = WordsField(_l("协议内容"), [Most(2000), without_identity])
    oral_due_on = DayField(_l("履行到期"), [not_far])
    oral_performed = BooleanField(_l("当场已经履行"))
    oral_consent = BooleanField(_l("双方自愿调解，都同意以上内容"))

    def begin_at(self, area_code: str, place: str) -> None:
        """A unit of a screening round logs what it found: source and place are known."""
        self.source.raw_data, self.source.data = [SCREENED], SCREENED
        if not self.place.raw_data:
            self.place.data = place
            self.area.data = area_code or self.area.data

    def party_fields(self) -> list[PartyFields]:
        """The parties' fields, one bundle each."""
        names = ("side", "kind", "name", "phone", "id_number")
        return [
            PartyFields(number, *(self[f"party{number}_{name}"] for name in names))
            for number in range(1, PARTIES + 1)
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Fields first, then what they say together."""
        fine = bool(super().validate(extra_validators))
        named = [check_party(party) for party in self.party_fields() if party.filled]
        return fine and all(named)

    def validate_submission(self, field: Field) -> None:
        """The token is one that this page drew."""
        try:
            uuid.UUID(field.data or "")
        except ValueError:
            raise ValidationError(_("请刷新页面后再提交")) from None

    def validate_oral(self, field: Field) -> None:
        """Nobody is reconciled with the one said to have used violence."""
        if field.data and read().bars_mediation(self.known_flags()):
            raise ValidationError(
                _("涉嫌家庭暴力、性侵害的，不调和、不登记协议；请转公安机关，告知人身安全保护令")
            )

    def validate_oral_content(self, field: Field) -> None:
        """An agreement says what was agreed."""
        if self.oral.data and not field.data:
            raise ValidationError(_("请记下双方约定了什么"))

    def validate_oral_due_on(self, field: Field) -> None:
        """A promise is for today or later."""
        if self.oral.data and field.data and field.data < today():
            raise ValidationError(_("履行到期不能早于今天；已经履行的请勾选“当场已经履行”"))

    def validate_oral_consent(self, field: Field) -> None:
        """Mediation rests on the parties' own will."""
        if self.oral.data and not field.data:
            raise ValidationError(_("须双方自愿并同意内容，才能登记协议"))

    def known_flags(self) -> tuple[str, ...]:
        """Flags ticked, with the one that follows from the parties' ages."""
        flags = {code for code in self.flags.data or () if code in read().flags}
        if any(party.minor for party in self.parties()):
            flags.add("minor")
        return tuple(code for code in read().flags if code in flags)

    def parties(self) -> list[NewParty]:
        """The parties as they go to be sealed."""
        consent = "agreed" if self.oral.data and self.oral_consent.data else "unknown"
        return [party_of(fields, consent) for fields in self.party_fields() if fields.filled]

    def draft(self) -> NewDispute:
        """The report, from a form that was found valid."""
        occurred_on, involved = self.occurred_on.data, self.involved.data
        if occurred_on is None or involved is None:
            raise ValueError("a draft is made of a valid form only")
        position = _position(self.lng.data, self.lat.data)
        name = read().types[self.type.data].short_zh
        return NewDispute(
            submission=uuid.UUID(self.submission.data).hex,
            summary=self.summary.data,
            type=self.type.data,
            source=self.source.data,
            place=self.place.data,
            area_code=self.area.data,
            occurred_on=occurred_on,
            involved=involved,
            title=title_of(name, self.summary.data),
            flags=self.known_flags(),
            amount=self.amount.data,
            position=position,
            position_normal=_normal(position),
            crs=DATUM if position else None,
        )

    def agreement(self) -> Oral | None:
        """The oral agreement, where there is one."""
        if not self.oral.data:
            return None
        due_on: date | None = None if self.oral_performed.data else self.oral_due_on.data
        return Oral(self.oral_content.data, due_on, bool(self.oral_performed.data))

    def renew(self) -> None:
        """Draw another token, and ask to send once more."""
        self.submission.data = uuid.uuid4().hex
        self.form_errors.append(_("这一页已在别处提交过，请核对后再提交一次"))

    def known_others(self) -> tuple[int, ...]:
        """Disputes that the writer has said are not this one."""
        parts = str(self.distinct.data or "").split(",")
        found = (whole_number(part) for part in parts)
        return tuple(number for number in found if number is not None)


def _party_field(number: int, name: str) -> Field:
    side, whose = SIDES[min(number - 1, 1)][0], _l("第 %(n)s 位", n=number)
    made: dict[str, Field] = {
        "side": SelectField(_l("身份"), choices=options(SIDES), default=side, description=whose),
        "kind": SelectField(
            _l("个人或单位"), choices=options(KINDS), default="person", description=whose
        ),
        "name": LineField(_l("姓名或名称"), [Most(50)], description=whose),
        "phone": LineField(_l("电话"), [Most(30)], description=whose),
        "id_number": LineField(_l("证件号"), [Most(40)], description=whose),
    }
    return made[name]


for _number in range(1, PARTIES + 1):
    for _name in ("side", "kind", "name", "phone", "id_number"):
        setattr(IntakeForm, f"party{_number}_{_name}", _party_field(_number, _name))


class HintForm(FlaskForm):
    """The coordinator's judgement on two disputes."""

    verdict = RadioField(
        _l("是不是同一件"),
        [InputRequired(_l("请选是不是同一件"))],
        choices=options([("same", _l("是同一件")), ("different", _l("不是同一件"))]),
    )
    note = WordsField(_l("说明"), [Optional(), Most(500), without_identity])


def named_parties(rows: Any) -> list[NewParty]:
    """Parties out of a page's JSON; whatever is not a full name or number is passed over."""
    found = []
    for row in rows[:PARTIES] if isinstance(rows, list) else []:
        if isinstance(row, dict):
            kind = "person" if row.get("kind") != "organisation" else "organisation"
            told = (clean(str(row.get(key) or ""))[:50] for key in ("name", "phone", "id"))
            name, phone, number = told
            found.append(told_party(kind, "third", name, phone, number))
    return found


def _position(lng: str | None, lat: str | None) -> tuple[float, float] | None:
    """The point that the phone gave; a point outside the country is none."""
    try:
        point = float(lng or ""), float(lat or "")
    except ValueError:
        return None
    west, east, south, north = CHINA
    return point if west <= point[0] <= east and south <= point[1] <= north else None


def _normal(position: tuple[float, float] | None) -> tuple[float, float] | None:
    if position is None:
        return None
    lng, lat = convert([position[0]], [position[1]], "WGS-84", "CGCS2000")
    return float(lng[0]), float(lat[0])
