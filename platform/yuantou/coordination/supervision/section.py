"""Supervision on the page of a matter: how far it is, what was asked, what can be done.

A matter that was never supervised costs no question; whether it was, its events say.
"""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from yuantou.access.permissions import Permission
from yuantou.coordination.supervision import queries
from yuantou.coordination.supervision.acts import LETTERS, PAGES, SIGNS
from yuantou.coordination.supervision.standing import ROWS, refusal, state_of
from yuantou.disputes.section import Asked, Door, Section

_EVENTS = {row.event for row in ROWS.values()}


def words(asked: Asked) -> dict[str, Any] | None:
    """Letters and replies, newest first; None where there never was any."""
    if not _known(asked):
        return None
    held = queries.open_one(asked.session, asked.dispute.id)
    return {
        "state": _(state_of(held).name_zh) if held else _("已销号"),
        "due_at": held.due_at if held and held.replied_at is None else None,
        "late": bool(held and held.due_at and held.replied_at is None and held.due_at < asked.now),
        "waiting": bool(held and held.replied_at),
        "letters": queries.letters(asked.session, asked.dispute.id),
        "replies": queries.replies(asked.session, asked.dispute.id),
        "names": {kind: name for kind, (_deed, name) in LETTERS.items()},
    }


def doors(asked: Asked) -> list[Door]:
    """The acts that are open to this viewer now."""
    viewer = asked.viewer
    if not viewer.may(Permission.DISPUTE_SUPERVISE) and not viewer.may(Permission.DISPUTE_HANDLE):
        return []
    held = queries.open_one(asked.session, asked.dispute.id) if _known(asked) else None
    return [
        _door(page.action, str(page.title), asked.dispute.id)
        for page in PAGES
        if refusal(page.action, viewer, asked.dispute, held, asked.now) is None
    ]


def _known(asked: Asked) -> bool:
    return any(event.event in _EVENTS for event in asked.events)


def _door(action: str, label: str, dispute_id: int) -> Door:
    return {
        "action": action,
        "label": label,
        "note": _("督促检查"),
        "url": url_for("supervision.act", dispute_id=dispute_id, action=action),
        "icon": SIGNS[action],
        "key": "U" if action == "remind" else "",
    }


SECTION = Section("supervision/_section.html", words, doors)
