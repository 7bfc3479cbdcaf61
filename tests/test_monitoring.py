"""What a monitoring system is told."""

from flask import Flask, request
from sqlalchemy import text
from werkzeug.test import create_environ, run_wsgi_app

from tests.conftest import Database
from yuantou.app import trust_proxies


def test_health_counts_jobs_that_failed_or_wait_too_long(app: Flask, database: Database) -> None:
    with database.sessions("owner")() as session:
        session.execute(
            text("INSERT INTO job_run (job, due, state, attempt) VALUES "
                 "('a', now() - interval '1 hour', 'due', 0), ('b', now(), 'failed', 3)")
        )  # fmt: skip
        session.commit()
    answer = app.test_client().get("/health")
    assert answer.status_code == 200
    assert answer.json == {"database": True, "jobs": {"failed": 1, "waiting": 1, "running": 0}}


def test_only_as_many_proxies_are_believed_as_there_are() -> None:
    app = Flask("who")
    app.add_url_rule("/who", "who", lambda: request.remote_addr or "")
    asked = create_environ("/who", headers={"X-Forwarded-For": "6.6.6.6, 10.0.0.1"})
    assert b"".join(run_wsgi_app(app.wsgi_app, asked)[0]) != b"10.0.0.1"
    trust_proxies(app, 1)
    asked = create_environ("/who", headers={"X-Forwarded-For": "6.6.6.6, 10.0.0.1"})
    assert b"".join(run_wsgi_app(app.wsgi_app, asked)[0]) == b"10.0.0.1"
