"""Reading the chain from its first link: altered, missing, reordered and cut-off rows are found.

The database computes every hash anew, in batches, and Python compares. An owner who rewrites the
whole chain leaves no trace inside it: only heads that stand elsewhere (seals, digests) show that.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

BATCH = 50_000

_FIRST = text("SELECT sha256(convert_to('源头', 'UTF8'))")
_LINKS = text("""
    SELECT seq, previous, hash, hash = audit_hash(previous, seq, at, account_id, agency_id, action,
             object_type, object_id, facts) AS sound
    FROM audit_event WHERE seq > :after AND seq <= :until ORDER BY seq LIMIT :batch""")
_HEAD = text("SELECT seq, hash FROM audit_head WHERE id = 1")
_UNLINKED = text("SELECT count(*) FROM audit_entry")
_SEALED = text("SELECT DISTINCT audit_head FROM assessment_report")


@dataclass(frozen=True)
class Head:
    """The end of the chain at some moment: what is printed and compared."""

    seq: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash.hex()}"


@dataclass(frozen=True)
class Break:
    """The first link that does not hold, and why."""

    seq: int
    reason: str


@dataclass(frozen=True)
class Verification:
    """What was read: the head, how many links held, and the first break if there is one."""

    head: Head
    links: int
    found: Break | None

    @property
    def sound(self) -> bool:
        """Whether the chain holds."""
        return self.found is None


def read_head(text_form: str) -> Head:
    """Read 'N:HASH' as it was printed; ValueError when it is not one."""
    number, _colon, digest = text_form.strip().partition(":")
    if not number.isdigit() or len(digest) != 64:
        raise ValueError(f"不是链头（应为 序号：64位十六进制）：{text_form}")
    return Head(int(number), bytes.fromhex(digest))


def head_of(session: Session) -> Head:
    """The end of the chain now."""
    seq, link = session.execute(_HEAD).one()
    return Head(seq, bytes(link))


def sealed_heads(session: Session) -> list[Head]:
    """The heads that were printed into sealed reports."""
    return [read_head(words) for words in session.scalars(_SEALED)]


def verify(
    session: Session,
    printed: Iterable[Head] = (),
    *,
    batch: int = BATCH,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Verification:
    """Read all links up to the head of now and compare with heads that were printed before."""
    head = head_of(session)
    wanted = {one.seq: one.hash for one in printed}
    beyond = [seq for seq in wanted if seq > head.seq]
    previous, links = session.scalar(_FIRST), 0
    found: Break | None = None
    for row in _links(session, head.seq, batch):
        found = _judge(row, links + 1, previous, wanted)
        if found:
            break
        previous, links = bytes(row.hash), links + 1
        if links % batch == 0:
            progress(links, head.seq)
    found = found or _judge_end(head, links, previous, beyond) or _judge_unlinked(session, head)
    return Verification(head, links, found)


def _links(session: Session, until: int, batch: int) -> Iterator[Row[tuple[object, ...]]]:
    after = -1
    while rows := session.execute(_LINKS, {"after": after, "until": until, "batch": batch}).all():
        yield from rows
        after = rows[-1].seq


def _judge(
    row: Row[tuple[object, ...]], place: int, previous: bytes | None, wanted: dict[int, bytes]
) -> Break | None:
    if row.seq != place:
        return Break(min(place, row.seq), "此行缺失或序号被改动")
    if bytes(row.previous) != previous:
        return Break(place, "与上一行不相接（顺序被改动，或上一行被重写）")
    if not row.sound:
        return Break(place, "内容与哈希不符（此行被改动）")
    if place in wanted and bytes(row.hash) != wanted[place]:
        return Break(place, "与当时印出的链头不符（此行或之前的行被整体重写）")
    return None


def _judge_end(head: Head, links: int, previous: bytes | None, beyond: list[int]) -> Break | None:
    if links < head.seq:
        return Break(links + 1, "链尾缺失（末尾的行被删除）")
    if previous != head.hash:
        return Break(links, "最后一行与链头不符")
    if beyond:
        return Break(links + 1, f"链尾被截去：曾印出过第 {max(beyond)} 行的链头")
    return None


def _judge_unlinked(session: Session, head: Head) -> Break | None:
    """No entry outlives its commit: one that does came while somebody had switched linking off."""
    left = session.scalar(_UNLINKED)
    return Break(head.seq + 1, f"有 {left} 行没有接入审计链（接链被停用过）") if left else None
