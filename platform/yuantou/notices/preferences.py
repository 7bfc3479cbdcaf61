"""How one person wants to be told outside the platform: his own channels, and only his own."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.audit.service import record
from yuantou.calendar import clock
from yuantou.crypto.fields import mask_number
from yuantou.crypto.keyring import KeyRing
from yuantou.notices.channels import Channel, Sending
from yuantou.notices.models import AccountChannel


def channels_of(session: Session, account_id: int) -> dict[str, AccountChannel]:
    """What somebody chose, by channel."""
    rows = session.scalars(select(AccountChannel).where(AccountChannel.account_id == account_id))
    return {row.channel: row for row in rows}


def set_channel(
    session: Session,
    *,
    by: Viewer,
    channel: Channel,
    sending: Sending,
    keyring: KeyRing,
    active: bool,
    address: str,
    wanted: Collection[str],
    daily: bool,
    now: datetime | None = None,
) -> None:
    """Switch a channel and its topics; an empty `address` keeps the one that is known."""
    muted = [topic.code for topic in sending.topics if topic.code not in wanted]
    values: dict[str, object] = {"active": active, "muted": muted, "daily": daily}
    values["changed_at"] = now or clock.now()
    if address:
        sealed, version = keyring.wrap(address.encode())
        values |= {"address_enc": sealed, "master_version": version}
        values["address_mask"] = mask(address)
    fresh = {"address_mask": "", **values, "account_id": by.id, "channel": channel.code}
    session.execute(
        insert(AccountChannel)
        .values(fresh)
        .on_conflict_do_update(index_elements=["account_id", "channel"], set_=values)
    )
    record(
        session,
        action="channel:set",
        object_type="account",
        object_id=by.id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"channel": channel.code, "active": active, "muted": muted, "daily": daily},
    )
    session.commit()


def mask(address: str) -> str:
    """An address as its owner recognises it: the end of a number, the house of a mailbox."""
    name, at, house = address.partition("@")
    return f"{name[:1]}∗∗∗@{house}" if at else mask_number(address)
