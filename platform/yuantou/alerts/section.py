"""Warnings on the page of their matter. A matter that no rule can speak of costs one question."""

from typing import Any

from yuantou.access.permissions import Permission
from yuantou.alerts import queries, words
from yuantou.disputes.section import Asked, Section


def told(asked: Asked) -> dict[str, Any] | None:
    """The warnings of the matter, open ones first; None where there is none."""
    if not asked.viewer.may(Permission.ALERT_READ):
        return None
    rows = queries.of_matter(asked.session, asked.dispute.id)
    if not rows:
        return None
    return {
        "alerts": [(row, words.reasons(row)) for row in rows],
        "open": sum(row.state != "closed" for row in rows),
        "words": words,
    }


SECTION = Section("alerts/_section.html", told)  # brought by receivers.py
