"""通知方式: how one is told outside the platform."""

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.viewer import db
from yuantou.notices import preferences
from yuantou.notices.blueprint import blueprint
from yuantou.notices.channels import Channel, read
from yuantou.notices.forms import ChannelForm


@blueprint.get("/notices/channels")
@audience()
def channels() -> str:
    """My channels."""
    return _page()


@blueprint.post("/notices/channels/<code>")
@audience()
def set_channel(code: str) -> Response | tuple[str, int]:
    """Switch one of them."""
    sending = read()
    channel = sending.channels.get(code)
    if channel is None or not channel.template():
        abort(404)
    form = ChannelForm(prefix=code)
    form.prepare(channel, sending, preferences.channels_of(db(), current_user.id).get(code))
    if not form.validate_on_submit():
        return _page(form), 422
    preferences.set_channel(
        db(),
        by=current_user,
        channel=channel,
        sending=sending,
        keyring=current_app.extensions["keyring"],
        active=form.active.data,
        address=form.address.data or "",
        wanted=form.topics.data or (),
        daily=form.daily.data,
    )
    flash(_("%(name)s的设置已保存", name=_(channel.name_zh)), "success")
    return redirect(url_for("notices.channels"))


def _page(sent: ChannelForm | None = None) -> str:
    held, sending = preferences.channels_of(db(), current_user.id), read()
    shown = [_shown(one, held.get(one.code), sent) for one in sending.channels.values()]
    return render_template(
        "notices/channels.html",
        opened=[one for one in shown if one["form"]],
        closed=[one for one in shown if not one["form"]],
        quiet=sending.quiet,
        daily_at=sending.daily_at,
        many=sending.many,
    )


def _shown(channel: Channel, held: Any, sent: ChannelForm | None) -> dict[str, Any]:
    form: ChannelForm | None = None
    if channel.template():
        mine = sent is not None and sent.channel.code == channel.code
        form = sent if mine else ChannelForm(formdata=None, prefix=channel.code)
        if form is not None and not mine:
            form.prepare(channel, read(), held)
    return {"channel": channel, "held": held, "form": form}
