"""Parties: sealed when they come in, opened with a reason that is logged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.crypto.fields import (
    INDEX_VERSION,
    FieldCipher,
    blind_index,
    mask_name,
    mask_number,
    new_data_key,
)
from yuantou.crypto.keyring import KeyRing
from yuantou.disputes.errors import NotVisibleError
from yuantou.disputes.models import Dispute, DisputeKey, Party
from yuantou.disputes.organisations import kind_of
from yuantou.disputes.service import note_event


@dataclass(frozen=True)
class NewParty:
    """A party as told: `side` applicant, respondent, third; `kind` person, organisation.

    `gender` (male, female) is told only where no number of a resident says it.
    """

    side: str
    kind: str
    name: str
    id_type: str | None = None
    id_number: str | None = None
    phone: str | None = None
    address: str | None = None
    consent: str = "unknown"
    minor: bool = False
    gender: str | None = None
    ethnicity: str | None = None
    occupation: str | None = None


@dataclass(frozen=True)
class OpenedParty:
    """A party in clear text, for the eyes that asked."""

    id: int
    name: str
    id_number: str | None
    phone: str | None
    address: str | None
    gender: str | None = None
    ethnicity: str | None = None
    occupation: str | None = None


def keyring() -> KeyRing:
    """The key ring of this installation."""
    ring: KeyRing = current_app.extensions["keyring"]
    return ring


def add_party(session: Session, *, dispute: Dispute, party: NewParty) -> Party:
    """Step: seal one party more under the dispute's own key and index it blindly."""
    return add_parties(session, dispute=dispute, told=[party])[0]


def add_parties(session: Session, *, dispute: Dispute, told: Sequence[NewParty]) -> list[Party]:
    """Step: seal parties under the dispute's own key, after those that stand there."""
    held = session.get(DisputeKey, dispute.id)
    last = _last_position(session, dispute.id) if held else 0
    cipher = _opening(held) if held else _keyed(session, dispute.id)
    rows = [
        Party(dispute_id=dispute.id, position=last + place, **_sealed(cipher, each))
        for place, each in enumerate(told, start=1)
    ]
    session.add_all(rows)
    session.flush()
    return rows


def replace_party(session: Session, *, party: Party, told: NewParty) -> None:
    """Step: seal what is now told of a party; nothing of what stood there is kept."""
    for column, value in _sealed(cipher_of(session, party.dispute_id), told).items():
        setattr(party, column, value)
    session.flush()


def settle_kind(session: Session, *, party: Party, kind: str) -> None:
    """Step: what a second look found a party to be; its name is shown or masked accordingly."""
    if not party.name_enc:
        raise NotVisibleError(party.id)
    name = cipher_of(session, party.dispute_id).open(party.name_enc, "name")
    party.kind, party.name_mask = kind, mask_name(name, kind)


def open_party(session: Session, *, by: Viewer, party_id: int, reason: str) -> OpenedParty:
    """Step: clear text of one party; the opening becomes part of the dispute's history."""
    party = session.get(Party, party_id)
    dispute = session.get(Dispute, party.dispute_id) if party else None
    if party is None or dispute is None or not party.name_enc:  # erased: nothing is left to open
        raise NotVisibleError(party_id)
    note_event(
        session,
        dispute=dispute,
        event="party_opened",
        by=by,
        note=reason,
        facts={"party_id": party.id},
    )
    return _opened(cipher_of(session, dispute.id), party)


def _sealed(cipher: FieldCipher, party: NewParty) -> dict[str, Any]:
    """The columns of a party."""
    index = keyring().index_key
    kind = kind_of(party.kind, party.name, party.id_number)
    return {
        "side": party.side,
        "kind": kind,
        "name_enc": cipher.seal(party.name, "name"),
        "name_mask": mask_name(party.name, kind),
        "id_type": party.id_type,
        "id_enc": cipher.seal(party.id_number, "id") if party.id_number else None,
        "id_mask": mask_number(party.id_number) if party.id_number else None,
        "phone_enc": cipher.seal(party.phone, "phone") if party.phone else None,
        "phone_mask": mask_number(party.phone) if party.phone else None,
        "address_enc": cipher.seal(party.address, "address") if party.address else None,
        "gender_enc": cipher.seal(party.gender, "gender") if party.gender else None,
        "ethnicity_enc": cipher.seal(party.ethnicity, "ethnicity") if party.ethnicity else None,
        "occupation_enc": cipher.seal(party.occupation, "occupation") if party.occupation else None,
        "id_index": blind_index(index, party.id_number) if party.id_number else None,
        "contact_index": blind_index(index, party.name, party.phone) if party.phone else None,
        "phone_index": blind_index(index, "phone", party.phone) if party.phone else None,
        "index_version": INDEX_VERSION,
        "consent": party.consent,
        "minor": party.minor,
    }


def _opened(cipher: FieldCipher, party: Party) -> OpenedParty:
    return OpenedParty(
        party.id,
        cipher.open(party.name_enc, "name"),
        cipher.open(party.id_enc, "id") if party.id_enc else None,
        cipher.open(party.phone_enc, "phone") if party.phone_enc else None,
        cipher.open(party.address_enc, "address") if party.address_enc else None,
        cipher.open(party.gender_enc, "gender") if party.gender_enc else None,
        cipher.open(party.ethnicity_enc, "ethnicity") if party.ethnicity_enc else None,
        cipher.open(party.occupation_enc, "occupation") if party.occupation_enc else None,
    )


def cipher_of(session: Session, dispute_id: int) -> FieldCipher:
    """Step: the cipher under the dispute's own key, which is drawn where there is none."""
    held = session.get(DisputeKey, dispute_id)
    return _opening(held) if held else _keyed(session, dispute_id)


def _opening(held: DisputeKey) -> FieldCipher:
    return FieldCipher(keyring().unwrap(held.wrapped, held.master_version))


def _keyed(session: Session, dispute_id: int) -> FieldCipher:
    """A key of the dispute's own, with its first party."""
    fresh = new_data_key()
    wrapped, version = keyring().wrap(fresh)
    session.add(DisputeKey(dispute_id=dispute_id, wrapped=wrapped, master_version=version))
    return FieldCipher(fresh)


def _last_position(session: Session, dispute_id: int) -> int:
    query = select(func.max(Party.position)).where(Party.dispute_id == dispute_id)
    return session.scalar(query) or 0
