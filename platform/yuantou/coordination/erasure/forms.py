"""The forms of an erasure: asking by number, and deciding."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, ValidationError
from wtforms.validators import InputRequired

from yuantou.coordination.erasure.service import REQUEST, RETENTION
from yuantou.mediation.acting import remark, words
from yuantou.mediation.fields import LineField, Most, options

BASES = ((RETENTION, _l("保管期限已满")), (REQUEST, _l("当事人依法要求删除")))
ERASE, REFUSE = "erase", "refuse"


class RequestForm(FlaskForm):
    """Which matter, on what ground."""

    number = LineField(_l("编号"), [InputRequired(_l("请写事项编号")), Most(60)])
    basis = RadioField(_l("依据"), choices=options(BASES), default=RETENTION)
    reason = words(_l("理由"), _l("请写理由，不写当事人姓名"), 300)


class VerdictForm(FlaskForm):
    """The second person's word; the number typed again guards against the wrong one."""

    verdict = RadioField(
        _l("核准结果"),
        [InputRequired(_l("请选核准结果"))],
        choices=options([(ERASE, _l("核准销毁")), (REFUSE, _l("不同意"))]),
    )
    number = LineField(_l("再写一遍编号"), [Most(60)])
    note = remark(_l("核准意见"))
    expected = ""

    def validate_number(self, field: Any) -> None:
        """What cannot be brought back is named twice."""
        if self.verdict.data == ERASE and (field.data or "").strip() != self.expected:
            raise ValidationError(_("编号不一致，请照上面的编号写"))
