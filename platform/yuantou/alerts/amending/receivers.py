"""Versions of rules that wait for a second person go into the inbox of who may approve them."""

from flask_babel import gettext as _

from yuantou.alerts.levels import LEVELS
from yuantou.alerts.models import RuleVersion
from yuantou.notices.proposals import proposals
from yuantou.notices.tasks import bring


def title(code: str, version: int) -> str:
    """What the inbox says of a version."""
    if code == LEVELS:
        return _("预警的级别和间隔 第 %(n)s 版待批准", n=version)
    return _("预警规则 %(code)s 第 %(n)s 版待批准", code=code, n=version)


bring(proposals(RuleVersion, title, "amending.show"))
