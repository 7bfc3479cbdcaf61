"""What the last page of the intake and a receipt say comes next."""

from flask_babel import gettext as _

from yuantou.disputes.workflow import DisputeState


def next_step(state: DisputeState) -> str:
    """The next step from a state, in words for who reported."""
    steps = {
        DisputeState.REPORTED: _("受理：核对后编号"),
        DisputeState.ACCEPTED: _("研判：定类型、风险和途径"),
        DisputeState.TRIAGED: _("开始办理，或者交办"),
        DisputeState.IN_MEDIATION: _("继续调解"),
        DisputeState.AGREED: _("登记履行"),
        DisputeState.PERFORMING: _("到期前看履行情况"),
        DisputeState.PERFORMED: _("回访"),
    }
    return steps.get(state) or _(state.name_zh)
