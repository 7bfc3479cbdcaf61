"""Whether drafts are still what they were when prepared: by their digests, and by the chain."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.assessments.models import AssessmentReport, AssessmentRun, SchemeVersion
from yuantou.assessments.runs.machine import RunState
from yuantou.assessments.runs.preparing import fingerprint
from yuantou.assessments.runs.publishing import chained, digest_of
from yuantou.assessments.runs.queries import drafts
from yuantou.assessments.scheme import scheme
from yuantou.assessments.sealing import digest


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
            if reports.get(each.area_code) != (bytes(each.inputs), bytes(each.content))
        ]
    for area in sorted(set(wrong)):
        yield run.id, area
    if not wrong and fingerprint(marks, algorithm) != chained(session, run):
        yield run.id, ""
