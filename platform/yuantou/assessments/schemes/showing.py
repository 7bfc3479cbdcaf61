"""A scheme, its trial and the events, as the pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms.fields import SelectChoice

from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.assessments.explaining import DASH, LEVELS, METHODS, Score, reason
from yuantou.assessments.models import SchemeVersion
from yuantou.assessments.rows import Row
from yuantou.assessments.scheme import Scheme
from yuantou.assessments.schemes import queries
from yuantou.assessments.schemes.choosing import in_use
from yuantou.assessments.schemes.models import SchemeChoice, SchemeTrial, ScoreEvent
from yuantou.assessments.units import DEPARTMENTS, unit_code
from yuantou.database.paging import Sheet
from yuantou.indicators.queries import definitions
from yuantou.territory.models import Area

MOST_NAMED = 30  # of one group


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One row of a scheme for people."""

    name: str
    method: str
    weight: str
    rule: str


@dataclass(frozen=True, slots=True)
class TrialRow:
    """What one area would have scored; `withheld` says what was not judged, and why."""

    area: str
    name: str
    points: str
    chance: str
    judged: str
    withheld: str
    ranks: str


@dataclass(frozen=True)
class Trial:
    """A trial that has ended, in words."""

    content: dict[str, Any]
    ranking: bool

    @property
    def period(self) -> str:
        """The months that were reckoned."""
        return f"{self.content['start'][:7]}—{self.content['end'][:7]}"

    @cached_property
    def judged(self) -> list[dict[str, Any]]:
        """What every area scored, by code, never by score."""
        found = sorted(self.content["rows"], key=lambda each: str(each["area"]))
        return [each for each in found if each["score"]]

    def rows(self, sheet: Sheet) -> list[TrialRow]:
        """A page of the areas."""
        errors = self.content["chance"].get("errors", {})
        return [
            _trial_row(each, errors) for each in self.judged[sheet.start : sheet.start + sheet.size]
        ]

    @property
    def conclusion(self) -> list[str]:
        """How far an order of these scores could be believed."""
        chance = self.content["chance"]
        if chance["pairs"] is None:
            return [_("全部可评的不到两个，不作比较。")]
        return [
            _("只比较全部指标可评的 %(n)s 个；有待核的不参加。", n=chance["compared"]),
            _(
                "任取两个，先后因偶然而颠倒的机会平均 %(pairs)s%%；整个次序有变的机会 %(order)s%%"
                "（按泊松、二项分布重抽 %(draws)s 次）。",
                pairs=chance["pairs"],
                order=chance["order"],
                draws=chance["draws"],
            ),
            _("不能区分的共 %(n)s 组，同组之内不宜分先后。", n=chance["count"]),
        ]

    @property
    def groups(self) -> list[str]:
        """The groups that cannot be told apart, names by code."""
        names = {each["area"]: each["name"] for each in self.content["rows"]}
        return [
            "、".join(names[code] for code in group[:MOST_NAMED])
            + (_(" 等 %(n)s 个", n=len(group)) if len(group) > MOST_NAMED else "")
            for group in self.content["chance"]["groups"]
        ]

    def score(self, area: str) -> tuple[str, Score] | None:
        """One area's name and score, line by line."""
        for each in self.content["rows"]:
            if each["area"] == area and each["score"]:
                return each["name"], Score(each["score"])
        return None


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event for people."""

    event: ScoreEvent
    name: str
    method: str
    area: str
    points: str
    proposer: str
    approver: str


def shown(trial: SchemeTrial, made: Scheme) -> Trial | None:
    """A trial that has ended well."""
    return Trial(trial.result, made.ranking) if trial.result else None


def _trial_row(each: dict[str, Any], errors: dict[str, str]) -> TrialRow:
    score = Score(each["score"])
    lacking = [line for line in score.content["lines"] if line["state"] == "withheld"]
    return TrialRow(
        area=each["area"],
        name=each["name"],
        points=score.points,
        chance=f"±{errors[each['area']]}" if each["area"] in errors else DASH,
        judged=f"{score.content['judged']} / {score.content['of']}",
        withheld=_withheld(lacking),
        ranks=score.ranks,
    )


def _withheld(lacking: Sequence[dict[str, Any]]) -> str:
    """What was not judged, by reason."""
    found: dict[str, list[str]] = {}
    for line in lacking:
        found.setdefault(line["reason"], []).append(line["name"])
    return "；".join(f"{reason(why)}：{'、'.join(names)}" for why, names in found.items())


def rules(session: Session, made: Scheme) -> list[RuleRow]:
    """The rows of a scheme in words."""
    words = definitions(session)
    return [
        RuleRow(
            name=row.name_zh or (words[row.code].name_zh if row.code in words else row.code),
            method=str(METHODS[row.method]),
            weight=f"{row.weight.normalize():f}" if row.weight else DASH,
            rule=_rule(row),
        )
        for row in made.score
    ]


def _rule(row: Row) -> str:
    if row.indicative:
        return _("只作参考，不计分")
    if row.method == "veto":
        return _("总分计零") if row.effect == "zero" else _("总分减 %(cut)s%%", cut=row.cut)
    if not row.of_figure:
        return _("每年最多 %(n)s 分；写明事由、证据，第二个人批准", n=f"{row.weight.normalize():f}")
    return " · ".join(each for each in (_rule_of(row), _bounds(row)) if each)


def _rule_of(row: Row) -> str:
    if row.method == "threshold_linear":
        words = {"target": row.target, "step": row.step}
        if row.direction == "up":
            return _("达到 %(target)s 满分，每低 1 扣 %(step)s 分", **words)
        return _("不超过 %(target)s 满分，每高 1 扣 %(step)s 分", **words)
    if row.method == "yoy_linear":
        return _("与上年同期比，变化的比例乘 %(slope)s，从满分加减", slope=row.slope)
    if row.method == "relative_mean":
        mean = _("全市均值") if row.mean == "city" else _("全省均值")
        return _("与%(mean)s比，相差的比例乘 %(slope)s，从满分加减", mean=mean, slope=row.slope)
    bands = "，".join(_band(each.to, each.score) for each in row.bands)
    if row.of == "value":
        return bands
    told = _("按自身基线的百分比：%(bands)s", bands=bands)
    return _("%(told)s；属正常波动的得满分", told=told) if row.noise else told


def _band(to: Any, score: Any) -> str:
    return (
        _("其余 %(score)s 分", score=score)
        if to is None
        else _("%(to)s 及以下 %(score)s 分", to=to, score=score)
    )


def _bounds(row: Row) -> str:
    told = []
    if row.cap > 1:
        told.append(_("最多得满分的 %(cap)s 倍", cap=row.cap))
    if row.floor:
        told.append(_("最少得 %(floor)s 分", floor=row.floor))
    if row.decision:
        told.append(_("依据 %(decision)s", decision=row.decision))
    return "，".join(told)


def people(session: Session, ids: Sequence[int | None]) -> dict[int, str]:
    """The names of accounts."""
    wanted = {each for each in ids if each is not None}
    rows = session.scalars(select(Account).where(Account.id.in_(wanted)))
    return {row.id: row.display_name for row in rows}


def event_rows(session: Session, rows: Sequence[ScoreEvent]) -> list[EventRow]:
    """The events in words."""
    known = {
        (made.code, row.code): row for _version, made in queries.held(session) for row in made.score
    }
    names = people(session, [one for row in rows for one in (row.proposed_by, row.approved_by)])
    wanted = {row.area_code for row in rows}
    found = session.scalars(select(Area).where(Area.code.in_(wanted)))
    areas = {area.code: area.name for area in found} | _departments(session, wanted)
    return [_event_row(row, known.get((row.scheme, row.row_code)), areas, names) for row in rows]


def _departments(session: Session, wanted: set[str]) -> dict[str, str]:
    rows = session.scalars(select(Agency).where(Agency.kind.in_(DEPARTMENTS)))
    return {code: row.name for row in rows if (code := unit_code(row.id)) in wanted}


def _event_row(
    event: ScoreEvent, row: Row | None, areas: dict[str, str], names: dict[int, str]
) -> EventRow:
    return EventRow(
        event,
        row.name_zh if row else event.row_code,
        str(METHODS[row.method]) if row else "",
        areas.get(event.area_code, event.area_code),
        DASH if event.points is None else f"{event.points.normalize():f}",
        names.get(event.proposed_by, DASH),
        names.get(event.approved_by or 0, DASH),
    )


def event_choices(session: Session) -> list[SelectChoice]:
    """Bonuses, maluses and vetoes of the schemes in force, by whom they judge, counties first."""
    found: dict[str, tuple[str, SelectChoice]] = {}
    for row, made in queries.held(session):
        for each in made.score if row.approved_at else ():
            key, words = f"{made.code}/{each.code}", f"{each.name_zh}（{METHODS[each.method]}）"
            if not each.of_figure:
                found.setdefault(key, (made.level, SelectChoice(key, f"{level(made)}：{words}")))
    order = sorted(found.values(), key=lambda each: list(LEVELS).index(each[0]))
    return [choice for _level, choice in order]


def choosable(session: Session) -> list[SelectChoice]:
    """The schemes in force, by whom they judge."""
    found = {
        made.code: SelectChoice(f"{made.level}/{made.code}", f"{level(made)}：{made.name_zh}")
        for row, made in queries.held(session)
        if row.approved_at
    }
    return sorted(found.values(), key=lambda each: each.value)


def levels_in_use(session: Session, year: int) -> list[tuple[str, str]]:
    """Whom a scheme judges this year, and by which; "" where none was chosen."""
    names = {made.code: made.name_zh for _row, made in queries.held(session)}
    return [
        (str(LEVELS[level]), names.get(scheme or "", ""))
        for level, scheme in in_use(session, year).items()
    ]


def choice_words(session: Session, row: SchemeChoice) -> str:
    """A choice in one line."""
    made = queries.newest_in_force(session, row.scheme)
    return _(
        "%(level)s从 %(year)s 年起用“%(name)s”",
        level=LEVELS[row.level],
        year=row.year,
        name=made.name_zh if made else row.scheme,
    )


def county_choices(session: Session, viewer: Viewer) -> list[SelectChoice]:
    """The counties below the viewer's area."""
    rows = session.execute(
        select(Area.code, Area.name)
        .where(Area.level == "county")
        .where(Area.path.startswith(viewer.agency.area_path, autoescape=True))
        .order_by(Area.code)
    )
    return [SelectChoice(code, name) for code, name in rows]


def level(made: Scheme) -> str:
    """Whom a scheme judges."""
    return str(LEVELS[made.level])


def state(row: SchemeVersion) -> tuple[str, str]:
    """Where a version stands: its words and its mark."""
    if row.approved_at:
        return _("已启用"), "done"
    if row.rejected_at:
        return _("已退回"), "shut"
    return (_("待第二人批准"), "wait") if row.proposed_by else (_("随软件到来，待提请"), "hold")


def last_change(day: date) -> str:
    """From which month a version counts."""
    return f"{day:%Y-%m}"
