"""The pages of mediation as one table: what each asks, says and does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import local
from yuantou.disputes.models import Dispute
from yuantou.mediation import forms, service
from yuantou.mediation.acting import ActForm
from yuantou.mediation.facts import Call, Found, Held, Terms, Told

Run = Callable[[Session, Viewer, int, Any], Dispute]


@dataclass(frozen=True)
class Page:
    """One act: its endpoint, form, words, and the use case behind it.

    `action` is the row of the workflow table that opens the door, empty where the act has none.
    """

    name: str
    form: type[ActForm]
    title: Any
    lead: Any
    button: Any
    done: Any
    run: Run
    action: str = ""
    kind: str = "primary"


def _plain(action: str, *facts: str) -> Run:
    def run(session: Session, by: Viewer, dispute_id: int, form: Any) -> Dispute:
        return service.act(
            session,
            by=by,
            dispute_id=dispute_id,
            action=action,
            facts={name: form[name].data for name in facts},
            note=_note(form),
            version=form.known_version,
        )

    return run


def _note(form: Any) -> str:
    words = [form[name].data for name in ("reason", "note") if name in form]
    return "\n".join(filter(None, words))


def _begin(session: Session, by: Viewer, dispute_id: int, form: Any) -> Dispute:
    return service.act(
        session,
        by=by,
        dispute_id=dispute_id,
        action="mediate",
        facts={"mediator_id": by.id, "consent": form.consent.data},
        note=_note(form),
        version=form.known_version,
    )


def _record(session: Session, by: Viewer, dispute_id: int, form: Any) -> Dispute:
    held = Held(form.held_at.data, form.place.data, form.attendees.data, form.content.data)
    return service.record_session(session, by=by, dispute_id=dispute_id, held=held)


def _agree(session: Session, by: Viewer, dispute_id: int, form: Any) -> Dispute:
    written = form.agreement_form.data == "written"
    terms = Terms(
        form=form.agreement_form.data,
        content=form.agreement_content.data,
        mode=form.mode.data,
        effective_on=form.effective_on.data,
        due_on=form.due_on.data if form.mode.data == "by_date" else None,
        amount=form.amount.data,
        signature=form.signature.data if written else None,
        subjects=tuple(form.subjects.data or ()),
    )
    return service.agree(
        session, by=by, dispute_id=dispute_id, terms=terms, version=form.known_version
    )


def _perform(session: Session, by: Viewer, dispute_id: int, form: Any) -> Dispute:
    found = Found(form.performed_on.data, form.result.data, form.evidence.data, form.amount.data)
    return service.perform(
        session, by=by, dispute_id=dispute_id, found=found, version=form.known_version
    )


def _default(session: Session, by: Viewer, dispute_id: int, form: Any) -> Dispute:
    found = Found(form.defaulted_on.data, "defaulted", form.evidence.data)
    return service.default(
        session, by=by, dispute_id=dispute_id, found=found, version=form.known_version
    )


def _ending(action: str) -> Run:
    def run(session: Session, by: Viewer, dispute_id: int, form: Any) -> Dispute:
        told = Told(tuple(form.path_options.data), form.manner.data, form.note.data or "")
        return service.end(
            session,
            by=by,
            dispute_id=dispute_id,
            action=action,
            told=told,
            reason=_reason(form),
            refused="ground" in form and form.ground.data == "refused",
            version=form.known_version,
        )

    return run


def _reason(form: Any) -> str:
    """The chosen ground in words, then what was written."""
    if "reason" not in form:
        return form.note.data or ""
    grounds = form.ground.iter_choices() if "ground" in form else ()
    chosen = next((str(each.label) for each in grounds if each.selected), "")
    return f"{chosen}：{form.reason.data}" if chosen else str(form.reason.data)


def _suspend(session: Session, by: Viewer, dispute_id: int, form: Any) -> Dispute:
    reason = _reason(form)
    return service.act(
        session,
        by=by,
        dispute_id=dispute_id,
        action="suspend",
        facts={"reason": reason, "evidence": form.evidence.data, "until": form.until.data},
        note=_("%(reason)s；依据：%(evidence)s", reason=reason, evidence=form.evidence.data),
        version=form.known_version,
    )


def _call(session: Session, by: Viewer, dispute_id: int, form: Any) -> Dispute:
    call = Call(
        called_at=local(form.called_at.data),
        reached=form.reached.data == "yes",
        note=form.note.data,
        performed=form.performed.data or None,
        satisfied=form.satisfied.data or None,
        hidden_risk=form.hidden_risk.data == "yes",
        close_file=form.close_file.data,
    )
    return service.follow_up(
        session, by=by, dispute_id=dispute_id, call=call, version=form.known_version
    )


# fmt: off
PAGES: tuple[Page, ...] = (
    Page("note_consent", forms.ConsentForm, _l("登记同意调解"),
         _l("当事人自愿是调解的前提，随时可以改变主意。"),
         _l("登记同意"), _l("已登记双方同意调解。"), _plain("note_consent", "consent"),
         "note_consent"),
    Page("note_refusal", forms.RefusalForm, _l("登记拒绝调解"),
         _l("一方明确拒绝的，不得调解；请同时告知仲裁、诉讼等其他途径。"),
         _l("登记拒绝"), _l("已登记有当事人拒绝调解。请告知其他途径。"),
         _plain("note_refusal", "reason"), "note_refusal", "danger"),
    Page("report_to_police", forms.PoliceForm, _l("报告公安机关"),
         _l("可能引起治安案件、刑事案件的，及时报告，并记下时刻。"),
         _l("登记已报告"), _l("已记下报告公安机关的时刻。"),
         _plain("report_to_police", "police_station", "reported_at", "reported_to"),
         "report_to_police"),
    Page("mediate", forms.BeginForm, _l("开始调解"),
         _l("由您担任调解员。调解不收费，当事人可以随时退出。"),
         _l("开始调解"), _l("调解已开始。"), _begin, "mediate"),
    Page("record", forms.RecordForm, _l("记调解"),
         _l("每调解一次记一次，写经过，不要求照片。"),
         _l("保存记录"), _l("调解记录已保存。"), _record),
    Page("agree", forms.AgreementForm, _l("达成协议"),
         _l("口头协议同样有效，记下内容即可；书面协议自签名、盖章起生效。"),
         _l("登记协议"), _l("协议已登记。"), _agree, "agree"),
    Page("begin_performance", forms.PerformanceStartForm, _l("进入履行"),
         _l("协议有待以后履行的内容时，进入履行并到期提醒。"),
         _l("进入履行"), _l("已进入履行。"), _plain("begin_performance"), "begin_performance"),
    Page("perform", forms.PerformanceForm, _l("登记履行"),
         _l("凭依据登记。部分履行也记下，事项仍在履行中。"),
         _l("登记履行"), _l("履行情况已登记。"), _perform, "perform"),
    Page("urge", forms.UrgeForm, _l("督促履行"),
         _l("调解组织对协议的履行负有监督、督促的职责。"),
         _l("登记督促"), _l("已登记督促履行。"), _plain("urge", "manner"), "urge"),
    Page("default", forms.DefaultForm, _l("登记未履行"),
         _l("约定的日期过后仍未履行的，登记未履行；可督促，也可告知诉讼等途径。"),
         _l("登记未履行"), _l("已登记未履行。可督促履行，或者告知其他途径。"), _default,
         "default", "danger"),
    Page("fail", forms.EndingForm, _l("调解不成"),
         _l("调解不成的，应当终止调解，并告知当事人可以通过仲裁、行政、司法等途径维护权利。"),
         _l("登记调解不成"), _l("已登记调解不成，并记下已告知的途径。"), _ending("fail"),
         "fail", "danger"),
    Page("terminate", forms.TerminationForm, _l("终止调解"),
         _l("当事人可以随时退出。终止时告知其他途径。"),
         _l("终止调解"), _l("调解已终止，并记下已告知的途径。"), _ending("terminate"),
         "terminate", "danger"),
    Page("advise_path", forms.PathForm, _l("告知途径"),
         _l("写明告知了哪些途径、怎样告知。选哪条路由当事人自己定。"),
         _l("登记告知"), _l("已登记告知的途径。"), _ending("advise_path"), "advise_path"),
    Page("suspend", forms.SuspensionForm, _l("中止调解"),
         _l("中止期间停止计时；原因消失后恢复。"),
         _l("中止调解"), _l("调解已中止，计时已停。"), _suspend, "suspend"),
    Page("resume", forms.ResumptionForm, _l("恢复调解"),
         _l("恢复后继续计时。"),
         _l("恢复调解"), _l("调解已恢复。"), _plain("resume", "resumed_on"), "resume"),
    Page("plan_follow_up", forms.FollowUpPlanForm, _l("安排回访"),
         _l("到日提醒。也可以现在就记回访。"),
         _l("安排回访"), _l("回访已安排。"), _plain("plan_follow_up", "planned_on"),
         "plan_follow_up"),
    Page("follow_up", forms.FollowUpForm, _l("记回访"),
         _l("问履行、问满意、问隐患，照当事人的话记。"),
         _l("保存回访"), _l("回访已保存。"), _call),
    Page("close", forms.ClosingForm, _l("结案归档"),
         _l("有结果或者已告知途径，并经回访，才能归档。"),
         _l("结案归档"), _l("已结案归档。"), _plain("close", "found"), "close"),
)
# fmt: on
