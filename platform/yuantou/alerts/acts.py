"""The acts of a warning as one table: its form, what it does, what is said afterwards, when."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.alerts import forms, handling
from yuantou.alerts.levels import lower_levels
from yuantou.alerts.models import Alert
from yuantou.alerts.queries import may_handle

Open = Callable[[Viewer, Alert], bool]


@dataclass(frozen=True)
class Act:
    """One act; `opens` says whether it is there for a viewer of a warning."""

    form: type[forms.AlertForm]
    run: Callable[..., Alert]
    title: Any
    done: Any
    opens: Open
    icon: str

    @property
    def name(self) -> str:
        """Its name in addresses, which is the prefix of its form."""
        return self.form.act


def _open(viewer: Viewer, alert: Alert) -> bool:
    return alert.state == "open" and may_handle(viewer, alert)


def _takes(viewer: Viewer, alert: Alert) -> bool:
    own = alert.owner_agency_id == viewer.agency.id and alert.owner_account_id == viewer.id
    return alert.state != "open" and not own and may_handle(viewer, alert)


def _lowers(viewer: Viewer, alert: Alert) -> bool:
    return (
        viewer.may(Permission.ALERT_DOWNGRADE)
        and alert.downgrade_to is None
        and bool(lower_levels(alert.level))
        and may_handle(viewer, alert)
    )


# fmt: off
ACTS = (
    Act(forms.DecideForm, handling.decide_downgrade, _l("决定降级"), _l("已决定。"),
        handling.may_decide, "scale"),
    Act(forms.AcknowledgeForm, handling.acknowledge, _l("确认"), _l("已确认，请尽快处置。"),
        _open, "check"),
    Act(forms.TakeForm, handling.take, _l("由我承办"), _l("已由您承办。"), _takes, "user"),
    Act(forms.ActForm, handling.act, _l("记处置"), _l("已记入经过。"), may_handle, "edit"),
    Act(forms.CloseForm, handling.close, _l("办结"), _l("已办结，结论记入预警台账。"),
        may_handle, "lock"),
    Act(forms.HandForm, handling.hand_over, _l("转交"), _l("已转交，对方收到了消息。"),
        may_handle, "send"),
    Act(forms.EscalateForm, handling.escalate, _l("升级上报"), _l("已升级上报。"),
        may_handle, "arrow-up"),
    Act(forms.DowngradeForm, handling.propose_downgrade, _l("提出降级"),
        _l("已提出，等另一人决定。"), _lowers, "arrow-down"),
)
# fmt: on
BY_NAME = {act.name: act for act in ACTS}


def open_acts(viewer: Viewer, alert: Alert) -> list[Act]:
    """What this viewer may do with the warning now."""
    return [act for act in ACTS if act.opens(viewer, alert)]
