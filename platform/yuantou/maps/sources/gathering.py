"""What the scan reads: organisations and causes with their matters, and all matters by week."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from yuantou.calendar.clock import ZONE, local
from yuantou.disputes.models import Dispute
from yuantou.judiciary.casefeed.causes import folded
from yuantou.judiciary.casefeed.causes import read as read_causes
from yuantou.judiciary.casefeed.models import FeedBatch, FeedSuit, SuitLink
from yuantou.maps.sources.joining import Shared, join
from yuantou.maps.sources.kinds import Terms, kind_of
from yuantou.maps.sources.models import CommonSource, CommonSourceMatter
from yuantou.territory.models import Area, Court

WEEK = 7
AT_ONCE = 5_000
_SHARED = text("SELECT dispute_id, party_id, key FROM organisations_shared(:since)")
APART = ("draft", "merged", "not_accepted")


@dataclass(frozen=True)
class Span:
    """Whole weeks up to yesterday."""

    first: date
    weeks: int

    @classmethod
    def before(cls, today: date, weeks: int) -> "Span":
        """The last `weeks` weeks, today left out: it is not over."""
        return cls(today - timedelta(days=WEEK * weeks), weeks)

    def before_it(self, weeks: int) -> "Span":
        """As many weeks up to the same end."""
        return Span(self.end - timedelta(days=WEEK * weeks), weeks)

    @property
    def end(self) -> date:
        """The first day behind the span."""
        return self.first + timedelta(days=WEEK * self.weeks)

    @property
    def since(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, datetime.min.time(), ZONE)

    def week(self, day: date) -> int | None:
        """The number of the week of a day."""
        number = (day - self.first).days // WEEK
        return number if 0 <= number < self.weeks else None


@dataclass(frozen=True, slots=True)
class Matter:
    """Where and when a matter of a source arose; a suit has no id."""

    id: int | None
    day: date
    county: str
    type: str
    party_id: int | None = None


@dataclass
class Candidate:
    """What may be a common source: its keys, its kind, its matters."""

    origin: str
    keys: set[bytes]
    matters: list[Matter]
    name: str | None = None
    linked: list[int] = field(default_factory=list)

    @property
    def type(self) -> str:
        """The most frequent type of its matters."""
        return Counter(each.type for each in self.matters).most_common(1)[0][0]

    @property
    def kind(self) -> str:
        """What it is called where nobody typed it."""
        return "cause" if self.origin == "cause" else kind_of(self.type)


def organisations(
    session: Session, span: Span, terms: Terms, before: Collection[bytes] = ()
) -> list[Candidate]:
    """Organisations that enough matters of the span share, or that were sources `before`.

    They come with all their matters that are kept, so that what was done about them can be
    measured, also where it helped.
    """
    rows = session.execute(_SHARED, {"since": span.before_it(terms.kept_weeks).since})
    shared = [
        each
        for each in join((row.dispute_id, row.party_id, bytes(row.key)) for row in rows)
        if len(each.parties) >= terms.least or not each.keys.isdisjoint(before)
    ]
    known = _matters(session, {key for each in shared for key in each.parties})
    found = [_candidate(each, known) for each in shared]
    return [each for each in found if _stands(each, span, terms, before)]


def _stands(each: Candidate, span: Span, terms: Terms, before: Collection[bytes]) -> bool:
    fresh = sum(span.week(matter.day) is not None for matter in each.matters)
    return fresh >= terms.least or bool(each.matters and not each.keys.isdisjoint(before))


def _candidate(shared: Shared, known: Mapping[int, Matter]) -> Candidate:
    matters = [
        Matter(held.id, held.day, held.county, held.type, party)
        for key, party in sorted(shared.parties.items())
        if (held := known.get(key)) is not None
    ]
    return Candidate("party", shared.keys, matters)


def causes(
    session: Session, span: Span, terms: Terms, before: Collection[bytes] = ()
) -> list[Candidate]:
    """Causes of action that enough suits of a county share, from what courts fed and released."""
    known, kept = read_causes(), span.before_it(terms.kept_weeks)
    rows = session.execute(
        select(FeedSuit.id, FeedSuit.cause, FeedSuit.type, FeedSuit.filed_on, Court.counts_to_code)
        .join(FeedBatch, FeedBatch.id == FeedSuit.batch_id)
        .join(Court, Court.code == FeedSuit.court_code)
        .where(
            FeedBatch.released_at.is_not(None),
            FeedBatch.withdrawn_at.is_(None),
            FeedSuit.filed_on >= kept.first,
            FeedSuit.filed_on < span.end,
            Court.counts_to == "county",
        )
    )
    groups: dict[tuple[str, str], Candidate] = {}
    suits: dict[int, Candidate] = {}
    for row in rows:
        if folded(row.cause) not in known:
            continue
        place = (row.counts_to_code, row.cause)
        key = hashlib.sha256("\x1f".join(("cause", *place)).encode()).digest()
        made = groups.setdefault(place, Candidate("cause", {key}, [], row.cause))
        made.matters.append(Matter(None, row.filed_on, row.counts_to_code, row.type))
        suits[row.id] = made
    links = session.execute(
        select(SuitLink.suit_id, SuitLink.dispute_id).where(SuitLink.filed_on >= kept.first)
    )
    for suit, dispute in links:
        if suit in suits:
            suits[suit].linked.append(dispute)
    return [each for each in groups.values() if _stands(each, span, terms, before)]


def typed(session: Session) -> list[tuple[CommonSource, list[Matter]]]:
    """Sources that people named, with what they attached."""
    sources = session.scalars(
        select(CommonSource)
        .where(CommonSource.origin == "typed", CommonSource.ended_at.is_(None))
        .order_by(CommonSource.id)
    ).all()
    held: dict[int, list[int]] = defaultdict(list)
    rows = session.execute(select(CommonSourceMatter.source_id, CommonSourceMatter.dispute_id))
    for source, dispute in rows.all():
        held[source].append(dispute)
    wanted = {key for source in sources for key in held[source.id]}
    known = _matters(session, wanted)
    return [(each, [known[key] for key in held[each.id] if key in known]) for each in sources]


def weekly(session: Session, span: Span) -> dict[str, list[float]]:
    """All matters by type and week; '' is every type."""
    week = func.floor(func.extract("epoch", Dispute.reported_at - span.since) / (86_400 * WEEK))
    rows = session.execute(
        select(Dispute.type, week.label("week"), func.count())
        .where(Dispute.reported_at >= span.since, Dispute.state.not_in(APART))
        .group_by(Dispute.type, week)
    )
    found = {"": [0.0] * span.weeks}
    for type_, number, count in rows:
        if int(number) < span.weeks:
            found.setdefault(type_, [0.0] * span.weeks)[int(number)] += count
            found[""][int(number)] += count
    return found


def by_week(days: Iterable[date], span: Span) -> list[int]:
    """Counts of the span's weeks."""
    counted = Counter(span.week(day) for day in days)
    return [counted[number] for number in range(span.weeks)]


def paths(session: Session) -> dict[str, str]:
    """Path of every county, city and province by code."""
    rows = session.execute(select(Area.code, Area.path).where(Area.level != "township"))
    return {row.code: row.path for row in rows}


def _matters(session: Session, ids: set[int]) -> dict[int, Matter]:
    query = select(Dispute.id, Dispute.reported_at, Dispute.county_code, Dispute.type)
    wanted, found = sorted(ids), dict[int, Matter]()
    for start in range(0, len(wanted), AT_ONCE):
        part = Dispute.id.in_(wanted[start : start + AT_ONCE])
        for row in session.execute(query.where(part, Dispute.state.not_in(APART))):
            day = local(row.reported_at).date()
            found[row.id] = Matter(row.id, day, row.county_code, row.type)
    return found
