"""Keeping what a form holds as a draft, and finding it again: the intake and the window alike."""

from collections.abc import Callable

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from yuantou.access.viewer import db
from yuantou.database.text import whole_number
from yuantou.intake.drafts.content import content_of, place_of, token_of, unkeepable
from yuantou.intake.drafts.queries import Own, draft_under, own_draft
from yuantou.intake.drafts.service import StaleDraftError, keep
from yuantou.intake.forms import IntakeForm
from yuantou.intake.queries import submitted

Answer = str | Response | tuple[str, int]


def keep_typed(form: IntakeForm, page: Callable[[], str]) -> Answer:
    """Keep what was typed so far as a draft; nothing is checked that can still be told later."""
    content = content_of(form, request.form)
    fault = unkeepable(form, content)
    if fault:
        form.form_errors.append(fault)
        return page(), 422
    if submitted(db(), current_user, token_of(form)) is not None:
        flash(_("这件已经提交登记，不再存草稿。"), "info")
        return redirect(url_for("disputes.index"))
    try:
        row = keep(db(), by=current_user, content=content, **place_of(form))
    except StaleDraftError as stale:
        form.saves.data = str(stale.saves)
        words = _("这份草稿刚才在另一页存过。仍要用这一页的内容，请再按一次“存草稿”。")
        form.form_errors.append(words)
        return page(), 409
    except IntegrityError:
        form.renew()
        return page(), 409
    flash(_("草稿已存在服务器。"), "success")
    return redirect(url_for("drafts.index", kept=row.dispute_id), 303)


def asked_draft() -> Own | None:
    """The draft that is asked for; 404 where it is not the viewer's own."""
    asked = request.args.get("draft")
    if asked is None or request.method != "GET":
        return None
    number = whole_number(asked)
    found = own_draft(db(), current_user, number) if number else None
    return found or abort(404)


def kept_as(form: IntakeForm) -> int | None:
    """The draft that the page is about, where it is one."""
    held = draft_under(db(), current_user, token_of(form)) if form.saves.data != "0" else None
    return held.dispute_id if held else None
