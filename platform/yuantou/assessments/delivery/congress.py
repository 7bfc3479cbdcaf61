"""The draft of the yearly report to the People's Congress, from sealed summaries alone.

Every number has a footnote with the summary it stands in and its seal. What is missing is marked
【缺】 and what a person must write 【待填】; nothing is filled in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yuantou.assessments.delivery.footnotes import noted
from yuantou.assessments.delivery.leaves import DEMO, Paper, Part, Section, Table, Text
from yuantou.assessments.delivery.summary import CUMULATIVE, NO_RANKS, STANDINGS
from yuantou.assessments.delivery.summing import year_end
from yuantou.assessments.presenting import Report

Document = Mapping[str, Any]
LACKS, TO_WRITE = "【缺】", "【待填】"
DRAFTED = "起草稿：数字取自封存报告，文字须由起草单位审定"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed summary with its seal."""

    content: Document
    seal: str
    algorithm: str

    @property
    def level(self) -> str:
        """Province or city."""
        return str(self.content["about"]["level"])

    @property
    def source(self) -> str:
        """Where a number stands, for a footnote."""
        about = self.content["about"]
        return (
            f"{about['name']}汇总，{Report(self.content).issue}第 {about['edition']} 版，"
            f"{self.algorithm.upper()} {self.seal}"
        )

    def said(self, number: object) -> str:
        """A number with its footnote."""
        return noted(str(number), self.source)

    @property
    def held(self) -> dict[str, Document]:
        """The indicators of the summary by code, each once: those that are judged first."""
        found: dict[str, Document] = {}
        for one in (*self.content["indicators"], *self.content["annex"]):
            found.setdefault(one["code"], one)
        return found


def congress_paper(province: Sealed, cities: Sequence[Sealed], wanted: Sequence[str]) -> Paper:
    """The draft for the year of the province's summary; `wanted` names all cities by name."""
    about = province.content["about"]
    end = date.fromisoformat(about["period_end"])
    title = f"关于 {end.year} 年{about['name']}矛盾纠纷预防化解工作情况的报告"
    parts: dict[str, Sequence[Part]] = {
        "总体情况": _overall(province),
        "预防和化解工作": _work(province),
        "目标完成情况": _targets(province),
        "各市情况": [*_cities(cities, about["headline"]), Text(NO_RANKS, "note")],
        "纠纷的主要类型": _types(province),
        "存在的问题": [Text(f"{TO_WRITE}由起草单位撰写。")],
        "下一步安排": [Text(f"{TO_WRITE}由起草单位撰写。")],
        "尚缺的内容": _missing(province, cities, wanted, end),
        "数字来源": [_seals([province, *cities])],
    }
    return Paper(
        title=title,
        lead=[f"（{DRAFTED}）", _covers(province, end)],
        sections=[
            Section(f"{'一二三四五六七八九'[place]}、{heading}", held)
            for place, (heading, held) in enumerate(parts.items())
        ],
        footer=f"{about['name']} {end.year} 年人大专报起草稿",
        marks=[DRAFTED, *([DEMO] if about["demo"] else [])],
        name=title,
    )


def _covers(province: Sealed, end: date) -> str:
    if year_end(province.content):
        return f"{end.year} 年全年"
    return f"{LACKS}全年数字尚未封存，现用 {end.year} 年 1—{end.month} 月累计数"


def _overall(province: Sealed) -> list[Part]:
    head = province.content["about"]["headline"]
    codes = [head, *(one["code"] for one in province.content["indicators"] if one["code"] != head)]
    return [Text(_sentence(province, code)) for code in codes]


