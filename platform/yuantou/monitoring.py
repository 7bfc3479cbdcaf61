"""`/health`: what a monitoring system asks; figures only, no persons, no addresses."""

from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from yuantou.access.audience import everyone

LATE = (
    600  # seconds without an ended or beating run, while runs are due, that mean a dead scheduler
)
_JOBS = text("""
    SELECT count(*) FILTER (WHERE state = 'failed' AND due > now() - interval '1 day') AS failed,
           count(*) FILTER (WHERE state = 'due'
             AND coalesce(lease_until, due) < now() - make_interval(secs => :late)) AS waiting,
           count(*) FILTER (WHERE state = 'running') AS running
    FROM job_run WHERE state IN ('due', 'running', 'failed')""")

blueprint = Blueprint("monitoring", __name__)


@blueprint.get("/health")
@everyone
def health() -> tuple[Response, int]:
    """200 when the database answers, else 503; `waiting` above 0 means that no scheduler works."""
    engine: Engine = current_app.extensions["engine"]
    try:
        with engine.connect() as connection:
            jobs = connection.execute(_JOBS, {"late": LATE}).one()
    except DBAPIError:
        return jsonify(database=False), 503
    return jsonify(database=True, jobs=dict(jobs._mapping)), 200
