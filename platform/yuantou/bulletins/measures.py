"""What a bulletin counts, in words. Flows are counted over the period, stocks when it is made."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

EDITION = 1  # of these definitions; raised with every change of one


@dataclass(frozen=True, slots=True)
class Measure:
    """One count of a bulletin."""

    code: str
    name: Any
    definition: Any
    stock: bool = False


MEASURES = {
    one.code: one
    for one in (
        Measure("new", _l("新登记"), _l("本期上报的事项，草稿不算。")),
        Measure("accepted", _l("受理"), _l("受理时间在本期的事项。")),
        Measure("closed", _l("结案归档"), _l("结案时间在本期的事项。")),
        Measure("returned", _l("退回"), _l("本期承办单位退回的次数，一件退回两次算两次。")),
        Measure("reopened", _l("反弹重启"), _l("本期重新启动的次数。")),
        Measure("supervised", _l("发出督办"), _l("本期发出的督办、挂牌督办次数。")),
        Measure("open", _l("在办"), _l("生成通报时还没有结案、并案或不予受理的事项。"), True),
        Measure("over", _l("超期"), _l("在办事项中，生成通报时最近的一项期限已过的。"), True),
        Measure("red", _l("红色在办"), _l("在办事项中，风险为红色的。"), True),
    )
}
FIGURES = ("I07", "I08", "I09", "I10", "I10S")
OF_COURTS = "R_filed"
