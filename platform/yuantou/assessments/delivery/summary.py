"""A summary of the province or a city as a paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yuantou.assessments.delivery.county import MISSING, judged, marks, numbered, trend_chart
from yuantou.assessments.delivery.leaves import DRAFT_WORDS, Paper, Part, Section, Table, Text
from yuantou.assessments.delivery.stamps import Source
from yuantou.assessments.presenting import DASH, Report, note

Document = Mapping[str, Any]
VERDICTS = {"within": "与基线不能区分", "off": "偏离基线", "unknown": "不作判断"}
STANDINGS = {
    "reached": "已达到",
    "not_yet": "未达到",
    "unsure": "不能区分",
    "open": "年内未满",
    "missing": MISSING,
}
NO_RANKS = "县（市、区）按行政区划代码排列，不是排名；区间相交的不能分出高低。"
CUMULATIVE = "按人口计算的指标和件数随全年增加，目标是全年的：没有超过的，年底以前写“年内未满”。"


@dataclass(frozen=True)
class _Summary:
    content: Document

    @property
    def trend(self) -> Document:
        return Report({"trend": self.content["trend"]}).chart

    @property
    def head(self) -> Document:
        code = self.content["about"]["headline"]
        return next(one for one in self.content["indicators"] if one["code"] == code)


def summary_paper(source: Source) -> Paper:
    """The paper of a summary."""
    content = source.content
    about, scheme = content["about"], source.scheme
    held = Report(content)
    title = f"{about['name']}源头预防化解评估汇总"
    return Paper(
        title=title,
        lead=[
            f"{held.issue} · {held.period}{'累计' if held.cumulative else ''} · 不排名",
            f"方案：{scheme['name_zh']} 第 {scheme['version']} 版（{scheme['note_zh']}）",
        ],
        sections=numbered(_sections(_Summary(content), source)),
        footer=source.stamp.short if source.stamp else DRAFT_WORDS,
        marks=marks(source),
        name=f"{title} {held.issue}",
    )


def _sections(found: _Summary, source: Source) -> list[Section]:
    content = found.content
    return [
        Section("摘要", [Text(text, "bullet") for text in summary_words(content)]),
        Section("指标", [_indicators(content), Text(judged(content["about"]), "note")]),
        Section("走势", _trend(found)),
        Section("目标", _targets(content)),
        Section("办理、回访与对照指标", [_annexed(content)], "办理指标"),
        Section("前十类纠纷", [_types(content)], "类型"),
        Section("各县（市、区）", [_counties(content), Text(NO_RANKS, "note")], "各县区"),
        Section("缺少的数字", _lacking(content), "数据质量"),
        Section("口径", [_definitions(content)]),
        Section("封存", _seal(content, source)),
    ]


def summary_words(content: Document) -> list[str]:
    """What a busy reader must know."""
    one = _Summary(content).head
    words, own = one["definition"], one["own"]
    if own is None:
        return [f"{words['name_zh']}数据待核：没有一个县（市、区）的数字齐全。"]
    span = f"{own['low']}—{own['high']}"
    first = (
        f"{words['name_zh']} {own['value']} {words['unit_zh']}，95% 区间 {span}，"
        f"由 {one['of']} 个县（市、区）中数据齐全的 {one['counties']} 个合计。"
    )
    tested = content["about"].get("tested")
    said = {
        "within": "与这些县（市、区）自身基线的合计不能区分。",
        "off": "检验表明与这些县（市、区）自身基线的合计有差别。"
        if tested
        else "与这些县（市、区）自身基线的合计的 95% 区间不相交。",
        "unknown": "没有齐全的基线，不作判断。",
    }[one["verdict"]]
    late = f"超期未办结 {content['overdue']} 件，红色未结 {content['red']} 件。"
    return [first + said, Report({"trend": content["trend"]}).conclusion, late]


def _indicators(content: Document) -> Table:
    return Table(
        ["指标", "单位", "合计", "95% 区间", "自身基线", "判断", "分子", "分母", "数据齐全的县区"],
        [
            [
                one["definition"]["name_zh"],
                one["definition"]["unit_zh"],
                own["value"] if (own := one["own"]) else MISSING,
                f"{own['low']}—{own['high']}" if own else DASH,
                one["baseline"]["value"] if one["baseline"] else DASH,
                VERDICTS[one["verdict"]],
                str(own["numerator"]) if own else DASH,
                str(own["denominator"]) if own else DASH,
                f"{one['counties']} / {one['of']}",
            ]
            for one in content["indicators"]
        ],
        (17, 9, 9, 13, 9, 13, 10, 12, 9),
    )


def _trend(found: _Summary) -> list[Part]:
    chart, words = found.trend, found.head["definition"]
    if not chart["known"]:
        return [Text("没有每个县（市、区）都齐全的月份，不画走势。")]
    note = "只画各县（市、区）都有数的月份。"
    return [trend_chart(words["name_zh"], words["unit_zh"], chart), Text(note, "note")]


def _targets(content: Document) -> list[Part]:
    rows = [
        [one["definition"]["name_zh"], *(str(held.get(word, 0)) for word in STANDINGS)]
        for one in content["indicators"]
        if (held := one["targets"])
    ]
    if not rows:
        return [Text("没有县（市、区）设定了目标。")]
    columns = ["指标", *(f"{word}（个）" for word in STANDINGS.values())]
    return [Table(columns, rows, (30, 12, 12, 12, 12, 12)), Text(CUMULATIVE, "note")]


def _annexed(content: Document) -> Part:
    if not content["annex"]:
        return Text("这一期的报告没有这些指标。")
    return Table(
        ["指标", "单位", "合计", "95% 区间", "分子", "分母", "有数的县区"],
        [
            [
                one["definition"]["name_zh"],
                one["definition"]["unit_zh"],
                own["value"] if (own := one["own"]) else MISSING,
                f"{own['low']}—{own['high']}" if own and own["low"] is not None else DASH,
                str(own["numerator"]) if own else DASH,
                str(own["denominator"]) if own and own["denominator"] is not None else DASH,
                f"{one['counties']} / {one['of']}",
            ]
            for one in content["annex"]
        ],
        (22, 10, 10, 14, 12, 12, 12),
    )


def _types(content: Document) -> Part:
    if not content["types"]:
        return Text("没有三件以上的类型。")
    rows = [[one["name"], str(one["now"])] for one in content["types"]]
    return Table(["类型", "登记（件）"], rows, (40, 14))


def _counties(content: Document) -> Table:
    words = _Summary(content).head["definition"]
    return Table(
        ["代码", "县（市、区）", words["name_zh"], "95% 区间", "与自身基线", "目标", "对目标"],
        [
            [
                f"{one['code']} ",
                one["name"],
                own["value"] if (own := one["own"]) else MISSING,
                f"{own['low']}—{own['high']}" if own else DASH,
                VERDICTS[one["verdict"]],
                one["target"] or "未设定",
                STANDINGS[one["standing"]] if one["standing"] else DASH,
            ]
            for one in content["counties"]
        ],
        (10, 24, 12, 16, 16, 10, 12),
    )


def _lacking(content: Document) -> list[Part]:
    found: list[Part] = [
        Text(f"{one['definition']['name_zh']}：{'、'.join(one['lacking'])}", "bullet")
        for one in content["indicators"]
        if one["lacking"]
    ]
    found += [
        Text(note({"kind": "founded", **one}).text, "bullet") for one in content.get("founded", ())
    ]
    return found or [Text("各县（市、区）方案内的指标都有数。")]


def _definitions(content: Document) -> Table:
    words = [one["definition"] for one in (*content["indicators"], *content["annex"])]
    unique = {each["name_zh"]: each for each in words}
    return Table(
        ["指标", "口径", "分子", "分母", "不含", "来源"],
        [
            [
                name,
                each["plain_zh"],
                each["numerator_zh"],
                each["denominator_zh"],
                each["exclusions_zh"],
                each["source"],
            ]
            for name, each in unique.items()
        ],
        (14, 28, 18, 18, 18, 14),
    )


def _seal(content: Document, source: Source) -> list[Part]:
    stamp = source.stamp.lines if source.stamp else ["尚未封存"]
    rows = [[one["name"], f"第 {one['edition']} 版", one["seal"]] for one in content["counties"]]
    return [
        *(Text(text) for text in (f"取整：{content['rounding']}", *stamp)),
        Text("本汇总只由下列封存报告相加而成："),
        Table(["县（市、区）", "版次", "封存"], rows, (20, 8, 60)),
    ]
