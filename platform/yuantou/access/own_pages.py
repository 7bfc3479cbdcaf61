"""One's own account: who one is here, for whom one stands in, and the language."""

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import refresh
from flask_login import current_user
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from yuantou.access.audience import audience, everyone
from yuantou.access.blueprint import blueprint
from yuantou.access.keeping import local_path
from yuantou.access.viewer import db
from yuantou.accounts.queries import standing_in
from yuantou.accounts.service import choose_language
from yuantou.calendar.clock import today

LANGUAGES = {"zh": "中文", "en": "English"}


@blueprint.get("/account")
@audience()
def account() -> str:
    """My account."""
    pairs = standing_in(db(), account_id=current_user.id, day=today())
    return render_template("access/account.html", pairs=pairs, languages=LANGUAGES)


@blueprint.get("/language")
@everyone
def language() -> str:
    """The page on which a reader chooses his language."""
    target = local_path(request.args.get("next", ""))
    return render_template("access/language.html", languages=LANGUAGES, target=target)


@blueprint.post("/language")
@everyone
def send_language() -> Response:
    """Read in another language from now on."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise BadRequest
    session["language"] = chosen
    refresh()
    if current_user.is_authenticated:
        choose_language(db(), account=current_user.account, language=chosen)
        flash(_("界面语言已改为%(name)s", name=LANGUAGES[chosen]), "success")
    return redirect(local_path(request.form.get("next", "")) or url_for("access.home"))
