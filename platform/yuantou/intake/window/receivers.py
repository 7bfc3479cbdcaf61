"""Who is on call stands on the page of every red matter, and hears when a matter turns red."""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import local
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.section import bring
from yuantou.disputes.signals import moved, opened
from yuantou.intake.window.queries import on_call
from yuantou.intake.window.section import SECTION
from yuantou.notices.service import notify

TURNING = ("reported", "triaged")

bring(SECTION)


@opened.connect
@moved.connect
def on_red(
    dispute: Dispute, *, session: Session, event: DisputeEvent, by: Viewer | None, **_words: Any
) -> None:
    """A matter that is red from the start or was judged so is told to who is on call today."""
    if dispute.risk != "red" or event.event not in TURNING:
        return
    for duty, _centre in on_call(session, dispute.area_path, local(event.at).date()):
        if duty.account_id is None or (by is not None and duty.account_id == by.id):
            continue
        notify(
            session,
            agency_id=duty.centre_id,
            account_id=duty.account_id,
            kind="red",
            title=_("您今天红色值班：有一件红色事项"),
            link=f"/matters/{dispute.id}",
            dispute_id=dispute.id,
            now=event.at,
        )
