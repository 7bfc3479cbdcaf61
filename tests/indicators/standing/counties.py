"""Invented counties with counts: figures as a ledger would give them."""

from datetime import date
from pathlib import Path

from yuantou.indicators.catalogue import read
from yuantou.indicators.figures import Figure, PopulationUsed
from yuantou.indicators.judging import judged, rated

KNOWN = {each.code: each for each in read(Path("config/indicators.toml"))}
MONTH = date(2026, 1, 1)


def rates(*counts: tuple[int, int | None]) -> list[Figure]:
    """A rate for every (cases, persons)."""
    return [rated(_blank("R_filed", n), cases, _persons(p)) for n, (cases, p) in enumerate(counts)]


def shares(*counts: tuple[int, int]) -> list[Figure]:
    """A share for every (hits, tries)."""
    return [judged(_blank("I07", n), *pair) for n, pair in enumerate(counts)]


def _blank(code: str, number: int) -> Figure:
    area = f"2113{number:02d}"
    return Figure(KNOWN[code], area, f"县{number}", "county", MONTH, MONTH, "file_first")


def _persons(persons: int | None) -> PopulationUsed | None:
    return None if persons is None else PopulationUsed("census", "普查", 2020, persons, "", False)
