"""A trial as the page shows it; counts of one or two are not said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from yuantou.alerts.amending.trying import NO_FINDING
from yuantou.alerts.levels import ORDER
from yuantou.alerts.models import RuleVersion
from yuantou.alerts.words import OUTCOMES, OWNER_NAMES
from yuantou.indicators.disclosure import LEAST, small


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried. `levels`: level, by the rule in force, by the new one; `ended`: finding,
    warnings that the new version would raise too, and those that it would not. Of levels and rest
    also `late`, as `levels`, and `receivers`: from which kind of office to which, how
    many; `sighted`: since when it is on record what was seen again."""

    start: date
    end: date
    past: bool
    levels: list[tuple[str, str, str]]
    gained: str
    lost: str
    ended: list[tuple[str, str, str]]
    unknown: str
    late: list[tuple[str, str, str]] | None = None
    receivers: Sequence[tuple[str, str, str]] = ()
    sighted: str = ""


def shown_trial(row: RuleVersion) -> Trial | None:
    """The trial of a version, or None before it was tried."""
    if row.preview is None:
        return None
    tried: dict[str, Any] = row.preview
    ended: dict[str, Any] = tried.get("ended", {})
    kept, lost = ended.get("kept", {}), ended.get("lost", {})
    findings = {**OUTCOMES, NO_FINDING: _("还没有结论")}
    return Trial(
        date.fromisoformat(tried["start"]),
        date.fromisoformat(tried["end"]),
        tried["past"],
        [
            (level, _said(tried["old"].get(level)), _said(tried["new"].get(level)))
            for level in reversed(ORDER)
        ],
        _said(tried["gained"]),
        _said(tried["lost"]),
        [
            (str(name), _of(kept, code), _of(lost, code))
            for code, name in findings.items()
            if kept or lost
        ],
        _said(ended.get("unknown")),
        _late(tried["late"]) if "late" in tried else None,
        [
            (_office(before), _office(after), _said(number))
            for before, after, number in tried.get("receivers", ())
        ],
        tried.get("sighted") or "",
    )


def _late(late: Mapping[str, Sequence[int]]) -> list[tuple[str, str, str]]:
    return [(level, _said(late[level][0]), _said(late[level][1])) for level in reversed(ORDER)]


def _office(code: str) -> str:
    return str(OWNER_NAMES[code]) if code in OWNER_NAMES else _("没有单位")


def _of(counts: Mapping[str, int], code: str) -> str:
    return _said(counts.get(code, 0))


def _said(count: int | None) -> str:
    if count is None:
        return "—"
    return _("少于 %(n)s", n=LEAST) if small(count) else f"{count:,}"
