"""Whether drafts are still what they were when prepared: by their digests, and by the chain."""

from collections.abc import Iterator

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from yuantou.assessments.models import AssessmentReport, AssessmentRun, SchemeVersion
from yuantou.assessments.runs.machine import RunState
from yuantou.assessments.runs.preparing import fingerprint
from yuantou.assessments.runs.publishing import chained, chained_members, digest_of
from yuantou.assessments.runs.queries import drafts, members_mark
from yuantou.assessments.scheme import scheme
from yuantou.assessments.sealing import digest

_RECEIPTS = text("""
    SELECT r.id, r.area_code
    FROM assessment_report r
    LEFT JOIN (SELECT DISTINCT ON (object_id) object_id, account_id, at FROM audit_event
               WHERE action = 'assessment:receive' ORDER BY object_id, seq) e
      ON e.object_id = r.id::text
    WHERE e.account_id IS DISTINCT FROM r.received_by
       OR (e.at IS NULL) <> (r.received_at IS NULL)
       OR abs(extract(epoch FROM e.at - r.received_at)) > 3600
    ORDER BY r.id""")


def altered(session: Session) -> Iterator[tuple[int, str]]:
    """Run and county of every draft that is not as it was; an empty county is the run as a whole.

    Of a published run the sealed report must also hold the very bytes of its draft.
    """
    held = session.scalars(
        select(AssessmentRun).where(AssessmentRun.revision > 0).order_by(AssessmentRun.id)
    ).all()
    for run in held:
        algorithm = _algorithm(session, run)
        if algorithm:
            yield from _of_run(session, run, algorithm)
        else:
            yield run.id, ""


def _algorithm(session: Session, run: AssessmentRun) -> str | None:
    """That of the run's scheme, None where the scheme is gone or no scheme any more."""
    row = session.get(SchemeVersion, (run.scheme, run.scheme_version))
    try:
        found = scheme(row.body).algorithm if row else ""
        return found if digest(b"", found) else None
    except (AttributeError, LookupError, TypeError, ValueError):
        return None


def _of_run(session: Session, run: AssessmentRun, algorithm: str) -> Iterator[tuple[int, str]]:
    found = drafts(session, run)
    marks = {draft.area_code: digest_of(draft, algorithm) for draft in found}
    wrong = [each.area_code for each in found if marks[each.area_code] != each.digest]
    if run.state == RunState.DONE:
        sealed = session.execute(
            select(
                AssessmentReport.area_code, AssessmentReport.inputs, AssessmentReport.content
            ).where(AssessmentReport.run_id == run.id)
        )
        reports = {area: (bytes(inputs), bytes(content)) for area, inputs, content in sealed}
        wrong += [
            each.area_code
            for each in found
            if reports.get(each.area_code) != (each.inputs, each.content)
        ]
    for area in sorted(set(wrong)):
        yield run.id, area
    if not wrong and fingerprint(marks, algorithm) != chained(session, run):
        yield run.id, ""
    if (kept := chained_members(session, run)) and kept != members_mark(session, run.id):
        yield run.id, "逐件名单 members"


def receipts(session: Session) -> list[tuple[int, str]]:
    """The reports whose receipt is not as the audit chain tells it: by whom, and when."""
    return [(report, area) for report, area in session.execute(_RECEIPTS)]
