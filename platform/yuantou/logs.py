"""Logs without personal data: who is an account's number, what a request's own id.

Lines for people on a terminal, JSON for machines otherwise. Addresses of requests are logged by
their pattern, since a query string can hold a name.
"""

import logging
import re
import secrets
import sys
import time
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import Flask, Response, g, request, session

REQUEST_ID = "X-Request-ID"
LONGEST_NUMBERS = re.compile(r"\d{7,}[\dXx]?")
ROW_AS_TOLD = re.compile(
    r"(DETAIL:).*?(?=\n\nThe above exception|\n\nDuring handling|\n\[SQL:|\Z)", re.DOTALL
)
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")
QUIET = {"static"}

log = structlog.get_logger("yuantou.requests")


def set_up_logs(*, json: bool | None = None) -> None:
    """Send structlog and the standard library's logs to the error output in one form."""
    as_json = not sys.stderr.isatty() if json is None else json
    shown: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer()
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    shared += [structlog.processors.format_exc_info] if as_json else []
    shared += [hide_long_numbers]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[remove, shown])
    )
    handler.set_name("yuantou")
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if one.get_name() != "yuantou"] + [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("fontTools").setLevel(logging.WARNING)


def hide_long_numbers(
    _logger: object, _method: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Blot out what could be an identity card's or a telephone's number, wherever it stands, and
    the row that PostgreSQL shows when it refuses one."""
    kept = ("timestamp", "request", "due", "audit_head")
    return {
        name: LONGEST_NUMBERS.sub("*", ROW_AS_TOLD.sub(r"\1 *", value))
        if isinstance(value, str) and name not in kept
        else value
        for name, value in entry.items()
    }


def log_requests(app: Flask) -> None:
    """Give each request an id, in its log line and in the answer, to be told to the support."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get(REQUEST_ID, "")
        g.request_id = given if WELL_FORMED.fullmatch(given) else secrets.token_hex(8)
        g.began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.after_request
    def end(response: Response) -> Response:
        response.headers[REQUEST_ID] = g.get("request_id", "")
        if request.endpoint not in QUIET and "began" in g:
            log.info("request", **_facts(response))
        return response


def _facts(response: Response) -> dict[str, object]:
    return {
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else "(none)",
        "status": response.status_code,
        "milliseconds": round((time.perf_counter() - g.began) * 1000, 1),
        "account": str(session.get("_user_id", "")).partition(".")[0],
    }
