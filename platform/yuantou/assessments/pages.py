"""What the pages show, gathered for the templates."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms.fields import SelectChoice

from yuantou.access.permissions import Permission
from yuantou.access.scope import NOWHERE
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.assessments import queries
from yuantou.assessments.explaining import LEVELS
from yuantou.assessments.forms import TargetForm
from yuantou.assessments.models import AssessmentReport, AssessmentRun, Target
from yuantou.assessments.paging import Part, sent, sent_number, within
from yuantou.assessments.presenting import Report, day
from yuantou.assessments.runs.words import issue_shown
from yuantou.assessments.targets.reading import department_fault
from yuantou.assessments.targets.values import FIRST_YEAR, area_fault, indicator_fault
from yuantou.assessments.units import COUNTY, TOWNSHIP, units, whom
from yuantou.calendar.clock import local
from yuantou.calendar.workdays import WorkCalendar
from yuantou.database.jobs import Job
from yuantou.database.paging import Sheet
from yuantou.database.schedule import JobRun
from yuantou.disputes.service import working_calendar
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.queries import definitions
from yuantou.territory.models import Area

CAUGHT_UP_AFTER = 3600  # seconds after its due time from which a start counts as catching up
COUNTY_STEP = 3  # of an area path: province / city / county
STATES = {
    "due": ("wait", "待运行"),
    "running": ("run", "运行中"),
    "done": ("done", "已完成"),
    "failed": ("back", "失败"),
    "missed": ("hold", "未补做"),
}


@dataclass(frozen=True, slots=True)
class JobRow:
    """One run of a job for people."""

    name: str
    due: str
    started: str
    ended: str
    group: str
    state: str
    caught_up: bool
    progress: str
    error: str


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One revision of a target for people."""

    target: Target
    indicator: str
    value: str
    unit: str
    area: str
    current: bool


def of_one_county(viewer: Viewer) -> bool:
    """Whether the viewer has reports of his own alone: his county's, township's or unit's."""
    wide = len(viewer.agency.area_path.strip("/").split("/")) < COUNTY_STEP
    return not wide or viewer.scope.sums == NOWHERE


def report_rows(
    reports: Sequence[tuple[AssessmentReport, AssessmentRun]],
) -> list[dict[str, Any]]:
    """The reports of a county, with which of them is the last edition of its period."""
    seen: set[tuple[str, date, date]] = set()
    rows = []
    for kept, run in reports:
        period = run.kind, run.period_start, run.period_end
        rows.append(
            {"report": kept, "run": run, "last": period not in seen, "issue": issue_shown(run)}
        )
        seen.add(period)
    return rows


def report_page(
    session: Session, viewer: Viewer, kept: AssessmentReport, run: AssessmentRun, now: datetime
) -> dict[str, Any]:
    """Everything that the page of a report shows."""
    content = json.loads(kept.content)
    mine = kept.delivered_to == viewer.agency.id
    may = mine and viewer.may(Permission.ASSESSMENT_RECEIVE)
    return {
        "kept": kept,
        "run": run,
        "report": Report(content),
        "scheme": json.loads(kept.inputs)["scheme"],
        "may_receive": may and kept.received_at is None,
        "left": _left(working_calendar(session), kept, now),
        "receiver": _receiver(session, viewer, kept),
        "newer": queries.newer_edition(session, kept),
    }


def _left(calendar: WorkCalendar, kept: AssessmentReport, now: datetime) -> int | None:
    """Working days left for signing, negative when late."""
    if kept.sign_by is None or kept.received_at is not None:
        return None
    today, last = local(now).date(), local(kept.sign_by).date()
    if last >= today:
        return calendar.workdays_between(today, last)
    return -calendar.workdays_between(last, today)


def _receiver(session: Session, viewer: Viewer, kept: AssessmentReport) -> str:
    if kept.received_by is None:
        return ""
    account = session.get(Account, kept.received_by)
    return account.display_name if account else ""


def run_choices(runs: Sequence[AssessmentRun]) -> list[tuple[int, str]]:
    """The runs to choose from."""
    return [
        (
            run.id,
            ("" if run.level == COUNTY else f"{LEVELS[run.level]} · ")
            + _("%(issue)s，第 %(n)s 版", issue=issue_shown(run), n=run.edition)
            + (_("（更正重发）") if run.restates else ""),
        )
        for run in runs
    ]


