"""What the pages of a run show, gathered for the templates."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.assessments.delivery.stamps import Source
from yuantou.assessments.explaining import LEVELS
from yuantou.assessments.models import AssessmentRun, SchemeVersion
from yuantou.assessments.objections.queries import Wanted, aimed_at, listed, of_unit, raised
from yuantou.assessments.objections.words import ANSWERS
from yuantou.assessments.paging import Part, within
from yuantou.assessments.presenting import Report, day
from yuantou.assessments.runs.carrying import rows as carrying_rows
from yuantou.assessments.runs.machine import APPROVALS, RunState, open_acts
from yuantou.assessments.runs.models import AssessmentDraft
from yuantou.assessments.runs.queries import (
    acts,
    approvals,
    called_off,
    draft_number,
    drafts_listed,
    previews_of,
    progress_of,
    standing,
)
from yuantou.assessments.runs.words import ACTS, KINDS, REFUSALS, STATES, issue_shown
from yuantou.assessments.units import COUNTY, spoken_for, units
from yuantou.calendar.clock import local
from yuantou.database.paging import Sheet


def run_page(
    session: Session,
    viewer: Viewer,
    run: AssessmentRun,
    now: datetime,
    asked: Part,
    wanted: Wanted,
    page: int,
) -> dict[str, Any]:
    """Everything that the page of a run shows: a part of its units, a page of its objections."""
    found = standing(session, run, now)
    return {
        "run": run,
        "issue": issue_shown(run),
        "kind": KINDS[run.kind],  # type: ignore[index]
        "state": STATES[found.state],
        "open": {
            action: REFUSALS[why] if why else None
            for action, why in open_acts(found, viewer.id).items()
        },
        "approved": _names(session, [each.by_id for each in approvals(session, run)]),
        "needed": APPROVALS,
        **_units(session, viewer, run, asked),
        **_objections(session, viewer, run, now, wanted, page),
        "level": LEVELS[run.level],
        "carried": carrying_rows(session, run),
        "acts": [(one.act, one.name, ACTS.get(one.act.action, one.act.action))
                 for one in acts(session, run.id)],
        "progress": progress_of(session, run),
        "waiting": found.state in (RunState.PREPARING, RunState.APPROVED),
        "now": now,
    }  # fmt: skip


def draft_page(
    session: Session, viewer: Viewer, draft: AssessmentDraft, run: AssessmentRun, now: datetime
) -> dict[str, Any]:
    """Everything that the page of a draft shows."""
    return {
        "draft": draft,
        "run": run,
        "issue": issue_shown(run),
        "state": STATES[RunState(run.state)],
        "report": Report(json.loads(draft.content)),
        "scheme": json.loads(draft.inputs)["scheme"],
        "objections": of_unit(session, run.id, draft.area_code),
        "may_still": may_object(run, now),
        "called_off": called_off(session, run),
        "rows_url": _rows_url(viewer, run, draft.area_code),
        "own": draft.area_code == spoken_for(viewer.agency),
        "now": now,
    }


def _rows_url(viewer: Viewer, run: AssessmentRun, area: str) -> Callable[[str], str] | None:
    """Where a county's figures are opened to what they are made of, as far as a page shows it."""
    months = run.period_end.month - run.period_start.month + 1
    span = "ytd" if run.period_start.month == 1 else {1: "month", 3: "quarter"}.get(months)
    if run.level != COUNTY or span is None or not viewer.may(Permission.FIGURES_READ):
        return None
    month = f"{run.period_end:%Y-%m}"
    return lambda code: url_for("indicators.show", code=code, area=area, month=month, span=span)


def source_of(draft: AssessmentDraft, run: AssessmentRun) -> Source:
    """A draft as the source of its paper."""
    until = local(run.preview_until).date() if run.preview_until else None
    return Source(
        content=json.loads(draft.content),
        scheme=json.loads(draft.inputs)["scheme"],
        draft=True,
        demo=run.demo,
        window=f"更正期到 {day(until)}。" if until else "",
    )


def may_object(run: AssessmentRun, now: datetime) -> bool:
    """Whether units may object to their drafts: the correction window of the run is open."""
    open_ = run.state == RunState.PREVIEW and run.preview_until is not None
    return open_ and now <= (run.preview_until or now)


def preview_rows(session: Session, viewer: Viewer, now: datetime) -> list[dict[str, Any]]:
    """The drafts that a county or a unit has before it, with the days left to object."""
    rows = previews_of(session, [spoken_for(viewer.agency)])
    return [
        {
            "run": run,
            "issue": issue_shown(run),
            "url": (run.id, draft.area_code),
            "open": may_object(run, now),
            "days": (local(run.preview_until).date() - local(now).date()).days
            if run.preview_until
            else None,
        }
        for draft, run in rows
    ]


def schemes(session: Session) -> list[tuple[str, str]]:
    """The schemes that a run can be made by: name and whom they judge, counties first."""
    rows = session.scalars(
        select(SchemeVersion)
        .where(SchemeVersion.approved_at.is_not(None))
        .order_by(SchemeVersion.code, SchemeVersion.version)
    )
    held = {row.code: (str(row.body.get("level", COUNTY)), row.body["name_zh"]) for row in rows}
    order = sorted(held, key=lambda code: (held[code][0] != COUNTY, code))
    return [(code, f"{held[code][1]}（{LEVELS[held[code][0]]}）") for code in order]


def _names(session: Session, ids: list[int | None]) -> list[str]:
    rows = session.execute(select(Account.id, Account.display_name).where(Account.id.in_(set(ids))))
    found = {key: name for key, name in rows}  # noqa: C416 — typed rows
    return [found.get(each or 0, "—") for each in ids]


def _objections(
    session: Session,
    viewer: Viewer,
    run: AssessmentRun,
    now: datetime,
    wanted: Wanted,
    page: int,
) -> dict[str, Any]:
    """A page of the objections that fit, and what there is to choose from."""
    under = within(session, viewer, wanted.place)
    rows, sheet = listed(session, run.id, *wanted.conditions(under, now), page=page)
    return {
        "objections": rows,
        "said_sheet": sheet,
        "wanted": wanted,
        "aimed_at": [("", _("全部")), *aimed_at(session, run.id)],
        "answers": [("", _("全部")), *ANSWERS],
    }


def _units(session: Session, viewer: Viewer, run: AssessmentRun, asked: Part) -> dict[str, Any]:
    """A page of the units with a draft in a place, and where to page on."""
    place = within(session, viewer, asked.place)
    sheet = Sheet.of(draft_number(session, run, place), asked.page)
    codes = drafts_listed(session, run, place, sheet)
    number = raised(session, run.id, codes)
    known = units(session, run.level, run.period_end, codes)
    rows = [{"unit": known[code], "raised": number.get(code)} for code in codes if code in known]
    return {"units": rows, "sheet": sheet, "place": asked.place}
