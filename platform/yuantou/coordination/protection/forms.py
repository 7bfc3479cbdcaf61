"""The forms on a restricted matter: naming, and lifting a wrong restriction."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.validators import InputRequired

from yuantou.coordination.forms import choose
from yuantou.coordination.protection.service import LIFTED, REFUSED
from yuantou.mediation.acting import remark, words
from yuantou.mediation.fields import options


class NamingForm(FlaskForm):
    """One person more."""

    account_id = choose(_l("知悉人"), _l("请选一位知悉人"))
    reason = words(_l("为什么需要知悉"), _l("请写为什么需要知悉"), 200)


class UnnamingForm(FlaskForm):
    """One person less."""

    account_id = choose(_l("撤下谁"), _l("请选撤下谁"))
    reason = words(_l("为什么撤下"), _l("请写为什么撤下"), 200)

    def __init__(self, *args: Any, **more: Any) -> None:
        """Both forms stand on one page: ids of this one are its own."""
        super().__init__(*args, **more)
        self.account_id.id, self.reason.id = "remove-account", "remove-reason"


class LiftForm(FlaskForm):
    """The restriction is wrong."""

    reason = words(_l("为什么解除"), _l("请写怎样查明不属于限制知悉的情形"), 500)


class VerdictForm(FlaskForm):
    """The second person's word."""

    verdict = RadioField(
        _l("核准结果"),
        [InputRequired(_l("请选核准结果"))],
        choices=options([(LIFTED, _l("同意解除")), (REFUSED, _l("不同意"))]),
    )
    note = remark(_l("核准意见"))