def unit_page(session: Session, viewer: Viewer, run: AssessmentRun, asked: Part) -> dict[str, Any]:
    """A page of the reports of departments or townships in a place: name, county, report."""
    place = within(session, viewer, asked.place)
    sheet = Sheet.of(sent_number(session, run, place), asked.page)
    found = sent(session, run, place, sheet)
    known = units(session, run.level, run.period_end, [kept.area_code for kept in found])
    county = {kept.id: kept.area_path.strip("/").split("/")[:COUNTY_STEP][-1] for kept in found}
    names = queries.area_labels(session, set(county.values()))
    rows = [
        (
            known[kept.area_code].name if kept.area_code in known else kept.area_code,
            names.get(county[kept.id], ""),
            kept,
        )
        for kept in found
    ]
    return {"rows": rows, "sheet": sheet, "place": asked.place}


def job_rows(runs: Sequence[JobRun], jobs: Sequence[Job]) -> list[JobRow]:
    """Runs of jobs with state, delay and reason in words."""
    names = {job.code: job.name_zh for job in jobs}
    return [_job_row(run, names.get(run.job, run.job)) for run in runs]


def _job_row(run: JobRun, name: str) -> JobRow:
    group, label = STATES.get(run.state, ("wait", run.state))
    late = run.started_at and (run.started_at - run.due).total_seconds() > CAUGHT_UP_AFTER
    return JobRow(
        name=name,
        due=moment(run.due),
        started=moment(run.started_at),
        ended=moment(run.ended_at),
        group=group,
        state=label,
        caught_up=bool(late),
        progress=_progress(run.progress),
        error=run.error or "",
    )


def _progress(progress: dict[str, Any] | None) -> str:
    if not progress or not progress.get("total"):
        return ""
    return f"{progress.get('done', 0)} / {progress['total']}"


def moment(at: datetime | None) -> str:
    """A moment as offices write it, or a dash."""
    return f"{day_of(at)} {local(at):%H:%M}" if at else "—"


def day_of(at: datetime) -> str:
    """The day of a moment as offices write it."""
    return day(local(at).date())


def indicator_choices(known: Mapping[str, Definition]) -> list[SelectChoice]:
    """The indicators that can be given a target."""
    return [
        SelectChoice(code, f"{each.name_zh}（{each.screen[1]}）")
        for code, each in known.items()
        if not indicator_fault(each)
    ]


def area_choices(session: Session, viewer: Viewer) -> list[SelectChoice]:
    """The areas that can be given a target, cities above their counties."""
    areas = queries.areas_to_aim(session, viewer.agency.area_path)
    return [
        SelectChoice(area.code, "　" * (area.path.count("/") - 1) + area.name) for area in areas
    ]


def find_unit(session: Session, form: TargetForm) -> bool:
    """Whether the form's area, or its township or department, is there and may be aimed at."""
    made = form.known.get(form.indicator.data)
    if not form.unit.data:
        fault = area_fault(made, session.get(Area, form.area_code.data))
        form.area_code.errors = [fault] if fault else []
        return not fault
    found = whom(session, form.area_code.data, form.unit.data)
    if found is None:
        fault = _("这个地区没有这个乡镇代码或部门代码")
    elif found.agency:
        form.agency_id = found.agency
        fault = department_fault(made)
    else:
        form.township = found.code
        fault = "" if made and TOWNSHIP in made.levels else _("这一级没有这项指标，不能定目标")
    form.unit.errors = [fault] if fault else []
    return not fault


def pairs(choices: Sequence[SelectChoice]) -> list[tuple[str, Any]]:
    """Choices of a form as those of a filter."""
    return [("", _("全部")), *((each.value, each.label) for each in choices)]


def target_rows(session: Session, rows: Sequence[tuple[Target, bool]]) -> list[TargetRow]:
    """Revisions of targets in words."""
    words, names = definitions(session), queries.area_labels(session)
    wanted = {target.agency_id for target, _current in rows if target.agency_id}
    agencies = {
        each.id: each.name for each in session.scalars(select(Agency).where(Agency.id.in_(wanted)))
    }
    made = [_target_row(target, current, words, names) for target, current in rows]
    return [
        replace(row, area=f"{row.area} · {agencies.get(row.target.agency_id, '')}")
        if row.target.agency_id
        else row
        for row in made
    ]


def _target_row(
    target: Target, current: bool, words: Mapping[str, Definition], names: Mapping[str, str]
) -> TargetRow:
    known = words.get(target.indicator)
    return TargetRow(
        target,
        known.name_zh if known else target.indicator,
        f"{Decimal(str(target.value)).normalize():f}",
        known.screen[1] if known else "",
        names.get(target.area_code, target.area_code),
        current,
    )


def years(today: date) -> list[tuple[int, str]]:
    """The years that have or may get targets."""
    return [
        (year, _("%(year)s 年", year=year)) for year in range(today.year + 1, FIRST_YEAR - 1, -1)
    ]
