"""Pages of papers: made, signed; and the Word forms of an office."""

import io
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.guards import signature_refusal
from yuantou.disputes.matter import Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.words import law_words, refusal_words
from yuantou.mediation.attachments.bounds import MEGA, bounds
from yuantou.mediation.attachments.kinds import ACCEPT
from yuantou.mediation.attachments.rules import closed_to
from yuantou.mediation.papers import office, queries, service, wordforms
from yuantou.mediation.papers.catalogue import Form, read
from yuantou.mediation.papers.forms import BringForm, MakeForm, SignForm, StrikeForm
from yuantou.mediation.papers.models import PaperTemplate
from yuantou.mediation.papers.service import WORD, Asked, Made, Signing, may_clear
from yuantou.mediation.papers.wordforms import FormRefusedError
from yuantou.mediation.queries import find_dispute

blueprint = Blueprint("papers", __name__)
Answer = str | Response | tuple[str, int]
_PAPER = "/matters/<int:dispute_id>/paper-<kind>/<int:source_id>"


@blueprint.get(_PAPER)
@audience(Permission.DISPUTE_HANDLE)
def paper(dispute_id: int, kind: str, source_id: int) -> Answer:
    """One paper: make it, see who signed it."""
    words = _words(dispute_id, kind, source_id)
    form = MakeForm()
    form.limit(may_clear(current_user))
    return _shut(words) or render_template("papers/paper.html", form=form, **words)


@blueprint.post(_PAPER)
@audience(Permission.DISPUTE_HANDLE)
def make(dispute_id: int, kind: str, source_id: int) -> Answer:
    """Hand the paper out."""
    words, form = _words(dispute_id, kind, source_id), MakeForm()
    form.limit(may_clear(current_user))
    if not form.validate():
        return render_template("papers/paper.html", form=form, **words), 422
    try:
        made = service.make(
            db(),
            by=current_user,
            asked=words["asked"],
            shape=form.shape.data,
            clear=form.names.data == "clear",
        )
    except RefusedError as refused:
        return _refused(dispute_id, kind, source_id, refused.refusal)
    except NotVisibleError:
        abort(404)
    except FormRefusedError as refused:
        db().rollback()
        flash(_("本地 Word 模板填不成：%(why)s", why=refused.message), "error")
        return redirect(url_for(".paper", dispute_id=dispute_id, kind=kind, source_id=source_id))
    return _handed_out(made)


@blueprint.get(f"{_PAPER}/note-signature")
@audience(Permission.DISPUTE_HANDLE)
def ask_signing(dispute_id: int, kind: str, source_id: int) -> Answer:
    """Who signed, how and when."""
    words = _words(dispute_id, kind, source_id)
    form = SignForm()
    form.offer(words["paper_form"])
    return _shut(words) or _signing(words, form)


@blueprint.post(f"{_PAPER}/note-signature")
@audience(Permission.DISPUTE_HANDLE)
def sign(dispute_id: int, kind: str, source_id: int) -> Answer:
    """Note it, or say by which law it may not be."""
    words, form = _words(dispute_id, kind, source_id), SignForm()
    form.offer(words["paper_form"])
    if not form.validate():
        return _signing(words, form), 422
    try:
        service.sign(db(), by=current_user, asked=words["asked"], told=_told(form))
    except RefusedError as refused:
        db().rollback()
        return _signing_refused(_words(dispute_id, kind, source_id), form, refused.refusal)
    except NotVisibleError:
        abort(404)
    flash(_("已登记签名。"), "success")
    return redirect(url_for("disputes.show", dispute_id=dispute_id, _anchor="papers"), 303)


@blueprint.get("/matters/<int:dispute_id>/signatures/<int:signature_id>/strike")
@audience(Permission.DISPUTE_HANDLE)
def ask_striking(dispute_id: int, signature_id: int) -> Answer:
    """Why a signature does not count."""
    dispute = _visible(dispute_id)
    refusal = closed_to(db(), dispute, current_user)
    if refusal is not None:
        return render_template("attachments/shut.html", dispute=dispute, refusal=refusal), 409
    return _striking(dispute, signature_id, StrikeForm())


