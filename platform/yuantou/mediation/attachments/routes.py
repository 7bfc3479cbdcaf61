"""Pages of a matter's files; nothing is served but through them."""

import io

from flask import Blueprint, abort, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.matter import Refusal
from yuantou.disputes.models import Dispute
from yuantou.mediation.attachments import service
from yuantou.mediation.attachments.bounds import MEGA, bounds
from yuantou.mediation.attachments.forms import REASONS, AttachForm, OpenFileForm, WithdrawForm
from yuantou.mediation.attachments.kinds import ACCEPT
from yuantou.mediation.attachments.models import Attachment
from yuantou.mediation.attachments.purposes import PURPOSES
from yuantou.mediation.attachments.queries import find
from yuantou.mediation.attachments.rules import closed_to
from yuantou.mediation.attachments.service import FileGoneError, OpenedFile
from yuantou.mediation.queries import find_dispute

blueprint = Blueprint("attachments", __name__)
Answer = str | Response | tuple[str, int]


@blueprint.get("/matters/<int:dispute_id>/files/new")
@audience(Permission.DISPUTE_HANDLE)
def new(dispute_id: int) -> Answer:
    """The form for more files."""
    dispute = _visible(dispute_id)
    refusal = closed_to(db(), dispute, current_user)
    return _shut(dispute, refusal) if refusal else _form(dispute, AttachForm())


@blueprint.post("/matters/<int:dispute_id>/files/new")
@audience(Permission.DISPUTE_HANDLE)
def add(dispute_id: int) -> Answer:
    """Take the files, or say what is wrong with each."""
    dispute, form = _visible(dispute_id), AttachForm()
    if not form.validate():
        return _form(dispute, form), 422
    try:
        kept = service.attach(
            db(),
            by=current_user,
            dispute_id=dispute.id,
            purpose=form.purpose.data,
            told=form.told,
            note=form.note.data or "",
        )
    except RefusedError as refused:
        db().rollback()
        return _shut(_visible(dispute_id), refused.refusal)
    flash(_("已收下 %(n)s 个文件。", n=len(kept)), "success")
    return _back(dispute_id)


@blueprint.post("/matters/<int:dispute_id>/files/<int:attachment_id>")
@audience(Permission.PARTY_OPEN)
def open_file(dispute_id: int, attachment_id: int) -> Answer:
    """Hand a file out, once, with who asked, when and why."""
    _visible(dispute_id)
    form = OpenFileForm()
    if not form.validate():
        flash(_("查看附件要写明事由"), "error")
        return _back(dispute_id)
    try:
        opened = service.open_file(
            db(),
            by=current_user,
            dispute_id=dispute_id,
            attachment_id=attachment_id,
            reason=str(dict(REASONS)[form.reason.data]),
        )
    except NotVisibleError:
        abort(404)
    except FileGoneError:
        flash(_("这个文件已经无法读取：个人信息已经删除，或者文件夹里缺这份文件。"), "error")
        return _back(dispute_id)
    return _handed_out(dispute_id, opened)


@blueprint.get("/matters/<int:dispute_id>/files/<int:attachment_id>/withdraw")
@audience(Permission.DISPUTE_HANDLE)
def ask_withdrawal(dispute_id: int, attachment_id: int) -> Answer:
    """Why it should go."""
    dispute, attachment = _visible(dispute_id), _attachment(dispute_id, attachment_id)
    refusal = closed_to(db(), dispute, current_user)
    return _shut(dispute, refusal) if refusal else _withdrawal(dispute, attachment, WithdrawForm())


@blueprint.post("/matters/<int:dispute_id>/files/<int:attachment_id>/withdraw")
@audience(Permission.DISPUTE_HANDLE)
def withdraw(dispute_id: int, attachment_id: int) -> Answer:
    """Take it out of the list."""
    dispute, attachment = _visible(dispute_id), _attachment(dispute_id, attachment_id)
    form = WithdrawForm()
    if not form.validate():
        return _withdrawal(dispute, attachment, form), 422
    try:
        service.withdraw(
            db(),
            by=current_user,
            dispute_id=dispute_id,
            attachment_id=attachment_id,
            reason=form.reason.data,
        )
    except RefusedError as refused:
        db().rollback()
        return _shut(_visible(dispute_id), refused.refusal)
    flash(_("已撤下。原件按卷宗保管期限保存。"), "success")
    return _back(dispute_id)


def _handed_out(dispute_id: int, opened: OpenedFile) -> Response:
    known = PURPOSES[opened.attachment.purpose]
    name = f"{dispute_id}-{known.name_zh}-{opened.attachment.id}.{opened.kind.ending}"
    answer = send_file(
        io.BytesIO(opened.data), opened.kind.mime, as_attachment=True, download_name=name
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _visible(dispute_id: int) -> Dispute:
    dispute = find_dispute(db(), current_user, dispute_id)
    if dispute is None:
        abort(404)
    return dispute


def _attachment(dispute_id: int, attachment_id: int) -> Attachment:
    found = find(db(), dispute_id, attachment_id)
    if found is None:
        abort(404)
    return found


def _back(dispute_id: int) -> Response:
    return redirect(url_for("disputes.show", dispute_id=dispute_id, _anchor="files"), 303)


def _form(dispute: Dispute, form: AttachForm) -> str:
    return render_template(
        "attachments/new.html",
        dispute=dispute,
        form=form,
        accept=ACCEPT,
        most=bounds().file // MEGA,
    )


def _withdrawal(dispute: Dispute, attachment: Attachment, form: WithdrawForm) -> str:
    purpose = _(PURPOSES[attachment.purpose].name_zh)
    return render_template(
        "attachments/withdraw.html",
        dispute=dispute,
        attachment=attachment,
        purpose=purpose,
        form=form,
    )


def _shut(dispute: Dispute, refusal: Refusal) -> tuple[str, int]:
    return render_template("attachments/shut.html", dispute=dispute, refusal=refusal), 409
