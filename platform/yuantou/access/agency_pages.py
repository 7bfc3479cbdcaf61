"""Agencies in a tree over areas: list, found, rename, close."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.audience import audience
from yuantou.access.blueprint import blueprint
from yuantou.access.forms import AgencyForm, RenameForm
from yuantou.access.permissions import Permission
from yuantou.access.roles import ROLES
from yuantou.access.viewer import db
from yuantou.accounts.queries import accounts_of
from yuantou.agencies import service
from yuantou.agencies.kinds import KINDS
from yuantou.agencies.models import Agency, AgencyKind
from yuantou.agencies.queries import above_and_below, agency_list, area_names
from yuantou.agencies.service import AgencyRefused, NewAgency
from yuantou.database.text import clean


@blueprint.get("/agencies")
@audience(Permission.AGENCY_MANAGE)
def agencies() -> str:
    """All agencies by place."""
    words, kind = clean(request.args.get("q", "")), request.args.get("kind", "")
    page = request.args.get("page", 1, type=int)
    shown = agency_list(db(), words=words, kind=kind if kind in KINDS else "", page=page)
    return render_template(
        "access/agencies.html",
        shown=shown,
        areas=area_names(db(), {agency.area_code for agency in shown.agencies}),
        kinds=KINDS,
        words=words,
        kind=kind,
        page_url=lambda number: url_for("access.agencies", q=words, kind=kind, page=number),
    )


@blueprint.get("/agencies/new")
@audience(Permission.AGENCY_MANAGE)
def agencies_new() -> str:
    """The form of a new agency."""
    return render_template("access/agency_new.html", form=_form())


@blueprint.post("/agencies/new")
@audience(Permission.AGENCY_MANAGE)
def agencies_create() -> Response | tuple[str, int]:
    """Found it."""
    form = _form()
    if not form.validate_on_submit():
        return render_template("access/agency_new.html", form=form), 422
    fields = {name: form[name].data or "" for name in NewAgency.__annotations__}
    try:
        agency = service.found_agency(db(), by=current_user, new=NewAgency(**fields))
    except AgencyRefused as refused:
        form[refused.field].errors = [*form[refused.field].errors, refused.words]
        return render_template("access/agency_new.html", form=form), 422
    flash(_("单位已建立，可以为它开通账号"), "success")
    return redirect(url_for("access.agencies_one", agency_id=agency.id))


@blueprint.get("/agencies/<int:agency_id>")
@audience(Permission.AGENCY_MANAGE)
def agencies_one(agency_id: int) -> str:
    """One agency: superior, subordinates, accounts."""
    return _agency_page(_agency(agency_id))


@blueprint.post("/agencies/<int:agency_id>")
@audience(Permission.AGENCY_MANAGE)
def agencies_change(agency_id: int) -> Response | tuple[str, int]:
    """Rename it or put it under another superior."""
    agency, form = _agency(agency_id), RenameForm()
    if not form.validate_on_submit():
        return _agency_page(agency, form), 422
    try:
        service.change_agency(
            db(),
            by=current_user,
            agency_id=agency_id,
            name=form.name.data,
            parent=form.parent.data or "",
        )
    except AgencyRefused as refused:
        form[refused.field].errors = [*form[refused.field].errors, refused.words]
        return _agency_page(agency, form), 422
    flash(_("已保存"), "success")
    return redirect(url_for("access.agencies_one", agency_id=agency_id))


@blueprint.post("/agencies/<int:agency_id>/close")
@audience(Permission.AGENCY_MANAGE)
def agencies_close(agency_id: int) -> Response:
    """Close it, once all its accounts are closed."""
    agency = _agency(agency_id)
    left = accounts_of(db(), agency.id)
    if left:
        flash(_("还有 %(n)s 个账号在用，请先逐个停用并交接", n=len(left)), "error")
    else:
        service.set_active(db(), by=current_user, agency_id=agency_id, active=False)
        flash(_("单位已停用"), "success")
    return redirect(url_for("access.agencies_one", agency_id=agency_id))


@blueprint.post("/agencies/<int:agency_id>/open")
@audience(Permission.AGENCY_MANAGE)
def agencies_open(agency_id: int) -> Response:
    """Open it again."""
    service.set_active(db(), by=current_user, agency_id=_agency(agency_id).id, active=True)
    flash(_("单位已重新启用"), "success")
    return redirect(url_for("access.agencies_one", agency_id=agency_id))


def _agency(agency_id: int) -> Agency:
    agency = db().get(Agency, agency_id)
    if agency is None:
        abort(404)
    return agency


def _form() -> Any:
    form = AgencyForm()
    kinds = [(kind.value, str(KINDS[kind])) for kind in AgencyKind]
    form.kind.choices = [one for one in kinds if one[0] != AgencyKind.ADMINISTRATION]
    return form


def _agency_page(agency: Agency, form: Any = None) -> str:
    above, below = above_and_below(db(), agency)
    filled = RenameForm(formdata=None, name=agency.name, parent=above.code if above else "")
    return render_template(
        "access/agency_one.html",
        agency=agency,
        above=above,
        below=below,
        area=area_names(db(), {agency.area_code}).get(agency.area_code, ""),
        kind=KINDS[AgencyKind(agency.kind)],
        accounts=accounts_of(db(), agency.id),
        roles=ROLES,
        form=form or filled,
    )
