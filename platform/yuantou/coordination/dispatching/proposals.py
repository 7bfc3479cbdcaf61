"""Owners by the duty list as a form offers them: the agency, and why it."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from yuantou.access.viewer import db
from yuantou.coordination.dispatching.duties import owners_of
from yuantou.coordination.dispatching.owners import Owner
from yuantou.disputes.codes import read
from yuantou.disputes.models import Dispute
from yuantou.disputes.standing import history

MOST = 5
FEW = 3


def proposals(
    session: Session, dispute: Dispute, *, first: int | None = None
) -> list[tuple[int, str]]:
    """At most five owners, the best first; `first` comes before them where it is one of them."""
    found = owners_of(session, dispute, history(session, dispute.id))[:MOST]
    found.sort(key=lambda owner: owner.agency_id != first)
    return [(owner.agency_id, f"{owner.agency} · {reason(owner)}") for owner in found]


def proposed_owners(dispute: Dispute, kind: str | None = None) -> list[tuple[str, str]]:
    """For the form that judges a matter: who would own it, and why, the best first."""
    known = kind if kind in read().types else dispute.type
    found = owners_of(db(), dispute, history(db(), dispute.id), kind=known)
    return [(owner.agency, reason(owner)) for owner in found[:FEW]]


def reason(owner: Owner) -> str:
    """Why the duty list names this owner: type, area, legal basis, and what speaks against it."""
    codes = read()
    kind = _(codes.types[owner.type].name_zh)
    said = [f"{kind}（{owner.area}）：{owner.basis}"]
    said += [_("限%(kind)s", kind=codes.gb31000.get(owner.narrow, owner.narrow))] * bool(
        owner.narrow
    )
    said += [_("示例")] * (owner.example and "示例" not in owner.basis)
    said += [_("退回单位建议")] * owner.suggested
    said += [_("曾退回这件事项")] * owner.returned
    return "；".join(said)
