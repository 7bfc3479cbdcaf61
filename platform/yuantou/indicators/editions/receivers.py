"""Versions that wait for a second person go into the inbox of who may approve them."""

from flask_babel import gettext as _

from yuantou.indicators.models import DefinitionVersion
from yuantou.notices.proposals import proposals
from yuantou.notices.tasks import bring


def title(code: str, version: int) -> str:
    """What the inbox says of a version."""
    return _("指标 %(code)s 第 %(n)s 版口径待批准", code=code, n=version)


bring(proposals(DefinitionVersion, title, "editions.show"))
