"""The pages of letters: list with what is overdue, draft, one letter with its course, files."""

from typing import Any
from uuid import uuid4

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.alerts.governance import history, places, printing
from yuantou.alerts.governance.analyses import queries as analyses_of
from yuantou.alerts.governance.blueprint import (
    PAGE,
    blueprint,
    done,
    page_number,
    paged,
    steps,
)
from yuantou.alerts.governance.courses import LETTER, Step
from yuantou.alerts.governance.effects import queries as effects
from yuantou.alerts.governance.effects.presenting import acts
from yuantou.alerts.governance.fields import WordsForm, reference
from yuantou.alerts.governance.recommendations import queries, service
from yuantou.alerts.governance.recommendations.forms import LetterForm
from yuantou.alerts.governance.recommendations.letter import paper
from yuantou.alerts.governance.recommendations.models import Recommendation
from yuantou.alerts.governance.story import told
from yuantou.calendar import clock
from yuantou.mediation.submitting import Answer, submit

ISSUING = (Permission.LETTER_DRAFT, Permission.LETTER_SIGN)


@blueprint.get("/sources/letters/")
@audience(Permission.SOURCE_READ)
def letters() -> str:
    """Letters in sight; those that are overdue first, or alone."""
    page, overdue = page_number(), request.args.get("overdue") == "1"
    rows = queries.listing(db(), page, PAGE, overdue=overdue)
    return render_template(
        "governance/letters.html",
        **paged(rows, page, "governance.letters"),
        course=LETTER,
        overdue=overdue,
        late=queries.overdue_number(db(), clock.today()),
        today=clock.today(),
        writes=service.kind_of(current_user) if current_user.may(ISSUING[0]) else None,
    )


@blueprint.get("/sources/letters/new")
@audience(Permission.LETTER_DRAFT)
def letter_new() -> str:
    """A draft, perhaps from an analysis."""
    kind = service.kind_of(current_user)
    if kind is None:
        abort(404)
    form = LetterForm(formdata=None)
    form.submission.data, form.basis.data = uuid4().hex, kind.basis_zh
    number = request.args.get("analysis", type=int)
    on = analyses_of.find(db(), number) if number else None
    if on is not None:
        form.analysis.data = str(on.id)
        form.title.data = _("关于%(name)s的建议", name=on.title)[:80]
        form.problem.data, form.advice.data = on.findings[:3000], on.advice
    return _form(form, url_for("governance.letter_draft"))


@blueprint.post("/sources/letters/new")
@audience(Permission.LETTER_DRAFT)
def letter_draft() -> Answer:
    """Keep the draft."""
    form, here = LetterForm(), url_for("governance.letter_draft")
    if form.finding.data:
        return _form(form, here)
    return submit(
        form,
        lambda: service.draft(db(), by=current_user, **form.values()),
        page=lambda: _form(form, here),
        said=_("草稿已存，签发后编号。"),
        onward=_onward,
    )


@blueprint.get("/sources/letters/<int:letter_id>")
@audience(Permission.SOURCE_READ)
def letter(letter_id: int) -> str:
    """The letter, its course, its answer, its effect."""
    row = _found(letter_id)
    made, unit = row[0], current_user.agency.id
    own = made.agency_id == unit and any(current_user.may(one) for one in ISSUING)
    other = made.addressee_id == unit and current_user.may(Permission.SOURCE_ANSWER)
    on = analyses_of.find(db(), made.analysis_id) if made.analysis_id else None
    return render_template(
        "governance/letter.html",
        letter=made,
        issuer=row.issuer,
        addressee=row.addressee,
        own=own,
        other=other,
        course=LETTER,
        open_steps=[
            one for one in steps(LETTER, made.state, owner=own, other=other) if _may(one, made)
        ],
        analysis=on,
        effects=acts(
            effects.of_act(db(), "recommendation", made.id),
            (),
            [row],
            analyses_of.open_to(db(), current_user, [made.analysis_id or 0]),
        ),
        today=clock.today(),
        story=told("recommendation", history.story(db(), "recommendation", made.id)),
    )


