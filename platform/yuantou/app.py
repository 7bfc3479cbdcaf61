"""The application: the only module that knows every capability."""

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from click import Command
from flask import Flask, abort, g, has_request_context, request, session
from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from yuantou import monitoring, scheduler
from yuantou.access.audience import everyone, routes_without_audience
from yuantou.access.viewer import load_viewer
from yuantou.commands import Commands
from yuantou.compression import register_compression
from yuantou.crypto.secrets import load_secrets
from yuantou.database.connections import ROOT, Connections, find_connections
from yuantou.database.roles import refuse_privileged
from yuantou.database.session import make_engine, make_sessions
from yuantou.database.settings import read_settings
from yuantou.errors import register_errors
from yuantou.logs import log_requests, set_up_logs
from yuantou.pages import register_page_context

CAPABILITIES = (
    "territory",
    "accounts",
    "access",
    "disputes",
    "disputes.views",
    "limits",
    "mediation",
    "mediation.courts",
    "mediation.attachments",
    "mediation.papers",
    "intake",
    "intake.window",
    "intake.rounds",
    "intake.drafts",
    "coordination",
    "coordination.corrections",
    "coordination.protection",
    "coordination.erasure",
    "coordination.extending",
    "coordination.dispatching",
    "coordination.supervision",
    "coordination.sampling",
    "coordination.review",
    "coordination.batches",
    "coordination.series",
    "judiciary",
    "judiciary.casefeed",
    "notices",
    "complaints",
    "reminders",
    "indicators",
    "indicators.editions",
    "indicators.supplying",
    "indicators.listing",
    "indicators.standing",
    "indicators.integrity",
    "alerts",
    "alerts.detection",
    "alerts.record",
    "alerts.amending",
    "maps",
    "maps.sources",
    "maps.reach",
    "alerts.governance",
    "research",
    "assessments",
    "assessments.delivery",
    "assessments.runs",
    "assessments.objections",
    "assessments.restatements",
    "assessments.schemes",
    "assessments.targets",
    "bulletins",
    "exchange.registers",
    "exchange.imports",
    "synth",
    "audit",
    "database",
)
LANGUAGES = ("zh", "en")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; font-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; manifest-src 'self'"
)


def create_app(
    connections: Connections | None = None, *, production: bool | None = None, testing: bool = False
) -> Flask:
    """Build the application; raises PrivilegedRole when the database role could see everything."""
    if not testing:
        set_up_logs()
    app = Flask(
        "yuantou",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "platform" / "yuantou" / "static"),
    )
    settings = read_settings(ROOT / "config" / "settings.toml")
    production = is_production() if production is None else production
    secrets = load_secrets(ROOT / "var" / "secrets.toml", production=production)
    connections = connections or find_connections()
    engine = make_engine(connections.app)
    refuse_privileged(engine)
    app.config.update(
        SECRET_KEY=secrets.signing,
        TESTING=testing,
        BABEL_DEFAULT_LOCALE="zh",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        SESSION_COOKIE_SAMESITE="Lax",
        BABEL_TRANSLATION_DIRECTORIES=str(ROOT / "config" / "translations"),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=production,
        WTF_CSRF_TIME_LIMIT=None,
        TEMPLATES_AUTO_RELOAD=False,
        MAX_CONTENT_LENGTH=settings.of("uploads", "largest_megabytes") * 1024 * 1024,
    )
    app.extensions.update(
        engine=engine,
        sessions=make_sessions(engine),
        settings=settings,
        keyring=secrets.keyring,
        connections=connections,
        jobs=(),
    )
    log_requests(app)
    trust_proxies(app, int(os.environ.get("YUANTOU_PROXIES", "0")))
    CSRFProtect(app)
    Babel(app, locale_selector=_language)
    _sign_in(app)
    register_errors(app)
    _request_life(app)
    register_compression(app)
    for capability in CAPABILITIES:
        _register(app, capability)
    app.register_blueprint(monitoring.blueprint)
    app.cli = Commands(scheduler.COMMANDS, _commands)
    register_page_context(app)
    everyone(app.view_functions["static"])
    nameless = routes_without_audience(app)
    if nameless:
        raise RuntimeError(f"routes without an audience: {', '.join(nameless)}")
    return app


def trust_proxies(app: Flask, number: int) -> None:
    """Believe what that many reverse proxies say of the visitor's address and of HTTPS."""
    if number:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=number, x_proto=number, x_host=number)  # type: ignore[method-assign]


def is_production() -> bool:
    """YUANTOU_PRODUCTION=1 demands secrets from the environment and HTTPS cookies."""
    return os.environ.get("YUANTOU_PRODUCTION") == "1"


def _register(app: Flask, capability: str) -> None:
    """Blueprint, jobs and receivers of one capability or of a room in it."""
    routes = _part(capability, "routes")
    if routes:
        app.register_blueprint(routes.blueprint)
    scheduled = _part(capability, "jobs")
    app.extensions["jobs"] += getattr(scheduled, "JOBS", ())
    _part(capability, "receivers")


def _commands() -> Iterator[Command]:
    yield from import_module("yuantou.cli").COMMANDS
    for capability in CAPABILITIES:
        yield from getattr(_part(capability, "cli"), "COMMANDS", ())


def _part(capability: str, part: str) -> ModuleType | None:
    folder = Path(__file__).parent.joinpath(*capability.split("."))
    return (
        import_module(f"yuantou.{capability}.{part}") if (folder / f"{part}.py").exists() else None
    )


def _sign_in(app: Flask) -> None:
    manager = LoginManager(app)
    manager.user_loader(load_viewer)
    manager.login_view = "access.sign_in"
    manager.login_message = None


def _language() -> str:
    if not has_request_context():
        return LANGUAGES[0]
    chosen = session.get("language") or request.accept_languages.best_match(LANGUAGES)
    return chosen if session.get("language") and chosen in LANGUAGES else LANGUAGES[0]


def _request_life(app: Flask) -> None:
    @app.teardown_appcontext
    def close(_error: BaseException | None) -> None:
        held = g.pop("db", None)
        if held is not None:
            held.close()

    @app.before_request
    def refuse_nul() -> None:
        if "\0" in request.path:
            abort(404)

    @app.after_request
    def headers(response):  # type: ignore[no-untyped-def]
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        if request.endpoint == "static" and "v" in request.args:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        elif request.endpoint != "static" and "max-age" not in response.headers.get(
            "Cache-Control", ""
        ):
            response.headers["Cache-Control"] = "no-store"  # send_file's no-cache keeps a copy
        return response
