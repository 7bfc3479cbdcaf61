"""A file of targets: all of its lines, or none."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.assessments import queries
from yuantou.assessments.models import Target
from yuantou.assessments.service import NewTarget
from yuantou.audit.service import record
from yuantou.calendar.clock import now


def set_all(session: Session, *, by: Viewer, targets: Sequence[NewTarget]) -> int:
    """Append a revision wherever the file says something new; returns how many.

    The same file twice changes nothing.
    """
    paths, at, made = queries.paths(session), now(), 0
    for year in sorted({each.year for each in targets}):
        kept = (queries.targets_in_force(session, year), queries.agency_targets(session, year))
        held = {
            (row.indicator, row.area_code, row.agency_id): row
            for found in kept
            for rows in found.values()
            for row in rows
        }
        for each in (one for one in targets if one.year == year):
            before = held.get((each.indicator, each.area_code, each.agency_id))
            if before is None or _differs(before, each):
                revision = before.revision + 1 if before else 1
                session.add(
                    Target(
                        **asdict(each),
                        area_path=paths[each.area_code],
                        revision=revision,
                        entered_by=by.id,
                        entered_at=at,
                        demo=False,
                    )
                )
                made += 1
    record(
        session,
        action="target:import",
        object_type="target",
        object_id="file",
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"lines": len(targets), "new": made},
    )
    session.commit()
    return made


def _differs(before: Target, each: NewTarget) -> bool:
    return any(getattr(before, key) != value for key, value in asdict(each).items())
