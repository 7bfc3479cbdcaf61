"""The kinds of questions: what is counted, in which words it is asked, what may well explain it."""

from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from yuantou.indicators.integrity.detectors import Least


@dataclass(frozen=True)
class Kind:
    """One kind of pattern. `test`: shares | pairs | crowds."""

    code: str
    test: str
    name: Any
    counted: Any
    asks: Any
    harmless: Any
    least: Least = field(default_factory=Least)


MOST_MATTERS = 50  # that a question names
KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            "deadline_day",
            "shares",
            _l("赶在期限最后一天"),
            _l("按期办结的环节里，在期限最后一天办结的"),
            _l(
                "这一季度，贵单位有较多环节在期限最后一天办结。请说明是工作安排、系统集中录入，还是其他原因。"
            ),
            _l("每周固定一天集中录入、等鉴定结果、人手不足，都会这样。"),
        ),
        Kind(
            "refiled",
            "shares",
            _l("结案后很快又登记"),
            _l("结案的事项里，同样的人同一类纠纷在 30 日内又登记的"),
            _l("这一季度结案的事项里，较多在 30 日内由同样的人就同一类纠纷再次登记。请说明原因。"),
            _l("一方又提出新的请求、分期履行的后续问题，都会这样。"),
            Least(hits=4),
        ),
        Kind(
            "churn",
            "shares",
            _l("并案、解除并案较多"),
            _l("登记的事项里，并案或者解除并案的"),
            _l("这一季度贵单位并案、解除并案的事项较多。请说明原因。"),
            _l("群体性事项先分别登记、后来并成一件，会这样。"),
        ),
        Kind(
            "instant",
            "shares",
            _l("达成协议后当即履行"),
            _l("已履行的协议里，签订后 30 分钟内就登记履行的"),
            _l("贵单位较多协议在签订后 30 分钟内就登记为已履行。请说明是当场履行，还是一并录入。"),
            _l("小额纠纷当场付清、赔礼道歉当场完成，会这样。"),
        ),
        Kind(
            "same_summaries",
            "pairs",
            _l("纠纷简介几乎相同"),
            _l("同一类纠纷里，简介几乎相同的（按对计）"),
            _l(
                "这一季度，贵单位登记的一些纠纷简介几乎相同。请说明是同一批事项、使用了范文，还是其他原因。"
            ),
            _l("同一家企业、同一个小区的一批纠纷，简介会很像。"),
        ),
        Kind(
            "same_records",
            "pairs",
            _l("调解记录几乎相同"),
            _l("同一类纠纷里，调解记录几乎相同的（按对计）"),
            _l(
                "这一季度，贵单位的一些调解记录几乎相同。请说明是同一批事项、使用了范文，还是其他原因。"
            ),
            _l("使用统一的记录范文，会这样。"),
        ),
        Kind(
            "late_edits",
            "shares",
            _l("封存前集中更正"),
            _l("登记的事项里，在月度数据封存前七天改过类型、地区、日期，或者并案、不予受理的"),
            _l(
                "这一季度，贵单位有较多事项在月度数据封存前七天改过类型、地区、日期，或者并案、不予受理。请说明原因。"
            ),
            _l("月底集中核对数据，会这样。"),
        ),
        Kind(
            "sued",
            "shares",
            _l("调解成功后又起诉"),
            _l("调解成功的事项里，180 日内又起诉到法院的"),
            _l("这一季度调解成功的事项里，较多在 180 日内又起诉到法院。请说明原因。"),
            _l("一方没有履行，另一方依法起诉，是正常的救济。"),
            Least(hits=4),
        ),
        Kind(
            "bursts",
            "crowds",
            _l("短时间内集中登记"),
            _l("当天发生当天登记的事项里，10 分钟内登记最多的一次"),
            _l("这一季度，贵单位有一次在 10 分钟内登记了较多当天发生的事项。请说明原因。"),
            _l("集中接访、一起事件涉及多户，会这样。断网后补录的不在其内。"),
        ),
    )
}
OUTCOMES = {
    "explained": _l("说明清楚，没有问题"),
    "corrected": _l("数据已经更正"),
    "review": _l("确有疑问，转交叉评查"),
    "nothing": _l("不再追问"),
}
STATES = {
    "open": (_l("等待单位说明"), "wait"),
    "answered": (_l("单位已说明"), "open"),
    "looked": (_l("已查看"), "open"),
    "closed": (_l("已办结"), "done"),
}
