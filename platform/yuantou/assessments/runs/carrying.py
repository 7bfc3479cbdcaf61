"""What a run carries on from the runs that it issues anew: their upheld adjustments, or not."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from yuantou.assessments.models import AssessmentRun
from yuantou.assessments.objections.queries import adjustments

_LINE = text("""
    WITH RECURSIVE line AS (
      SELECT id, restates FROM assessment_run WHERE id = :run
      UNION ALL
      SELECT r.id, r.restates FROM assessment_run r JOIN line l ON r.id = l.restates)
    SELECT id FROM line""")

Adjustments = Mapping[str, Sequence[dict[str, object]]]


def carried(session: Session, run: AssessmentRun) -> Adjustments:
    """The adjustments that count in a run: its own and, unless dropped, those before it."""
    left = set(run.dropped or ())
    found = earlier(session, run.id)
    kept = {
        area: [one for one in rows if one["objection"] not in left] for area, rows in found.items()
    }
    return {area: rows for area, rows in kept.items() if rows}


def rows(session: Session, run: AssessmentRun) -> list[dict[str, Any]]:
    """Every adjustment of the runs before, with its unit and whether it is carried on."""
    left = set(run.dropped or ())
    before = earlier(session, run.restates) if run.restates else {}
    wanted = {area: found for area, found in before.items() if not run.areas or area in run.areas}
    return [
        {**one, "area": area, "kept": one["objection"] not in left}
        for area, found in sorted(wanted.items())
        for one in found
    ]


def earlier(session: Session, run_id: int) -> Adjustments:
    """All that was granted in a run and in those that it issues anew, however far back."""
    return adjustments(session, *session.scalars(_LINE, {"run": run_id}))
