"""What every page knows: who is here, where he may go, and whether the data is made up."""

import hashlib
import time
from datetime import date, datetime
from functools import cache
from pathlib import Path

from flask import Flask, current_app, g, request, url_for
from flask_babel import get_domain, get_locale
from flask_login import current_user
from sqlalchemy import exists, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from yuantou.access.navigation import navigation
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.accounts.models import Account
from yuantou.calendar.clock import local, now
from yuantou.notices.inbox import in_menu

FRESH = 60.0  # seconds for which a process believes what it last read
LANGUAGE_NAMES = {"zh": "中文", "en": "English"}


def register_page_context(app: Flask) -> None:
    """Give every template the context that templates/base.html names."""

    @cache
    def digest(path: str) -> str:
        return hashlib.sha256((Path(app.static_folder or "") / path).read_bytes()).hexdigest()[:12]

    def asset(path: str) -> str:
        return url_for("static", filename=path, v=digest(path))

    # A page says a thousand words: its language is looked up once, as its context is made.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda said: g.words.ugettext(said),
        ngettext=lambda one, many, n: g.words.ungettext(one, many, n),
        newstyle=True,
    )
    app.add_template_filter(full_moment)
    app.add_template_filter(day)

    @app.context_processor
    def page() -> dict[str, object]:
        g.words = get_domain().get_translations()
        return {
            "asset": asset,
            "settings": app.extensions["settings"],
            "request_id": g.get("request_id"),
            "home_url": url_for("access.home"),
            "sign_out_url": url_for("access.sign_out"),
            "account_url": url_for("access.account"),
            **_language(),
            **_from_database(),
        }


def full_moment(at: datetime) -> str:
    """A moment with its year, as papers and registers write it, in the time of Shanghai."""
    here = local(at)
    return f"{day(here)} {here:%H:%M}"


def day(at: date) -> str:
    """A day as offices write it."""
    return f"{at.year}年{at.month}月{at.day}日"


def _for_viewer() -> dict[str, object]:
    here = request.full_path.rstrip("?") if request.method == "GET" else "/"
    known = current_user.is_authenticated
    reads = known and current_user.may(Permission.DISPUTE_READ)
    return {
        "navigation": _menu(),
        "complaint_url": url_for("complaints.index", page=here) if known else None,
        "search_url": url_for("disputes.index") if reads else None,
    }


def _language() -> dict[str, object]:
    here = str(get_locale() or "zh")[:2]
    other = "en" if here == "zh" else "zh"
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return {
        "language": "zh-CN" if here == "zh" else here,
        "language_switch": {
            "label": LANGUAGE_NAMES[other],
            "code": "zh-CN" if other == "zh" else other,
            "url": url_for("access.language", next=back),
        },
    }


def _from_database() -> dict[str, object]:
    """Menu and mark of made-up data; a page of failure does without when there is no database."""
    try:
        return {**_for_viewer(), "demo": _demo()}
    except SQLAlchemyError:
        return {"navigation": [], "demo": False}


def _menu() -> list[dict[str, object]]:
    entries = navigation(current_user, request.endpoint or "")
    if entries:
        numbers = g.get("waiting") or in_menu(db(), current_user, now=now())
        for entry in entries:
            entry["count"] = numbers.get(str(entry["endpoint"]), 0)
    return entries


def _demo() -> bool:
    """Whether any account is one of the demonstration; a minute old at most."""
    known, until = current_app.extensions.get("demo", (False, 0.0))
    if time.monotonic() < until:
        return bool(known)
    sessions = current_app.extensions["sessions"]
    session: Session
    with sessions() as session:
        known = bool(session.scalar(select(exists().where(Account.demo))))
    current_app.extensions["demo"] = (known, time.monotonic() + FRESH)
    return known
