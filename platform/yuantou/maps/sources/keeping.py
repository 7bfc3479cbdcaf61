"""Writing what a night's scan found: sources are found again by their keys, under their number."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from yuantou.maps.sources import gathering
from yuantou.maps.sources.gathering import WEEK, Candidate, Matter, Span
from yuantou.maps.sources.kinds import Terms
from yuantou.maps.sources.models import (
    CommonSource,
    CommonSourceArea,
    CommonSourceKey,
    CommonSourceMatter,
)
from yuantou.maps.sources.raising import warn
from yuantou.maps.sources.scanning import Finding, others, scan, usual

_PEOPLE = text("SELECT source_id, county_code, people FROM counterparts_of(:sources)")
_UNSCANNED = {"disputes": 0, "weeks": [], "usual": [], "state": "few", "observed": 0}
People = dict[tuple[int, str | None], int]


@dataclass
class Kept:
    """How many sources the night has, how many of them rise, and how many were warned of."""

    sources: int
    rising: int
    warned: int


def scan_all(session: Session, span: Span, terms: Terms, *, now: datetime) -> Kept:
    """Step: find the sources, count them, judge them together, warn of those that stand out."""
    paths = gathering.paths(session)
    before = _Before.read(session)
    candidates = gathering.organisations(session, span, terms, before.keys)
    candidates += gathering.causes(session, span, terms, before.keys)
    held = [
        (_keep(session, each, before, paths, now), each)
        for each in sorted(candidates, key=lambda one: min(one.keys))
    ]
    _attach(session, held, now)
    _end_others(session, [source.id for source, _ in held], now)
    counted = [(source, each.matters) for source, each in held]
    return _judge(session, counted + gathering.typed(session), span, terms, paths, now)


@dataclass(frozen=True)
class _Before:
    """Sources that stand, which keys lead to which, and which were found this night."""

    sources: dict[int, CommonSource]
    keys: dict[bytes, int]
    taken: set[int] = field(default_factory=set)

    @classmethod
    def read(cls, session: Session) -> "_Before":
        keys = session.execute(select(CommonSourceKey.key, CommonSourceKey.source_id))
        sources = session.scalars(select(CommonSource).where(CommonSource.origin != "typed"))
        return cls(
            {source.id: source for source in sources},
            {bytes(row.key): row.source_id for row in keys},
        )


def _keep(
    session: Session,
    candidate: Candidate,
    before: _Before,
    paths: Mapping[str, str],
    now: datetime,
) -> CommonSource:
    """The source of these keys, made where there is none; of several the oldest stays.

    Where one source has come apart into two, the first keeps it and the other is a new one.
    """
    known = sorted({before.keys[key] for key in candidate.keys & before.keys.keys()} - before.taken)
    source = before.sources[known[0]] if known else None
    if source is None:
        path = smallest(paths[each.county] for each in candidate.matters)
        source = CommonSource(
            origin=candidate.origin,
            kind=candidate.kind,
            name=candidate.name,
            area_code=path.strip("/").split("/")[-1],
            area_path=path,
            type=candidate.type,
            made_at=now,
            **_UNSCANNED,
        )
        session.add(source)
        session.flush()
    source.ended_at, source.kind, source.type = None, candidate.kind, candidate.type
    before.taken.add(source.id)
    elsewhere = [
        key for key in candidate.keys & before.keys.keys() if before.keys[key] != source.id
    ]
    if elsewhere:
        moved = update(CommonSourceKey).where(CommonSourceKey.key.in_(elsewhere))
        session.execute(moved.values(source_id=source.id))
    fresh = [key for key in sorted(candidate.keys) if key not in before.keys]
    if fresh:
        rows = [{"key": key, "source_id": source.id} for key in fresh]
        session.execute(insert(CommonSourceKey), rows)
    before.keys.update(dict.fromkeys(candidate.keys, source.id))
    return source


def _attach(
    session: Session, held: Sequence[tuple[CommonSource, Candidate]], now: datetime
) -> None:
    """All matters that the scan attaches, anew; what people attached stays."""
    session.execute(delete(CommonSourceMatter).where(CommonSourceMatter.by_hand.is_(False)))
    rows = []
    for source, candidate in held:
        parties = {each.id: each.party_id for each in candidate.matters if each.id is not None}
        parties |= dict.fromkeys(candidate.linked)
        rows += [
            {
                "source_id": source.id,
                "dispute_id": key,
                "party_id": party,
                "by_hand": False,
                "added_by": None,
                "added_at": now,
            }
            for key, party in sorted(parties.items())
        ]
    if rows:
        session.execute(insert(CommonSourceMatter), rows)


def _end_others(session: Session, standing: Sequence[int], now: datetime) -> None:
    """Sources that nothing of the span belongs to any more."""
    others = (
        CommonSource.origin != "typed",
        CommonSource.ended_at.is_(None),
        CommonSource.id.not_in(standing),
    )
    session.execute(update(CommonSource).where(*others).values(ended_at=now))


def _judge(
    session: Session,
    held: Sequence[tuple[CommonSource, list[Matter]]],
    span: Span,
    terms: Terms,
    paths: Mapping[str, str],
    now: datetime,
) -> Kept:
    session.flush()
    weekly = gathering.weekly(session, span)
    suits = _suits(held, span)
    counts = {s.id: gathering.by_week((m.day for m in matters), span) for s, matters in held}
    shares = {s.id: _share(s, counts[s.id], weekly, suits) for s, _ in held}
    found = scan(counts, shares, terms)
    people = _people(session, [source.id for source, _ in held])
    rows: list[dict[str, object]] = []
    for source, matters in held:
        source.weeks = counts[source.id]
        source.usual = usual(counts[source.id], shares[source.id])
        _write(source, matters, found[source.id], span, now)
        source.people = None if source.origin == "cause" else people.get((source.id, None), 0)
        if matters:
            source.area_path = smallest(paths[each.county] for each in matters)
            source.area_code = source.area_path.strip("/").split("/")[-1]
        rows += _areas(source, matters, paths, people)
    session.execute(delete(CommonSourceArea))
    if rows:
        session.execute(insert(CommonSourceArea), rows)
    session.flush()
    rising = [source for source, _ in held if source.state == "rising"]
    warned = sum(warn(session, source, terms, at=now) for source in rising)
    return Kept(len(held), len(rising), warned)


def _share(
    source: CommonSource,
    own: Sequence[int],
    weekly: Mapping[str, list[float]],
    suits: list[float],
) -> list[float]:
    """What a source is compared with: other suits, other matters of its type, or all others."""
    if source.origin == "cause":
        return others(suits, own, suits)
    every = weekly[""] if source.origin == "typed" else weekly.get(source.type, weekly[""])
    return others(every, own, weekly[""])


def _suits(held: Sequence[tuple[CommonSource, list[Matter]]], span: Span) -> list[float]:
    days = (each.day for source, every in held if source.origin == "cause" for each in every)
    return [float(count) for count in gathering.by_week(days, span)]


def _people(session: Session, ids: Sequence[int]) -> People:
    rows = session.execute(_PEOPLE, {"sources": list(ids)})
    return {(row.source_id, row.county_code): row.people for row in rows}


def _write(
    source: CommonSource, matters: Sequence[Matter], found: Finding, span: Span, now: datetime
) -> None:
    days = [each.day for each in matters]
    source.disputes, source.scanned_at = len(matters), now
    source.first_day, source.last_day = min(days, default=None), max(days, default=None)
    source.last_week_end = span.end - timedelta(days=1)
    source.state, source.observed, source.expected = found.state, found.observed, found.expected
    source.low, source.high, source.llr = found.low, found.high, found.llr
    source.p, source.q = found.p, found.q
    source.since = None if found.start is None else span.first + timedelta(days=WEEK * found.start)


def _areas(
    source: CommonSource, matters: Sequence[Matter], paths: Mapping[str, str], people: People
) -> list[dict[str, object]]:
    """Sums of a source by county."""
    all_, late = Counter[str](), Counter[str]()
    for each in matters:
        all_[each.county] += 1
        late[each.county] += source.since is not None and each.day >= source.since
    return [
        {
            "source_id": source.id,
            "county_code": code,
            "area_path": paths[code],
            "disputes": count,
            "people": None if source.origin == "cause" else people.get((source.id, code), 0),
            "recent": late[code],
        }
        for code, count in sorted(all_.items())
    ]


def smallest(paths: Iterable[str]) -> str:
    """Path of the smallest area that holds all of these."""
    every = [path.strip("/").split("/") for path in set(paths)]
    same = []
    for codes in zip(*every, strict=False):
        if len(set(codes)) > 1:
            break
        same.append(codes[0])
    return "".join(f"{code}/" for code in same)
