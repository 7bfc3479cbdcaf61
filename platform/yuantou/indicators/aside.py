"""Entries laid aside: what a county's rows answered today, so that a change asks its matter alone.

A figure needs all entries of its county. They are read once a day and laid aside as columns; after
that the matters that changed since are taken out and asked anew, and the rest is as it was. What is
laid aside answers one question on one day: with other definitions, other code or another day it is
read again. Nothing is lost with it: the tables are not even written durably.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import numpy as np
from sqlalchemy import Dialect, delete, func, insert, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from yuantou.indicators.asking import Look, days_of, question
from yuantou.indicators.marks import Marks, every_county
from yuantou.indicators.models import EntryChange, EntryPack
from yuantou.indicators.tables import Entries, reading
from yuantou.indicators.vocabulary import SUBJECTS

_FORM = "place agency matter days words"  # of a pack's columns
MOST = 2000  # changed matters; with more the county is read whole again
_DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
_UNREAD = {"synchronize_session": False}


def changes(session: Session, counties: Sequence[str], marks: Marks) -> set[int]:
    """Step: note what changed, and give up counties of which too much did.

    The matters of these counties that changed since their entries were laid aside.
    """
    laid = set(
        session.scalars(select(EntryPack.county_code).where(EntryPack.county_code.in_(counties)))
    )
    rows = [
        {"county_code": county, "dispute_id": each}
        for county in laid
        for each in marks.matters.get(county, ())
    ]
    if rows:
        session.execute(upsert(EntryChange).on_conflict_do_nothing(), rows)
    county, matter = EntryChange.county_code, EntryChange.dispute_id
    many = select(county).group_by(county).having(func.count() > MOST)
    forget(session, {*marks.whole, *session.scalars(many)})
    return set(session.scalars(select(matter).where(county.in_(counties))))


def seal(name: str, asked: Sequence[Look], rules: Sequence[str], day: datetime) -> bytes:
    """What is asked of a subject, of which day: the statement itself, with its values."""
    told = question(SUBJECTS[name], asked, day, None, rules).compile(dialect=_DIALECT)
    values = sorted(map(str, told.params.items()))
    return hashlib.sha256(f"{_FORM}{told}{values}".encode()).digest()


def lacking(session: Session, name: str, sealed: bytes) -> list[str]:
    """Counties whose entries of a subject were not laid aside for this question."""
    laid = select(EntryPack.county_code).where(
        EntryPack.subject == name, EntryPack.question == sealed
    )
    held = set(session.scalars(laid))
    return [county for county in sorted(every_county(session)) if county not in held]


def forget(session: Session, counties: Collection[str] | None = None) -> None:
    """Step: nothing is laid aside of these counties, or of any."""
    for table in (EntryPack, EntryChange):
        gone = (
            delete(table)
            if counties is None
            else delete(table).where(table.county_code.in_(counties))
        )
        session.execute(gone, execution_options=_UNREAD)


def entries_of(
    session: Session,
    name: str,
    asked: Sequence[Look],
    now: datetime,
    counties: Sequence[str],
    changed: Collection[int],
    rules: Sequence[str],
    sealed: bytes,
) -> Entries | None:
    """Step: the entries of a subject in these counties; what was not laid aside is now."""
    subject = SUBJECTS[name]
    held = _held(session, name, sealed, counties, asked)
    anew = [county for county in counties if county not in held]
    found = [each.without(changed) for each in held.values()]
    if held and changed:
        one = reading(session, subject, asked, now, list(held), rules, matters=list(changed))()
        found += [one] if one else []
    if anew:
        one = reading(session, subject, asked, now, anew, rules, matters=())()
        _lay(session, name, sealed, anew, one)
        found += [one] if one else []
    return Entries.together(found)


def _held(
    session: Session, name: str, sealed: bytes, counties: Sequence[str], asked: Sequence[Look]
) -> Mapping[str, Entries]:
    columns = EntryPack.county_code, EntryPack.places, EntryPack.columns
    rows = session.execute(
        select(*columns).where(
            EntryPack.subject == name,
            EntryPack.question == sealed,
            EntryPack.county_code.in_(counties),
        )
    )
    return {row.county_code: _unpacked(row.places, row.columns, asked) for row in rows}


def _lay(
    session: Session, name: str, sealed: bytes, counties: Iterable[str], entries: Entries | None
) -> None:
    of = EntryPack.subject == name, EntryPack.county_code.in_(list(counties))
    session.execute(delete(EntryPack).where(*of), execution_options=_UNREAD)
    parts = entries.by_county() if entries else {}
    session.execute(
        insert(EntryPack),
        [
            {"county_code": county, "subject": name, "question": sealed}
            | _packed(parts.get(county, Entries.none()))
            for county in counties
        ],
    )


def _packed(entries: Entries) -> dict[str, object]:
    whose = entries.place, entries.agency, entries.matters
    columns = *whose, *entries.by_day.values(), *entries.words
    return {"places": entries.places, "columns": [each.tobytes() for each in columns]}


def _unpacked(
    places: Sequence[Sequence[str | None]], columns: Sequence[bytes], asked: Sequence[Look]
) -> Entries:
    names = days_of(asked)
    place, agency, matters, *others = (np.frombuffer(each, np.int32) for each in columns)
    if not len(place):
        return Entries.none()
    days, words = others[: len(names)], others[len(names) :]
    return Entries(
        [tuple(each) for each in places],
        place,
        agency,
        matters,
        dict(zip(names, days, strict=True)),
        words,
    )