@blueprint.get("/sources/letters/<int:letter_id>/edit")
@audience(Permission.LETTER_DRAFT)
def letter_edit(letter_id: int) -> str:
    """Change a draft."""
    made = _draft(letter_id)
    names = ("title", "problem", "basis", "advice", "version")
    data: dict[str, Any] = {name: getattr(made, name) for name in names}
    data |= {"addressee_id": str(made.addressee_id), "analysis": str(made.analysis_id or "")}
    form = LetterForm(formdata=None, data=data)
    return _form(form, url_for("governance.letter_rewrite", letter_id=letter_id))


@blueprint.post("/sources/letters/<int:letter_id>/edit")
@audience(Permission.LETTER_DRAFT)
def letter_rewrite(letter_id: int) -> Answer:
    """Keep what was changed."""
    form, here = LetterForm(), url_for("governance.letter_rewrite", letter_id=letter_id)
    if form.finding.data:
        return _form(form, here)
    return submit(
        form,
        lambda: service.rewrite(
            db(),
            by=current_user,
            letter_id=letter_id,
            texts=form.texts(),
            addressee_id=form.addressee,
            version=form.known_version,
        ),
        page=lambda: _form(form, here),
        said=_("草稿已改。"),
        onward=_onward,
    )


@blueprint.post("/sources/letters/<int:letter_id>/<any(sign,send):action>")
@audience(Permission.LETTER_SIGN)
def letter_sign(letter_id: int, action: str) -> Answer:
    """Sign, or send through the platform."""
    said = {"sign": _("已签发并编号。"), "send": _("已送达，收函单位收到通知，回复期限已起算。")}
    return _step(letter_id, action, said[action])


@blueprint.post(
    "/sources/letters/<int:letter_id>"
    "/<any(unsign,withdraw,redraft,ask_again,accept,archive,reopen):action>"
)
@audience(*ISSUING)
def letter_turn(letter_id: int, action: str) -> Answer:
    """What the issuer does besides."""
    return _step(letter_id, action, _("已记下。"))


@blueprint.post("/sources/letters/<int:letter_id>/<any(receive,reply):action>")
@audience(Permission.SOURCE_ANSWER)
def letter_answer(letter_id: int, action: str) -> Answer:
    """What the addressee does."""
    return _step(letter_id, action, _("已签收。") if action == "receive" else _("已回复。"))


@blueprint.get("/sources/letters/<int:letter_id>/letter.<any(docx,pdf):form>")
@audience(Permission.SOURCE_READ)
def letter_file(letter_id: int, form: str) -> Response:
    """The letter as Word or PDF."""
    row = _found(letter_id)
    return printing.sent(paper(row[0], row.issuer, row.addressee), form, row[0].title)


def _step(letter_id: int, action: str, said: str) -> Answer:
    form = WordsForm()
    return done(
        form,
        lambda: service.act(
            db(),
            by=current_user,
            letter_id=letter_id,
            action=action,
            words=form.words.data or "",
        ),
        said,
        url_for("governance.letter", letter_id=letter_id),
        page=lambda: letter(letter_id),
        step=(f"letter-{letter_id}", action),
    )


def _may(step: Step, made: Recommendation) -> bool:
    return not service.needs_signer(made, step.code) or bool(
        current_user.may(Permission.LETTER_SIGN)
    )


def _onward(made: Recommendation) -> str:
    return url_for("governance.letter", letter_id=made.id)


def _found(letter_id: int) -> Any:
    row = queries.find(db(), letter_id)
    if row is None:
        abort(404)
    return row


def _draft(letter_id: int) -> Any:
    made = _found(letter_id)[0]
    if made.agency_id != current_user.agency.id or made.state != "draft":
        abort(404)
    return made


def _form(form: LetterForm, action: str) -> str:
    number = reference(form.analysis)
    on = analyses_of.find(db(), number) if number else None
    near, chosen = on.area_path if on else "", [form.addressee]
    found = places.partners(db(), current_user, near, named=form.find.data or "", chosen=chosen)
    form.offer(found.agencies, found.more)
    return render_template(
        "governance/letter_form.html",
        form=form,
        action=action,
        analysis=on,
        kind=service.kind_of(current_user),
    )
