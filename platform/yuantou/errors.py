"""Errors as pages in plain Chinese: what happened, where, and what to do next."""

from flask import Flask, Response, current_app, g, render_template, request
from flask_login import AnonymousUserMixin
from psycopg import DataError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

CODES = (400, 403, 404, 405, 409, 413, 429, 500)
DISK_FULL = "53100"
OUT_OF_RANGE = "22003"
NUL = "NUL (0x00)"
LARGEST_NUMBER = 2**31 - 1


def register_errors(app: Flask) -> None:
    """Give every error its page."""
    for code in CODES:
        app.register_error_handler(code, _page)
    app.register_error_handler(OperationalError, _database_away)
    app.register_error_handler(DBAPIError, _database_refused)
    app.register_error_handler(StaleDataError, _outrun)


def _page(error: HTTPException) -> tuple[str, int]:
    code = error.code or 500
    known = code if code in (400, 403, 404, 409, 413, 429) else 500
    template = f"errors/{404 if code == 405 else known}.html"
    limit = f"{(current_app.config['MAX_CONTENT_LENGTH'] or 0) // 1024 // 1024} MB"
    return render_template(template, error=error, limit=limit), code


def _database_away(error: OperationalError) -> tuple[str, int]:
    current_app.logger.error("database unavailable: %s", error.orig)
    held = g.pop("db", None)
    if held is not None:
        held.invalidate()
    g._login_user = AnonymousUserMixin()  # else flask-login asks the database again
    full = getattr(error.orig, "sqlstate", None) == DISK_FULL
    return render_template("errors/503.html", disk_full=full, again=_typed()), 503


def _outrun(error: StaleDataError) -> tuple[str, int]:
    """Somebody else wrote the same row first: nothing of this request was kept."""
    held = g.get("db")
    if held is not None:
        held.rollback()
    return render_template("errors/409.html", error=error), 409


def _typed() -> list[tuple[str, str]]:
    """What was typed into a form without files, so that it can be sent once more."""
    if request.method != "POST" or request.files:
        return []
    return list(request.form.items(multi=True))


def _database_refused(error: DBAPIError) -> tuple[str, int] | Response:
    state = getattr(error.orig, "sqlstate", None)
    if state == OUT_OF_RANGE or (isinstance(error.orig, DataError) and NUL in str(error.orig)):
        code = 404 if request.method == "GET" or _far_address() else 400
        return render_template(f"errors/{code}.html", error=error), code
    current_app.logger.exception("database error")
    return render_template("errors/500.html", error=error), 500


def _far_address() -> bool:
    """Whether the address itself holds a number that no column of ids holds."""
    told = (request.view_args or {}).values()
    return any(isinstance(one, int) and one > LARGEST_NUMBER for one in told)
