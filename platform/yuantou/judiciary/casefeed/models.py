"""Suits as the courts feed them, without names: keyed hashes, cause, day, township.

They are personal data all the same: whoever holds the key can test a number. A court reads its own
rows; nobody else lists them. What others see is the link on a matter that they handle, and sums.
"""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import LargeBinary

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model


class FeedBatch(Model):
    """One file over whole months: entered (checked), submitted, released by another, or withdrawn.

    `unchanged` counts the lines that stood there already.
    """

    __tablename__ = "feed_batch"
    __table_args__ = (Index("ix_feed_batch_court", "court_code", "id"),)

    id: Mapped[Key]
    court_code: Mapped[Code]
    counts_to_path: Mapped[Path]
    first_month: Mapped[Day]
    last_month: Mapped[Day]
    origin: Mapped[Code]
    file_name: Mapped[Name | None]
    content_hash: Mapped[Name]
    unchanged: Mapped[int]
    entered_by: Mapped[Reference]
    entered_at: Mapped[Moment]
    submitted_at: Mapped[Moment | None]
    released_by: Mapped[Reference | None]
    released_at: Mapped[Moment | None]
    withdrawn_by: Mapped[Reference | None]
    withdrawn_at: Mapped[Moment | None]
    withdrawn_reason: Mapped[Words | None]
    demo: Mapped[bool]


class FeedSuit(Model):
    """One suit. `suit_key` knows a line that comes twice; it goes with the persons in time."""

    __tablename__ = "feed_suit"
    __table_args__ = (
        UniqueConstraint("court_code", "suit_key"),
        Index("ix_feed_suit_batch", "batch_id"),
    )

    id: Mapped[Key]
    batch_id: Mapped[Reference] = mapped_column(ForeignKey("feed_batch.id", ondelete="CASCADE"))
    court_code: Mapped[Code]
    suit_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    case_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    cause: Mapped[Name]
    type: Mapped[Code]
    filed_on: Mapped[Day]
    area_code: Mapped[Code | None]


class FeedParty(Model):
    """The keyed hash of one party's number, made with the key of `party.id_index`."""

    __tablename__ = "feed_party"
    __table_args__ = (Index("ix_feed_party_index", "id_index"),)

    suit_id: Mapped[Reference] = mapped_column(
        ForeignKey("feed_suit.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    id_index: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)


class SuitFeedMonth(Model):
    """A month of a court that a released batch covers whole, also where nobody sued."""

    __tablename__ = "suit_feed_month"

    court_code: Mapped[Code] = mapped_column(primary_key=True)
    month: Mapped[Day] = mapped_column(primary_key=True)
    batch_id: Mapped[Reference] = mapped_column(primary_key=True, autoincrement=False)
    released_at: Mapped[Moment]


class SuitLink(Model):
    """A settled matter and a suit of the same natural person and family of causes after it."""

    __tablename__ = "suit_link"
    __table_args__ = (Index("ix_suit_link_suit", "suit_id"),)

    dispute_id: Mapped[Reference] = mapped_column(primary_key=True, autoincrement=False)
    suit_id: Mapped[Reference] = mapped_column(primary_key=True, autoincrement=False)
    filed_on: Mapped[Day]
    cause: Mapped[Name]
