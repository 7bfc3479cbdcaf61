"""The pages of versions: what is in force, what waits, one version with its trial."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from werkzeug import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.proposing import ProposalForm, ReasonForm, Room, decided_here, deciders
from yuantou.access.second_person import Refused
from yuantou.access.viewer import db
from yuantou.indicators.catalogue import Definition, definition
from yuantou.indicators.definitions import versions
from yuantou.indicators.editions import service
from yuantou.indicators.editions.entries import differences, read, written
from yuantou.indicators.editions.legend import legend
from yuantou.indicators.editions.showing import shown_trial
from yuantou.indicators.editions.words import REFUSALS
from yuantou.indicators.models import DefinitionVersion

blueprint = Blueprint("editions", __name__, url_prefix="/indicators/editions")


@blueprint.get("")
@audience(Permission.FIGURES_READ)
def index() -> str:
    """Every version: those that wait first."""
    rows = db().scalars(
        select(DefinitionVersion).order_by(DefinitionVersion.code, DefinitionVersion.version.desc())
    )
    held = [(row, definition(row.body)) for row in rows]
    waiting = [each for each in held if not each[0].approved_at and not each[0].rejected_at]
    return render_template("indicators/editions/index.html", waiting=waiting, held=held)


@blueprint.get("/<code>/new")
@audience(Permission.FIGURES_DEFINE)
def new(code: str) -> str:
    """The form of a new version, filled with the one in force."""
    old = _newest(code)
    form = ProposalForm(code=code, version=old.version + 1, reader=read)
    form.entry.data = written(old)
    return _form_page(form, old)


@blueprint.post("/<code>/new")
@audience(Permission.FIGURES_DEFINE)
def propose(code: str) -> Response | tuple[str, int]:
    """Lay a version before the office."""
    old = _newest(code)
    form = ProposalForm(code=code, version=service.next_version(db(), code), reader=read)
    if not form.validate() or form.made is None:
        return _form_page(form, old), 422
    try:
        row = service.propose(db(), by=current_user, made=form.made, reason=form.reason.data or "")
    except Refused as why:
        form.entry.errors = [REFUSALS[why.code]]
        return _form_page(form, old), 422
    flash(_("已提请。试算大约一分钟，然后请另一位有权限的人批准。"), "success")
    return redirect(url_for("editions.show", code=row.code, version=row.version))


@blueprint.get("/<code>/<int:version>")
@audience(Permission.FIGURES_READ)
def show(code: str, version: int) -> str:
    """One version: what it changes, how the last year looks by it, who decided."""
    return _page(_row(code, version), ReasonForm())


def _form_page(form: ProposalForm, old: Definition) -> str:
    return render_template("indicators/editions/new.html", form=form, old=old, legend=legend(old))


def _row(code: str, version: int) -> DefinitionVersion:
    row = db().get(DefinitionVersion, (code, version))
    if row is None:
        abort(404)
    return row


def _newest(code: str) -> Definition:
    held = versions(db()).get(code)
    if not held:
        abort(404)
    return held[-1]


def _page(row: DefinitionVersion, form: ReasonForm) -> str:
    made = definition(row.body)
    earlier = [each for each in versions(db()).get(row.code, []) if each.version < row.version]
    old = earlier[-1] if earlier else None
    return render_template(
        "indicators/editions/show.html",
        row=row,
        made=made,
        old=old,
        changes=list(differences(old, made)),
        trial=shown_trial(db(), row, made),
        people=deciders(row),
        form=form,
        written=written(made),
    )


def _approved(row: DefinitionVersion) -> str:
    month = f"{row.valid_from:%Y-%m}"
    return _("已启用：从 %(month)s 起按这一版算，以前的月份不变。", month=month)


decided_here(
    blueprint,
    Room(
        find=_row,
        page=_page,
        service=service,
        refusals=REFUSALS,
        approved=_approved,
        rejected=_l("已退回，现行口径不变。"),
    ),
)
