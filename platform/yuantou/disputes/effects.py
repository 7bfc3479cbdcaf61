"""What an act writes on the row of the dispute besides its state."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from yuantou.disputes.models import Dispute

Facts = Mapping[str, Any]
Effect = Callable[[Dispute, Facts, datetime], None]

KEPT_FACTS = frozenset(
    {
        "agreement_form",
        "applied_on",
        "cleared_on",
        "consent",
        "court_case",
        "court_code",
        "deadline",
        "decided_on",
        "defaulted_on",
        "due_on",
        "effective_on",
        "found",
        "handler_agency_id",
        "master_id",
        "mediator_id",
        "officer_id",
        "outcome",
        "partners",
        "path",
        "path_options",
        "performed_on",
        "planned_on",
        "procedure",
        "received_at",
        "reported_at",
        "reported_to",
        "returned_at",
        "risk",
        "complexity",
        "category",
        "signature",
        "subjects",
        "suggested_owner",
        "until",
        "resumed_on",
    }
)


def apply(action: str, dispute: Dispute, facts: Facts, at: datetime) -> None:
    """Write milestones and columns that belong to `action`."""
    effect = _EFFECTS.get(action)
    if effect is not None:
        effect(dispute, facts, at)


def kept(facts: Facts) -> dict[str, object]:
    """The facts that history keeps: codes, dates and references, never free text."""
    return {name: _plain(value) for name, value in facts.items() if name in KEPT_FACTS and value}


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value if isinstance(value, bool | int | float) else str(value)


def _accepted(dispute: Dispute, facts: Facts, at: datetime) -> None:
    dispute.accepted_at = at


def _triaged(dispute: Dispute, facts: Facts, at: datetime) -> None:
    dispute.triaged_at = at
    dispute.type, dispute.risk = facts["category"], facts["risk"]
    dispute.pathway, dispute.complexity = facts["path"], facts.get("complexity")
    dispute.pressing = dispute.pressing or dispute.risk == "red"


def _dispatched(dispute: Dispute, facts: Facts, at: datetime) -> None:
    dispute.dispatched_at, dispute.signed_at = at, None
    dispute.handler_agency_id = int(facts["handler_agency_id"])
    dispute.mediator_id = None


def _returned(dispute: Dispute, facts: Facts, at: datetime) -> None:
    dispute.returns += 1


def _recalled(dispute: Dispute, facts: Facts, at: datetime) -> None:
    dispute.dispatched_at = None


def _signed(dispute: Dispute, facts: Facts, at: datetime) -> None:
    dispute.signed_at = at


def _mediation(dispute: Dispute, facts: Facts, at: datetime) -> None:
    dispute.mediation_at = dispute.mediation_at or at
    dispute.mediator_id = int(facts["mediator_id"])


def _handling(dispute: Dispute, facts: Facts, at: datetime) -> None:
    dispute.mediator_id = int(facts["officer_id"])


def _concluding(outcome: str) -> Effect:
    def write(dispute: Dispute, facts: Facts, at: datetime) -> None:
        dispute.concluded_at, dispute.outcome = at, outcome

    return write


def _agreed(dispute: Dispute, facts: Facts, at: datetime) -> None:
    dispute.concluded_at, dispute.outcome = at, f"agreed_{facts['agreement_form']}"
    if facts.get("amount") is not None:
        dispute.amount = facts["amount"]


def _performed(dispute: Dispute, facts: Facts, at: datetime) -> None:
    dispute.performed_at = at


def _closed(dispute: Dispute, facts: Facts, at: datetime) -> None:
    dispute.closed_at = at


def _declined(dispute: Dispute, facts: Facts, at: datetime) -> None:
    dispute.closed_at, dispute.outcome = at, "not_accepted"


def _merged(dispute: Dispute, facts: Facts, at: datetime) -> None:
    dispute.closed_at, dispute.outcome = at, "merged"
    dispute.master_id = int(facts["master_id"])


def _unmerged(dispute: Dispute, facts: Facts, at: datetime) -> None:
    dispute.closed_at = dispute.outcome = dispute.master_id = None


def _reopened(dispute: Dispute, facts: Facts, at: datetime) -> None:
    dispute.reopened_at = at
    dispute.closed_at = dispute.concluded_at = dispute.performed_at = dispute.outcome = None


def _refused(dispute: Dispute, facts: Facts, at: datetime) -> None:
    dispute.refused = True


def _consented(dispute: Dispute, facts: Facts, at: datetime) -> None:
    dispute.refused = False


_EFFECTS: dict[str, Effect] = {
    "accept": _accepted,
    "decline": _declined,
    "merge": _merged,
    "unmerge": _unmerged,
    "triage": _triaged,
    "dispatch": _dispatched,
    "designate": _dispatched,
    "return": _returned,
    "recall": _recalled,
    "sign": _signed,
    "mediate": _mediation,
    "handle": _handling,
    "agree": _agreed,
    "fail": _concluding("failed"),
    "terminate": _concluding("terminated"),
    "reply": _concluding("replied"),
    "perform": _performed,
    "close": _closed,
    "reopen": _reopened,
    "note_refusal": _refused,
    "note_consent": _consented,
}
