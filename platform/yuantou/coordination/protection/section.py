"""A restricted matter on its page: who knows, what must be reported, which ways protect."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from yuantou.coordination.protection import queries
from yuantou.coordination.protection.service import (
    asking_refusal,
    deciding_refusal,
    naming_refusal,
)
from yuantou.disputes.codes import read
from yuantou.disputes.section import Asked, Door, Section
from yuantou.disputes.workflow import LIVE

REPORTED = "police_informed"


def report_missing(asked: Asked) -> bool:
    """Whether a report that the law demands has not been made."""
    owed = asked.dispute.state in LIVE and read().owes_report(asked.dispute.flags)
    return owed and not any(event.event == REPORTED for event in asked.events)


def _words(asked: Asked) -> dict[str, Any] | None:
    if not asked.dispute.restricted:
        return None
    flags = asked.dispute.flags
    return {
        "people": queries.named(asked.session, asked.dispute.id),
        "owed": read().owes_report(flags),
        "reported": next((e for e in asked.events if e.event == REPORTED), None),
        "violence": "domestic_violence" in flags,
        "child": "minor" in flags,
        "lift": queries.open_lift(asked.session, asked.dispute.id),
    }


def _doors(asked: Asked) -> list[Door]:
    if not asked.dispute.restricted:
        return []
    lift = queries.open_lift(asked.session, asked.dispute.id)
    found = []
    if naming_refusal(asked.dispute, asked.viewer) is None:
        found.append(
            _door(asked, "named", _("点名知悉人"), _("限制知悉，只有被点名的人能看"), "users")
        )
    if lift is not None and deciding_refusal(lift, asked.viewer) is None:
        found.append(_door(asked, "lift", _("核准解除限制"), _("两人核准，缺一不可"), "shield"))
    if lift is None and asking_refusal(asked.dispute, asked.viewer) is None:
        found.append(_door(asked, "lift", _("提出解除限制"), _("须由另一人核准"), "shield"))
    return found


def _door(asked: Asked, name: str, label: str, note: str, icon: str) -> Door:
    return {
        "action": name,
        "label": label,
        "note": note,
        "url": url_for(f"protection.{name}", dispute_id=asked.dispute.id),
        "icon": icon,
        "key": "",
    }


SECTION = Section("protection/_section.html", _words, _doors)
