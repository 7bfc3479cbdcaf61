"""Warning of a source that stands out; all rules on sources share its key: one rests the others."""

from datetime import datetime

from sqlalchemy.orm import Session

from yuantou.alerts.service import raise_alert
from yuantou.maps.sources.kinds import Terms, label
from yuantou.maps.sources.models import CommonSource

RULE, VERSION = "D_SOURCE", 1
RED_AT = 20  # matters in the window, as for W03, 示例
N_ = str


def key_of(source_id: int) -> str:
    """What rests a source: whoever warns of it uses this key."""
    return f"source:{source_id}"


def warn(session: Session, source: CommonSource, terms: Terms, *, at: datetime) -> bool:
    """Step: raise a warning of a rising source that is strong enough; whether one was raised."""
    if source.state != "rising" or source.low is None or source.low < terms.alert_ratio:
        return False
    raised = raise_alert(
        session,
        rule=RULE,
        version=VERSION,
        level="red" if source.observed >= RED_AT else "yellow",
        area=source.area_code,
        type_code=None if source.origin == "typed" else source.type,
        source_id=source.id,
        key=key_of(source.id),
        reasons=_reasons(source),
        facts={
            "source_id": source.id,
            "since": source.since.isoformat() if source.since else None,
            "observed": source.observed,
            "expected": round(source.expected or 0.0, 2),
            "low": round(source.low, 2),
            "high": round(source.high or 0.0, 2),
            "q": source.q,
            "disputes": source.disputes,
            "people": source.people,
        },
        at=at,
    )
    return raised is not None


def _reasons(source: CommonSource) -> list[dict[str, object]]:
    told: list[dict[str, object]] = [
        {
            "say": N_("%(source)s：%(since)s 以来 %(n)s 件，按往常应有 %(expected)s 件"),
            "with": {
                "source": label(source.id, source.kind, source.name),
                "since": source.since.isoformat() if source.since else "",
                "n": source.observed,
                "expected": f"{source.expected or 0:.1f}",
            },
        },
        {
            "say": N_("是往常的 %(low)s 至 %(high)s 倍（95%% 区间）"),
            "with": {"low": f"{source.low or 0:.1f}", "high": f"{source.high or 0:.1f}"},
        },
    ]
    if source.people:
        told.append({"say": N_("涉及 %(n)s 个不同的人或单位"), "with": {"n": source.people}})
    return told
