"""What followed from what was done, over all acts in sight."""

from flask import render_template
from flask_login import current_user

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.alerts.governance.analyses import queries as analyses_of
from yuantou.alerts.governance.blueprint import blueprint
from yuantou.alerts.governance.effects import queries
from yuantou.alerts.governance.effects.presenting import acts
from yuantou.alerts.governance.meetings import queries as meetings_of
from yuantou.alerts.governance.recommendations import queries as letters_of
from yuantou.alerts.governance.terms import read

SHOWN = 60


@blueprint.get("/sources/effects/")
@audience(Permission.SOURCE_READ)
def effects() -> str:
    """The newest acts first."""
    rows = queries.newest(db(), SHOWN)
    rows = sorted(
        rows, key=lambda row: (-row.since.toordinal(), row.kind, row.object_id, row.horizon)
    )
    held = meetings_of.named(db(), [row.object_id for row in rows if row.kind == "meeting"])
    sent = letters_of.named(db(), [row.object_id for row in rows if row.kind == "recommendation"])
    open_ = analyses_of.open_to(db(), current_user, {row.analysis_id for row in rows})
    return render_template(
        "governance/effects.html", effects=acts(rows, held, sent, open_), terms=read().effects
    )