def _sentence(sealed: Sealed, code: str) -> str:
    found = sealed.held[code]
    name, unit = found["definition"]["name_zh"], found["definition"]["unit_zh"]
    why = _lacks(found)
    if why:
        return f"{name}：{LACKS}{why}。"
    own, gap = found["own"], "" if unit == "%" else " "
    text = f"{name} {sealed.said(own['value'] + gap + unit)}"
    if own["low"] is not None:
        text += f"，95% 区间 {sealed.said(own['low'] + '—' + own['high'])}"
    text += f"，由 {sealed.said(found['counties'])} 个县（市、区）合计"
    if found["counties"] < found["of"]:
        text += f"（共 {sealed.said(found['of'])} 个，其余{LACKS}）"
    return f"{text}{_beside_own(sealed, found)}。"


def _lacks(found: Document) -> str:
    """Why a figure is not said of the whole, "" where it is."""
    if not found["own"]:
        return "数据待核"
    if found["counties"] * 2 < found["of"]:
        return f"只有 {found['counties']} 个县（市、区）有数（共 {found['of']} 个），合计不代表整体"
    return ""


def _beside_own(sealed: Sealed, found: Document) -> str:
    """How it stands to the pooled earlier years: a difference only where the test says so."""
    judged, base = found.get("verdict", "unknown"), found.get("baseline")
    if judged == "unknown" or not base:
        return ""
    before = sealed.said(base["value"])
    if judged == "within":
        return f"；与往年同期 {before} 不能区分"
    higher = float(found["own"]["value"]) > float(base["value"])
    return f"；{'高' if higher else '低'}于往年同期 {before}，超出偶然"


def _work(province: Sealed) -> list[Part]:
    told = {one["code"] for one in province.content["indicators"]}  # above already
    found: list[Part] = [
        Text(_sentence(province, one["code"]))
        for one in province.content["annex"]
        if one["code"] not in told
    ]
    late, red = (province.said(province.content[word]) for word in ("overdue", "red"))
    return [*found, Text(f"数据截至时超期未办结 {late} 件，红色未结 {red} 件。")]


def _targets(province: Sealed) -> list[Part]:
    found: list[Part] = []
    for one in province.content["indicators"]:
        if one["targets"]:
            said = "，".join(
                f"{word} {province.said(number)} 个"
                for key, word in STANDINGS.items()
                if (number := one["targets"].get(key, 0))
            )
            found.append(Text(f"{one['definition']['name_zh']}：{said}。"))
    return (
        [*found, Text(CUMULATIVE, "note")]
        if found
        else [Text(f"{LACKS}没有县（市、区）设定目标。")]
    )


def _cities(cities: Sequence[Sealed], head: str) -> list[Part]:
    ordered = sorted(cities, key=lambda each: str(each.content["about"]["area"]))
    return [
        Text(f"{each.content['about']['name']}：{_sentence(each, head)}", "bullet")
        for each in ordered
    ]


def _types(province: Sealed) -> list[Part]:
    rows = province.content["types"]
    if not rows:
        return [Text(f"{LACKS}没有三件以上的类型。")]
    return [Text("、".join(f"{one['name']} {province.said(one['now'])} 件" for one in rows) + "。")]


def _missing(
    province: Sealed, cities: Sequence[Sealed], wanted: Sequence[str], end: date
) -> list[Part]:
    there = {each.content["about"]["name"] for each in cities}
    lacks = [f"{name}没有封存的汇总" for name in wanted if name not in there]
    if not year_end(province.content):
        lacks.insert(0, f"{end.year} 年全年的封存汇总")
    held = province.held.values()
    lacks += [f"{one['definition']['name_zh']}：{why}" for one in held if (why := _lacks(one))]
    lacks += [
        f"{one['definition']['name_zh']}：{'、'.join(one['lacking'])}"
        for one in province.content["indicators"]
        if one["lacking"] and not _lacks(one)
    ]
    return [Text(f"{LACKS}{each}", "bullet") for each in lacks] or [Text("没有缺项。")]


def _seals(held: Sequence[Sealed]) -> Table:
    return Table(
        ["汇总", "封存"],
        [[each.content["about"]["name"], f"{each.algorithm.upper()} {each.seal}"] for each in held],
        (20, 70),
    )
