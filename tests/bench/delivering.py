"""The files of one run, all counties in three forms with the summaries: seconds and memory.

In a process of its own, so that its memory is its own.
"""

import os
import resource
import sys
import tempfile
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection

from sqlalchemy.orm import Session

from yuantou.assessments.delivery import queries, service
from yuantou.assessments.delivery.sealing import seal_summaries
from yuantou.calendar.clock import now
from yuantou.database.connections import Connections
from yuantou.database.session import make_engine


def delivered(connections: Connections) -> tuple[float, float, int]:
    """Seconds, MB at the most, and how many files for the newest sealed run."""
    context = get_context("spawn")
    here, there = context.Pipe()
    child = context.Process(target=_measure, args=(connections.worker, there))
    child.start()
    found: tuple[float, float, int] = here.recv()
    child.join()
    return found


def _measure(url: str, back: Connection) -> None:
    with tempfile.TemporaryDirectory(prefix="yt-files-") as folder:
        os.environ["YUANTOU_FILES"] = folder
        engine = make_engine(url)
        with Session(engine) as session:
            run = queries.sealed_runs(session)[0]
            started = time.perf_counter()
            seal_summaries(session, run, now=now())
            session.flush()
            made = service.make_files(session, run, lambda done, whole: None)
            spent = time.perf_counter() - started
            session.rollback()
        engine.dispose()
    unit = 1_000_000 if sys.platform == "darwin" else 1000
    back.send((spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, made))
