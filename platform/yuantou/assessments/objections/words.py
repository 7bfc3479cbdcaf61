"""The words of objections: subjects, claims, answers, and why one is refused."""

from flask_babel import lazy_gettext as _l

from yuantou.assessments.objections.counterfactual import Claim

SUBJECTS = (
    ("matter", _l("一件纠纷")),
    ("court", _l("法院某月的数")),
    ("figure", _l("这个数本身")),
)
CLAIMS = (
    (Claim.OUT.value, _l("不该算进来")),
    (Claim.NO_HIT.value, _l("不该计入分子")),
    (Claim.HIT.value, _l("该计入分子")),
    (Claim.ADD.value, _l("漏了，只计入分母")),
    (Claim.ADD_HIT.value, _l("漏了，分子分母都计")),
)
OUTCOMES = (
    ("upheld", _l("采纳")),
    ("partly", _l("部分采纳")),
    ("rejected", _l("不采纳")),
)
ANSWERS = (("waiting", _l("待答复")), ("late", _l("超期未答复")), *OUTCOMES)
REMEDIES = (
    ("data", _l("原始数据已更正，重新准备时自动计入")),
    ("adjust", _l("按下面的件数调整，理由写进报告")),
)
REFUSALS = {
    "not_yours": _l("只能对本单位的预览稿提异议。"),
    "window_over": _l("更正期已过，或者这一期不在预览。发布以后可以申请更正。"),
    "too_many": _l("还有很多异议没有答复，请先等答复。"),
    "twice": _l("同样的异议已经提过，还在等答复。"),
    "decided": _l("这件异议已经答复，答复不再改。"),
    "own_objection": _l("不能答复自己或者本单位提的异议。"),
    "not_now": _l("这一期现在不在预览，不能答复。"),
    "already_counted": _l("这件纠纷已经计在这个数里。"),
    "not_counted": _l("这件纠纷没有计在这个数里。"),
    "as_counted": _l("现在就是这样计的。"),
    "unknown_figure": _l("预览稿里没有这个指标。"),
    "missing_figure": _l("这个数“数据待核”，先补数据，不能算出改动后的结果。"),
    "out_of_bounds": _l("这样改，分子会小于零或者大于分母，请核对件数。"),
    "no_matter": _l("没有找到这件纠纷，或者您看不到。请核对编号；政府办看不到纠纷的，请协调员提。"),
    "no_rows": _l("这个指标不由纠纷逐件得出，请选“法院某月的数”或者“这个数本身”。"),
}
