"""The sealed content in words for page, Word and Excel. What is missing is said, never 0."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from yuantou.assessments.charting import chart, scale, years_words
from yuantou.assessments.explaining import Score
from yuantou.assessments.runs.words import issue_of

Document = Mapping[str, Any]
DASH = "—"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table of indicators, ready to be read."""

    code: str
    name: str
    unit: str
    own: str | None
    interval: str
    baseline: str
    baseline_note: str
    city: str
    province: str
    verdict: str
    verdict_label: str
    basis: str
    why: str
    target: str
    definition: Document
    previous: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """One note on the quality of the data, with its icon."""

    text: str
    icon: str
    serious: bool = False


@dataclass(frozen=True)
class Report:
    """A sealed report with the words of its parts; `content` is the sealed document."""

    content: Document

    @property
    def about(self) -> Document:
        """Area, scheme and period."""
        return _mapping(self.content["about"])

    @property
    def title(self) -> str:
        """The heading."""
        return _("%(name)s源头预防化解评估", name=self.about["name"])

    @property
    def issue(self) -> str:
        """Which issue it is."""
        ends = (date.fromisoformat(self.about[key]) for key in ("period_start", "period_end"))
        return issue_of(self.about.get("kind", "monthly"), *ends)

    @property
    def cumulative(self) -> bool:
        """Whether it adds up from January."""
        return str(self.about["period_start"][5:7]) == "01"

    @property
    def period(self) -> str:
        """The days it speaks of."""
        start = date.fromisoformat(self.about["period_start"])
        end = date.fromisoformat(self.about["period_end"])
        return f"{day(start)}—{end.month}月{end.day}日"

    @property
    def as_of(self) -> str:
        """When its figures were computed."""
        found = self.about["as_of"]
        return day(datetime.fromisoformat(found).date()) if found else DASH

    @property
    def lines(self) -> list[Line]:
        """All indicators."""
        held = self._previous.get("values", {})
        return [
            replace(line(one), previous=held.get(one["code"]) or "")
            for one in self.content["indicators"]
        ]

    @property
    def _previous(self) -> Document:
        """What the last sealed report of the same kind said; empty where there is none."""
        return _mapping(_mapping(self.content.get("annex")).get("previous"))

    @property
    def last(self) -> str:
        """Which report the figures of the last period are taken from."""
        found = self._previous
        if not found:
            return _("没有可比的上一期封存报告。")
        words = {
            "end": day(date.fromisoformat(found["period_end"])),
            "n": found["edition"],
            "seal": found["seal"][:16],
        }
        if self.about["period_start"] <= found["period_end"]:
            return _(
                "上一期截至 %(end)s，第 %(n)s 版，封存 %(seal)s…。"
                "累计数与上一期部分重叠，只并列，不作是否有差别的判断。",
                **words,
            )
        return _(
            "上一期截至 %(end)s，第 %(n)s 版，封存 %(seal)s…。"
            "与上一期只并列，不作是否有差别的判断。",
            **words,
        )

    @property
    def headline(self) -> Line:
        """The indicator that stands large."""
        return self._line(self.about["headline"])

    @property
    def beside(self) -> list[Line]:
        """The other ways to count the headline."""
        return [self._line(code) for code in self.about["beside"]]

    def _line(self, code: str) -> Line:
        return next(each for each in self.lines if each.code == code)

    @property
    def scale(self) -> dict[str, Any] | None:
        """The headline on its baseline, with the means as ticks; None without a figure."""
        one = next(
            each for each in self.content["indicators"] if each["code"] == self.about["headline"]
        )
        return scale(one) if one["own"] else None

    @property
    def chart(self) -> dict[str, Any]:
        """The run of months for the chart."""
        return chart(self.content["trend"])

    @property
    def of_unit(self) -> bool:
        """Whether it is of a department or a township."""
        return str(self.about.get("level", "county")) != "county"

    @property
    def judged(self) -> str:
        """What stands behind its verdicts."""
        means = _("均值由数据齐全的合计得出。")
        if self.about.get("tested"):
            return _("判断：精确检验（5%）表明本期与自身基线有差别，才写“偏离基线”。") + means
        return _("判断：本期与自身基线的 95% 区间不相交，才写“偏离基线”。") + means

    def target_source(self, found: Document) -> str:
        """Who set a target, by which document, when."""
        set_on = day(date.fromisoformat(found["set_on"]))
        return f"{found['set_by']} · {found['document']} · {set_on}"

    @property
    def compare(self) -> str:
        """The headline beside the same months of last year."""
        before = self.content["year_ago"]
        if before["missing"] == "break":
            return _("2025年1月起先立案、后调解，与上年同期不直接相比。")
        if before["missing"]:
            return _("上年同期数据不足，不作比较。")
        change = before["change"]
        moved = _("上升") if not change.startswith("-") else _("下降")
        if before.get("points"):
            return _(
                "上年同期 %(before)s，数值%(moved)s %(change)s 个百分点，未作检验。",
                before=before["value"],
                moved=moved,
                change=change.removeprefix("-"),
            )
        return _(
            "较上年同期（%(before)s）%(moved)s %(change)s%%，同一人口口径。",
            before=before["value"],
            moved=moved,
            change=change.removeprefix("-"),
        )

    @property
    def conclusion(self) -> str:
        """What the run of months says."""
        trend = self.content["trend"]
        if not trend["limits"]:
            return _("月数不足，不画自然波动界。")
        if not trend["outside"]:
            return _("各月都在波动界内：没有需要单独解释的异常月。")
        months = "、".join(month(each) for each in trend["outside"])
        return _("在波动界外、宜单独说明的月份：%(months)s。", months=months)

    @property
    def score(self) -> Score | None:
        """The points, None where the scheme gives none."""
        found = self.content.get("score")
        return Score(found) if found else None

    @property
    def notes(self) -> list[Note]:
        """What a reader must know of the data."""
        return [note(each) for each in self.content["notes"]]


