"""A trial as the page shows it; counts of one or two are not said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from yuantou.alerts.amending.trying import NO_FINDING
from yuantou.alerts.levels import ORDER
from yuantou.alerts.models import RuleVersion
from yuantou.alerts.words import OUTCOMES
from yuantou.indicators.disclosure import LEAST, small


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried. `levels`: level, by the rule in force, by the new one; `ended`: finding,
    warnings that the new version would raise too, and those that it would not."""

    start: date
    end: date
    past: bool
    levels: list[tuple[str, str, str]]
    gained: str
    lost: str
    ended: list[tuple[str, str, str]]
    unknown: str


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
    )


def _of(counts: Mapping[str, int], code: str) -> str:
    return _said(counts.get(code, 0))


def _said(count: int | None) -> str:
    if count is None:
        return "—"
    return _("少于 %(n)s", n=LEAST) if small(count) else f"{count:,}"
