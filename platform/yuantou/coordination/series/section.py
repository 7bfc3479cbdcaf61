"""On a matter's page: the series it stands in, and the ways to compare and to group."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from yuantou.access.permissions import Permission
from yuantou.coordination.series import queries
from yuantou.disputes.section import Asked, Door, Section
from yuantou.disputes.workflow import ENDS


def words(asked: Asked) -> dict[str, Any] | None:
    """The series, where there is one; asked only where the history speaks of one."""
    if not any(event.event == "series_joined" for event in asked.events):
        return None
    held = queries.series_of(asked.session, asked.dispute.id)
    return {"series": held.Series, "lead": held.lead} if held else None


def doors(asked: Asked) -> list[Door]:
    """Comparing, and looking for a party's other matters in the own unit."""
    viewer, dispute, found = asked.viewer, asked.dispute, list[Door]()
    if dispute.restricted:
        return found
    if viewer.may(Permission.DISPUTE_ACCEPT) and dispute.state not in ENDS:
        found.append(
            Door(
                action="twins",
                label=_("核对疑似重复"),
                note=_("并排对照，是同一件再并案"),
                url=url_for("series.twins", dispute_id=dispute.id),
                icon="copy",
                key="",
            )
        )
    if viewer.may(Permission.PARTY_OPEN) and dispute.handler_agency_id == viewer.agency.id:
        found.append(
            Door(
                action="others",
                label=_("当事人在本单位的其他事项"),
                note=_("要写事由，查看记入经过"),
                url=url_for("series.others", dispute_id=dispute.id),
                icon="users",
                key="",
            )
        )
    return found


SECTION = Section("series/_section.html", words, doors)
