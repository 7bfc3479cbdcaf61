"""Making the files of a run, reminding those who have not signed, noting what was taken out."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta

from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.assessments.delivery import queries, shelf
from yuantou.assessments.delivery.congress import Sealed, congress_paper
from yuantou.assessments.delivery.county import county_paper
from yuantou.assessments.delivery.leaves import Paper
from yuantou.assessments.delivery.models import AssessmentSummary
from yuantou.assessments.delivery.printing import KINDS, in_chinese, made
from yuantou.assessments.delivery.stamps import Source, source_of, stamp_of
from yuantou.assessments.delivery.summary import summary_paper
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.runs.words import issue
from yuantou.assessments.schemes.choosing import DEFAULT, scheme_of
from yuantou.assessments.units import COUNTY
from yuantou.audit.service import record
from yuantou.calendar.clock import local
from yuantou.calendar.clock import now as clock_now
from yuantou.calendar.workdays import WorkCalendar
from yuantou.disputes.service import working_calendar
from yuantou.notices.service import notify

Progress = Callable[[int, int], None]
STALE = timedelta(days=10)  # older debts were reminded of, or are for the office to ask about


class NotYetMade(RuntimeError):
    """The files of the run are still being made."""


class NothingSealed(LookupError):
    """No sealed summary of the province speaks of the year."""


@dataclass(frozen=True)
class Item:
    """One sealed thing of a run and its place in the archive."""

    folder: str
    name: str
    seal: str
    source: Source
    draw: Callable[[Source], Paper]

    def made(self, form: str) -> bytes:
        """Its file, from the shelf or made now."""
        return shelf.keep(self.seal, form, lambda: self._printed(form))

    def _printed(self, form: str) -> bytes:
        with in_chinese():
            return made(self.draw(self.source), form)


def report_file(kept: AssessmentReport, run: AssessmentRun, form: str) -> bytes:
    """The file of a sealed report, from the shelf or made now."""
    return _of_report(kept, run).made(form)


def summary_file(kept: AssessmentSummary, run: AssessmentRun, form: str) -> bytes:
    """The file of a sealed summary, from the shelf or made now."""
    return _of_summary(kept, run).made(form)


def make_files(session: Session, run: AssessmentRun, progress: Progress) -> int:
    """Step (worker): every file of a run that is not there yet; returns how many were made."""
    whole, done, new = len(queries.seals(session, run.id)) * len(KINDS), 0, 0
    for item in _items(session, run):
        for form in KINDS:
            new += not shelf.there(item.seal, form)
            item.made(form)
            done += 1
        progress(done, whole)
    return new


def _items(session: Session, run: AssessmentRun) -> Iterator[Item]:
    for kept in queries.summaries(session, run.id):
        yield _of_summary(kept, run)
    for report in queries.reports(session, run.id):
        yield _of_report(report, run)


def _of_summary(kept: AssessmentSummary, run: AssessmentRun) -> Item:
    content = json.loads(kept.content)
    name = f"{kept.area_code}{content['about']['name']}汇总{run.period_end:%Y-%m}"
    stamp = stamp_of(kept, run)
    source = Source(content=content, scheme=content["scheme"], stamp=stamp, demo=run.demo)
    return Item("汇总", name, _key(kept.seal, run), source, summary_paper)


def _of_report(kept: AssessmentReport, run: AssessmentRun) -> Item:
    source = source_of(kept, run)
    name = f"{kept.area_code}{source.content['about']['name']}评估{run.period_end:%Y-%m}"
    return Item("县区", name, _key(kept.seal, run), source, county_paper)


def files_made(session: Session, run: AssessmentRun) -> tuple[int, int]:
    """How many files of a run lie there, of how many."""
    seals = queries.seals(session, run.id)
    there = sum(shelf.there(_key(seal, run), form) for seal in seals for form in KINDS)
    return there, len(seals) * len(KINDS)


def packed(session: Session, run: AssessmentRun) -> bytes:
    """All files of a run in one archive; NotYetMade while some are lacking."""
    there, whole = files_made(session, run)
    if there < whole or not whole:
        raise NotYetMade
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_STORED) as archive:
        for item in _items(session, run):
            for form in KINDS:
                archive.writestr(f"{item.folder}/{item.name}.{form}", item.made(form))
    return held.getvalue()


def named_summaries(session: Session, run: AssessmentRun) -> Iterator[tuple[int, str]]:
    """The summaries of a run in sight with the names of their areas."""
    for kept in queries.summaries(session, run.id):
        yield kept.id, json.loads(kept.content)["about"]["name"]


def congress_file(session: Session, year: int) -> tuple[bytes, int]:
    """The draft for the People's Congress as Word, and the run that it draws on.

    Raises NothingSealed without a summary of the province for the year.
    """
    if not MINYEAR <= year <= MAXYEAR:
        raise NothingSealed(str(year))
    chosen = scheme_of(session, COUNTY, year) or DEFAULT
    for run in queries.runs_of_year(session, year, chosen):
        held = queries.summaries(session, run.id)
        sealed = [Sealed(json.loads(each.content), each.seal, each.algorithm) for each in held]
        provinces = [one for one in sealed if one.level == "province"]
        if provinces:
            cities = [one for one in sealed if one.level == "city"]
            paper = congress_paper(provinces[0], cities, queries.city_names(session))
            return made(paper, "docx"), run.id
    raise NothingSealed(str(year))


def remind(session: Session, *, now: datetime | None = None) -> int:
    """Step (worker): tell who has not signed, the working day before the limit and after it."""
    now = now or clock_now()
    calendar, reminded, late = working_calendar(session), 0, dict[int, int]()
    for report, _area in queries.unsigned(session, after=now - STALE):
        kind = _stage(calendar, report, local(now).date())
        if kind is None or queries.superseded(session, report):
            continue
        if kind == "assessment_late":
            late[report.run_id] = late.get(report.run_id, 0) + 1
        if not queries.told(session, kind, report_id=report.id):
            _tell(session, report, kind, now)
            reminded += 1
    for run_id, number in late.items():
        _tell_offices(session, run_id, number, now)
    return reminded


def _stage(calendar: WorkCalendar, report: AssessmentReport, today: date) -> str | None:
    if report.sign_by is None:
        return None
    last = local(report.sign_by).date()
    if today <= last:
        return "assessment_due" if calendar.workdays_between(today, last) <= 1 else None
    return "assessment_late" if calendar.workdays_between(last, today) >= 1 else None


def _tell(session: Session, report: AssessmentReport, kind: str, now: datetime) -> None:
    if report.delivered_to is None or report.sign_by is None:
        return
    last = local(report.sign_by).date()
    words = "即将到期" if kind == "assessment_due" else "已过签收期限"
    notify(
        session,
        agency_id=report.delivered_to,
        kind=kind,
        title=f"{issue(session.get_one(AssessmentRun, report.run_id))}定期评估{words}",
        body=f"签收期限是{last.month}月{last.day}日，请打开报告签收。",
        link=f"/assessments/reports/{report.id}",
        report_id=report.id,
        now=now,
    )


def _tell_offices(session: Session, run_id: int, number: int, now: datetime) -> None:
    of_counties = session.get_one(AssessmentRun, run_id).level == COUNTY
    page, whom = ("delivery", "县（市、区）") if of_counties else ("units", "部门或乡镇")
    link = f"/assessments/{page}?run={run_id}"
    if queries.told(session, "assessment_unsigned", link=link):
        return
    for agency in queries.offices(session):
        notify(
            session,
            agency_id=agency,
            kind="assessment_unsigned",
            title=f"{number} 个{whom}过期未签收定期评估",
            body="打开可以看名单。",
            link=link,
            now=now,
        )


def note_taking(session: Session, *, by: Viewer, run_id: int, what: str) -> None:
    """Write down that files of a run were taken out."""
    record(
        session,
        action="assessment:export",
        object_type="assessment_run",
        object_id=run_id,
        account_id=by.id,
        agency_id=by.agency.id,
        facts={"form": what},
    )
    session.commit()


def _key(seal: str, run: AssessmentRun) -> str:
    """Demo data are marked on paper, and a run may become demo data after it was sealed."""
    return f"{seal}:{run.demo}"
