"""The files of a matter on its page."""

from typing import Any

from yuantou.access.permissions import Permission
from yuantou.disputes.section import Asked, Section
from yuantou.mediation.attachments.forms import REASONS
from yuantou.mediation.attachments.queries import shown
from yuantou.mediation.attachments.rules import keeping_refusal, was_erased


def _words(asked: Asked) -> dict[str, Any] | None:
    found = shown(asked.session, asked.dispute.id)
    gone = was_erased(asked.events)
    may_keep = keeping_refusal(asked.dispute, asked.viewer) is None and not gone
    if not found and not may_keep:
        return None
    return {
        "files": [one for one in found if one.row.withdrawn_at is None],
        "withdrawn": sum(1 for one in found if one.row.withdrawn_at is not None),
        "may_keep": may_keep,
        "may_open": asked.viewer.may(Permission.PARTY_OPEN) and not gone,
        "reasons": REASONS,
    }


SECTION = Section("attachments/_section.html", _words)
