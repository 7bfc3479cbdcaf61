"""`flask assessments run|verify`: by hand what the scheduler does, and the look afterwards."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import partial

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from yuantou.assessments import queries
from yuantou.assessments.delivery import sealing
from yuantou.assessments.delivery.models import AssessmentSummary
from yuantou.assessments.periods import last_day, month_before, month_of, months_back
from yuantou.assessments.runs.preparing import NothingToAssess, prepare
from yuantou.assessments.runs.verifying import altered, receipts
from yuantou.assessments.schemes.choosing import DEFAULT, scheme_of
from yuantou.assessments.sealing import Comparison
from yuantou.assessments.service import AlreadyAssessed, assess, open_monthly, verify
from yuantou.assessments.units import COUNTY
from yuantou.calendar.clock import now
from yuantou.database.session import make_engine, make_sessions

assessments = AppGroup("assessments", help="定期评估。Scheduled assessments.")
COMMANDS = (assessments,)
WORDS = {
    Comparison.SAME: "同 same",
    Comparison.CODE_DIFFERS: "代码版本不同 differs by code version",
    Comparison.ALTERED: "被改动 altered",
}
MISSING = "缺失 missing"


@assessments.command("run")
@click.option("--period", required=True, metavar="YYYY-MM", help="到哪个月为止。Last month.")
@click.option("--force", is_flag=True, help="已有时出新版。A new edition where there is one.")
@click.option("--at-once", is_flag=True, help="不经预览和批准直接封存。Publish without approvals.")
def run_command(period: str, force: bool, at_once: bool) -> None:
    """准备全部县区的预览稿。Prepare the drafts of all counties."""
    try:
        period_end = last_day(period)
    except ValueError as fault:
        raise click.BadParameter(f"月份写作 2026-10:{period}") from fault
    started = now()
    if period_end >= started.date():
        raise click.BadParameter(f"{period} 还没有结束")
    with _worker() as session:
        _assess(session, period_end, force, started, at_once=at_once)


@assessments.command("demo")
def demo_command() -> None:
    """演示数据：把上上月和再上月的评估封存。Publish two past months of demo data, once."""
    started = now()
    month = month_before(started.date())
    with _worker() as session:
        if not queries.is_demo(session) or queries.runs(session, 1):
            return
        for back in (1, 2):
            period = month_of(months_back(last_day(month), back))
            _assess(session, last_day(period), False, started, at_once=True)


def _assess(
    session: Session, period_end: date, force: bool, started: datetime, *, at_once: bool
) -> None:
    scheme = scheme_of(session, COUNTY, period_end.year) or DEFAULT
    begin = partial(
        assess if at_once else open_monthly,
        period_end=period_end,
        due_at=started,
        force=force,
        scheme_code=scheme,
    )
    try:
        run = begin(session)
        if not at_once:
            prepare(session, run, now=started, progress=_silent)
    except (AlreadyAssessed, NothingToAssess, queries.SchemeUnknown) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    session.commit()
    if at_once:
        click.echo(f"第 {run.edition} 版已封存：{run.done} 个县区，到 {run.period_end}。")
    else:
        click.echo(f"第 {run.edition} 版预览稿已备好：{run.counties} 个县区，到 {run.period_end}。")


def _silent(_done: int, _whole: int) -> None:
    """A command tells its end only."""


@assessments.command("verify")
@click.option("--report", type=int, help="只核验这一份。This report only.")
def verify_command(report: int | None) -> None:
    """核验封存的报告。Compare sealed reports with their seals and the audit chain."""
    found: Counter[Comparison] = Counter()
    with _worker() as session:
        for kept in queries.sealed_reports(session, report):
            outcome = verify(session, kept)
            found[outcome] += 1
            if report or outcome is not Comparison.SAME:
                click.echo(f"{kept.id}\t{kept.area_code}\t{kept.period_end}\t{WORDS[outcome]}")
        missing = [] if report and found else queries.missing_reports(session)
        drafts = [] if report else list(altered(session))
        unsigned = [] if report else receipts(session)
        summaries = [] if report else list(sealing.verified(session))
        gone = [] if report else sealing.missing(session)
    for run, area in drafts:
        click.echo(f"评估 run {run}\t{area or '全部'}\t预览稿 draft\t{WORDS[Comparison.ALTERED]}")
    wrong = _tell_summaries(summaries, gone) if not report else False
    for kept_id, area in unsigned:
        click.echo(f"{kept_id}\t{area}\t签收 receipt\t{WORDS[Comparison.ALTERED]}")
    _conclude(found, missing)
    if (
        found[Comparison.ALTERED]
        or missing
        or drafts
        or unsigned
        or wrong
        or (report and not found)
    ):
        raise click.exceptions.Exit(1)


def _tell_summaries(
    summaries: Sequence[tuple[AssessmentSummary, Comparison]], gone: Sequence[tuple[int, str]]
) -> bool:
    """Say what was found of the summaries of cities and the province; whether one is wrong."""
    for kept, outcome in summaries:
        if outcome is not Comparison.SAME:
            place = f"{kept.area_code}\t{kept.period_end}"
            click.echo(f"汇总 summary {kept.id}\t{place}\t{WORDS[outcome]}")
    for run, area in gone:
        click.echo(f"评估 run {run}\t{area}\t汇总 summary\t{MISSING}")
    counts = Counter(outcome for _kept, outcome in summaries)
    words = ",".join(f"{WORDS[each]} {counts[each]}" for each in Comparison)
    click.echo(f"核验汇总 {len(summaries)} 份：{words},{MISSING} {len(gone)}。")
    return bool(counts[Comparison.ALTERED] or gone)


def _conclude(found: Counter[Comparison], missing: list[queries.MissingReport]) -> None:
    for gone in missing:
        click.echo(f"评估 run {gone.run}\t{gone.area_code}\t{MISSING}")
    words = ",".join(f"{WORDS[each]} {found[each]}" for each in Comparison)
    click.echo(f"核验 {found.total()} 份：{words},{MISSING} {len(missing)}。")


@contextmanager
def _worker() -> Iterator[Session]:
    engine = make_engine(current_app.extensions["connections"].need("worker"), pool_size=1)
    try:
        with make_sessions(engine)() as session:
            yield session
    finally:
        engine.dispose()
