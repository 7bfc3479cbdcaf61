"""外发情况: what left the house, what was refused, and what nobody knows."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.notices import queries, service
from yuantou.notices.blueprint import blueprint
from yuantou.notices.channels import read

STATES = {
    "waiting": _l("等待"),
    "sending": _l("发送中"),
    "delivered": _l("已送达"),
    "failed": _l("已失败"),
    "unknown": _l("结果不明"),
    "dropped": _l("不再发送"),
}


@blueprint.get("/notices/outbox")
@audience(Permission.SETTINGS_MANAGE)
def outbox() -> str:
    """Messages in trouble, and how many fared well."""
    sending = read()
    return render_template(
        "notices/outbox.html",
        states=STATES,
        numbers=queries.outbox_numbers(db()),
        trouble=queries.outbox_trouble(db()),
        channels={one.code: _(one.name_zh) for one in sending.channels.values()},
        opened=[_(one.name_zh) for one in sending.open_channels()],
        closed=[_(one.name_zh) for one in sending.channels.values() if not one.template()],
        topics={one.code: _(one.name_zh) for one in sending.topics},
    )


@blueprint.post("/notices/outbox/<int:message_id>/again")
@audience(Permission.SETTINGS_MANAGE)
def send_again(message_id: int) -> Response:
    """Send once more what may or may not have arrived: a person decides, never the machine."""
    if not service.send_again(db(), by=current_user, message_id=message_id):
        abort(404)
    flash(_("已放回待发，一分钟内发出"), "success")
    return redirect(url_for("notices.outbox"))
