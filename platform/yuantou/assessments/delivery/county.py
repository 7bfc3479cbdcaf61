"""One county's report as a paper."""

from collections.abc import Mapping, Sequence
from typing import Any

from yuantou.assessments.delivery.leaves import (
    DEMO,
    DRAFT,
    DRAFT_WORDS,
    Bound,
    Chart,
    Paper,
    Part,
    Section,
    Table,
    Text,
)
from yuantou.assessments.delivery.plainly import CHANGES, summary
from yuantou.assessments.delivery.stamps import Source
from yuantou.assessments.explaining import Score
from yuantou.assessments.presenting import DASH, Line, Report

Document = Mapping[str, Any]
MISSING = "数据待核"
NUMERALS = "一二三四五六七八九十"
MEANS = "均值由数据齐全的合计得出，仅供参考，不排名。"
BY_INTERVALS = "判断：本期与自身基线的 95% 区间不相交，才写“偏离基线”。"
BY_TEST = "判断：精确检验（5%）表明本期与自身基线有差别，才写“偏离基线”。"
YEARLY = "按人口计算的指标和件数随全年增加，目标是全年的，只与从一月起的累计数比。"
TESTED = "“上升”“下降”只在检验或 95% 区间说明有差别时才写；“不能区分”不等于没有变化。"
CAUSES_TESTED = (
    "类型、案由的变化按同期长度的泊松精确检验，并用 Benjamini–Hochberg 法控制误报（5%）。"
)
CONCEALED = (
    "不足3件的类型、案由不写；为免从合计、上年同期或别处的数推算出来，另有个别类型、案由也不写。"
    "全县的指标照写。"
)
SIGNATURE = (
    "县（市、区）人民政府签收：＿＿＿＿＿＿＿＿　　日期：＿＿＿＿年＿＿月＿＿日",
    "审核：＿＿＿＿＿＿＿＿　　批准：＿＿＿＿＿＿＿＿",
)


def county_paper(source: Source) -> Paper:
    """The paper of a report; what the content has not is said or left out, never made up."""
    report = Report(source.content)
    return Paper(
        title=report.title,
        lead=_lead(report, source.scheme),
        sections=numbered(_sections(report, source)),
        footer=source.stamp.short if source.stamp and not source.draft else DRAFT_WORDS,
        marks=marks(source),
        signature=SIGNATURE,
        name=f"{report.title} {report.issue}",
    )


def judged(about: Document) -> str:
    """What stands behind a verdict."""
    return (BY_TEST if about.get("tested") else BY_INTERVALS) + MEANS


def marks(source: Source) -> list[str]:
    """What must stand on every page: that it is a draft, that its data are invented."""
    draft = source.draft or source.stamp is None
    return [*([DRAFT] if draft else []), *([DEMO] if source.demo else [])]


def numbered(sections: Sequence[Section]) -> list[Section]:
    """Sections with the numerals of offices."""
    return [
        Section(f"{_numeral(place)}、{each.heading}", each.parts, each.sheet or each.heading)
        for place, each in enumerate(sections, start=1)
    ]


def _numeral(place: int) -> str:
    tens = len(NUMERALS)
    return NUMERALS[place - 1] if place <= tens else f"十{NUMERALS[place - tens - 1]}"


def _lead(report: Report, scheme: Document) -> list[str]:
    return [
        f"{report.issue} · {report.period} · 本报告不排名",
        f"方案：{scheme['name_zh']} 第 {scheme['version']} 版（{scheme['note_zh']}）",
        f"口径：{'年初至期末累计' if report.cumulative else '本期各月合计'}，"
        f"逐项口径见“口径”一节；数据截至 {report.as_of}",
    ]


