"""The score of a report in words, line by line, so that anybody can do the sums again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

Document = Mapping[str, Any]
DASH = "—"
REASONS = {
    "courts": _l("法院数据未报齐"),
    "no_court": _l("没有法院数据"),
    "component": _l("法院数据缺项"),
    "population": _l("没有人口数"),
    "regime": _l("前后口径不同，不可比"),
    "regime_mixed": _l("前后口径不同，不可比"),
    "break": _l("前后口径不同，不可比"),
    "supplied": _l("主管单位还没有提供"),
    "casefeed": _l("法院没有发布所需各月的案件级数据"),
    "year": _l("按年统计，一年没有过完"),
    "level": _l("这一级没有这项指标"),
    "level_courts": _l("法院按县区报数，没有分到每个乡镇和部门，看县区的数"),
    "level_suits": _l(
        "起诉按县区法院的案件级数据比对，齐不齐只能按县区说；一个单位往往只有几件，"
        "报数等于说出谁去起诉了。看县区的数"
    ),
    "stock": _l("期初未结的件没有按单位分开，不评"),
    "empty": _l("本期没有应计的件"),
    "small": _l("分母不到规定的最少数，只看不评"),
    "provisional": _l("近月数据还会补报，暂定"),
    "no_baseline": _l("没有可比的往年同期"),
    "no_last_year": _l("没有可比的上年同期"),
    "no_mean": _l("没有可比的均值"),
}
_ASK_COURTS = _l("请法院补报所缺各月，报齐后从下一次运行起计分")
_LOOK_ONLY = _l("数照列，不计分；没有要补的")
# There is nothing to count: who has to send what.
LACKING = {
    "courts": _ASK_COURTS,
    "no_court": _l("请核对法院计入哪个县区"),
    "component": _ASK_COURTS,
    "population": _l("请载入上年末的人口数"),
    "supplied": _l("请主管单位在“报数”里补报"),
    "casefeed": _l("请法院发布所缺各月的案件级数据"),
    "year": _l("等一年过完、名单报来"),
    "empty": _l("本期没有这类件，不用补报"),
}
# There is a figure, and it did not pass the gate: what becomes of it.
UNPASSED = {
    "small": _l("数照列，不计分；看更长的时段，或由方案另定最少数"),
    "provisional": _l("等近月补录完，从下一次运行起计分"),
    "no_baseline": _LOOK_ONLY,
    "no_last_year": _LOOK_ONLY,
    "no_mean": _l("等其他县区的数报齐"),
}
METHODS = {
    "threshold_linear": _l("达标满分"),
    "yoy_linear": _l("同比"),
    "band": _l("合理区间"),
    "relative_mean": _l("与均值比"),
    "bonus": _l("加分"),
    "malus": _l("减分"),
    "veto": _l("一票否决"),
}
LEVELS = {"county": _l("县区"), "department": _l("部门"), "township": _l("乡镇街道")}


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One line of a score: what it could give, what it gave, and why."""

    name: str
    method: str
    weight: str
    points: str
    why: str
    state: str


@dataclass(frozen=True)
class Score:
    """The score of a report with the words of its lines; `content` is the sealed part."""

    content: Document

    @property
    def points(self) -> str:
        """The sum, or a dash where nothing could be judged."""
        return self.content["points"] or DASH

    @property
    def summary(self) -> str:
        """Out of how many points was judged."""
        words = {"judged": self.content["judged"], "of": self.content["of"]}
        if self.content["judged"] == self.content["of"]:
            return _("满分 %(of)s 分，全部可评。", **words)
        return _("满分 %(of)s 分，其中 %(judged)s 分可评；待核的分不摊到其他指标。", **words)

    @property
    def complete(self) -> bool:
        """Whether nothing was withheld."""
        return bool(self.content["judged"] == self.content["of"])

    @property
    def lines(self) -> list[ScoreLine]:
        """All lines, figures first."""
        return [
            *(_of_figure(each) for each in self.content["lines"]),
            *(_of_event(each) for each in self.content["extra"]),
        ]

    @property
    def ranks(self) -> str:
        """The places that cannot be excluded, where the office turned ranking on."""
        found = self.content.get("ranks")
        if not found:
            return ""
        words = {key: found[key] for key in ("lower", "upper", "of")}
        return _(
            "在 %(of)s 个可比县区中，名次在第 %(lower)s 到第 %(upper)s 之间，"
            "区间内的先后不能区分。",
            **words,
        )


