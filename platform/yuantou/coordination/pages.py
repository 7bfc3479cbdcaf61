"""The acts of coordination as one table: what each asks, says and does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.coordination import forms, merging, queries, service
from yuantou.coordination.dispatching.proposals import proposals
from yuantou.disputes.models import Dispute
from yuantou.mediation.acting import usual_paths

Prepare = Callable[[Session, Viewer, Dispute, Any], None]


@dataclass(frozen=True)
class Page:
    """One act of the workflow table: its form, its words, and the use case behind it."""

    action: str
    form: type[forms.CoordinationForm]
    title: Any
    lead: Any
    button: Any
    done: Any
    run: Callable[..., Dispute]
    prepare: Prepare
    kind: str = "primary"


def _nothing(session: Session, viewer: Viewer, dispute: Dispute, form: Any) -> None:
    """The form is ready as it is."""


def _told(session: Session, viewer: Viewer, dispute: Dispute, form: Any) -> None:
    if "domestic_violence" in dispute.flags and not form.is_submitted():
        form.path_options.data = usual_paths(dispute)


def _triage(session: Session, viewer: Viewer, dispute: Dispute, form: Any) -> None:
    form.prepare(dispute)


def _send(session: Session, viewer: Viewer, dispute: Dispute, form: Any) -> None:
    people = queries.people_of_county(session, dispute) if dispute.restricted else []
    found = queries.agencies_of_county(session, dispute)
    form.prepare(dispute, found, people, proposals(session, dispute, first=_asked_owner()))


def _asked_owner() -> int | None:
    """Whom the matter's page proposed, when its link was followed."""
    return request.args.get("owner", type=int)


def _owner(session: Session, viewer: Viewer, dispute: Dispute, form: Any) -> None:
    found = dict(proposals(session, dispute))
    found |= {key: name for key, name in queries.agencies_of_county(session, dispute)
              if key not in found}  # fmt: skip
    mine = (dispute.handler_agency_id, viewer.agency.id)
    forms.offer(form.suggested_owner, [one for one in found.items() if one[0] not in mine])


def _partners(session: Session, viewer: Viewer, dispute: Dispute, form: Any) -> None:
    form.partners.choices = forms.options(queries.agencies_of_county(session, dispute))


def _mediator(session: Session, viewer: Viewer, dispute: Dispute, form: Any) -> None:
    _people(session, viewer, form.mediator_id, form)


def _officer(session: Session, viewer: Viewer, dispute: Dispute, form: Any) -> None:
    _people(session, viewer, form.officer_id, form)


def _people(session: Session, viewer: Viewer, field: Any, form: Any) -> None:
    forms.offer(field, queries.people_of(session, viewer.agency.id))
    if not form.is_submitted():
        field.data = viewer.id


# fmt: off
PAGES: tuple[Page, ...] = (
    Page("accept", forms.AcceptForm, _l("受理"),
         _l("受理后发给编号，开始计算研判和办结期限。"),
         _l("受理"), _l("已受理，编号已发。"), service.accept, _nothing),
    Page("decline", forms.DeclineForm, _l("不予受理"),
         _l("写明理由，并告知当事人还可以走哪些途径。"),
         _l("不予受理"), _l("已登记不予受理。"), service.decline, _told, "danger"),
    Page("merge", forms.MergeForm, _l("并案"),
         _l("确是同一件事才并案。并入后，后续都在另一件里办；并错了可以解除。"),
         _l("并案"), _l("已并案。"), merging.merge, _nothing, "danger"),
    Page("unmerge", forms.UnmergeForm, _l("解除并案"),
         _l("回到并案前的状态：承办单位、当事人、期限都恢复；并案的时间不计入期限。"),
         _l("解除并案"), _l("已解除并案，事项回到并案前的状态。"), merging.unmerge, _nothing),
    Page("triage", forms.TriageForm, _l("研判"),
         _l("给事项定级，不给人贴标签。"),
         _l("完成研判"), _l("研判已登记。"), service.triage, _triage),
    Page("dispatch", forms.DispatchForm, _l("交办"),
         _l("交给本县有职责的单位，写明期限。对方须签收，或在时限内退回。"),
         _l("交办"), _l("已交办，等对方签收。"), service.dispatch, _send),
    Page("designate", forms.DesignateForm, _l("指定管辖"),
         _l("退回满次数后由县级指定。指定后不再退回。"),
         _l("指定管辖"), _l("已指定管辖，等对方签收。"), service.designate, _send),
    Page("return", forms.ReturnForm, _l("退回"),
         _l("不属于本单位职责的，写明理由和建议的承办单位，退回交办单位。"),
         _l("退回"), _l("已退回交办单位。"), service.send_back, _owner, "danger"),
    Page("recall", forms.RecallForm, _l("撤回交办"),
         _l("交错了单位的，对方签收以前可以撤回，回到交办以前。"),
         _l("撤回"), _l("已撤回，可以重新交办。"), service.recall, _nothing, "danger"),
    Page("sign", forms.SignForm, _l("签收"),
         _l("签收后由本单位办理，开始计算首次联系当事人的期限。"),
         _l("签收"), _l("已签收。请指派承办人，尽快联系当事人。"), service.sign, _nothing),
    Page("mediate", forms.MediateForm, _l("指派调解员"),
         _l("双方自愿才能调解；调解不收费，当事人可以随时退出。"),
         _l("开始调解"), _l("调解已开始。"), service.assign_mediator, _mediator),
    Page("handle", forms.HandleForm, _l("部门办理"),
         _l("按行政程序办理的，指定承办人。"),
         _l("开始办理"), _l("已开始办理。"), service.handle, _officer),
    Page("reply", forms.ReplyForm, _l("答复"),
         _l("写明办理结果和依据。答复后安排回访。"),
         _l("登记答复"), _l("答复已登记。"), service.reply, _nothing),
    Page("escalate", forms.EscalateForm, _l("提级联合调处"),
         _l("交县级综治中心组织，有关单位一起办。"),
         _l("提级"), _l("已提级，由县级综治中心组织联合调处。"), service.escalate, _partners),
    Page("reopen", forms.ReopenForm, _l("反弹重启"),
         _l("同一件事又起争议的，重新研判办理。"),
         _l("重启"), _l("已重启，请重新研判。"), service.reopen, _nothing),
)
# fmt: on
BY_NAME = {page.action: page for page in PAGES}