def _sections(report: Report, source: Source) -> list[Section]:
    annex = report.content.get("annex")
    found = [
        Section("摘要", [Text(text, "bullet") for text in summary(report)]),
        Section("指标", [_indicators(report), Text(judged(report.about), "note")]),
        Section("走势", [*_trend(report), Text(report.conclusion)]),
    ]
    if annex:
        found += [
            Section("前十类纠纷与案由", _causes(annex), "类型与案由"),
            Section("办理、回访与对照指标", [_figures(annex), Text(TESTED, "note")], "办理指标"),
            Section("超期与红色", _hands(annex)),
        ]
    found += [
        Section("三个最大来源", _sources(report, annex or {}), "来源"),
        Section("目标与上期", _targets(report, annex or {})),
        *_score(report),
        Section("数据质量说明", [Text(note.text, "bullet") for note in report.notes], "数据质量"),
        Section("口径", [_definitions(report, annex)]),
        Section("更正与封存", _seal(report, source), "封存"),
    ]
    return found


def _indicators(report: Report) -> Table:
    return Table(
        ["指标", "单位", "本期", "95% 区间", "自身基线", "全市均值", "全省均值", "判断", "计算"],
        [_cells(line) for line in report.lines],
        (16, 8, 8, 12, 15, 8, 8, 10, 15),
    )


def _cells(line: Line) -> list[str]:
    return [
        line.name,
        line.unit,
        line.own if line.own is not None else MISSING,
        line.interval,
        f"{line.baseline}（{line.baseline_note}）",
        line.city,
        line.province,
        line.verdict_label,
        line.why or line.basis,
    ]


def _trend(report: Report) -> list[Part]:
    chart = report.chart
    if not chart["known"]:
        return [Text("没有可画的月份。")]
    line = report.headline
    return [trend_chart(line.name, line.unit, chart)]


def trend_chart(name: str, unit: str, chart: Document) -> Chart:
    """A run of months as it was sealed."""
    return Chart(
        title=f"{name}每月走势",
        unit=unit,
        labels=chart["labels"],
        values=chart["values"],
        bounds=[
            Bound(one["start"], one["end"], one["mean"], one["lower"], one["upper"])
            for one in chart["bounds"]
        ],
        breaks=[(one["at"], "口径改变") for one in chart["breaks"]],
    )


def _causes(annex: Document) -> list[Part]:
    found: list[Part] = [Text("登记的纠纷（件）："), _counted("类型", annex["types"])]
    if annex.get("concealed"):
        found.append(Text(CONCEALED, "note"))
    courts = annex["causes"]
    if not courts:
        return [*found, Text("法院没有报送分案由的数。"), Text(CAUSES_TESTED, "note")]
    found += [
        Text(f"法院一审案由（件），{courts['months']} 个法院月里有分案由的 {courts['sent']} 个："),
        _counted("案由", courts["rows"]),
    ]
    if not courts["comparable"]:
        found.append(Text("两年报送分案由的月份不齐，不与上年同期比较。", "note"))
    return [*found, Text(CAUSES_TESTED, "note")]


def _counted(title: str, rows: Sequence[Document]) -> Part:
    if not rows:
        return Text("没有三件以上的。")
    return Table(
        [title, "本期", "上年同期", "变化"],
        [
            [one["name"], str(one["now"]), one["before"] or DASH, CHANGES[one["change"]]]
            for one in rows
        ],
        (40, 14, 14, 14),
    )


def _figures(annex: Document) -> Table:
    names = {one["code"]: one["definition"]["name_zh"] for one in annex["figures"]}
    return Table(
        ["指标", "单位", "本期", "95% 区间", "分子/分母", "上年同期", "变化", "同看"],
        [_figure_cells(one, names) for one in annex["figures"]],
        (17, 7, 10, 13, 18, 9, 9, 14),
    )


def _figure_cells(one: Document, names: Mapping[str, str]) -> list[str]:
    own, before, words = one["own"], one["before"], one["definition"]
    beside = names.get(one["beside"], "")
    last = before["value"] if before else DASH
    if own is None:
        return [
            words["name_zh"],
            words["unit_zh"],
            MISSING,
            DASH,
            one["missing"],
            last,
            "—",
            beside,
        ]
    span = f"{own['low']}—{own['high']}" if own["low"] is not None else DASH
    basis = str(own["numerator"])
    if own["denominator"] is not None:
        basis += f" / {own['denominator']}"
    return [
        words["name_zh"],
        words["unit_zh"],
        own["value"],
        span,
        basis,
        last,
        CHANGES[one["change"]],
        beside,
    ]


