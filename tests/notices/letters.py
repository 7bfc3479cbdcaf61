"""Channels switched on, notices told and delivered, as the tests of the outbox need them."""

import os
from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import Database
from tests.coordination.matters import Door
from yuantou.calendar.clock import ZONE
from yuantou.calendar.workdays import WorkCalendar
from yuantou.crypto.keyring import KeyRing, read_keyring
from yuantou.notices import channels, outbox
from yuantou.notices.models import OutboxMessage
from yuantou.notices.preferences import set_channel
from yuantou.notices.sending import send
from yuantou.notices.service import notify

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
TOPICS = tuple(topic.code for topic in channels.read().topics)


def keyring() -> KeyRing:
    """The tests' own keys."""
    return read_keyring(os.environ["YUANTOU_MASTER_KEYS"], os.environ["YUANTOU_INDEX_KEY"])


def switch(
    door: Door, login: str, channel: str = "webhook", address: str = "", **choice: Any
) -> None:
    """Switch a channel of a person on, or as `choice` says."""
    session, viewer = door(login)
    values: dict[str, Any] = {"active": True, "wanted": TOPICS, "daily": False} | choice
    sending = channels.read()
    set_channel(
        session,
        by=viewer,
        channel=sending.channels[channel],
        sending=sending,
        keyring=keyring(),
        address=address,
        **values,
    )


def tell(door: Door, login: str, kind: str = "dispute_dispatched", **about: Any) -> None:
    """Tell the unit of a person something, at nine on a Monday."""
    session, viewer = door(login)
    values: dict[str, Any] = {"now": MONDAY, "title": "秘密的标题", "link": "/matters/7"} | about
    notify(session, agency_id=viewer.agency.id, kind=kind, **values)
    session.commit()


def post(database: Database, at: datetime = MONDAY) -> Counter[str]:
    """Deliver what waits, as the scheduler would at that moment."""
    engine = database.sessions("worker").kw["bind"]
    tools = outbox.Post(channels.read(), keyring(), send, WorkCalendar())
    return outbox.deliver(engine, tools, now=lambda: at, progress=lambda _done, _all: None)


def messages(owner: Session, *wanted: str) -> list[OutboxMessage]:
    """All messages in their order; of these states, if any are named."""
    owner.expire_all()
    asked = select(OutboxMessage).order_by(OutboxMessage.id)
    return list(owner.scalars(asked.where(OutboxMessage.state.in_(wanted)) if wanted else asked))
