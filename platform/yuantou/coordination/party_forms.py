"""The forms of a party: told for the first time, or anew with the reason of the correction."""

from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired

from yuantou.disputes.models import Party
from yuantou.disputes.organisations import ORGANISATION, PERSON, UNSURE
from yuantou.disputes.parties import NewParty
from yuantou.disputes.telling import (
    GENDERS,
    KINDS,
    LONGEST_ETHNICITY,
    LONGEST_OCCUPATION,
    SIDES,
    PartyFields,
    check_party,
    party_of,
)
from yuantou.mediation.acting import ActForm
from yuantou.mediation.fields import LineField, Most, options

CONSENTS = (("unknown", _l("未询问")), ("agreed", _l("同意调解")))
REFUSED = ("refused", _l("不愿调解"))
CAUSES = (
    ("name", _l("姓名或名称写错")),
    ("phone", _l("电话不对或已换")),
    ("id_number", _l("证件号录错")),
    ("address", _l("住址不对")),
    ("side", _l("身份或意愿记错")),
    ("person", _l("登记错了人")),
)


class PartyForm(ActForm):
    """One party of a matter."""

    side = RadioField(_l("身份"), [InputRequired(_l("请选身份"))], choices=options(SIDES))
    kind = RadioField(
        _l("个人或单位"),
        [InputRequired(_l("请选个人或单位"))],
        choices=options(KINDS),
        default="person",
    )
    name = LineField(_l("姓名或名称"), [InputRequired(_l("请写姓名或名称")), Most(50)])
    phone = LineField(_l("电话"), [Most(30)])
    id_number = LineField(_l("证件号"), [Most(40)])
    address = LineField(_l("住址"), [Most(100)])
    gender = SelectField(_l("性别"), choices=options(GENDERS), default="")
    ethnicity = LineField(_l("民族"), [Most(LONGEST_ETHNICITY)])
    occupation = LineField(_l("职业或职务"), [Most(LONGEST_OCCUPATION)])
    minor = BooleanField(_l("未成年人"))
    consent = RadioField(_l("意愿"), choices=options(CONSENTS), default="unknown")

    def validate(self, extra_validators: Any = None) -> bool:
        """Fields first, then what they say together."""
        fine = bool(super().validate(extra_validators))
        return all((fine, check_party(self._bundle()), self._of_one_age()))

    def told(self) -> NewParty:
        """The party, from a form that was found valid."""
        party = party_of(self._bundle(), self.consent.data, self.address.data or "")
        return replace(party, minor=party.minor or self._said_to_be_a_child())

    @property
    def told_more(self) -> bool:
        """Whether the fold of what the papers ask has something in it."""
        return self._bundle().told_more

    def _bundle(self) -> PartyFields:
        return PartyFields(
            1,
            self.side,
            self.kind,
            self.name,
            self.phone,
            self.id_number,
            self.gender,
            self.ethnicity,
            self.occupation,
        )

    def _said_to_be_a_child(self) -> bool:
        return bool(self.minor.data) and self.kind.data == "person"

    def _of_one_age(self) -> bool:
        """The tick and the birth date in the number do not contradict each other."""
        party = party_of(self._bundle(), "unknown")
        if self._said_to_be_a_child() and party.id_number and not party.minor:
            said = _("按证件号已满 18 周岁，请核对证件号，或去掉“未成年人”")
            self.minor.errors = [*self.minor.errors, said]
            return False
        return True


class LookingForm(ActForm):
    """Whether what was typed as an organisation is one."""

    kind = RadioField(
        _l("核对结果"),
        [InputRequired(_l("请选核对结果"))],
        choices=options(
            ((ORGANISATION, _l("是单位，今后按单位计")), (PERSON, _l("是自然人，今后按个人隐去")))
        ),
    )


class CorrectionForm(PartyForm):
    """The same party told anew."""

    reason = RadioField(
        _l("为什么更正"), [InputRequired(_l("请选更正的原因"))], choices=options(CAUSES)
    )

    @property
    def reason_words(self) -> str:
        """The reason as the history says it."""
        return str(dict(CAUSES)[self.reason.data])

    def prepare(self, party: Party) -> None:
        """What says nothing of the person stands as it was; the rest is to be written anew."""
        if party.consent == REFUSED[0]:
            self.consent.choices = options((*CONSENTS, REFUSED))
        if not self.is_submitted():
            self.side.data = party.side
            self.kind.data = ORGANISATION if party.kind == UNSURE else party.kind
            self.consent.data, self.minor.data = party.consent, party.minor
