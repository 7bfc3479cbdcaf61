"""Reading measured effects."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.alerts.governance.effects.models import EffectMeasure


def of_act(session: Session, kind: str, object_id: int) -> Sequence[EffectMeasure]:
    """Of one letter or meeting, the nearest horizon first."""
    asked = select(EffectMeasure).where(
        EffectMeasure.kind == kind, EffectMeasure.object_id == object_id
    )
    return session.scalars(asked.order_by(EffectMeasure.horizon)).all()


def of_analysis(session: Session, analysis_id: int) -> Sequence[EffectMeasure]:
    """Of all that followed from an analysis, in the order of what was done."""
    asked = select(EffectMeasure).where(EffectMeasure.analysis_id == analysis_id)
    order = (EffectMeasure.since, EffectMeasure.kind, EffectMeasure.object_id)
    return session.scalars(asked.order_by(*order, EffectMeasure.horizon)).all()


def newest(session: Session, limit: int) -> Sequence[EffectMeasure]:
    """The newest acts' effects in sight."""
    asked = select(EffectMeasure).order_by(EffectMeasure.since.desc(), EffectMeasure.id.desc())
    return session.scalars(asked.limit(limit)).all()
