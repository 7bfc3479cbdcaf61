"""Accounts: list, open, change, reset, deputies, leaving; one by one and by table."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse

from yuantou.access import importing, service
from yuantou.access.audience import audience
from yuantou.access.blueprint import blueprint
from yuantou.access.forms import (
    AccountForm,
    DeputyForm,
    LeavingForm,
    NameForm,
    SheetForm,
)
from yuantou.access.management import manages_all, may_manage, may_manage_agency, roles_for
from yuantou.access.permissions import Permission
from yuantou.access.roles import ROLES
from yuantou.access.service import ManagementRefused, NewAccount, Opened
from yuantou.access.table_in import preview, sent, uploaded
from yuantou.access.table_out import XLSX
from yuantou.access.viewer import db
from yuantou.accounts.models import Account
from yuantou.accounts.queries import account_list, accounts_of, standing_in
from yuantou.agencies.models import Agency
from yuantou.agencies.queries import agency_by_code
from yuantou.calendar.clock import today
from yuantou.database.sheets import SheetError
from yuantou.database.text import clean


@blueprint.get("/accounts")
@audience(Permission.ACCOUNT_MANAGE)
def accounts() -> str:
    """Accounts of my unit, or of the unit that was asked for."""
    everywhere = manages_all(current_user)
    agency = _asked_agency() if everywhere else current_user.agency
    words = clean(request.args.get("q", ""))
    shown = account_list(
        db(),
        agency_id=agency.id if agency else None,
        words=words,
        disabled=request.args.get("disabled") == "1",
        page=request.args.get("page", 1, type=int),
    )
    return render_template(
        "access/accounts.html",
        shown=shown,
        agency=agency,
        agencies=_agencies(shown.accounts),
        words=words,
        disabled=request.args.get("disabled", ""),
        everywhere=everywhere,
        may_manage=may_manage,
        roles=ROLES,
        page_url=_page_url,
    )


@blueprint.get("/accounts/new")
@audience(Permission.ACCOUNT_MANAGE)
def accounts_new() -> str:
    """The form of a new account."""
    agency = _place()
    return _new_page(_with_roles(AccountForm(), agency), agency)


@blueprint.post("/accounts/new")
@audience(Permission.ACCOUNT_MANAGE)
def accounts_create() -> str | tuple[str, int]:
    """Make it and show the password once."""
    agency = _place()
    form = _with_roles(AccountForm(), agency)
    if not form.validate_on_submit():
        return _new_page(form, agency), 422
    new = NewAccount(form.login.data, form.display_name.data, agency.id, form.role.data)
    try:
        opened = service.create_account(db(), by=current_user, new=new)
    except ManagementRefused as refused:
        _blame(form, refused)
        return _new_page(form, agency), 422
    return _passwords_page([opened], _("账号已开通"))


@blueprint.get("/accounts/<int:account_id>")
@audience(Permission.ACCOUNT_MANAGE)
def accounts_one(account_id: int) -> str:
    """One account."""
    return _account_page(_account(account_id))


@blueprint.post("/accounts/<int:account_id>")
@audience(Permission.ACCOUNT_MANAGE)
def accounts_change(account_id: int) -> AnyResponse | tuple[str, int]:
    """Change name or role."""
    account = _account(account_id)
    form = _with_roles(NameForm(), db().get_one(Agency, account.agency_id))
    if not form.validate_on_submit():
        return _account_page(account, name_form=form), 422
    try:
        service.change_account(
            db(),
            by=current_user,
            account_id=account_id,
            display_name=form.display_name.data,
            role=form.role.data,
        )
    except ManagementRefused as refused:
        _blame(form, refused)
        return _account_page(account, name_form=form), 422
    flash(_("已保存"), "success")
    return redirect(url_for("access.accounts_one", account_id=account_id))


@blueprint.post("/accounts/<int:account_id>/reset")
@audience(Permission.ACCOUNT_MANAGE)
def accounts_reset(account_id: int) -> AnyResponse | str:
    """A new random password, shown once."""
    try:
        opened = service.reset_password(db(), by=current_user, account_id=account_id)
    except ManagementRefused as refused:
        return _back(account_id, refused)
    return _passwords_page([opened], _("密码已重置，原来的登录已退出"))


@blueprint.post("/accounts/<int:account_id>/restore")
@audience(Permission.ACCOUNT_MANAGE)
def accounts_restore(account_id: int) -> AnyResponse | str:
    """Open a closed account again."""
    try:
        opened = service.restore_account(db(), by=current_user, account_id=account_id)
    except ManagementRefused as refused:
        return _back(account_id, refused)
    return _passwords_page([opened], _("账号已重新启用"))


@blueprint.post("/accounts/<int:account_id>/disable")
@audience(Permission.ACCOUNT_MANAGE)
def accounts_disable(account_id: int) -> AnyResponse | tuple[str, int]:
    """Close the account; what its holder has in hand goes to a colleague in the same step."""
    account, form = _account(account_id), LeavingForm()
    form.successor.choices = []
    try:
        _account_closed, held = service.disable_account(
            db(),
            by=current_user,
            account_id=account_id,
            successor_id=form.successor.data if form.validate() else None,
        )
    except ManagementRefused as refused:
        _blame(form, refused)
        return _account_page(account, leaving_form=form), 422
    flash(_("账号已停用，%(n)s 件已交接", n=held) if held else _("账号已停用"), "success")
    return redirect(url_for("access.accounts_one", account_id=account_id))


@blueprint.post("/accounts/<int:account_id>/deputies")
@audience(Permission.ACCOUNT_MANAGE)
def accounts_deputy(account_id: int) -> AnyResponse | tuple[str, int]:
    """Name a deputy with dates."""
    account = _account(account_id)
    form = _with_colleagues(DeputyForm(), account)
    if not form.validate_on_submit():
        return _account_page(account, deputy_form=form), 422
    try:
        service.add_deputy(
            db(),
            by=current_user,
            account_id=account_id,
            deputy_id=form.deputy_id.data,
            first_day=form.first_day.data,
            last_day=form.last_day.data,
            reason=form.reason.data or "",
        )
    except ManagementRefused as refused:
        _blame(form, refused)
        return _account_page(account, deputy_form=form), 422
    flash(_("代理已登记"), "success")
    return redirect(url_for("access.accounts_one", account_id=account_id))


@blueprint.post("/deputies/<int:deputy_id>/end")
@audience(Permission.ACCOUNT_MANAGE)
def accounts_deputy_end(deputy_id: int) -> AnyResponse:
    """End a deputyship."""
    try:
        account = service.end_deputy(db(), by=current_user, deputy_id=deputy_id)
    except ManagementRefused as refused:
        flash(refused.words, "error")
        return redirect(url_for("access.accounts"))
    flash(_("代理已结束"), "success")
    return redirect(url_for("access.accounts_one", account_id=account.id))


@blueprint.get("/accounts/import")
@audience(Permission.ACCOUNT_MANAGE)
def accounts_import() -> str:
    """Upload a table of accounts."""
    return render_template("access/import.html", form=SheetForm())


@blueprint.get("/accounts/import/template")
@audience(Permission.ACCOUNT_MANAGE)
def accounts_template() -> Response:
    """The table to fill in."""
    content = importing.template(current_user)
    name = "attachment; filename*=UTF-8''%E8%B4%A6%E5%8F%B7%E8%A1%A8.xlsx"
    return Response(content, mimetype=XLSX, headers={"Content-Disposition": name})


@blueprint.post("/accounts/import")
@audience(Permission.ACCOUNT_MANAGE)
def accounts_preview() -> str | tuple[str, int]:
    """Show every line and every fault before anything is written."""
    form = SheetForm()
    if not form.validate_on_submit():
        return render_template("access/import.html", form=form), 422
    try:
        lines = importing.judge(db(), by=current_user, rows=uploaded(form, importing.MOST))
    except SheetError as error:
        form.file.errors = [error.place + error.message]
        return render_template("access/import.html", form=form), 422
    return _preview_page(lines)


@blueprint.post("/accounts/import/write")
@audience(Permission.ACCOUNT_MANAGE)
def accounts_write() -> str | tuple[str, int]:
    """Write what was previewed: all or nothing."""
    back = sent(importing.Line, importing.COLUMNS, importing.MOST)
    lines = importing.judge_lines(db(), by=current_user, lines=back)
    news = [line.new for line in lines if line.new]
    if len(news) < len(lines):
        return _preview_page(lines), 422
    try:
        opened = service.import_accounts(db(), by=current_user, news=news)
    except ManagementRefused as refused:
        lines[0].faults["login"] = refused.words
        return _preview_page(lines), 422
    return _passwords_page(opened, _("已开通 %(n)s 个账号", n=len(opened)))


def _preview_page(lines: list[importing.Line]) -> str:
    return preview("access/preview.html", lines, importing.HEADER)


def _account(account_id: int) -> Account:
    account = db().get(Account, account_id)
    if account is None or not may_manage(current_user, account):
        abort(404)
    return account


def _asked_agency() -> Agency | None:
    number = request.args.get("agency", type=int)
    return db().get(Agency, number) if number else None


def _place() -> Agency:
    """The agency in which a new account is to stand."""
    agency = (_asked_agency() if manages_all(current_user) else None) or current_user.agency
    code = clean(request.args.get("code", ""))
    if manages_all(current_user) and code:
        agency = agency_by_code(db(), code) or agency
    if not may_manage_agency(current_user, agency):
        flash(_("请先在单位页选好单位，再开通账号"), "warning")
        abort(redirect(url_for("access.agencies")))
    return agency


def _agencies(shown: list[Account]) -> dict[int, Agency]:
    ids = {account.agency_id for account in shown}
    return {number: db().get_one(Agency, number) for number in ids}


def _page_url(page: int) -> str:
    given = {name: text for name, text in request.args.items() if name != "page"}
    return url_for("access.accounts", page=page, **given)  # type: ignore[arg-type]


def _with_roles(form: Any, agency: Agency) -> Any:
    form.role.choices = [(role.code, str(role.name)) for role in roles_for(current_user, agency)]
    if len(form.role.choices) == 1 and not form.is_submitted():
        form.role.data = form.role.choices[0][0]
    return form


def _with_colleagues(form: Any, account: Account) -> Any:
    form.deputy_id.choices = [(one.id, one.display_name) for one in _colleagues(account)]
    return form


def _colleagues(account: Account) -> list[Account]:
    return [
        one
        for one in accounts_of(db(), account.agency_id)
        if one.id != account.id and one.role != "unit_administrator"
    ]


def _blame(form: FlaskForm, refused: ManagementRefused) -> None:
    if refused.field in form:
        form[refused.field].errors = [*form[refused.field].errors, refused.words]
    else:
        form.form_errors.append(refused.words)


def _back(account_id: int, refused: ManagementRefused) -> AnyResponse:
    flash(refused.words, "error")
    return redirect(url_for("access.accounts_one", account_id=account_id))


def _new_page(form: Any, agency: Agency) -> str:
    return render_template("access/account_new.html", form=form, agency=agency)


def _account_page(
    account: Account,
    *,
    name_form: Any = None,
    deputy_form: Any = None,
    leaving_form: Any = None,
) -> str:
    agency = db().get_one(Agency, account.agency_id)
    leaving = leaving_form or LeavingForm(formdata=None)
    leaving.successor.choices = [(one.id, one.display_name) for one in _colleagues(account)]
    return render_template(
        "access/account_one.html",
        account=account,
        agency=agency,
        role=ROLES[account.role],
        held=service.matters_in_hand(db(), account.id),
        pairs=standing_in(db(), account_id=account.id, day=today()),
        name_form=name_form or _with_roles(NameForm(formdata=None, obj=account), agency),
        deputy_form=deputy_form or _with_colleagues(DeputyForm(formdata=None), account),
        leaving_form=leaving,
    )


def _passwords_page(opened: list[Opened], title: str) -> str:
    agencies = _agencies([one.account for one in opened])
    return render_template(
        "access/passwords.html", opened=opened, agencies=agencies, heading=title, roles=ROLES
    )