def _hands(annex: Document) -> list[Part]:
    late = annex["overdue"]
    found: list[Part] = [
        Text(f"数据截至时超期未办结 {late['count']} 件；红色未结 {annex['red']} 件。")
    ]
    if late["numbers"]:
        more = "等" if len(late["numbers"]) < late["count"] else ""
        found.append(Text(f"超期最久的（编号）：{'、'.join(late['numbers'])}{more}。"))
    return [*found, Text("只列编号，不列名称；限定知悉的事项只计数。", "note")]


def _sources(report: Report, annex: Document) -> list[Part]:
    owners = annex.get("owners", {})
    rows = [
        [
            one["name"],
            str(one["reported"]),
            "、".join(one["places"]) or DASH,
            "、".join(owners.get(one["type"], ())) or "职责清单未列",
        ]
        for one in report.content["sources"]
    ]
    if not rows:
        return [Text("没有三件以上的来源。")]
    return [
        Table(["类型", "件数", "较集中的乡镇（街道）", "建议牵头单位"], rows, (22, 9, 30, 34)),
        Text("建议牵头单位取自部门职责清单，须由县（市、区）确定。", "note"),
    ]


def _targets(report: Report, annex: Document) -> list[Part]:
    previous = annex.get("previous")
    rows = [
        [
            line.name,
            line.unit,
            line.target,
            line.own or MISSING,
            line.interval,
            (line.previous or MISSING) if previous else DASH,
        ]
        for line in report.lines
    ]
    return [
        *(Text(text) for text in progress(report)),
        Table(
            ["指标", "单位", "平安建设目标", "本期", "95% 区间", "上一期"],
            rows,
            (22, 9, 18, 10, 14, 10),
        ),
        Text(YEARLY, "note"),
        Text(report.last, "note"),
    ]


def progress(report: Report) -> list[str]:
    """How much of the year has passed, and of the target of the headline been used."""
    found = report.content["progress"]
    texts = [f"时间已过 {found['passed']}%（{found['days']} / {found['of']} 天）"]
    if not found["target"]:
        return [*texts, f"{report.headline.name}的年度目标：未设定"]
    if found["used"]:
        aim = found["target"]["value"]
        texts.append(f"已用控制值 {found['used']}%（{report.headline.own} / {aim}）")
    return [*texts, report.target_source(found["target"])]


def _score(report: Report) -> list[Section]:
    """The score card, where the scheme gives points; its lines explain themselves."""
    found = report.content.get("score")
    if not found:
        return []
    score = Score(found)
    texts = [f"得分 {score.points}。{score.summary}", score.ranks]
    rows = [[one.name, one.method, one.weight, one.points, one.why] for one in score.lines]
    table = Table(["指标", "方法", "分值", "得分", "说明"], rows, (20, 12, 8, 8, 46))
    return [Section("得分", [*(Text(text) for text in texts if text), table])]


def _definitions(report: Report, annex: Document | None) -> Table:
    words = {line.name: line.definition for line in report.lines}
    for one in (annex or {}).get("figures", []):
        words.setdefault(one["definition"]["name_zh"], one["definition"])
    return Table(
        ["指标", "口径", "分子", "分母", "不含", "来源", "版次"],
        [
            [
                name,
                each["plain_zh"],
                each["numerator_zh"],
                each["denominator_zh"],
                each["exclusions_zh"],
                each["source"],
                f"第 {each['version']} 版，{each['valid_from']} 起",
            ]
            for name, each in words.items()
        ],
        (12, 25, 16, 16, 16, 12, 11),
    )


def _seal(report: Report, source: Source) -> list[Part]:
    found = [
        source.window or "更正窗口：预览期内可对数字提出异议；封存后的更正另行重述，不改原件。",
        "本期封存后如有更正，原报告不变，重述时列出“原报”与“现知”及原因。",
        f"取整：{report.content['rounding']}",
    ]
    stamp = source.stamp.lines if source.stamp else ["尚未封存"]
    return [Text(text) for text in (*found, *stamp)]
