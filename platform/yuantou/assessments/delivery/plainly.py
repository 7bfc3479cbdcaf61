"""A report in plain sentences; a difference is claimed only where intervals or tests say so."""

from collections.abc import Mapping, Sequence
from typing import Any

from yuantou.assessments.peers import sentence
from yuantou.assessments.presenting import Report

Document = Mapping[str, Any]
CHANGES = {"up": "上升", "down": "下降", "same": "不能区分", "unknown": "—"}


def summary(report: Report) -> list[str]:
    """What a busy reader must know, one sentence a line."""
    annex = report.content.get("annex")
    found = [*_headline(report), *_beside(report), *_year_ago(report, annex), report.conclusion]
    if annex:
        found += [*_figures(annex), *_types(annex), *_hands(annex)]
    return [*found, *_gaps(report, annex)]


def _headline(report: Report) -> list[str]:
    line = report.headline
    if line.own is None:
        return [f"{line.name}数据待核：{line.why or '没有可用的数字'}。本报告不对它作判断。"]
    opening = f"{line.name} {line.own} {line.unit}，95% 区间 {line.interval}（{line.basis}）。"
    if line.verdict == "off":
        base = f"与自身基线 {line.baseline} 有差别，{line.verdict_label}。"
        if report.about.get("tested"):
            return [opening + f"检验表明{base}"]
        return [opening + f"区间与自身基线 {line.baseline} 的区间不相交，{line.verdict_label}。"]
    if line.verdict == "within":
        return [opening + f"与自身基线 {line.baseline}（{line.baseline_note}）不能区分。"]
    return [opening + "没有口径可比的往年同期，不作与基线的判断。"]


def _beside(report: Report) -> list[str]:
    """The headline among the other counties and beside its own past, as tests find it."""
    code = report.about["headline"]
    found = next(each for each in report.content["indicators"] if each["code"] == code)
    if found["own"] is None or "findings" not in found:
        return []
    return [sentence(report.headline.name, found["findings"])]


def _year_ago(report: Report, annex: Document | None) -> list[str]:
    before = report.content["year_ago"]
    if before["missing"]:
        return [report.compare]
    change = (annex or {}).get("year_ago", "unknown")
    words = {
        "up": "检验表明高于上年同期",
        "down": "检验表明低于上年同期",
        "same": "检验不能说明与上年同期有差别",
        "unknown": "未作检验",
    }[change]
    if before.get("points"):
        return [report.compare]
    return [f"上年同期 {before['value']}，同一人口口径，数值相差 {before['change']}%；{words}。"]


def _figures(annex: Document) -> list[str]:
    moved = [
        f"{one['definition']['name_zh']}{CHANGES[one['change']]}"
        f"（{one['before']['value']} → {one['own']['value']} {one['definition']['unit_zh']}）"
        for one in annex["figures"]
        if one["change"] in ("up", "down")
    ]
    if not moved:
        return ["办理、回访等指标与上年同期都不能区分，或者没有可比的数字。"]
    return [f"与上年同期有差别的指标：{'；'.join(moved)}。其余不能区分。"]


def _types(annex: Document) -> list[str]:
    rows = annex["types"]
    if not rows:
        return ["本期没有三件以上的纠纷类型。"]
    most = rows[0]
    moved = [
        f"{one['name']}{CHANGES[one['change']]}（{one['before']} → {one['now']} 件）"
        for one in rows
        if one["change"] in ("up", "down")
    ]
    tail = f"变化超出偶然波动的：{'；'.join(moved)}" if moved else "各类的变化都在偶然波动之内"
    return [f"最多的纠纷类型是{most['name']}，{most['now']} 件；{tail}。"]


def _hands(annex: Document) -> list[str]:
    return [f"数据截至时超期未办结 {annex['overdue']['count']} 件，红色未结 {annex['red']} 件。"]


def _gaps(report: Report, annex: Document | None) -> list[str]:
    names = [line.name for line in report.lines if line.own is None]
    names += [one["definition"]["name_zh"] for one in (annex or {}).get("figures", [])
              if one["own"] is None and one["definition"]["name_zh"] not in names]  # fmt: skip
    if not names:
        return []
    return [f"数据待核、没有作判断的指标 {len(names)} 项：{_some(names)}。缺的数不当作 0。"]


def _some(names: Sequence[str], most: int = 6) -> str:
    more = f"等 {len(names)} 项" if len(names) > most else ""
    return "、".join(names[:most]) + more
