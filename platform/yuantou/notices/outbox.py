"""Delivery: at most once, with a known result or one that says it is unknown.

A claim is committed before the call, its result after it. What was claimed and never concluded
is unknown: the process died, and nobody can say whether the message had left. Worker only.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Engine,
    Select,
    and_,
    delete,
    exists,
    false,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from yuantou.accounts.models import Account, Deputy
from yuantou.calendar.clock import local
from yuantou.calendar.workdays import WorkCalendar
from yuantou.crypto.keyring import KeyMissing, KeyRing
from yuantou.database.session import make_sessions
from yuantou.notices.channels import Sending
from yuantou.notices.models import AccountChannel, Notice, OutboxMessage
from yuantou.notices.sending import Fate, Outcome

WAITING, SENDING, DROPPED = "waiting", "sending", "dropped"
STUCK = timedelta(minutes=5)  # longer than any call of apprise takes
STALE = timedelta(days=10)  # longer than the longest holiday
MOST = 500
DIED = "发送进程中途消失，不知道是否已发出"
TOO_OLD = "等候过久，不再发送"
SWITCHED_OFF = "本人已关闭这种通知方式"
LEFT = "账号已停用或者代理已结束，不再发送"

Send = Callable[[str, str, str], Outcome]
Progress = Callable[[int, int], None]
Now = Callable[[], datetime]


@dataclass(frozen=True)
class Post:
    """What delivery needs: the settings, the keys, the sender, and the calendar for quiet days."""

    sending: Sending
    keyring: KeyRing
    send: Send
    calendar: WorkCalendar


@dataclass(frozen=True)
class Letter:
    """One message of one claim: one notice, or many as a digest."""

    claim: str
    channel: str
    address: bytes | None
    master_version: int | None
    topics: Sequence[str]
    number: str
    link: str


def deliver(engine: Engine, post: Post, *, now: Now, progress: Progress) -> Counter[str]:
    """Send what waits; returns how many letters met which fate."""
    sessions, fates = make_sessions(engine), Counter[str]()
    with sessions() as session:
        sweep(session, now=now())
    for number in range(MOST):
        progress(number, number + 1)
        with sessions() as session:
            letter = claim(session, post, now=now())
        if letter is None:
            break
        outcome = _call(letter, post)
        with sessions() as session:
            conclude(session, letter.claim, outcome, post.sending, now=now())
        fates[outcome.fate] += 1
    return fates


def sweep(session: Session, *, now: datetime) -> None:
    """Mark what died on the way, and let go of what nobody waits for any more."""
    died = and_(OutboxMessage.state == SENDING, OutboxMessage.claimed_at < now - STUCK)
    _end(session, died, str(Fate.UNKNOWN), DIED, now)
    waits = OutboxMessage.state == WAITING
    wanted = exists().where(_of_channel(), AccountChannel.active)
    _end(session, and_(waits, ~wanted), DROPPED, SWITCHED_OFF, now)
    _end(session, and_(waits, or_(_has_left(), _stood_in(now))), DROPPED, LEFT, now)
    _end(session, and_(waits, OutboxMessage.not_before < now - STALE), DROPPED, TOO_OLD, now)
    session.commit()


def _has_left() -> ColumnElement[bool]:
    """The account was closed while the message waited for the morning."""
    gone = and_(Account.id == OutboxMessage.account_id, Account.disabled_at.is_not(None))
    return exists().where(gone)


def _stood_in(now: datetime) -> ColumnElement[bool]:
    """It was meant for another, for whom the receiver stands in no longer."""
    day = local(now).date()
    still = exists().where(
        Deputy.account_id == Notice.account_id,
        Deputy.deputy_id == OutboxMessage.account_id,
        Deputy.first_day <= day,
        Deputy.last_day >= day,
    )
    return exists().where(
        Notice.id == OutboxMessage.notice_id,
        Notice.account_id != OutboxMessage.account_id,
        ~still,
    )


def claim(session: Session, post: Post, *, now: datetime) -> Letter | None:
    """Take one letter and commit that it is on its way; None when nothing is to be sent now."""
    first = session.execute(
        _ready(post, now).order_by(OutboxMessage.urgent.desc(), OutboxMessage.id).limit(1)
    ).one_or_none()
    if first is None:
        return None
    message, channel = first
    same = (
        OutboxMessage.account_id == message.account_id,
        OutboxMessage.channel == channel.channel,
    )
    rows = [row for row, _ in session.execute(_ready(post, now).where(*same))]
    together = len(rows) >= post.sending.many or (channel.daily and not message.urgent)
    taken = rows if together else [message]
    name = secrets.token_hex(12)
    for row in taken:
        row.state, row.claim, row.claimed_at, row.error = SENDING, name, now, ""
        row.attempts += 1
    if together and channel.daily:
        channel.daily_sent_on = local(now).date()
    letter = Letter(
        name,
        channel.channel,
        channel.address_enc,
        channel.master_version,
        [row.topic for row in taken],
        message.number or "" if len(taken) == 1 else "",
        message.link if len(taken) == 1 else "/notices",
    )
    session.commit()
    return letter


def conclude(
    session: Session, name: str, outcome: Outcome, sending: Sending, *, now: datetime
) -> None:
    """Commit what is known of a letter; a result that comes late is better than none."""
    rows = session.scalars(
        select(OutboxMessage)
        .where(
            OutboxMessage.claim == name,
            OutboxMessage.state.in_((SENDING, str(Fate.UNKNOWN))),
        )
        .with_for_update()
    ).all()
    for row in rows:
        row.state, row.ended_at, row.error = str(outcome.fate), now, outcome.words
        if outcome.fate is Fate.FAILED and row.attempts < sending.attempts:
            row.state, row.ended_at = WAITING, None
            row.not_before = now + sending.wait * 2 ** (row.attempts - 1)
    session.commit()


def forget(session: Session, *, before: datetime) -> int:
    """Step: delete what was delivered or dropped before; trouble stays until someone looks."""
    old = delete(OutboxMessage).where(
        OutboxMessage.state.in_((str(Fate.DELIVERED), DROPPED)), OutboxMessage.ended_at < before
    )
    return len(session.scalars(old.returning(OutboxMessage.id)).all())


def words(letter: Letter, sending: Sending) -> tuple[str, str]:
    """Title and text of a letter: topic, number and link, nothing else."""
    counted = Counter(letter.topics)
    names = "，".join(f"{sending.topic_name(code)} {n} 条" for code, n in counted.items())
    if len(letter.topics) == 1:
        body = f"您有一条“{sending.topic_name(letter.topics[0])}”通知。"
        title = f"源头：{sending.topic_name(letter.topics[0])}"
    else:
        body, title = f"您有 {len(letter.topics)} 条新通知：{names}。", "源头：新通知汇总"
    site = sending.site()
    parts = [body, f"编号：{letter.number}" if letter.number else ""]
    parts.append(f"请登录查看：{site}{letter.link}" if site else "请登录平台查看。")
    return title, "\n".join(part for part in parts if part)


def _ready(post: Post, now: datetime) -> Select[OutboxMessage, AccountChannel]:
    """Messages that may go out at this moment, with their channels, locked."""
    day, clock = local(now).date(), local(now).time()
    quiet = post.sending.quiet.now(now, post.calendar)
    loud = OutboxMessage.urgent if quiet else true()
    not_yet = or_(AccountChannel.daily_sent_on.is_(None), AccountChannel.daily_sent_on < day)
    daily_time = and_(true() if clock >= post.sending.daily_at else false(), not_yet)
    opened = [one.code for one in post.sending.open_channels()]
    return (
        select(OutboxMessage, AccountChannel)
        .join(AccountChannel, and_(_of_channel(), AccountChannel.active))
        .where(
            OutboxMessage.state == WAITING,
            OutboxMessage.not_before <= now,
            OutboxMessage.channel.in_(opened),
            loud,
            or_(~AccountChannel.daily, OutboxMessage.urgent, daily_time),
        )
        .with_for_update(of=OutboxMessage, skip_locked=True)
    )


def _of_channel() -> ColumnElement[bool]:
    return and_(
        AccountChannel.account_id == OutboxMessage.account_id,
        AccountChannel.channel == OutboxMessage.channel,
    )


def _end(
    session: Session, which: ColumnElement[bool], state: str, error: str, now: datetime
) -> None:
    session.execute(
        update(OutboxMessage).where(which).values(state=state, error=error, ended_at=now)
    )


def _call(letter: Letter, post: Post) -> Outcome:
    channel = post.sending.channels[letter.channel]
    try:
        address = _opened(letter, post.keyring)
    except KeyMissing:
        return Outcome(Fate.FAILED, "缺少主密钥，读不出收件地址")
    title, body = words(letter, post.sending)
    return post.send(channel.url(address), title, body)


def _opened(letter: Letter, keyring: KeyRing) -> str:
    if letter.address is None or letter.master_version is None:
        return ""
    return keyring.unwrap(letter.address, letter.master_version).decode()