def reason(code: str) -> str:
    """Why points were withheld."""
    return str(REASONS.get(code, code))


def _withheld(code: str) -> str:
    """Why points were withheld, whether anything could be counted, and what is to be done."""
    words = {"why": reason(code)}
    if code in LACKING:
        return _("%(why)s。没有数可算，不当作0：%(next)s。", next=LACKING[code], **words)
    if code in UNPASSED:
        return _("%(why)s。有数，没有过数据关：%(next)s。", next=UNPASSED[code], **words)
    return words["why"]


def _of_figure(line: Document) -> ScoreLine:
    state = line["state"]
    if state == "withheld":
        why = _("数据待核：%(why)s", why=_withheld(line["reason"]))
    else:
        why = _HOW[line["method"]](line["facts"])
    if line["decision"]:
        why = _("%(why)s（依据：%(decision)s）", why=why, decision=line["decision"])
    points = line["points"] or (_("只作参考") if state == "indicative" else DASH)
    return ScoreLine(line["name"], str(METHODS[line["method"]]), line["weight"], points, why, state)


def _of_event(line: Document) -> ScoreLine:
    words = {key: line[key] for key in ("reason", "evidence", "on")}
    why = _("%(on)s：%(reason)s（%(evidence)s）", **words)
    signs = {"bonus": "+", "malus": "−"}
    if line["method"] in signs:
        points = signs[line["method"]] + line["points"]
    elif line["effect"] == "zero":
        points = _("总分计零")
    else:
        points = _("总分减 %(cut)s%%", cut=line["cut"])
    return ScoreLine(line["name"], str(METHODS[line["method"]]), DASH, points, why, "event")


def _threshold(facts: Document) -> str:
    words = {key: facts[key] for key in ("value", "target", "gap", "step")}
    if not Decimal(facts["gap"]):
        return _("%(value)s，达到 %(target)s，满分", **words)
    return _("%(value)s，离 %(target)s 差 %(gap)s，每差 1 扣 %(step)s 分", **words)


def _yoy(facts: Document) -> str:
    words = {key: facts[key] for key in ("value", "base", "slope")}
    told = _("%(value)s，上年同期 %(base)s；变化的比例乘 %(slope)s，从满分加减", **words)
    if "reward_to" in facts:
        return _("%(told)s；到 %(limit)s 为止，再好不多加", told=told, limit=facts["reward_to"])
    return told


def _relative(facts: Document) -> str:
    words = {key: facts[key] for key in ("value", "base", "slope")}
    if facts["mean"] == "city":
        return _("%(value)s，全市均值 %(base)s；相差的比例乘 %(slope)s，从满分加减", **words)
    return _("%(value)s，全省均值 %(base)s；相差的比例乘 %(slope)s，从满分加减", **words)


def _band(facts: Document) -> str:
    if facts["of"] == "value":
        return _("%(value)s，落在 %(band)s", value=facts["value"], band=_range(facts, ""))
    words = {"value": facts["value"], "base": facts["base"], "place": facts["place"]}
    told = _("%(value)s，是自身基线 %(base)s 的 %(place)s%%", **words)
    if "excused" in facts:
        return _("%(told)s；与基线不能区分，属正常波动，满分", told=told)
    return _("%(told)s，落在 %(band)s", told=told, band=_range(facts, "%"))


def _range(facts: Document, unit: str) -> str:
    low, high = facts.get("above"), facts.get("to")
    if low is None and high is None:
        return _("唯一一档")
    if low is None:
        return _("%(high)s 及以下", high=f"{high}{unit}")
    if high is None:
        return _("%(low)s 以上", low=f"{low}{unit}")
    return f"{low}{unit}—{high}{unit}"


_HOW: Mapping[str, Callable[[Document], str]] = {
    "threshold_linear": _threshold,
    "yoy_linear": _yoy,
    "relative_mean": _relative,
    "band": _band,
}
