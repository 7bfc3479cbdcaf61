"""The minutes of a meeting as a paper."""

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from yuantou.alerts.governance import places
from yuantou.alerts.governance.courses import TASK
from yuantou.alerts.governance.meetings import queries
from yuantou.alerts.governance.meetings.models import Meeting
from yuantou.alerts.governance.printing import Paper, Part, table, text
from yuantou.calendar.clock import local


def paper(session: Session, made: Meeting) -> Paper:
    """When, where, who, about what, what was decided, who does what by when."""
    agencies = queries.agencies(session, made.id)
    came = [(name, row.person or "—", _came(row.attended)) for row, name in agencies]
    tasks = [
        (row.what, owner, f"{row.due_on:%Y-%m-%d}", str(TASK.states[row.state][0]))
        for row, owner in queries.tasks(session, made.id)
    ]
    host = places.names(session, [made.agency_id]).get(made.agency_id, "")
    parts: list[Part] = [
        text(_("时间"), f"{local(made.held_at):%Y-%m-%d %H:%M}"),
        text(_("地点"), made.place),
        text(_("召集单位"), host),
        table(_("参加单位"), (_("单位"), _("出席人"), _("到会")), came),
        text(_("议程"), made.agenda),
        text(_("会商结论"), made.decisions or _("会议还没有召开，没有结论。")),
        table(_("任务"), (_("任务"), _("责任单位"), _("期限"), _("状态")), tasks),
    ]
    return Paper(_("%(name)s纪要", name=made.title), "", parts, host)


def _came(attended: bool | None) -> str:
    if attended is None:
        return "—"
    return _("到会") if attended else _("未到")
