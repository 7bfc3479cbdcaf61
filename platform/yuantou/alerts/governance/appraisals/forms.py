"""The forms of the register."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import InputRequired

from yuantou.alerts.governance.fields import SubmissionForm, VersionForm, title_field
from yuantou.mediation.acting import past_day, remark
from yuantou.mediation.fields import LineField, Most, options, without_identity

KINDS = (
    ("project", _l("重大工程项目")),
    ("policy", _l("重大政策")),
    ("reform", _l("重大改革")),
    ("event", _l("重大活动")),
)
RISKS = (("high", _l("高风险")), ("medium", _l("中风险")), ("low", _l("低风险")))
DECISIONS = (
    ("implement", _l("准予实施")),
    ("phase", _l("部分实施、分期实施")),
    ("defer", _l("暂缓实施")),
    ("refuse", _l("不予实施")),
)


class ProjectForm(SubmissionForm):
    """Which decision of which body."""

    name = title_field(_l("决策事项"))
    kind = RadioField(_l("类别"), choices=options(KINDS), default="project")
    body = LineField(
        _l("决策单位"), [InputRequired(_l("请写决策单位")), Most(80), without_identity]
    )


class ConclusionForm(VersionForm):
    """What was found and decided."""

    risk = RadioField(_l("风险等级"), choices=options(RISKS), default="low")
    decision = RadioField(_l("处理决定"), choices=options(DECISIONS), default="implement")
    appraised_on = past_day(_l("评估日期"), _l("请写评估日期"))
    measures = remark(_l("风险防范措施"), 2000)
