"""Parties are sealed as the service seals them, come back, and can not be real."""

from collections import Counter

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.synth.conftest import KEYS
from yuantou.crypto.fields import FieldCipher, blind_index
from yuantou.disputes.models import Dispute, DisputeKey, Party
from yuantou.synth.people import _WEIGHTS, WRONG_CHECK

RIGHT_CHECK = "10X98765432"


def _cipher(session: Session, dispute_id: int) -> FieldCipher:
    held = session.get_one(DisputeKey, dispute_id)
    return FieldCipher(KEYS.unwrap(held.wrapped, held.master_version))


def _some(session: Session, count: int) -> list[tuple[Party, FieldCipher]]:
    rows = session.scalars(select(Party).order_by(Party.id).limit(count)).all()
    return [(row, _cipher(session, row.dispute_id)) for row in rows]


def test_a_party_opens_with_the_key_of_its_dispute(session: Session) -> None:
    for party, cipher in _some(session, 60):
        name = cipher.open(party.name_enc, "name")
        assert name[0] == party.name_mask[0]
        if party.phone_enc:
            phone = cipher.open(party.phone_enc, "phone")
            assert party.phone_mask == "∗∗∗∗" + phone[-4:]
            assert party.contact_index == blind_index(KEYS.index_key, name, phone)


def test_no_number_can_belong_to_anyone(session: Session) -> None:
    assert all(a != b for a, b in zip(RIGHT_CHECK, WRONG_CHECK, strict=True))
    for party, cipher in _some(session, 200):
        if party.phone_enc:
            assert cipher.open(party.phone_enc, "phone").startswith("12")
        if party.id_enc:
            number = cipher.open(party.id_enc, "id")
            total = sum(int(a) * b for a, b in zip(number, _WEIGHTS, strict=False))
            assert len(number) == 18
            assert number[-1] != RIGHT_CHECK[total % 11]


def test_some_people_come_back(session: Session) -> None:
    seen = Counter(
        session.scalars(select(Party.contact_index).where(Party.contact_index.is_not(None)))
    )
    assert sum(1 for count in seen.values() if count >= 3) >= 5


def test_no_personal_number_stands_in_the_dispute_itself(session: Session) -> None:
    names = {cipher.open(p.name_enc, "name") for p, cipher in _some(session, 300)}
    words = [f"{d.title}{d.summary}{d.place}" for d in session.scalars(select(Dispute))]
    assert not any(name in text for name in names if len(name) == 3 for text in words[:300])
