"""The papers of a matter on its page."""

from typing import Any

from yuantou.disputes.section import Asked, Section
from yuantou.mediation.attachments.rules import keeping_refusal, was_erased
from yuantou.mediation.papers.queries import shelf
from yuantou.mediation.papers.shelving import enclosures, lacking, lines


def _words(asked: Asked) -> dict[str, Any] | None:
    gone = was_erased(asked.events)
    may_keep = keeping_refusal(asked.dispute, asked.viewer) is None and not gone
    entries = shelf(asked.session, asked.dispute.id)
    if not may_keep and not any(one.what in ("paper", "signed") for one in entries):
        return None
    found = lines(asked.dispute, entries)
    enclosed = enclosures(asked.dispute, entries)
    return {
        "must": [one for one in found if one.must],
        "maybe": [one for one in found if not one.must],
        "enclosures": enclosed,
        "lacking": len(lacking(asked.dispute, entries)) + sum(not one.held for one in enclosed),
        "may_keep": may_keep,
    }


SECTION = Section("papers/_section.html", _words)
