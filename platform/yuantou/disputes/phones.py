"""The blind index of the telephone for parties that were written before there was one."""

from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.audit.service import record
from yuantou.crypto.fields import FieldCipher, blind_index
from yuantou.crypto.keyring import KeyMissing, KeyRing
from yuantou.disputes.models import DisputeKey, Party


class Indexed(NamedTuple):
    """How many got their index, and the last party that was looked at."""

    indexed: int
    last: int


def index_phones(session: Session, ring: KeyRing, *, after: int, most: int) -> Indexed | None:
    """Step: the next batch behind the party `after`; None when there is none left.

    What was erased has no key and is passed over, and so is what does not open. Broken off and
    begun again, it goes on with what has no index yet. Neither a number nor a name leaves this
    function; the audit has counts.
    """
    rows = session.execute(
        select(Party, DisputeKey)
        .join(DisputeKey, DisputeKey.dispute_id == Party.dispute_id)
        .where(Party.id > after, Party.phone_index.is_(None), Party.phone_enc.is_not(None))
        .order_by(Party.id)
        .limit(most)
        .with_for_update(of=Party, skip_locked=True)
    ).all()
    if not rows:
        return None
    indexed = sum(_index(party, key, ring) for party, key in rows)
    record(
        session,
        action="keys:phones",
        object_type="party",
        object_id=rows[-1].Party.id,
        account_id=None,
        facts={"rows": len(rows), "indexed": indexed},
    )
    return Indexed(indexed, rows[-1].Party.id)


def _index(party: Party, key: DisputeKey, ring: KeyRing) -> bool:
    if party.phone_enc is None:
        return False
    try:
        cipher = FieldCipher(ring.unwrap(key.wrapped, key.master_version))
        number = cipher.open(party.phone_enc, "phone")
    except (KeyMissing, InvalidTag):
        return False
    party.phone_index = blind_index(ring.index_key, "phone", number)
    return True
