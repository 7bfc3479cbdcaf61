"""The detectors in words: their names, why something was not judged, what a warning gives.

Sentences are msgids: a warning stores them with their values and they are said when it is shown.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from yuantou.disputes.matter import N_

NAMES = {
    "D_EARS": N_("短期突增（EARS）"),
    "D_FARRINGTON": N_("与往年同期比（Farrington）"),
    "D_CUSUM": N_("缓慢累积（CUSUM）"),
    "D_SCAN": N_("时空聚集（扫描）"),
    "D_GI": N_("相邻地区同时升高（Gi*）"),
    "MISSING": N_("没有数据"),
}
ASKS = {
    "D_EARS": N_("本周是否明显高于前七周"),
    "D_FARRINGTON": N_("本周是否明显高于往年同期和趋势"),
    "D_CUSUM": N_("近来是否一点一点、持续偏高"),
    "D_SCAN": N_("哪些相邻地方、从哪周起同时异常偏多"),
    "D_GI": N_("近一季度的升高是否集中在相邻县区"),
}
WHY_NOT = {
    "short_history": N_("历史不足三年"),
    "gap": N_("没有数据或基期不全"),
    "too_few": N_("件数太少"),
    "no_neighbours": N_("缺少位置、相邻关系或案件"),
}

RISEN = N_("%(first)s 至 %(last)s，%(place)s%(type)s登记 %(observed)s 件，往常约 %(expected)s 件。")
TOGETHER = N_(
    "%(first)s 至 %(last)s，%(names)s等 %(number)s 个相邻地方%(type)s共登记 %(observed)s 件，"
    "往常约 %(expected)s 件。"
)
FOUND_BY = N_(
    "由“%(detectors)s”发现；按当晚全部县区、类型和方法合计，误报比例控制在 %(rate)s%% 以内。"
)
SILENT = N_(
    "自 %(since)s 以后没有登记任何纠纷；按往常应有约 %(expected)s 件。没有数据不等于没有问题。"
)
NO_COUNTS = N_("%(court)s没有报送 %(month)s 的数据。没有数据不等于没有问题。")
ALL_TYPES = N_("全部类型")

MOST_NAMES = 5
Reason = dict[str, Any]


def says(words: str, **values: object) -> Reason:
    """One reason of a warning."""
    return {"say": words, "with": values}


def told(number: float) -> str:
    """A count or a mean as people write it."""
    return f"{number:.0f}" if number >= 10 or number == round(number) else f"{number:.1f}"


def risen(
    places: Sequence[str], type_: str, span: tuple[date, date], observed: float, expected: float
) -> Reason:
    """What was counted, beside what is usual; `type_` is a code, said in words when shown.

    Of a cluster the counts are of all its places together, and the sentence says so.
    """
    of_one: dict[str, object] = {"place": places[0]}
    of_all = {"names": "、".join(places[:MOST_NAMES]), "number": len(places)}
    return says(
        RISEN if len(places) == 1 else TOGETHER,
        **(of_one if len(places) == 1 else of_all),
        type=type_,
        first=span[0].isoformat(),
        last=span[1].isoformat(),
        observed=told(observed),
        expected=told(expected),
    )


def found_by(detectors: Sequence[str], rate: float) -> Reason:
    """Which detectors agree, by their codes, and how often such warnings are false."""
    return says(FOUND_BY, detectors=list(detectors), rate=told(100 * rate))
