"""How a party is told on any form: what is asked, what is wrong with it, and the party it makes."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field

from yuantou.calendar.clock import today
from yuantou.disputes.identity import credit_code_of, id_of, is_minor, phone_of
from yuantou.disputes.parties import NewParty

SIDES = (
    ("applicant", _l("申请人")),
    ("respondent", _l("被申请人")),
    ("third", _l("第三人")),
)
KINDS = (("person", _l("个人")), ("organisation", _l("单位")))


@dataclass(frozen=True)
class PartyFields:
    """The fields of one party, the `number`th on its page."""

    number: int
    side: Field
    kind: Field
    name: Field
    phone: Field
    id_number: Field

    @property
    def filled(self) -> bool:
        """Whether anything was written."""
        return bool(self.name.data or self.phone.data or self.id_number.data)


def check_party(party: PartyFields) -> bool:
    """Write what is wrong beside the fields of one party."""
    if not party.name.data and not party.name.errors:
        _fault(party.name, _("写了电话或证件号的，请写姓名或名称"))
    if party.phone.data and phone_of(party.phone.data) is None:
        _fault(party.phone, _("电话号码不对：手机 11 位，座机带区号"))
    if party.id_number.data and _number_of(party.kind.data, party.id_number.data) is None:
        _fault(party.id_number, _number_words(party.kind.data))
    return not (party.name.errors or party.phone.errors or party.id_number.errors)


def party_of(fields: PartyFields, consent: str, address: str = "") -> NewParty:
    """The party that the fields tell of."""
    return told_party(
        fields.kind.data,
        fields.side.data,
        fields.name.data,
        fields.phone.data,
        fields.id_number.data,
        consent=consent,
        address=address,
    )


def told_party(
    kind: str,
    side: str,
    name: str,
    phone: str,
    number: str,
    *,
    consent: str = "unknown",
    address: str = "",
) -> NewParty:
    """The party behind these words; a number that is none is left out, a child is known by its."""
    known = _number_of(kind, number or "")
    person = kind == "person"
    return NewParty(
        side=side,
        kind=kind,
        name=name,
        id_type=("id_card" if person else "credit_code") if known else None,
        id_number=known,
        phone=phone_of(phone or ""),
        address=address or None,
        consent=consent,
        minor=bool(person and known and is_minor(known, today())),
    )


def _number_words(kind: str) -> str:
    if kind == "organisation":
        return _("统一社会信用代码不对：应为 18 位，请核对有没有抄错；不清楚可以不填")
    return _("身份证号不对：应为 18 位且校验位相符，请核对有没有抄错；不清楚可以不填")


def _fault(field: Field, words: str) -> None:
    field.errors = [*field.errors, words]


def _number_of(kind: str, text: str) -> str | None:
    return credit_code_of(text) if kind == "organisation" else id_of(text)
