"""Example targets for the counties; some are left unset, as offices leave them."""

from datetime import date
from typing import Any

import numpy as np
import psycopg

from yuantou.judiciary.columns import EXCLUDED
from yuantou.synth.copying import copy_columns
from yuantou.synth.counts import Counts
from yuantou.synth.land import Land
from yuantou.synth.staff import Staff

SET_BY = "平安建设领导小组办公室（演示）"
DOCUMENT = "演示目标文件〔{year}〕1号"
SHARES = {"I02": 60.0, "I06": 92.0, "I07": 90.0, "I09": 92.0, "I10": 95.0}
UNSET = 0.1
EASED = 0.97


def filed_rates(land: Land, drawn: Counts, year: int) -> dict[str, float]:
    """Filings per 10,000 of each county in a year, as far as the year has counts."""
    total: dict[str, int] = {}
    latest = {
        (count.court, count.month): (court.counts_to_code, count)
        for court, count in zip(drawn.court, drawn.count, strict=True)
    }
    for code, count in latest.values():
        if count.month.year == year:
            numbers = count.numbers
            civil = (numbers["civil_first_new"] or 0) + (numbers["admin_first_new"] or 0)
            if count.basis == EXCLUDED:
                civil += numbers["first_mediation_success"] or 0
            total[code] = total.get(code, 0) + civil
    return {
        county.code: total[county.code] / county.persons * 10_000
        for county in land.counties
        if county.persons and county.code in total
    }


def write_targets(
    connection: psycopg.Connection[Any], land: Land, drawn: Counts, staff: Staff, now: date,
    moment: str, seed: int,
) -> int:  # fmt: skip
    """Write the targets of this year and the last; returns how many."""
    rng = np.random.default_rng([seed, 13])
    lines: list[tuple[str, ...]] = []
    for year in (now.year - 1, now.year):
        rates = filed_rates(land, drawn, year - 1)
        for county in land.counties:
            wanted = {"R_filed": (rates.get(county.code, 0.0) * EASED, "down")}
            wanted |= {code: (value, "up") for code, value in SHARES.items()}
            for code, (value, direction) in wanted.items():
                if value and rng.random() >= UNSET:
                    lines.append((
                        code, county.code, county.path, str(year), "1", f"{value:.2f}", direction,
                        SET_BY, DOCUMENT.format(year=year), f"{year}-01-20",
                        str(staff.account["demo-province"]), moment, "t",
                    ))  # fmt: skip
    names = (
        "indicator", "area_code", "area_path", "year", "revision", "value", "direction",
        "set_by", "document", "set_on", "entered_by", "entered_at", "demo",
    )  # fmt: skip
    copy_columns(
        connection, "target", {name: [line[k] for line in lines] for k, name in enumerate(names)}
    )
    return len(lines)
