"""Definitions in force: rows of the database, read back as the catalogue writes them."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from yuantou.calendar.clock import now, today
from yuantou.indicators.catalogue import CatalogueFault, Definition, body
from yuantou.indicators.catalogue import definition as make
from yuantou.indicators.models import DefinitionVersion
from yuantou.indicators.periods import first_of, shift


class UnknownIndicator(LookupError):
    """No definition of this code is in force on the day."""


def versions(session: Session) -> dict[str, list[Definition]]:
    """Every version that was put in force, by code, the oldest first."""
    rows = session.execute(
        select(DefinitionVersion.code, cast(DefinitionVersion.body, Text))
        .where(DefinitionVersion.approved_at.is_not(None))
        .order_by(DefinitionVersion.code, DefinitionVersion.version)
    )
    found: dict[str, list[Definition]] = {}
    for code, written in rows:
        found.setdefault(code, []).append(_made(written))
    return found


@lru_cache(maxsize=1024)
def _made(written: str) -> Definition:
    """The definition of a stored body: every page reads all of them."""
    return make(json.loads(written))


def in_force(held: Iterable[Definition], on: date) -> Definition | None:
    """The newest of one indicator's versions that holds on a day."""
    valid = [each for each in held if each.valid_from <= on]
    return valid[-1] if valid else None


def definitions(session: Session, on: date | None = None) -> dict[str, Definition]:
    """All indicators as they stand on a day (today), in the order of their codes."""
    day = on or today()
    found = {code: in_force(held, day) for code, held in versions(session).items()}
    return {code: each for code, each in found.items() if each is not None}


def definition(session: Session, code: str, on: date | None = None) -> Definition:
    """One indicator as it stands on a day; UnknownIndicator where there is none."""
    try:
        return definitions(session, on)[code]
    except KeyError:
        raise UnknownIndicator(code) from None


def load_definitions(session: Session, made: Iterable[Definition]) -> int:
    """Step: append the versions that are new; returns how many.

    What ships first counts at once. A later version of a known indicator is only laid before the
    office: two persons put it in force. Raises CatalogueFault when an entry changed and kept its
    version, or went back to an older one.
    """
    stored = _stored(session)
    changed = 0
    for each in made:
        newest = stored[each.code][-1] if each.code in stored else None
        if newest is not None and body(replace(newest, valid_from=each.valid_from)) == body(each):
            continue
        if newest is not None and each.version <= newest.version:
            raise CatalogueFault(
                f"{each.code}: the entry changed but its version is still {each.version}; "
                f"raise it above {newest.version}"
            )
        made_now = each if newest is None else _from_next_month(each, newest)
        session.add(_row(made_now, shipped_first=newest is None))
        changed += 1
    return changed


def _from_next_month(each: Definition, newest: Definition) -> Definition:
    """A later version leaves the months alone that were counted by the one before."""
    if each.valid_from > newest.valid_from:
        return each
    return replace(each, valid_from=shift(first_of(today()), 1))


def _stored(session: Session) -> dict[str, list[Definition]]:
    found: dict[str, list[Definition]] = {}
    for row in session.scalars(select(DefinitionVersion).order_by(DefinitionVersion.version)):
        found.setdefault(row.code, []).append(make(row.body))
    return found


def _row(each: Definition, *, shipped_first: bool) -> DefinitionVersion:
    at = now()
    return DefinitionVersion(
        code=each.code,
        version=each.version,
        valid_from=each.valid_from,
        body=body(each),
        reason="",
        proposed_at=at,
        approved_at=at if shipped_first else None,
    )
