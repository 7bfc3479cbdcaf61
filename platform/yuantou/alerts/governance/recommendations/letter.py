"""A recommendation as a paper."""

from typing import Any

from flask_babel import gettext as _

from yuantou.alerts.governance.blueprint import LETTER_NAMES
from yuantou.alerts.governance.printing import Paper, Part, text
from yuantou.alerts.governance.recommendations.models import Recommendation
from yuantou.alerts.governance.recommendations.service import first_limit
from yuantou.calendar.clock import local


def paper(made: Recommendation, issuer: str, addressee: str) -> Paper:
    """What is sent; a draft says that it is one. A reply stands below what it answers."""
    parts: list[Part] = [
        text(f"{addressee}：", made.title),
        text(_("发现的问题"), made.problem),
        text(_("依据"), made.basis),
        text(_("建议"), made.advice),
    ]
    if made.sent_at is not None:
        day = first_limit(made)  # a later limit is not written into what was sent
        parts.append(text(_("回复"), _("请于 %(day)s 前书面回复办理情况。", day=day)))
    if made.reply:
        parts.append(text(_("收函单位的回复"), made.reply))
    signed = [issuer, _("签发：%(name)s", name=made.signed_name) if made.signed_name else ""]
    signed.append(f"{local(made.signed_at):%Y-%m-%d}" if made.signed_at else _("草稿，未签发"))
    number: Any = made.number or _("（未编号）")
    return Paper(str(LETTER_NAMES[made.kind]), number, parts, "\n".join(filter(None, signed)))
