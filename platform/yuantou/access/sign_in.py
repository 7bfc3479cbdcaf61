"""Signing in and out, the idle limit, the forced change, and forms whose session ran out."""

from typing import cast

from flask import (
    Flask,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user, login_user, logout_user
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as AnyResponse

from yuantou.access.audience import audience, everyone
from yuantou.access.blueprint import blueprint
from yuantou.access.keeping import Kept, from_this_site, keep, kept_before, local_path
from yuantou.access.navigation import first_page
from yuantou.access.viewer import db, enter
from yuantou.accounts import service
from yuantou.accounts.forms import PasswordForm, SignInForm
from yuantou.accounts.models import Account
from yuantou.accounts.policy import Policy, read_policy
from yuantou.calendar.clock import now
from yuantou.database.session import set_scope

limiter = Limiter(get_remote_address, storage_uri="memory://", headers_enabled=False)
SEEN, WAS = "seen", "was"
STEP = 60  # seconds between two rewritings of the cookie
OPEN_TO_ALL = {"static", "access.sign_in", "access.send_sign_in", "access.sign_out"}
OPEN_BEFORE_CHANGE = OPEN_TO_ALL | {"access.password", "access.send_password", "access.language"}


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    app = cast(Flask, state.app)
    limiter.init_app(app)
    app.extensions["policy"] = read_policy(app.extensions["settings"], testing=app.testing)
    app.login_manager.unauthorized_handler(ask_to_sign_in)  # type: ignore[attr-defined]


def policy() -> Policy:
    """The policy in force."""
    found: Policy = current_app.extensions["policy"]
    return found


def _attempts() -> str:
    return f"{policy().per_minute} per minute"


@blueprint.get("/sign-in")
@everyone
def sign_in() -> AnyResponse | str:
    """The page that asks who is there."""
    if current_user.is_authenticated:
        return redirect(url_for("access.home"))
    return _sign_in_page(SignInForm())


@blueprint.post("/sign-in")
@limiter.limit(_attempts)
@everyone
def send_sign_in() -> AnyResponse | str | tuple[str, int]:
    """Let a person in and lead him to where he wanted to be."""
    form, kept = SignInForm(), kept_before(request.form)
    if not form.validate_on_submit():
        return _sign_in_page(form, kept), 422
    try:
        account = service.sign_in(
            db(),
            login=form.login.data,
            password=form.password.data,
            policy=policy(),
            address=request.remote_addr or "",
        )
    except service.SignInRefused:
        form.form_errors.append(_refusal())
        return _sign_in_page(form, kept), 422
    start_session(account)
    return _after_sign_in(account, kept)


@blueprint.post("/sign-out")
@everyone
def sign_out() -> AnyResponse:
    """Leave."""
    if current_user.is_authenticated:
        service.sign_out(db(), account=current_user.account)
        logout_user()
    session.clear()
    flash(_("已退出登录"), "success")
    return redirect(url_for("access.sign_in"))


@blueprint.get("/")
@audience()
def home() -> AnyResponse:
    """The first page that the role may open."""
    return redirect(first_page(current_user))


@blueprint.get("/password")
@audience()
def password() -> str:
    """The page on which one changes one's password."""
    return _password_page(PasswordForm())


@blueprint.post("/password")
@audience()
def send_password() -> AnyResponse | str | tuple[str, int]:
    """Change the password; other sessions end."""
    form, kept = PasswordForm(), kept_before(request.form)
    if not form.validate_on_submit():
        return _password_page(form, kept), 422
    try:
        account = service.change_password(
            db(),
            account=current_user.account,
            present=form.present.data,
            fresh=form.fresh.data,
            policy=policy(),
        )
    except service.PasswordRefused as refused:
        form[refused.field].errors = [*form[refused.field].errors, *refused.faults]
        return _password_page(form, kept), 422
    start_session(account)
    flash(_("密码已修改，其他设备上的登录已退出"), "success")
    return _go_on(kept) or redirect(url_for("access.home"))


def start_session(account: Account) -> None:
    """Begin a session of `account` in a cookie of its own."""
    language = account.language or session.get("language")
    session.clear()
    g.pop("csrf_token", None)
    session[SEEN] = int(now().timestamp())
    if language:
        session["language"] = language
    login_user(enter(db(), account))


@blueprint.before_app_request
def _end_idle_session() -> None:
    """Forget a session in which nothing happened for too long; remember whose it was."""
    if "_user_id" not in session or request.endpoint == "static":
        return
    present = int(now().timestamp())
    if present - session.setdefault(SEEN, present) > policy().idle.total_seconds():
        if current_user.is_authenticated:
            service.sign_out(db(), account=current_user.account, idle=True)
        _forget()
    elif present - session[SEEN] >= STEP:
        session[SEEN] = present


def _forget() -> None:
    """Sign out, but remember who it was: a form of his may still come."""
    session[WAS] = str(session.pop("_user_id")).partition(".")[0]
    session.pop(SEEN, None)
    logout_user()
    set_scope(db(), {})


@blueprint.before_app_request
def _force_change() -> AnyResponse | tuple[str, int] | None:
    """A password that must be changed is changed before anything else."""
    if request.endpoint in OPEN_BEFORE_CHANGE or not current_user.is_authenticated:
        return None
    if not policy().must_change(current_user.account, now()):
        return None
    if request.method == "POST":
        return _password_page(PasswordForm(formdata=None), keep(current_user.id)), 403
    return redirect(url_for("access.password"))


def ask_to_sign_in() -> AnyResponse | tuple[str, int]:
    """Answer to somebody who is not signed in: what he typed goes with him."""
    if "_user_id" in session:
        _forget()
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        return _("请重新登录"), 401
    if request.method == "POST" and WAS in session:
        return _kept_sign_in(), 401
    if WAS in session:
        flash(_("太久没有操作，已自动退出，请重新登录"), "info")
    target = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("access.sign_in", next=target if target != "/" else None))


