"""源头治理: its first page, and the pages of its rooms."""

from flask import render_template
from flask_login import current_user

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.viewer import db
from yuantou.alerts.governance.analyses import pages as analysis_pages
from yuantou.alerts.governance.analyses import queries as analyses_of
from yuantou.alerts.governance.appraisals import pages as appraisal_pages
from yuantou.alerts.governance.blueprint import blueprint
from yuantou.alerts.governance.courses import ANALYSIS, LETTER, TASK
from yuantou.alerts.governance.effects import pages as effect_pages
from yuantou.alerts.governance.meetings import pages as meeting_pages
from yuantou.alerts.governance.meetings import queries as meetings_of
from yuantou.alerts.governance.recommendations import pages as letter_pages
from yuantou.alerts.governance.recommendations import queries as letters_of
from yuantou.calendar import clock

__all__ = [
    "analysis_pages",
    "appraisal_pages",
    "blueprint",
    "effect_pages",
    "letter_pages",
    "meeting_pages",
]
FIRST = 8


@blueprint.get("/sources/")
@audience(Permission.SOURCE_READ)
def index() -> str:
    """What waits for my unit, and what goes on."""
    today = clock.today()
    return render_template(
        "governance/index.html",
        letters=letters_of.mine(db(), current_user),
        tasks=meetings_of.mine(db(), current_user),
        analyses=analyses_of.listing(db(), current_user, 1, FIRST)[:FIRST],
        late=letters_of.overdue_number(db(), today),
        today=today,
        course=ANALYSIS,
        letter_course=LETTER,
        task_course=TASK,
    )
