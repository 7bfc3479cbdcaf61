"""The pages on which rules are changed: a new version, its trial on the past, its approval."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import select
from werkzeug import Response

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.proposing import ReasonForm, Room, decided_here, deciders
from yuantou.access.second_person import Refused
from yuantou.access.viewer import db
from yuantou.alerts import words
from yuantou.alerts.amending import service
from yuantou.alerts.amending.forms import VersionForm, rule_form
from yuantou.alerts.amending.showing import shown_trial
from yuantou.alerts.amending.terms_form import terms_form
from yuantou.alerts.amending.words import REFUSALS, differences
from yuantou.alerts.levels import Terms
from yuantou.alerts.models import RuleVersion
from yuantou.alerts.rulebook import editions, kept_of, standing
from yuantou.calendar import clock

blueprint = Blueprint("amending", __name__, url_prefix="/warnings/rules")


@blueprint.get("/<code>/new")
@audience(Permission.FIGURES_DEFINE)
def new(code: str) -> str:
    """The form of a new version, filled with the one in force."""
    return _form_page(_form(code))


@blueprint.post("/<code>/new")
@audience(Permission.FIGURES_DEFINE)
def propose(code: str) -> Response | tuple[str, int]:
    """Lay a version before the office."""
    form = _form(code)
    if not form.validate() or form.made is None:
        return _form_page(form), 422
    try:
        row = service.propose(db(), by=current_user, made=form.made, reason=form.reason.data or "")
    except Refused as why:
        form.form_errors.append(str(REFUSALS[why.code]))
        return _form_page(form), 422
    flash(_("已提请。试算大约一分钟，然后请另一位有权限的人批准。"), "success")
    return redirect(url_for(".show", code=row.code, version=row.version), 303)


@blueprint.get("/<code>/<int:version>")
@audience(Permission.ALERT_READ)
def show(code: str, version: int) -> str:
    """One version: what it changes, how the past looks by it, who decided."""
    return _page(_row(code, version), ReasonForm())


def _form(code: str) -> VersionForm:
    rows = editions(db()).get(code) or abort(404)
    held = standing(rows[::-1], clock.local(clock.now()).date()).get(code) or rows[-1]
    kept, version = kept_of(held), rows[0].version + 1
    return terms_form(kept) if isinstance(kept, Terms) else rule_form(kept, version)


def _form_page(form: VersionForm) -> str:
    return render_template("alerts/amending/new.html", form=form, kept=form.kept, words=words)


def _row(code: str, version: int) -> RuleVersion:
    asked = select(RuleVersion).where(RuleVersion.code == code, RuleVersion.version == version)
    return db().scalars(asked).first() or abort(404)


def _page(row: RuleVersion, form: ReasonForm) -> str:
    rows = editions(db())[row.code]
    made, today = kept_of(row), clock.local(clock.now()).date()
    old = service.kept_before(rows, row, today)
    return render_template(
        "alerts/amending/show.html",
        row=row,
        made=made,
        old=old,
        changes=list(differences(old, made)),
        trial=shown_trial(row),
        people=deciders(row),
        form=form,
        words=words,
        others=[one for one in rows if one.version != row.version],
    )


def _approved(row: RuleVersion) -> str:
    return _("已启用：从今天起按这一版判断，已发的预警不变。")


decided_here(
    blueprint,
    Room(
        find=_row,
        page=_page,
        service=service,
        refusals=REFUSALS,
        approved=_approved,
        rejected=_l("已退回，现行规则不变。"),
    ),
)
