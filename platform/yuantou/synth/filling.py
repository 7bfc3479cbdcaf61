"""From a plan to rows in the database, part by part, in one transaction of the owner."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import psycopg

from yuantou.synth.copying import Columns, copy, reserve, reserve_disputes, text_of
from yuantou.synth.matters import (
    deadline_rows,
    dispute_rows,
    event_rows,
    named_rows,
    participation_rows,
)
from yuantou.synth.papers import (
    agreement_rows,
    follow_up_rows,
    notice_rows,
    performance_rows,
    record_rows,
)
from yuantou.synth.part import Part, Province, parts
from yuantou.synth.parties import party_rows

SIZE = 2_000
ALONE = 30_000  # so few rows are made in this process
Table = tuple[str, tuple[str, ...], bytes]
Report = Callable[[int], None]

_province: Province | None = None


def fill(
    connection: psycopg.Connection[Any], province: Province, report: Report = lambda _: None
) -> None:
    """Write every part; `report` hears how many disputes each had."""
    for count, tables in _made(province):
        for table, names, text in tables:
            copy(connection, table, names, text)
        report(count)
    _number_series(connection, province)


def numbered(connection: psycopg.Connection[Any], count: int) -> tuple[int, int]:
    """Numbers for `count` disputes and two agreements of each."""
    return reserve_disputes(connection, count), reserve(connection, "agreement", 2 * count)


def tables_of(part: Part) -> list[Table]:
    """The rows of a part as the texts of COPY, those that others lean on first."""
    deadlines, following = deadline_rows(part)
    parties, keys = party_rows(part)
    return [
        _table("dispute", dispute_rows(part, following)),
        _table("dispute_key", keys),
        _table("party", parties),
        _table("participation", participation_rows(part)),
        _table("named_handler", named_rows(part)),
        _table("dispute_event", event_rows(part)),
        _table("deadline", deadlines),
        _table("mediation_record", record_rows(part)),
        _table("agreement", agreement_rows(part)),
        _table("performance", performance_rows(part)),
        _table("path_notice", notice_rows(part)),
        _table("follow_up", follow_up_rows(part)),
    ]


def _table(name: str, columns: Columns) -> Table:
    return name, tuple(columns), text_of(columns)


def _made(province: Province) -> Iterator[tuple[int, list[Table]]]:
    """The parts in order; many are made ahead in processes of their own."""
    cuts = parts(province.plan.count, SIZE)
    if province.plan.count <= ALONE:
        for start, stop in cuts:
            yield stop - start, tables_of(Part(province, start, stop))
        return
    workers = max(1, min(4, (os.cpu_count() or 2) - 1))
    with ProcessPoolExecutor(
        workers, get_context("fork"), initializer=_remember, initargs=(province,)
    ) as pool:
        yield from _ahead(pool, cuts, workers + 1)


def _ahead(
    pool: ProcessPoolExecutor, cuts: Iterable[tuple[int, int]], depth: int
) -> Iterator[tuple[int, list[Table]]]:
    waiting: list[tuple[int, Future[list[Table]]]] = []
    for start, stop in cuts:
        waiting.append((stop - start, pool.submit(_make, start, stop)))
        if len(waiting) > depth:
            count, future = waiting.pop(0)
            yield count, future.result()
    for count, future in waiting:
        yield count, future.result()


def _remember(province: Province) -> None:
    global _province
    _province = province


def _make(start: int, stop: int) -> list[Table]:
    if _province is None:
        raise RuntimeError("this process was not told its province")
    return tables_of(Part(_province, start, stop))


def _number_series(connection: psycopg.Connection[Any], province: Province) -> None:
    """The last number of every county and year, so that the next real one follows."""
    plan = province.plan
    last: dict[tuple[str, int], int] = {}
    years = plan.accepted.astype("datetime64[s]").astype("datetime64[Y]").astype(int) + 1970
    for county, year, number in zip(
        plan.county.tolist(), years.tolist(), plan.number.tolist(), strict=True
    ):
        if number:
            key = (province.land.counties[county].code, year)
            last[key] = max(last.get(key, 0), number)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO number_series (county_code, year, last) VALUES (%s, %s, %s) "
            "ON CONFLICT (county_code, year) DO UPDATE SET last = EXCLUDED.last",
            [(*key, number) for key, number in sorted(last.items())],
        )