@blueprint.post("/matters/<int:dispute_id>/signatures/<int:signature_id>/strike")
@audience(Permission.DISPUTE_HANDLE)
def strike(dispute_id: int, signature_id: int) -> Answer:
    """Strike it, with the reason."""
    dispute, form = _visible(dispute_id), StrikeForm()
    if not form.validate():
        return _striking(dispute, signature_id, form), 422
    try:
        service.strike(
            db(),
            by=current_user,
            dispute_id=dispute_id,
            signature_id=signature_id,
            reason=form.reason.data,
        )
    except RefusedError as refused:
        db().rollback()
        page = render_template(
            "attachments/shut.html", dispute=_visible(dispute_id), refusal=refused.refusal
        )
        return page, 409
    except NotVisibleError:
        abort(404)
    flash(_("已撤销这一签名登记。"), "success")
    return redirect(url_for("disputes.show", dispute_id=dispute_id, _anchor="papers"), 303)


@blueprint.get("/papers")
@audience(Permission.TEMPLATE_MANAGE)
def forms() -> str:
    """The Word forms of the viewer's area."""
    return _forms(BringForm())


@blueprint.get("/papers/<kind>/form")
@audience(Permission.TEMPLATE_MANAGE)
def form_file(kind: str) -> Response:
    """The form in force, to start from."""
    form = _known(kind)
    own = queries.form_for(db(), form.code, current_user.agency.area_path)
    content = own.content if own else wordforms.shipped(form.code)
    return _handed_out(Made(f"{form.short_zh}-模板.docx", WORD, content))


@blueprint.get("/papers/versions/<int:template_id>")
@audience(Permission.TEMPLATE_MANAGE)
def version_file(template_id: int) -> Response:
    """An earlier version of the area's own form."""
    found = db().get(PaperTemplate, template_id)
    if found is None or found.area_path != current_user.agency.area_path:
        abort(404)
    name = f"{_known(found.kind).short_zh}-模板第{found.version}版.docx"
    return _handed_out(Made(name, WORD, found.content))


@blueprint.get("/papers/<kind>/bring")
@audience(Permission.TEMPLATE_MANAGE)
def ask_bringing(kind: str) -> Answer:
    """The form for an own Word form."""
    return _bringing(_known(kind), BringForm())


@blueprint.post("/papers/<kind>/bring")
@audience(Permission.TEMPLATE_MANAGE)
def bring(kind: str) -> Answer:
    """Take it after a trial, or say what is wrong with it."""
    known, form = _known(kind), BringForm()
    if not form.validate():
        return _bringing(known, form, 422)
    try:
        made = office.bring(
            db(), by=current_user, form=known, data=form.content(), note=form.note.data or ""
        )
    except (FormRefusedError, RefusedError) as refused:
        db().rollback()
        form.file.errors = [_why(refused)]
        return _bringing(known, form, 422)
    flash(_("已启用第 %(n)s 版，用示例数据试填成功。", n=made.version), "success")
    return redirect(url_for(".forms"), 303)


@blueprint.post("/papers/<kind>/give-back")
@audience(Permission.TEMPLATE_MANAGE)
def give_back(kind: str) -> Answer:
    """The shipped form again."""
    try:
        office.give_back(db(), by=current_user, form=_known(kind))
    except RefusedError as refused:
        db().rollback()
        flash(refusal_words(refused.refusal), "error")
        return redirect(url_for(".forms"), 303)
    flash(_("已恢复默认模板；各版本仍可下载。"), "success")
    return redirect(url_for(".forms"), 303)


