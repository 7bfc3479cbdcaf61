"""Figures as rows of a file: the same columns for table, CSV and JSON, small counts hidden."""

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Sequence

from yuantou.indicators.disclosure import COMPLEMENT, conceal, shown
from yuantou.indicators.figures import Figure

FORMATS = ("table", "csv", "json")
COLUMNS = (
    "indicator",
    "version",
    "area_code",
    "area",
    "level",
    "period_start",
    "period_end",
    "regime",
    "value",
    "unit",
    "low",
    "high",
    "numerator",
    "denominator",
    "apart",
    "population_kind",
    "population_year",
    "missing",
    "warnings",
    "computed_at",
)
TABLE_COLUMNS = ("indicator", "area_code", "area", "value", "low", "high", "numerator",
                 "denominator", "population_year", "missing")  # fmt: skip

LEVEL_UNDER = {"province": "city", "city": "county", "county": "township"}

Row = dict[str, str | int | float | None]


def printed(found: Iterable[Figure], style: str, level: str = "") -> str:
    """Figures as text of one of FORMATS, small counts hidden; of one level, where named.

    Give the levels above and below with it: what they publish is what could be reckoned back from.
    """
    rows = [row for row in rows_of(list(found)) if level in ("", row["level"])]
    if style == "json":
        return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
    if style == "csv":
        return _csv(rows)
    return _table(rows)


def rows_of(found: Sequence[Figure]) -> list[Row]:
    """One row a figure; where a count is hidden, so is everything reckoned from it."""
    hidden = hidden_figures(found)
    return [_row(figure, place in hidden) for place, figure in enumerate(found)]


def hidden_figures(found: Sequence[Figure]) -> set[int]:
    """Places of the figures whose counts may not be shown; areas above others are their sums."""
    cells: dict[tuple[int, str], int | None] = {}
    sums = []
    for place, figure in enumerate(found):
        parts = ("numerator", "denominator")[: 2 if figure.definition.kind == "share" else 1]
        below = _below(found, figure)
        for part in parts:
            cells[place, part] = getattr(figure, part)
            sums.append(((place, part), [(each, part) for each in below]))
    return {place for place, _part in conceal(cells, [each for each in sums if each[1]])}


def _below(found: Sequence[Figure], whole: Figure) -> list[int]:
    """Places of the figures one level under `whole` of the same indicator and period."""
    under = LEVEL_UNDER.get(whole.level)
    return [
        place
        for place, each in enumerate(found)
        if each.level == under
        and each.code == whole.code
        and each.end == whole.end
        and each.area_path.startswith(whole.area_path)
    ]


def _row(figure: Figure, hidden: bool) -> Row:
    places = figure.definition.places + 2
    share = figure.definition.kind == "share"
    return {
        "indicator": figure.code,
        "version": figure.version,
        "area_code": figure.area_code,
        "area": figure.area_name,
        "level": figure.level,
        "period_start": f"{figure.start:%Y-%m}",
        "period_end": f"{figure.end:%Y-%m}",
        "regime": figure.regime if figure.definition.regimes else None,
        "value": None if hidden else _rounded(figure.value, places),
        "unit": figure.definition.unit_zh,
        "low": None if hidden else _rounded(figure.low, places),
        "high": None if hidden else _rounded(figure.high, places),
        "numerator": _hide(figure.numerator) if hidden else figure.numerator,
        "denominator": _hide(figure.denominator) if hidden and share else figure.denominator,
        "apart": COMPLEMENT if hidden and figure.apart else figure.apart,
        "population_kind": figure.population.kind if figure.population else None,
        "population_year": figure.population.year if figure.population else None,
        "missing": _why(figure),
        "warnings": " ".join(figure.warnings) or None,
        "computed_at": figure.computed_at.isoformat() if figure.computed_at else None,
    }


def _hide(value: int | None) -> str:
    return shown(value, hidden=True)


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)


def _why(figure: Figure) -> str | None:
    if figure.missing is None:
        return None
    courts = "、".join(
        f"{gap.court_name}（{len(gap.months)}个月）" for gap in figure.missing.courts[:10]
    )
    return f"{figure.missing.message_zh}{courts}"


def _csv(rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _table(rows: Sequence[Row]) -> str:
    lines = [TABLE_COLUMNS, *(tuple(_words(row[name]) for name in TABLE_COLUMNS) for row in rows)]
    widths = [max(_wide(line[place]) for line in lines) for place in range(len(TABLE_COLUMNS))]
    return "".join(
        "  ".join(
            cell + " " * (width - _wide(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        + "\n"
        for line in lines
    )


def _words(value: str | int | float | None) -> str:
    return "" if value is None else str(value)


def _wide(words: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in words)
