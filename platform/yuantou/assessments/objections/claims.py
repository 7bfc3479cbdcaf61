"""From a filled form to a claim: the matter looked up in its county, the consequence reckoned."""

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.assessments.objections.counterfactual import (
    Claim,
    Delta,
    NotClaimable,
    counterfactual,
    of_matter,
)
from yuantou.assessments.objections.forms import ObjectionForm
from yuantou.assessments.objections.service import Claimed
from yuantou.assessments.periods import first_day
from yuantou.assessments.runs.models import AssessmentDraft, SealedMember
from yuantou.assessments.runs.packing import unpack
from yuantou.disputes.models import Dispute
from yuantou.territory.models import Court


def claim_of(
    session: Session, viewer: Viewer, draft: AssessmentDraft, form: ObjectionForm
) -> Claimed:
    """The claim of a valid form; NotClaimable says what does not fit."""
    inputs = json.loads(draft.inputs)
    code, matter = form.indicator.data, None
    if form.subject.data == "matter":
        matter = _matter(session, viewer, draft, form.number.data or "")
        delta = of_matter(Claim(form.claim.data), counted(session, draft, code, matter.id))
    else:
        delta = Delta(form.events.data or 0, form.whole.data or 0)
    return Claimed(
        indicator=code,
        subject=form.subject.data,
        numerator=delta.events,
        denominator=delta.whole,
        reason=form.reason.data or "",
        evidence=form.evidence.data or "",
        counterfactual=counterfactual(inputs, code, delta),
        matter_id=matter.id if matter else None,
        number=matter.number if matter else None,
        court_code=_court(session, draft) if form.subject.data == "court" else None,
        month=first_day(form.month.data or "") if form.subject.data == "court" else None,
    )


def counted(session: Session, draft: AssessmentDraft, code: str, matter_id: int) -> bool | None:
    """Whether a matter hit in the draft's figure; None when it was not counted."""
    kept = session.get(SealedMember, (draft.run_id, draft.area_code, code))
    if kept is None:
        raise NotClaimable("no_rows")
    hits = [hit for key, hit in unpack(kept.members) if key == matter_id]
    return any(hits) if hits else None


def _matter(session: Session, viewer: Viewer, draft: AssessmentDraft, number: str) -> Dispute:
    found = session.scalars(
        select(Dispute).where(
            Dispute.number == number.strip(),
            Dispute.area_path.startswith(draft.area_path),
            viewer.scope.visible(Dispute),
        )
    ).one_or_none()
    if found is None:
        raise NotClaimable("no_matter")
    return found


def _court(session: Session, draft: AssessmentDraft) -> str | None:
    return session.scalar(
        select(Court.code)
        .where(Court.counts_to_code == draft.area_code)
        .order_by(Court.code)
        .limit(1)
    )
