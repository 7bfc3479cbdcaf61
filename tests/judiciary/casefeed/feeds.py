"""Feeds and matters written straight into the tables, as figures and links see them."""

from datetime import date

from sqlalchemy.orm import Session

from tests.indicators.conftest import AT
from yuantou.disputes.models import Party
from yuantou.indicators.periods import months
from yuantou.judiciary.casefeed.models import FeedBatch, FeedParty, FeedSuit, SuitFeedMonth
from yuantou.territory.models import Court


def feed(
    owner: Session,
    first: str,
    last: str,
    *suits: tuple[str, str, tuple[bytes, ...]],
    court_code: str = "lingyuan-court",
) -> FeedBatch:
    """A released feed over the months; suits are (day of filing, type, persons)."""
    court = owner.get_one(Court, court_code)
    start, end = date.fromisoformat(f"{first}-01"), date.fromisoformat(f"{last}-01")
    batch = FeedBatch(
        court_code=court.code,
        counts_to_path=court.counts_to_path,
        first_month=start,
        last_month=end,
        origin="file",
        content_hash=f"{first}{suits}",
        unchanged=0,
        entered_by=1,
        entered_at=AT,
        submitted_at=AT,
        demo=False,
    )
    owner.add(batch)
    owner.flush()
    for number, (filed, kind, persons) in enumerate(suits):
        _suit(owner, batch, number, date.fromisoformat(filed), kind, persons)
    for month in months(start, end):
        owner.add(
            SuitFeedMonth(court_code=court.code, month=month, batch_id=batch.id, released_at=AT)
        )
    owner.flush()
    batch.released_at = AT
    owner.commit()
    return batch


def _suit(
    owner: Session,
    batch: FeedBatch,
    number: int,
    filed: date,
    kind: str,
    persons: tuple[bytes, ...],
) -> None:
    suit = FeedSuit(
        batch_id=batch.id,
        court_code=batch.court_code,
        suit_key=f"{batch.id}-{number}".encode(),
        cause="相邻关系纠纷",
        type=kind,
        filed_on=filed,
    )
    owner.add(suit)
    owner.flush()
    owner.add_all(FeedParty(suit_id=suit.id, id_index=each) for each in persons)


def party(owner: Session, dispute_id: int, index: bytes, kind: str = "person") -> None:
    """A party of a matter, known by the keyed hash of its number."""
    owner.add(
        Party(
            dispute_id=dispute_id,
            position=owner.query(Party).filter_by(dispute_id=dispute_id).count() + 1,
            side="applicant",
            kind=kind,
            name_enc=b"sealed",
            name_mask="某∗∗",
            id_index=index,
            index_version=1,
            consent="agreed",
            minor=False,
        )
    )
    owner.commit()
