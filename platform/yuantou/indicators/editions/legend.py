"""What each key and word of a definition means, for whoever writes one on the page."""

from typing import Any

from flask_babel import lazy_gettext as _l

from yuantou.indicators.catalogue import CRITERIA, Definition, components_of
from yuantou.indicators.vocabulary import SUBJECTS
from yuantou.indicators.words import WORDS

KEYS = {
    "kind": _l("rate 每万人，share 百分比，ratio 比（可以超过 100%），count 件数"),
    "measure": _l("从哪里来：courts 法院月报，disputes 本系统的事项，supplied 别的机关报的数"),
    "name_zh": _l("名称"),
    "name_en": _l("英文名称"),
    "plain_zh": _l("一句话说明，写给不懂统计的人"),
    "numerator": _l("分子：事项类写条件，另两类写要相加的数"),
    "denominator": _l("分母；population 是人口，nothing 是没有分母"),
    "subtract": _l("从分子里减去的数"),
    "numerator_zh": _l("分子的说法"),
    "denominator_zh": _l("分母的说法"),
    "exclusions_zh": _l("不计什么的说法"),
    "exclusions": _l("哪些条件成立就不计，各是一个理由，按先后取第一个"),
    "subject": _l("数的是什么：事项、时限、协议、结案、回访、排查单元等"),
    "day": _l("按哪一天归入月份"),
    "leaves": _l("按期初存量算的，从哪一天起不再算在内"),
    "rules": _l("数哪几种时限"),
    "factor": _l("分子除以分母以后乘多少"),
    "unit_zh": _l("单位"),
    "screen_factor": _l("屏幕上改乘多少；不写就和上面相同"),
    "screen_unit_zh": _l("屏幕上的单位"),
    "places": _l("小数位数"),
    "direction": _l("down 越低越好，up 越高越好，none 不分好坏"),
    "levels": _l("在哪几级统计：township、department、county、city、province"),
    "regimes": _l("只用于哪种立案口径：pre2025 或 file_first；不写就都用"),
    "bridge": _l("和另一口径的哪个指标衔接估算"),
    "beside": _l("总和哪个指标放在一起看，免得单看走偏"),
    "source": _l("公式出自哪里"),
    "example": _l("true：示例，没有找到正式规定"),
    "owner": _l("由谁报数"),
    "criteria": _l("村（社区）要同时符合的条件"),
    "needs": _l("casefeed：要有法院的案件级数据才能算"),
    "context": _l("true：只供参考，没有写明的决定不计分"),
}
DAYS = {
    "occurred": _l("发生日期"),
    "reported": _l("登记日期"),
    "accepted": _l("受理日期"),
    "triaged": _l("研判日期"),
    "concluded": _l("有结果的日期"),
    "closed": _l("结案日期"),
    "due": _l("到期日期"),
    "effective": _l("协议生效日期"),
    "decided": _l("裁定日期"),
    "lasted_90": _l("结案后满 90 日"),
    "lasted_180": _l("结案后满 180 日"),
    "called": _l("回访日期"),
    "ended": _l("排查截止日期"),
}
PLAIN = {
    "of_rules": _l("属于 rules 列出的时限"),
    "in_effect": _l("协议没有被新协议替代"),
    "written": _l("书面协议"),
    "decided": _l("法院已作出裁定"),
    "called": _l("已回访"),
    "judged": _l("联系上并说了是否满意"),
    "asked": _l("排查任务没有撤回"),
}


def legend(made: Definition) -> list[tuple[Any, dict[str, Any]]]:
    """The keys, and the words that a definition of this kind may use."""
    return [(_l("各项的意思"), KEYS), *_words(made)]


def _words(made: Definition) -> list[tuple[Any, dict[str, Any]]]:
    if made.of_matters:
        subject = SUBJECTS[made.subject]
        return [
            (_l("能用的日期（day）"), {name: DAYS[name] for name in subject.days}),
            (_l("能用的条件"), {name: condition(name) for name in subject.conditions}),
        ]
    if made.criteria:
        return [(_l("能用的条件"), {name: condition(name) for name in CRITERIA})]
    return [(_l("现在用的数"), {name: WORDS.get(name, name) for name in components_of(made)})]


def condition(name: str) -> Any:
    """What a condition says."""
    return WORDS.get(f"is_{name}") or WORDS.get(name) or PLAIN[name]
