"""The card on a red matter's page: who is on call today."""

from typing import Any

from yuantou.access.permissions import Permission
from yuantou.calendar.clock import local
from yuantou.disputes.section import Asked, Section
from yuantou.disputes.workflow import ENDS
from yuantou.intake.window.queries import on_call


def words(asked: Asked) -> dict[str, Any] | None:
    """Nothing for a matter that is not red or that is over."""
    dispute = asked.dispute
    if dispute.risk != "red" or dispute.state in ENDS:
        return None
    found = on_call(asked.session, dispute.area_path, local(asked.now).date())
    said = [(centre, f"{duty.person} {duty.phone}".strip()) for duty, centre in found]
    return {"duties": said, "keeps": asked.viewer.may(Permission.WINDOW_SERVE)}


SECTION = Section("window/_section.html", words)
