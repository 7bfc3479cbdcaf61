"""The door to a correction; what was corrected stands in the timeline."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from yuantou.coordination.corrections.service import correcting_refusal
from yuantou.disputes.section import Asked, Door, Section


def _words(_asked: Asked) -> dict[str, Any] | None:
    return None


def _doors(asked: Asked) -> list[Door]:
    if correcting_refusal(asked.dispute, asked.viewer) is not None:
        return []
    return [
        {
            "action": "correct",
            "label": _("更正登记内容"),
            "note": _("原来的内容留在经过里"),
            "url": url_for("corrections.form", dispute_id=asked.dispute.id),
            "icon": "edit",
            "key": "",
        }
    ]


SECTION = Section("corrections/form.html", _words, _doors)
