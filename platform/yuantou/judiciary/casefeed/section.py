"""On the page of a settled matter, for its handlers alone: suits that followed."""

from typing import Any

from yuantou.calendar.clock import local
from yuantou.disputes.section import Asked, Section
from yuantou.judiciary.casefeed.queries import links_of


def _words(asked: Asked) -> dict[str, Any] | None:
    matter = asked.dispute
    if matter.closed_at is None or asked.viewer.agency.id != matter.handler_agency_id:
        return None
    closed = local(matter.closed_at).date()
    suits = [
        {"filed_on": each.filed_on, "cause": each.cause, "days": (each.filed_on - closed).days}
        for each in links_of(asked.session, matter.id)
    ]
    return {"suits": suits} if suits else None


SECTION = Section("casefeed/_section.html", _words)
