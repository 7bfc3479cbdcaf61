"""What agencies can do with each other about a matter, as one table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.coordination import queries
from yuantou.coordination.dispatching import doors, forms, joint, referrals, transfers, whistles
from yuantou.coordination.dispatching.queries import (
    Held,
    agencies_to_ask,
    agencies_to_call,
    centres_elsewhere,
)
from yuantou.coordination.dispatching.words import body_name
from yuantou.coordination.forms import CoordinationForm, offer, options
from yuantou.disputes.models import Dispute

Prepare = Callable[[Session, Viewer, Dispute, Held, Any], None]


@dataclass(frozen=True)
class Act:
    """One act: `away` is that its doer may see the matter no longer when it is done, `aside` that
    it stands in the card and not among the doors."""

    action: str
    form: type[CoordinationForm]
    title: Any
    lead: Any
    button: Any
    done: Any
    icon: str
    key: str
    rule: doors.Rule
    run: Callable[..., Dispute]
    prepare: Prepare
    kind: str = "primary"
    away: bool = False
    aside: bool = False


def _nothing(session: Session, viewer: Viewer, dispute: Dispute, held: Held, form: Any) -> None:
    """The form is ready as it is."""


def _partners(session: Session, viewer: Viewer, dispute: Dispute, held: Held, form: Any) -> None:
    busy = {dispute.handler_agency_id, viewer.agency.id, *held.assisting}
    _offer(session, dispute, form, agencies_to_ask(session, dispute), busy)


def _called(session: Session, viewer: Viewer, dispute: Dispute, held: Held, form: Any) -> None:
    waiting = {row.Whistle.agency_id for row in held.whistles if row.Whistle.answered_at is None}
    busy = {viewer.agency.id, *waiting}
    _offer(session, dispute, form, agencies_to_call(session, dispute), busy)


def _offer(
    session: Session, dispute: Dispute, form: Any, found: list[tuple[int, str]], busy: set[int]
) -> None:
    people = queries.people_of_county(session, dispute) if dispute.restricted else []
    form.prepare(dispute, [one for one in found if one[0] not in busy], people)


def _helpers(session: Session, viewer: Viewer, dispute: Dispute, held: Held, form: Any) -> None:
    rows = [row for row in held.helpers if row.Participation.until is None]
    found = [(row.Participation.agency_id, row.agency) for row in rows]
    forms.only_one(form.partner, list(dict(found).items()), filled=form.is_submitted())


def _coming(session: Session, viewer: Viewer, dispute: Dispute, held: Held, form: Any) -> None:
    rows = [row for row in held.whistles if row.Whistle.response == whistles.COMING]
    found = [(row.Whistle.agency_id, row.agency) for row in rows if not row.Whistle.arrived_at]
    forms.only_one(form.partner, list(dict(found).items()), filled=form.is_submitted())


def _centres(session: Session, viewer: Viewer, dispute: Dispute, held: Held, form: Any) -> None:
    offer(form.to_agency_id, centres_elsewhere(session, viewer))


def _areas(session: Session, viewer: Viewer, dispute: Dispute, held: Held, form: Any) -> None:
    form.area_code.choices = options(transfers.area_choices(session, viewer))


def _referrals(session: Session, viewer: Viewer, dispute: Dispute, held: Held, form: Any) -> None:
    ways = {"in": _("转来"), "out": _("转出")}
    found = [
        (one.id, f"{ways[one.direction]} · {body_name(one.body)} · {one.external_name}")
        for one in held.unanswered
    ]
    forms.only_one(form.referral, found, filled=form.is_submitted())


# fmt: off
ACTS: tuple[Act, ...] = (
    Act("accept-transfer", forms.AcceptTransferForm, _l("接收移送"),
        _l("接收后由本单位承办，编号不变，统计归到本辖区；移送单位仍能看到经过。"),
        _l("接收"), _l("已接收，由本单位承办。"), "check", "Y",
        doors.answering_transfer, transfers.accept, _areas),
    Act("decline-transfer", forms.ReasonForm, _l("不接收移送"),
        _l("写明理由。不接收的，仍由移送单位承办，本单位不再看到这件事项。"),
        _l("不接收"), _l("已答复不接收，仍由移送单位承办。"), "close", "",
        doors.answering_transfer, transfers.decline, _nothing, "danger", away=True),
    Act("answer-whistle", forms.AnswerWhistleForm, _l("回应哨声"),
        _l("说明谁去、何时到；不能到场的写明原因。"),
        _l("回应"), _l("已回应。"), "bell", "W",
        doors.answering_whistle, whistles.answer, _nothing, away=True),
    Act("contribute", forms.ContributionForm, _l("写协办情况"),
        _l("写本单位办了什么、有什么意见。协议、结案由承办单位登记。"),
        _l("登记"), _l("协办情况已登记，承办单位会收到消息。"), "edit", "C",
        doors.contributing, joint.contribute, _nothing),
    Act("join", forms.JoinForm, _l("邀请协办"),
        _l("承办单位牵头；协办单位能看到事项、写协办情况，不能登记协议、不能结案。"),
        _l("邀请协办"), _l("已邀请，协办单位会收到消息。"), "users", "E",
        doors.joining, joint.join, _partners),
    Act("release", forms.ReleaseForm, _l("解除协办"),
        _l("协办结束后，这个单位不再看到事项；经过里留有记录。"),
        _l("解除协办"), _l("已解除协办。"), "close", "",
        doors.releasing, joint.release, _helpers, "danger", aside=True),
    Act("whistle", forms.WhistleForm, _l("吹哨"),
        _l("街乡吹哨、部门报到：被叫到的单位须在时限内回应（默认 24 小时，示例）。"),
        _l("吹哨"), _l("已吹哨，等部门回应。"), "bell", "W",
        doors.whistling, whistles.blow, _called),
    Act("arrive", forms.ArrivalForm, _l("登记到场"),
        _l("部门的人到了，记下时刻。"),
        _l("登记到场"), _l("到场时刻已记下。"), "check", "",
        doors.arriving, whistles.arrive, _coming, aside=True),
    Act("transfer", forms.TransferForm, _l("移送外区"),
        _l("对方接收以前，仍由本单位承办、期限照算；对方不接收的，仍在本单位。"),
        _l("移送"), _l("已移送，等对方接收；接收以前仍由本单位承办。"), "arrow-right", "X",
        doors.transferring, transfers.offer, _centres),
    Act("withdraw-transfer", forms.ReasonForm, _l("撤回移送"),
        _l("对方还没有答复时可以撤回。"),
        _l("撤回移送"), _l("已撤回，仍由本单位承办。"), "return", "",
        doors.withdrawing, transfers.withdraw, _nothing, aside=True),
    Act("refer-out", forms.ReferOutForm, _l("转公安、信访、12345"),
        _l("转给平台以外的单位，写明希望哪天前答复；事项仍由承办单位负责。"
           "可能引起治安、刑事案件的，另用“报告公安机关”。"),
        _l("登记转出"), _l("已登记转出，等对方答复。"), "send", "O",
        doors.referring, referrals.refer_out, _nothing),
    Act("refer-in", forms.ReferInForm, _l("登记来件"),
        _l("这件事项由公安、信访、12345 等转来的，记下对方编号和答复期限。"),
        _l("登记来件"), _l("来件已登记。"), "inbox", "",
        doors.referring, referrals.refer_in, _nothing, aside=True),
    Act("answer-referral", forms.ReferralAnswerForm, _l("登记转办答复"),
        _l("对方答复我们的，或者我们答复来件单位的，记下日期和结果。"),
        _l("登记答复"), _l("答复已登记。"), "message", "",
        doors.answering_referral, referrals.answer, _referrals, aside=True),
)
# fmt: on
BY_NAME = {act.action: act for act in ACTS}


def open_acts(viewer: Viewer, dispute: Dispute, held: Held) -> list[Act]:
    """What the viewer may do now, in the order of the table."""
    return [act for act in ACTS if act.rule(viewer, dispute, held) is None]
