"""More time for one deadline: refused where the rule, the day or the bound stand against it."""

from datetime import datetime

from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import local
from yuantou.disputes.matter import N_, Ground, Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import note_event
from yuantou.limits.history import EXTENDED, extensions_of, is_open, stands
from yuantou.limits.models import Deadline
from yuantou.limits.queries import clock_of, deadlines_of
from yuantou.limits.rules import Leave, LimitRule
from yuantou.limits.service import follow


def extension_refusal(
    row: Deadline, rule: LimitRule, leave: Leave, now: datetime, amount: int = 1
) -> Refusal | None:
    """Why the deadline may not be extended by `amount` on the ground of `leave` now."""
    values: dict[str, object] = {"name": rule.name_zh}
    if not is_open(row):
        text = N_("“%(name)s”期限已经结束，不用延长。")
        return Refusal("extension_over", text, rule.source, Ground.STATE, values=values)
    if leave not in rule.extends_with:
        return Refusal("extension_barred", _barred(rule), rule.source, values=values)
    if now > row.due_at and not stands(row):
        text = N_("“%(name)s”期限已于 %(day)s届满；延长须在届满之前，届满后不能再延长。")
        values["day"] = local(row.due_at).date()
        return Refusal("extension_late", text, rule.source, Ground.TIME, values=values)
    had = sum(each.amount for each in extensions_of(row))
    if rule.extension is not None and had + amount > rule.extension:
        text = N_("“%(name)s”期限最多延长 %(most)s（%(unit)s），已延长 %(had)s。")
        values |= {"most": rule.extension, "unit": rule.unit.name_zh, "had": had}
        return Refusal("extension_bound", text, rule.source, Ground.LAW, "amount", values)
    return None


def tracked_refusal(
    session: Session, dispute_id: int, family: str, now: datetime
) -> Refusal | None:
    """The same for a track that extends its own limit; None where none is running."""
    book = clock_of(session).book
    for row in deadlines_of(session, dispute_id):
        rule = book.rule(row.rule, row.rule_version)
        if is_open(row) and rule.family == family:
            return extension_refusal(row, rule, Leave.CONSENT, now)
    return None


def extend(
    session: Session,
    *,
    by: Viewer,
    dispute: Dispute,
    row: Deadline,
    leave: Leave,
    amount: int,
    note: str,
    at: datetime,
) -> None:
    """Step: note the extension in the history and let the deadline follow it."""
    facts = {
        "rule": row.rule,
        "started_at": row.started_at.isoformat(),
        "amount": amount,
        "leave": str(leave),
    }
    event = note_event(
        session, dispute=dispute, event=EXTENDED, by=by, note=note, facts=facts, at=at
    )
    session.flush()
    follow(session, dispute, event)
    dispute.updated_at = at


def _barred(rule: LimitRule) -> str:
    if Leave.CONSENT in rule.extends_with:
        return N_("“%(name)s”期限只能由双方当事人同意延长。")
    if Leave.APPROVAL in rule.extends_with:
        return N_("“%(name)s”期限只能由县级综治中心批准延长。")
    return N_("“%(name)s”期限不能延长。")
