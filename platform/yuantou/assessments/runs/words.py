"""The words of runs: states, kinds, acts, and why an act cannot be done now."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from yuantou.assessments.models import AssessmentRun
from yuantou.assessments.runs.machine import RunKind, RunState

STATES = {
    RunState.PREPARING: (_l("准备中"), "run"),
    RunState.PREVIEW: (_l("预览，可提异议"), "wait"),
    RunState.APPROVED: (_l("已批准，发布中"), "run"),
    RunState.DONE: (_l("已封存"), "done"),
    RunState.CANCELLED: (_l("已取消"), "shut"),
    RunState.FAILED: (_l("失败"), "back"),
}
KINDS = {
    RunKind.MONTHLY: _l("月度"),
    RunKind.QUARTERLY: _l("季度"),
    RunKind.YEARLY: _l("年度"),
    RunKind.AD_HOC: _l("专项"),
}
ACTS = {
    "open": _l("发起"),
    "prepared": _l("准备好预览稿"),
    "prepare": _l("要求重新准备"),
    "approve": _l("批准"),
    "publish": _l("封存并送达"),
    "cancel": _l("取消"),
    "fail": _l("失败"),
}
REFUSALS = {
    "not_now": _l("这一期现在不能这样做，请刷新后再看。"),
    "window_open": _l("更正期还没有结束，要等县区看完预览稿。"),
    "undecided": _l("还有异议没有答复，先答复再批准。"),
    "unapplied": _l("有采纳的异议还没有进入预览稿，先重新准备。"),
    "same_person": _l("您已经批准过，请另一位有权限的人批准。"),
    "too_few": _l("还差一个人的批准。"),
    "no_reason": _l("请写取消的理由，收到过预览稿的单位会看到。"),
    "same_period": _l("这一期已经有一次正在进行，先办完或者取消它。"),
    "not_ended": _l("这段时间还没有结束。"),
}
QUARTER = 3


def issue(run: AssessmentRun) -> str:
    """Which issue it is, as a notice says it (not translated: notices are written once)."""
    end = run.period_end
    if run.kind == RunKind.YEARLY:
        return f"{end.year}年度"
    if run.kind == RunKind.QUARTERLY:
        return f"{end.year}年第{end.month // QUARTER}季度"
    if run.kind == RunKind.AD_HOC:
        return f"{run.period_start:%Y-%m}至{end:%Y-%m}专项"
    return f"{end.year}年第{end.month}期"


def issue_shown(run: AssessmentRun) -> str:
    """The same for a page, in the reader's language."""
    return issue_of(run.kind, run.period_start, run.period_end)


def issue_of(kind: str, start: date, end: date) -> str:
    """Which issue it is."""
    if kind == RunKind.YEARLY:
        return _("%(year)s 年度", year=end.year)
    if kind == RunKind.QUARTERLY:
        return _("%(year)s 年第 %(n)s 季度", year=end.year, n=end.month // QUARTER)
    if kind == RunKind.AD_HOC:
        return _("%(start)s 至 %(end)s 专项", start=f"{start:%Y-%m}", end=f"{end:%Y-%m}")
    return _("%(year)s 年第 %(month)s 期", year=end.year, month=end.month)
