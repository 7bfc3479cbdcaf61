"""Copies of the folder of files beside a back-up, and back again.

A file never changes once it stands, and it stands before its row is written: copying what is new
after the database was backed up gives every row of that back-up its file.
"""

import os
import shutil
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.mediation.attachments.models import Attachment
from yuantou.mediation.attachments.store import Store

BATCH = 1000


def beside(backup: Path) -> Store:
    """Where the files lie that belong to the back-ups of a folder."""
    return Store(backup.resolve().parent / "files")


def copy_missing(source: Store, target: Store) -> int:
    """Copy what `target` has not yet, each whole or not at all; return how many."""
    copied = 0
    for path in sorted(source.standing()):
        place = target.root / path.parent.name / path.name
        if place.exists():
            continue
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = place.with_suffix(".part")
        with path.open("rb") as sealed, part.open("wb") as stream:
            os.fchmod(stream.fileno(), 0o600)
            shutil.copyfileobj(sealed, stream, 1 << 20)
            stream.flush()
            os.fsync(stream.fileno())
        part.rename(place)
        copied += 1
    return copied


def count_lost(session: Session, store: Store) -> tuple[int, int]:
    """How many files the rows speak of, and how many of them are not in the folder."""
    there = {path.stem for path in store.standing()}
    names = session.scalars(select(Attachment.stored).execution_options(yield_per=BATCH))
    known = lost = 0
    for name in names:
        known += 1
        lost += name not in there
    return known, lost
