"""The acts of supervision as one table: what each asks, says and does."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.calendar import clock
from yuantou.coordination.pages import Page
from yuantou.coordination.supervision import forms, queries, service
from yuantou.disputes.errors import RefusedError
from yuantou.disputes.matter import Ground, Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.service import working_calendar
from yuantou.limits.engine import due_at


def reply_day(session: Session) -> date | None:
    """Until when a reply is due by the limit in force."""
    now = clock.now()
    rule = queries.reply_rule(session, now.date())
    due = due_at(rule, now, working_calendar(session)).at if rule else None
    return due.date() if due else None


def _nothing(session: Session, viewer: Viewer, dispute: Dispute, form: Any) -> None:
    """The form is ready as it is."""


def _limited(session: Session, viewer: Viewer, dispute: Dispute, form: Any) -> None:
    if not form.is_submitted():
        form.time_limit.data = reply_day(session)


def _remind(session: Session, *, dispute_id: int, **asked: Any) -> Any:
    urged = service.remind(session, dispute_ids=[dispute_id], **asked)
    for _dispute_id, why in urged.left:
        raise RefusedError(Refusal("not_urged", why, "", Ground.STATE))
    return urged


# fmt: off
PAGES: tuple[Page, ...] = (
    Page("remind", forms.RemindForm, _l("催办"),
         _l("提醒承办单位抓紧办理。催办写进经过，对方收到消息。"),
         _l("催办"), _l("已催办。"), _remind, _nothing),
    Page("supervise", forms.SuperviseForm, _l("督办"),
         _l("发督办单，写明要求和答复期限。督办期间，市、省协调机构看得到这件事项。"),
         _l("发督办单"), _l("督办单已发出。"), service.supervise, _limited),
    Page("list", forms.ListForm, _l("挂牌督办"),
         _l("经有权机关决定挂牌，重新写明要求和期限。"),
         _l("挂牌督办"), _l("已挂牌督办。"), service.list_publicly, _limited),
    Page("answer", forms.AnswerForm, _l("答复督办"),
         _l("写明原因、办理情况和结果，由督办单位审核。"),
         _l("提交答复"), _l("答复已提交，等督办单位审核。"), service.answer, _nothing),
    Page("clear", forms.ClearForm, _l("销号"),
         _l("答复属实、要求已落实的，予以销号。"),
         _l("销号"), _l("已销号。"), service.clear, _nothing),
    Page("send_back", forms.SendBackForm, _l("退回答复"),
         _l("答复不清楚、要求没落实的，写明缺什么，限期重新答复。"),
         _l("退回答复"), _l("已退回，等重新答复。"), service.send_back, _limited),
    Page("censure", forms.CensureForm, _l("约谈·通报"),
         _l("督办仍不落实的，约谈、通报承办单位。"),
         _l("约谈·通报"), _l("已登记约谈·通报。"), service.censure, _nothing, "danger"),
)
# fmt: on
BY_NAME = {page.action: page for page in PAGES}
SIGNS = {
    "remind": "bell",
    "supervise": "flag",
    "list": "flag",
    "answer": "message",
    "clear": "check",
    "send_back": "return",
    "censure": "alert",
}
# What each letter does, and what it is called.
LETTERS = {
    "remind": (_l("催办"), _l("催办通知")),
    "supervise": (_l("督办"), _l("督办单")),
    "list": (_l("挂牌督办"), _l("挂牌督办通知书")),
    "censure": (_l("约谈、通报"), _l("约谈通报书")),
}
