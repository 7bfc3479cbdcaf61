"""Files are backed up beside the database and come back with it."""

import shutil
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.coordination.matters import Door, report
from tests.database.test_backup import Run, empty, restore_into, run
from tests.mediation.attachments.samples import PDF
from tests.mediation.attachments.test_files import _send
from yuantou.database.connections import Connections
from yuantou.mediation.attachments.keeping import copy_missing
from yuantou.mediation.attachments.models import Attachment
from yuantou.mediation.attachments.store import Store

__all__ = ["empty", "run"]


def test_only_what_is_new_is_copied(folder: Store, tmp_path: Path) -> None:
    copies = Store(tmp_path / "copies")
    first = folder.put(b"first")
    assert copy_missing(folder, copies) == 1
    second = folder.put(b"second")
    assert copy_missing(folder, copies) == 1
    assert [copies.read(name) for name in (first, second)] == [b"first", b"second"]


def test_files_come_back_with_the_database(
    door: Door,
    client_of: Callable[[str], FlaskClient],
    run: Run,
    empty: Connections,
    folder: Store,
    tmp_path: Path,
    owner: Session,
) -> None:
    _send(client_of("mei"), report(door), (PDF, "a.pdf"))
    stored = owner.scalars(select(Attachment.stored)).one()
    sealed = folder.read(stored)
    assert "新增附件 1 份" in run("backup", tmp_path / "b.dump").output
    shutil.rmtree(folder.root)
    told = restore_into(empty, str(tmp_path / "b.dump"))
    assert "放回 1 份" in told.output
    assert folder.read(stored) == sealed


def test_a_restore_says_which_files_are_lost(
    door: Door,
    client_of: Callable[[str], FlaskClient],
    run: Run,
    empty: Connections,
    folder: Store,
    tmp_path: Path,
) -> None:
    _send(client_of("mei"), report(door), (PDF, "a.pdf"))
    run("backup", tmp_path / "b.dump")
    for place in (folder.root, tmp_path / "files"):
        shutil.rmtree(place, ignore_errors=True)
    assert "1 份附件中有 1 份的文件不在" in restore_into(empty, str(tmp_path / "b.dump")).output