@blueprint.app_errorhandler(CSRFError)
def _stale_form(_error: CSRFError) -> tuple[str, int]:
    """A form older than this session: shown once more to its sender, never to another site."""
    _end_idle_session()
    if not from_this_site():
        return render_template("errors/400.html"), 400
    if request.endpoint == "access.send_sign_in":
        return _sign_in_page(SignInForm(), kept_before(request.form), stale=True), 400
    if current_user.is_authenticated:
        return _resume_page(keep(current_user.id)), 400
    return (_kept_sign_in() if WAS in session else render_template("errors/400.html")), 400


def _kept_sign_in() -> str:
    return _sign_in_page(SignInForm(formdata=None), keep(int(session[WAS])))


def _after_sign_in(account: Account, kept: Kept | None) -> AnyResponse | str:
    if policy().must_change(account, now()):
        return _password_page(PasswordForm(formdata=None), kept)
    other = kept is not None and kept.account_id != account.id
    if other:
        flash(_("换了一个账号登录，之前填写的内容没有带过来"), "warning")
    return _go_on(kept) or redirect(local_path("" if other else request.form.get("next", "")))


def _go_on(kept: Kept | None) -> str | None:
    same = kept is not None and kept.account_id == current_user.id
    return _resume_page(kept) if kept and same else None


def _resume_page(kept: Kept) -> str:
    return render_template("access/resume.html", kept=kept)


def _sign_in_page(form: SignInForm, kept: Kept | None = None, *, stale: bool = False) -> str:
    return render_template(
        "access/sign_in.html",
        form=form,
        kept=kept,
        stale=stale,
        target=local_path(request.values.get("next", "")),
    )


def _password_page(form: PasswordForm, kept: Kept | None = None) -> str:
    return render_template(
        "access/password.html",
        form=form,
        kept=kept,
        policy=policy(),
        forced=policy().must_change(current_user.account, now()),
    )


def _refusal() -> str:
    return _(
        "账号或密码不对，或账号已锁定、停用。连续 %(n)s 次不对，账号锁定 %(minutes)s 分钟；"
        "忘了密码请找本单位管理员重置。",
        n=policy().failures,
        minutes=int(policy().lock.total_seconds() // 60),
    )
