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
GENDERS = (("", _l("不填")), ("male", _l("男")), ("female", _l("女")))
ETHNICITIES = ("汉族", "满族", "蒙古族", "回族", "朝鲜族", "锡伯族")  # offered, not the only ones
LONGEST_ETHNICITY, LONGEST_OCCUPATION = 20, 50


@dataclass(frozen=True)
class PartyFields:
    """The fields of one party, the `number`th on its page."""

    number: int
    side: Field
    kind: Field
    name: Field
    phone: Field
    id_number: Field
    gender: Field | None = None
    ethnicity: Field | None = None
    occupation: Field | None = None

    @property
    def filled(self) -> bool:
        """Whether anything was written."""
        return bool(self.name.data or self.phone.data or self.id_number.data or self.told_more)

    @property
    def told_more(self) -> bool:
        """Whether any of what the forms ask beyond name and numbers was written."""
        return any(self.more().values())

    def more(self) -> dict[str, str]:
        """Sex, ethnicity and occupation, as far as they are asked and written."""
        asked = {name: getattr(self, name) for name in ("gender", "ethnicity", "occupation")}
        return {name: (field.data or "") if field else "" for name, field in asked.items()}


def check_party(party: PartyFields) -> bool:
    """Write what is wrong beside the fields of one party."""
    if not party.name.data and not party.name.errors:
        _fault(party.name, _("写了其他内容的，请写姓名或名称"))
    if party.phone.data and phone_of(party.phone.data) is None:
        _fault(party.phone, _("电话号码不对：手机 11 位，座机带区号"))
    if party.id_number.data and _number_of(party.kind.data, party.id_number.data) is None:
        _fault(party.id_number, _number_words(party.kind.data, party.id_number.data))
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
        **fields.more(),
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
    gender: str = "",
    ethnicity: str = "",
    occupation: str = "",
) -> NewParty:
    """The party behind these words; a number that is none is left out, a child is known by its.

    What is asked of persons alone is not kept of an organisation; the sex that a resident's
    number says is not kept beside it.
    """
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
        gender=(gender or None) if person and not known else None,
        ethnicity=(ethnicity or None) if person else None,
        occupation=(occupation or None) if person else None,
    )


def _number_words(kind: str, number: str) -> str:
    if kind == "organisation" and id_of(number):
        return _("这是居民身份证号，单位没有：请改选“个人”，或者填统一社会信用代码")
    if kind == "organisation":
        return _("统一社会信用代码不对：应为 18 位，请核对有没有抄错；不清楚可以不填")
    return _("身份证号不对：应为 18 位且校验位相符，请核对有没有抄错；不清楚可以不填")


def _fault(field: Field, words: str) -> None:
    field.errors = [*field.errors, words]


def _number_of(kind: str, text: str) -> str | None:
    return credit_code_of(text) if kind == "organisation" else id_of(text)
