"""On a matter's page: the analyses that it belongs to."""

from typing import Any

from yuantou.access.permissions import Permission
from yuantou.alerts.governance.analyses.queries import of_matter
from yuantou.alerts.governance.courses import ANALYSIS
from yuantou.disputes.section import Asked, Section


def words(asked: Asked) -> dict[str, Any] | None:
    """The analyses in sight; asked only where the history speaks of one."""
    if not any(event.event == "analysed" for event in asked.events):
        return None
    if not asked.viewer.may(Permission.SOURCE_READ):
        return None
    held = of_matter(asked.session, asked.dispute.id)
    if not held:
        return None
    return {"analyses": [(one, str(ANALYSIS.states[one.state][0])) for one in held]}


SECTION = Section("governance/_section.html", words)