def _words(dispute_id: int, kind: str, source_id: int) -> dict[str, Any]:
    """What every page of a paper shows; 404 where there is no such matter or row."""
    dispute, form = _visible(dispute_id), _known(kind)
    if queries.record_of(db(), dispute, form.source, source_id) is None:
        abort(404)
    standing = queries.paper_of(db(), dispute_id, kind, source_id)
    subjects = queries.settled_subjects(db(), dispute_id)
    return {
        "dispute": dispute,
        "paper_form": form,
        "source_id": source_id,
        "asked": Asked(dispute_id, form, source_id),
        "standing": standing,
        "signatures": queries.signatures_of(db(), standing) if standing else [],
        "sides": read().sides,
        "no_electronic": signature_refusal(dispute.type, "electronic", subjects),
        "own_form": queries.form_for(db(), kind, dispute.area_path) is not None,
        "may_clear": may_clear(current_user),
    }


def _visible(dispute_id: int) -> Dispute:
    dispute = find_dispute(db(), current_user, dispute_id)
    if dispute is None:
        abort(404)
    return dispute


def _striking(dispute: Dispute, signature_id: int, form: StrikeForm) -> str:
    row = queries.signature_of(db(), dispute.id, signature_id)
    if row is None:
        abort(404)
    side = _(read().sides[row.side])
    return render_template("papers/strike.html", dispute=dispute, row=row, side=side, form=form)


def _told(form: Any) -> Signing:
    return Signing(
        tuple(form.sides.data),
        form.signature.data,
        form.signed_on.data,
        tuple(form.subjects.data or ()),
        form.scan,
    )


def _signing(words: dict[str, Any], form: SignForm, **more: Any) -> str:
    most = bounds().file // MEGA
    return render_template("papers/sign.html", form=form, accept=ACCEPT, most=most, **words, **more)


def _signing_refused(words: dict[str, Any], form: SignForm, refusal: Refusal) -> Answer:
    if refusal.field in form:
        law = f"（{law_words(refusal.law_zh)}）" if refusal.law_zh else ""
        form[refusal.field].errors = [f"{refusal_words(refusal)}{law}"]
    else:
        form.form_errors.append(refusal_words(refusal))
    return _signing(words, form, refusal=refusal), 422


def _refused(dispute_id: int, kind: str, source_id: int, refusal: Refusal) -> Answer:
    db().rollback()
    dispute = _words(dispute_id, kind, source_id)["dispute"]
    return render_template("attachments/shut.html", dispute=dispute, refusal=refusal), 409


def _shut(words: dict[str, Any]) -> tuple[str, int] | None:
    refusal = closed_to(db(), words["dispute"], current_user)
    if refusal is None:
        return None
    page = render_template("attachments/shut.html", dispute=words["dispute"], refusal=refusal)
    return page, 409


def _known(kind: str) -> Form:
    found = read().forms.get(kind)
    if found is None:
        abort(404)
    return found


def _forms(form: BringForm) -> str:
    versions: dict[str, list[tuple[PaperTemplate, str]]] = {}
    for row, who in queries.forms_of(db(), current_user):
        versions.setdefault(row.kind, []).append((row, who))
    return render_template(
        "papers/forms.html",
        known=list(read().forms.values()),
        versions=versions,
        refusal=office.bringing_refusal(current_user),
        form=form,
    )


def _bringing(known: Form, form: BringForm, status: int = 200) -> tuple[str, int]:
    refusal = office.bringing_refusal(current_user)
    page = render_template(
        "papers/bring.html",
        known=known,
        form=form,
        refusal=refusal,
        fields=sorted(set(known.fields())),
        lists=sorted(set(known.lists())),
    )
    return page, 409 if refusal else status


def _why(refused: FormRefusedError | RefusedError) -> str:
    if isinstance(refused, RefusedError):
        return refusal_words(refused.refusal)
    return refused.message


def _handed_out(made: Made) -> Response:
    answer = send_file(
        io.BytesIO(made.data), made.mime, as_attachment=True, download_name=made.name
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer
