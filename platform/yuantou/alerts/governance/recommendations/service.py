"""The use cases of a recommendation: drafted, signed, sent, received, answered, judged, filed."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.alerts.governance import history
from yuantou.alerts.governance.analyses.models import Analysis
from yuantou.alerts.governance.courses import LETTER
from yuantou.alerts.governance.places import partners_among
from yuantou.alerts.governance.recommendations import queries
from yuantou.alerts.governance.recommendations.models import Recommendation
from yuantou.alerts.governance.terms import Letter, read
from yuantou.calendar import clock
from yuantou.database.twins import twin_of
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.matter import N_
from yuantou.territory.models import Area

YEAR_OF_MONTHS = 12
TEXTS = ("title", "problem", "basis", "advice")


def kind_of(by: Viewer) -> Letter | None:
    """The kind of letter that the viewer's unit writes; a court alone 司法建议, and so on."""
    return read().of_issuer(by.agency.kind)


def draft(
    session: Session,
    *,
    by: Viewer,
    submission: str,
    addressee_id: int,
    title: str,
    problem: str,
    basis: str,
    advice: str,
    analysis_id: int | None = None,
    now: datetime | None = None,
) -> Recommendation:
    """Begin a letter of the kind that the unit writes; sent twice it is one."""
    if twin := twin_of(session, Recommendation, submission):
        return twin
    at, letter = now or clock.now(), _letter(by)
    on = session.get(Analysis, analysis_id) if analysis_id else None
    made = Recommendation(
        submission=submission,
        kind=letter.kind,
        analysis_id=on.id if on else None,
        area_code=on.area_code if on else by.agency.area_code,
        area_path=on.area_path if on else by.agency.area_path,
        agency_id=by.agency.id,
        addressee_id=_addressee(session, by, addressee_id),
        title=title,
        problem=problem,
        basis=basis,
        advice=advice,
        state="draft",
        drafted_by=by.id,
        drafted_at=at,
        signed_name="",
        reply="",
        verdict="",
        told="",
    )
    session.add(made)
    session.flush()
    _note(session, by, made, "drafted", at)
    session.commit()
    return made


def rewrite(
    session: Session,
    *,
    by: Viewer,
    letter_id: int,
    texts: Mapping[str, str],
    addressee_id: int,
    version: int | None = None,
    now: datetime | None = None,
) -> Recommendation:
    """Change a draft."""
    at, made = now or clock.now(), history.held(session, Recommendation, letter_id)
    if made.agency_id != by.agency.id:
        raise NotVisibleError(letter_id)
    if made.state != "draft":
        raise history.refused("not_draft", N_("已经签发，要改先退回修改。"))
    history.fresh(version, made.version)
    made.addressee_id = _addressee(session, by, addressee_id)
    for name in TEXTS:
        setattr(made, name, texts[name])
    _note(session, by, made, "written", at)
    session.commit()
    return made


def act(
    session: Session,
    *,
    by: Viewer,
    letter_id: int,
    action: str,
    words: str = "",
    now: datetime | None = None,
) -> Recommendation:
    """One step of a letter; a step that was taken already is not taken twice."""
    at, made = now or clock.now(), history.held(session, Recommendation, letter_id)
    unit = by.agency.id
    own, other = made.agency_id == unit, made.addressee_id == unit
    if needs_signer(made, action) and own and not by.may(Permission.LETTER_SIGN):
        raise NotVisibleError(letter_id)
    if not history.demand(LETTER, made.state, action, owner=own, other=other):
        if action == "reply" and words != made.reply:
            raise RefusedError(history.changed())
        if action != "reply":
            history.unlost(session, "recommendation", made.id, action, words)
        session.commit()
        return made
    if action in ASKING and not words.strip():
        raise history.refused("no_words", N_("请写几句。"), "words")
    due = made.due_on
    DOING.get(action, _nothing)(session, by, made, words, at)
    made.state = LETTER.steps[action].target
    _told(session, made, action, at)
    limits = _limits(made, due) if action in LIMITING else {}
    _note(session, by, made, action, at, words=words, **limits)
    session.commit()
    return made


def needs_signer(made: Recommendation, action: str) -> bool:
    """Whether a step is for who signs: to sign, to send, to take back what was signed."""
    taken_back = action in ("unsign", "withdraw") and made.signed_at is not None
    return taken_back or action in ("sign", "send")


def reply_by(sent: date, months: int) -> date:
    """The same day so many months later, or that month's last."""
    index = sent.year * YEAR_OF_MONTHS + sent.month - 1 + months
    year, month = divmod(index, YEAR_OF_MONTHS)
    return date(year, month + 1, min(sent.day, monthrange(year, month + 1)[1]))


def first_limit(made: Recommendation) -> date | None:
    """Until when the letter itself, as it was sent, asks for a reply."""
    if made.sent_at is None:
        return None
    return reply_by(clock.local(made.sent_at).date(), read().letters[made.kind].reply_months)


def _sign(session: Session, by: Viewer, made: Recommendation, words: str, at: datetime) -> None:
    made.signed_by, made.signed_name, made.signed_at = by.id, by.display_name, at
    if made.number is not None:
        return
    letter, year = _letter(by), clock.local(at).year
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"letter-{made.agency_id}"))))
    made.year, made.kind = year, letter.kind
    made.serial = queries.last_serial(session, made.agency_id, made.kind, year) + 1
    place = session.get_one(Area, by.agency.area_code)
    made.number = f"{place.short_name}{letter.mark}〔{year}〕{made.serial}号"


def _unsign(session: Session, by: Viewer, made: Recommendation, words: str, at: datetime) -> None:
    made.signed_by, made.signed_name, made.signed_at = None, "", None


def _send(session: Session, by: Viewer, made: Recommendation, words: str, at: datetime) -> None:
    made.sent_at = at
    made.due_on = first_limit(made)
    made.told = ""


def _receive(session: Session, by: Viewer, made: Recommendation, words: str, at: datetime) -> None:
    made.received_by, made.received_at = by.id, at


def _reply(session: Session, by: Viewer, made: Recommendation, words: str, at: datetime) -> None:
    made.reply, made.replied_by, made.replied_at = words, by.id, at


def _judge(session: Session, by: Viewer, made: Recommendation, words: str, at: datetime) -> None:
    made.verdict, made.judged_by, made.judged_at = words, by.id, at


def _ask_again(
    session: Session, by: Viewer, made: Recommendation, words: str, at: datetime
) -> None:
    """A further reply has a limit of its own, never sooner than the one that still runs."""
    _judge(session, by, made, words, at)
    fresh = clock.local(at).date() + timedelta(days=read().again_days)
    made.due_on, made.told = max(fresh, made.due_on or fresh), ""


def _redraft(session: Session, by: Viewer, made: Recommendation, words: str, at: datetime) -> None:
    _unsign(session, by, made, words, at)
    made.sent_at = made.due_on = made.received_by = made.received_at = None


def _nothing(session: Session, by: Viewer, made: Recommendation, words: str, at: datetime) -> None:
    """Only the state changes."""


Doing = Callable[[Session, Viewer, Recommendation, str, datetime], None]
DOING: Mapping[str, Doing] = {
    "sign": _sign,
    "unsign": _unsign,
    "send": _send,
    "receive": _receive,
    "reply": _reply,
    "ask_again": _ask_again,
    "accept": _judge,
    "redraft": _redraft,
}
LIMITING = frozenset({"send", "ask_again"})
ASKING = frozenset({"reply", "ask_again", "withdraw"})


def _letter(by: Viewer) -> Letter:
    letter = kind_of(by)
    if letter is None:
        raise NotVisibleError(by.agency.id)
    return letter


def _addressee(session: Session, by: Viewer, agency_id: int) -> int:
    if not partners_among(session, by, [agency_id]):
        raise history.refused("addressee", N_("请选收函单位。"), "addressee_id")
    return agency_id


def _told(session: Session, made: Recommendation, action: str, at: datetime) -> None:
    name, number = _(read().letters[made.kind].name_zh), made.number or ""
    to_addressee = {
        "send": _("收到%(name)s %(number)s，请签收", name=name, number=number),
        "ask_again": _("%(name)s %(number)s请再回复", name=name, number=number),
        "accept": _("%(name)s %(number)s的回复已认可", name=name, number=number),
        "withdraw": _("%(name)s %(number)s已撤回", name=name, number=number),
        "reopen": _("%(name)s %(number)s重新跟进", name=name, number=number),
    }
    to_issuer = {
        "receive": _("%(name)s %(number)s已签收", name=name, number=number),
        "reply": _("%(name)s %(number)s已回复，请审看", name=name, number=number),
    }
    link = f"/sources/letters/{made.id}"
    if action in to_addressee and made.sent_at is not None:
        history.tell(session, [made.addressee_id], to_addressee[action], link, at)
    if action in to_issuer:
        history.tell(session, [made.agency_id], to_issuer[action], link, at)


def _limits(made: Recommendation, before: date | None) -> dict[str, str]:
    """The limit that a step set and the one that it took the place of, for the history."""
    told = {"due_on": made.due_on, "due_before": before}
    return {name: day.isoformat() for name, day in told.items() if day is not None}


def _note(
    session: Session,
    by: Viewer,
    made: Recommendation,
    event: str,
    at: datetime,
    words: str = "",
    **more: str,
) -> None:
    facts = {"kind_of_letter": made.kind, "number": made.number, **more}
    history.note(
        session,
        by=by,
        kind="recommendation",
        object_id=made.id,
        event=event,
        at=at,
        words=words,
        **facts,
    )