def line(one: Document) -> Line:
    """The words of one indicator."""
    words, own, before = one["definition"], one["own"], one["baseline"]
    return Line(
        code=one["code"],
        name=words["name_zh"],
        unit=words["unit_zh"],
        own=own["value"] if own else None,
        interval=f"{own['low']}—{own['high']}" if own else DASH,
        baseline=before["value"] if before else DASH,
        baseline_note=years_words(before["years"]) if before else _("无可比年份"),
        city=mean(one["city"]),
        province=mean(one["province"]),
        verdict=one["verdict"] if own else "unknown",
        verdict_label=_verdict(one),
        basis=_basis(one),
        why=_why(one),
        target=target(one["target"]),
        definition=words,
    )


def _verdict(one: Document) -> str:
    own, before = one["own"], one["baseline"]
    if not own:
        return _("数据待核")
    if not before:
        return _("无基线可比")
    if one["verdict"] == "within":
        return _("在区间内")
    lower = float(own["value"]) < float(before["value"])
    return _("偏离基线（偏低）") if lower else _("偏离基线（偏高）")


def mean(found: Document | None) -> str:
    """A mean with how many counties stand behind it."""
    return str(found["value"]) if found else DASH


def target(found: Document | None) -> str:
    """A target, or that none was set."""
    if not found:
        return _("未设定")
    sign = _("不高于") if found["direction"] == "down" else _("不低于")
    return f"{sign} {found['value']}"


def _basis(one: Document) -> str:
    own, words = one["own"], one["definition"]
    if not own:
        return DASH
    if words["kind"] == "rate":
        persons = _("%(n)s 万人", n=f"{own['denominator'] / 10000:,.1f}")
        return _("%(events)s 件 ÷ %(persons)s", events=f"{own['numerator']:,}", persons=persons)
    return f"{own['numerator']:,} / {own['denominator']:,}"


def _why(one: Document) -> str:
    return str(one["missing"]["text"]) if one["missing"] else ""


def note(found: Document) -> Note:
    """The words of one note."""
    kind = found["kind"]
    if kind == "courts_missing":
        months = "、".join(month(each) for each in found["months"])
        text = _(
            "缺 %(court)s %(months)s 的司法数据：相关指标“数据待核”，不作评价。",
            court=found["court"],
            months=months,
        )
        return Note(text, "alert", serious=True)
    if kind == "revised":
        text = _(
            "%(court)s %(month)s 的数据于 %(at)s 更正，已计入。",
            court=found["court"],
            month=month(found["month"]),
            at=day(date.fromisoformat(found["at"])),
        )
        return Note(text, "clock")
    if kind == "adjusted":
        return Note(_adjusted(found), "alert", serious=True)
    if kind == "founded":
        return Note(_founded(found), "info")
    if kind == "warning":
        return Note(found["text"], "info")
    return _population(found)


def _founded(found: Document) -> str:
    words = {"name": found["name"], "source": found["source"],
             "day": day(date.fromisoformat(found["day"]))}  # fmt: skip
    if found["ended"]:
        return _(
            "%(name)s自 %(day)s 起撤销（依据：%(source)s）：期末已不存在，没有报告，"
            "此前的数不在全市、全省的合计和均值里。",
            **words,
        )
    return _(
        "%(name)s自 %(day)s 起设立（依据：%(source)s）："
        "合计和均值从那天起含它的数，上年同期没有或不全。",
        **words,
    )


def _adjusted(found: Document) -> str:
    return _(
        "经异议采纳（第 %(n)s 号，%(at)s），%(code)s 的分子调整 %(events)s、"
        "分母调整 %(whole)s：%(why)s",
        n=found["objection"],
        at=day(date.fromisoformat(found["decided_on"])),
        code=found["indicator"],
        events=f"{found['events']:+d}",
        whole=f"{found['whole']:+d}",
        why=found["reason"],
    )


def _population(found: Document) -> Note:
    if found["kind"] == "population_missing":
        return Note(_("没有可用的人口数：按人口计算的指标“数据待核”。"), "alert", serious=True)
    words = {
        "year": found["year"],
        "name": found["name"],
        "persons": f"{found['persons'] / 10000:,.1f}",
        "age": found["age"],
    }
    if found["kind"] == "population_old":
        text = _(
            "人口用 %(year)s 年%(name)s %(persons)s 万人，比报告年的上一年早 %(age)s 年，"
            "比率仅供参考；两年同一人口。",
            **words,
        )
        return Note(text, "users", serious=True)
    return Note(_("人口用 %(year)s 年%(name)s %(persons)s 万人；两年同一人口。", **words), "users")


def day(value: date) -> str:
    """A day as offices write it."""
    return f"{value.year}年{value.month}月{value.day}日"


def month(text: str) -> str:
    """A month as offices write it."""
    return f"{text[:4]}年{int(text[5:7])}月"


def _mapping(value: Any) -> Document:
    return value if isinstance(value, Mapping) else {}
