"""What the page of a matter shows, gathered once."""

from collections.abc import Container, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer
from yuantou.calendar.clock import local
from yuantou.coordination import queries, story
from yuantou.coordination.corrections.queries import told as corrections_told
from yuantou.coordination.corrections.section import SECTION as CORRECTIONS
from yuantou.coordination.dispatching.section import SECTION as JOINT
from yuantou.coordination.extending.section import SECTION as TERMS
from yuantou.coordination.pages import BY_NAME
from yuantou.coordination.parties import looking_refusal, telling_refusal
from yuantou.coordination.protection.section import SECTION as PROTECTION
from yuantou.coordination.protection.section import report_missing
from yuantou.coordination.series.section import SECTION as SERIES
from yuantou.coordination.supervision.section import SECTION as SUPERVISION
from yuantou.disputes.codes import read
from yuantou.disputes.matter import Actor, Duty, Matter, Refusal
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.section import Asked, Section, brought
from yuantou.disputes.service import working_calendar
from yuantou.disputes.standing import actor_of, history, matter_of
from yuantou.disputes.telling import GENDERS
from yuantou.disputes.words import (
    comma,
    day_words,
    due_words,
    law_words,
    money_words,
    refusal_words,
)
from yuantou.disputes.workflow import (
    BY_ACTION,
    MAIN_WAY,
    DisputeState,
    Transition,
    allowed,
    explain,
)
from yuantou.limits.history import is_past_right
from yuantou.limits.queries import clock_of, limit_names
from yuantou.mediation.acting import usual_paths
from yuantou.mediation.attachments.section import SECTION as ATTACHMENTS
from yuantou.mediation.courts.section import SECTION as COURTS
from yuantou.mediation.papers.section import SECTION as PAPERS
from yuantou.mediation.queries import papers_of
from yuantou.mediation.service import calling_refusal, recording_refusal

REASONS = {
    "contact": _l("联系当事人"),
    "identity": _l("核对身份"),
    "mediation": _l("调解办理"),
    "papers": _l("制作文书"),
    "follow_up": _l("回访"),
}
SIDES = {"applicant": _l("申请人"), "respondent": _l("被申请人"), "third": _l("第三人")}
CONSENTS = {
    "agreed": _l("同意调解"),
    "yes": _l("同意调解"),
    "refused": _l("不愿调解"),
    "no": _l("不愿调解"),
    "unknown": _l("未询问"),
}
SIGNS = {
    "accept": ("check", "A"),
    "triage": ("filter", "T"),
    "dispatch": ("send", "D"),
    "designate": ("send", "Z"),
    "return": ("return", "B"),
    "recall": ("return", ""),
    "sign": ("edit", "S"),
    "mediate": ("users", "M"),
    "record": ("book", "R"),
    "agree": ("check", "G"),
    "perform": ("check", "P"),
    "escalate": ("arrow-up", "L"),
    "report_to_police": ("shield", ""),
    "follow_up": ("phone", "H"),
    "close": ("lock", ""),
    "merge": ("merge", ""),
    "unmerge": ("return", "U"),
    "decline": ("close", ""),
    "terminate": ("close", ""),
    "suspend": ("pause", ""),
    "resume": ("play", ""),
    "note_consent": ("check", ""),
    "note_refusal": ("close", ""),
}
SECTIONS: tuple[Section, ...] = (
    TERMS,
    JOINT,
    SERIES,
    SUPERVISION,
    COURTS,
    PROTECTION,
    CORRECTIONS,
    PAPERS,
    ATTACHMENTS,
)  # what other rooms bring to the page, in its order
_ASIDE = (
    *("note_consent", "note_refusal", "report_to_police"),
    *("terminate", "decline", "merge", "recall", "reopen"),
)
_RARE = (
    *("report_to_police", "terminate", "merge", "unmerge"),
    *("refer-out", "refer-in", "twins", "others", "correct"),
)
_DOORS = 6  # that many are read at a glance


def context(
    session: Session,
    viewer: Viewer,
    dispute: Dispute,
    endpoints: Container[str],
    now: datetime,
) -> dict[str, Any]:
    """All that the template asks for."""
    events = history(session, dispute.id)
    known = queries.names(session, dispute, events)
    calendar = working_calendar(session)
    matter, actor = matter_of(dispute, events, calendar, now), actor_of(viewer, dispute)
    taken = queries.holdings(session, dispute.id)
    state = DisputeState(dispute.state)
    asked = Asked(session, viewer, dispute, events, now)
    brought_doors = (door for one in (*SECTIONS, *brought()) for door in one.doors(asked))
    doors = [*_open(matter, actor, dispute, viewer, endpoints), *brought_doors]
    missing = report_missing(asked)
    if missing and any(door["action"] == "report_to_police" for door in doors):
        doors = [{**door, "primary": door["action"] == "report_to_police"} for door in doors]
    often, rare = _folded(doors, {"report_to_police"} if missing else ())
    return {
        "dispute": dispute,
        "state": state,
        "facts": _facts(session, dispute, known, now),
        "steps": story.steps(dispute, events, now),
        "asides": story.asides(dispute, events, known),
        "timeline": story.timeline(
            events, known, now, corrections_told(session, viewer, dispute, events)
        ),
        "hands": story.hands(dispute, events, taken, known, calendar, now),
        "parties": queries.parties(session, dispute.id),
        "looked": _looked(events, known, now),
        "may_open": viewer.may(Permission.PARTY_OPEN) and not _erased(events),
        "erased": _erased(events),
        "report_missing": missing,
        "may_tell": telling_refusal(dispute, viewer) is None,
        "may_look": looking_refusal(dispute, viewer) is None,
        "open_doors": often,
        "rare_doors": rare,
        "sections": _sections(asked),
        "shut_doors": _shut(explain(matter, actor)),
        "duties": comma().join(
            _(duty.name_zh) for duty in sorted(actor.duties) if duty is not Duty.SYSTEM
        ),
        "papers": papers_of(session, dispute),
        "description": _description(session, dispute, known),
        "barred": matter.alleged_abuser,
        "master": _master(session, viewer, dispute),
        "merged": _merged(session, viewer, dispute, events),
        "leaving": _leaving(matter, actor, dispute),
        "sides": SIDES,
        "consents": CONSENTS,
        "genders": dict(GENDERS[1:]),
        "reasons": list(REASONS.items()),
        "now": now,
    }


def _sections(asked: Asked) -> list[tuple[str, dict[str, Any]]]:
    """Templates and words of the rooms that have something to show."""
    told = ((section.template, section.words(asked)) for section in (*brought(), *SECTIONS))
    return [(template, words) for template, words in told if words is not None]


def _facts(
    session: Session, dispute: Dispute, known: queries.Names, now: datetime
) -> list[dict[str, Any]]:
    handler = known.agencies.get(dispute.handler_agency_id, "")
    person = known.accounts.get(dispute.mediator_id or 0, "")
    owner = " · ".join(filter(None, (handler, person)))
    scale = _("%(n)s 人", n=dispute.involved)
    amount = money_words(dispute.amount)
    return [
        {"label": _("编号"), "value": dispute.number or _("受理后发给")},
        {"label": _("承办"), "value": owner},
        *_limits(session, dispute, now),
        {"label": _("人数 · 金额"), "value": " · ".join(filter(None, (scale, amount)))},
    ]


def _limits(session: Session, dispute: Dispute, now: datetime) -> list[dict[str, Any]]:
    """The next deadlines, two at most; a closed matter has none, a right that is past is none."""
    if queries.is_over(dispute):
        at = dispute.closed_at or dispute.updated_at
        return [{"label": _("办结"), "value": day_words(at, now)}]
    names, clock = limit_names(session), clock_of(session)
    rows: list[tuple[datetime | None, str]] = [
        (None if queries.is_paused(row) else row.due_at, row.rule)
        for row in queries.deadlines(session, dispute.id)
        if not is_past_right(row, clock.book.rule(row.rule, row.rule_version), now)
    ]
    if not rows:
        rows = [(dispute.next_due_at, dispute.next_due_rule or "")]
    found = []
    for due_at, rule in rows[:2]:
        words = due_words(due_at, dispute.state, clock.calendar, now)
        label = _limit_label(names.get(rule, ""))
        kind = words.kind if words.kind in ("over", "today") else ""
        found.append(
            {
                "label": label,
                "value": words.main,
                "note": words.basis,
                "kind": kind,
            }
        )
    return found


def _limit_label(name: str) -> str:
    """A limit as the head of its column: “签收期限”; one that ends in 期限 stays as it is."""
    if not name:
        return _("期限")
    return _(name) if name.endswith("期限") else _("%(rule)s期限", rule=_(name))


def _open(
    matter: Matter, actor: Actor, dispute: Dispute, viewer: Viewer, endpoints: Container[str]
) -> list[dict[str, Any]]:
    """What can be done now, the next step of the main way first."""
    rows = [row for row in allowed(matter, actor) if _url(row.action, dispute.id, endpoints)]
    rows.sort(key=lambda row: (row.action in _ASIDE, row.target not in MAIN_WAY))
    found = [_choice(row, dispute.id, endpoints) for row in rows]
    extra = []
    if viewer.may(Permission.DISPUTE_HANDLE) and "mediation.record" in endpoints:
        if recording_refusal(dispute, viewer) is None:
            extra.append(_named("record", _("记调解"), _("每次调解记一次"), dispute.id))
        if calling_refusal(dispute, viewer) is None:
            extra.append(_named("follow_up", _("记回访"), _("问履行、满意和隐患"), dispute.id))
    found = [*extra, *found]
    if found and found[0]["action"] not in _ASIDE:
        found[0]["primary"] = True
    return found


def _folded(doors: Sequence[Any], due: Container[str]) -> tuple[list[Any], list[Any]]:
    """The acts in sight, and where there are many the rarer ones, unless due, behind them."""
    usual = [door for door in doors if door.get("primary") or door["action"] in due]
    rare = [door for door in doors if door["action"] in _RARE and door not in usual]
    if len(doors) <= _DOORS or len(rare) < 2:
        return _led(doors), []
    return _led([door for door in doors if door not in rare]), rare


def _led(doors: Sequence[Any]) -> list[Any]:
    """One act leads, on top: what the viewer is asked for, or the next step of the main way."""
    first = next((door for door in doors if door.get("primary")), None)
    if first is None:
        return list(doors)
    others = [{**door, "primary": False} for door in doors if door is not first]
    return [first, *others]


def _choice(row: Transition[Any], dispute_id: int, endpoints: Container[str]) -> dict[str, Any]:
    sign, key = SIGNS.get(row.action, ("arrow-right", ""))
    label = BY_NAME[row.action].title if row.action in BY_NAME else _(row.name_zh)
    moves = row.target is not None and row.target.name_zh != row.name_zh
    note = _("转为“%(state)s”", state=_(row.target.name_zh)) if row.target and moves else ""
    url = _url(row.action, dispute_id, endpoints)
    return {
        "action": row.action,
        "label": label,
        "note": note,
        "url": url,
        "icon": sign,
        "key": key,
    }


def _named(name: str, label: str, note: str, dispute_id: int) -> dict[str, Any]:
    sign, key = SIGNS[name]
    url = url_for(f"mediation.{name}", dispute_id=dispute_id)
    return {"action": name, "label": label, "note": note, "url": url, "icon": sign, "key": key}


def _url(action: str, dispute_id: int, endpoints: Container[str]) -> str:
    if action in BY_NAME:
        return url_for("coordination.act", dispute_id=dispute_id, action=action)
    if f"mediation.{action}" in endpoints:
        return url_for(f"mediation.{action}", dispute_id=dispute_id)
    return ""


def _shut(rows: Sequence[tuple[Transition[Any], Refusal]]) -> list[dict[str, str]]:
    return [
        {"label": _(row.name_zh), "why": _why(refusal), "url": _mend(refusal)}
        for row, refusal in rows
        if refusal.code != "no_permission" or row.target is not None
    ]


def _mend(refusal: Refusal) -> str:
    """Where on the page it can be mended."""
    return "#papers" if refusal.code == "documents_missing" else ""


def _why(refusal: Refusal) -> str:
    law = f"（{law_words(refusal.law_zh)}）" if refusal.law_zh else ""
    return f"{refusal_words(refusal)}{law}"


def _looked(
    events: Sequence[DisputeEvent], known: queries.Names, now: datetime
) -> dict[int, dict[str, str]]:
    """Who last looked at each party, when and why."""
    found: dict[int, dict[str, str]] = {}
    for event in events:
        party = event.facts.get("party_id")
        if event.event == "party_opened" and isinstance(party, int):
            found[party] = {
                "who": known.accounts.get(event.actor_id or 0, ""),
                "when": f"{day_words(event.at, now)} {local(event.at):%H:%M}",
                "why": event.note,
            }
    return found


def _description(session: Session, dispute: Dispute, known: queries.Names) -> list[tuple[Any, str]]:
    codes = read()
    kind = codes.types[dispute.type]
    source = codes.sources.get(dispute.source)
    flags = [_(codes.flags[flag].name_zh) for flag in dispute.flags if flag in codes.flags]
    area = queries.area_name(session, dispute.area_code)
    reporter = " · ".join(
        filter(
            None,
            (
                known.agencies.get(dispute.reporting_agency_id, ""),
                known.accounts.get(dispute.reporter_id, ""),
            ),
        )
    )
    complexity = codes.complexities.get(dispute.complexity or "")
    found = [
        (_("类型"), _(kind.name_zh)),
        (_("地点"), f"{area} · {dispute.place}"),
        (_("发生"), _day(dispute.occurred_on)),
        (_("来源"), _(source.name_zh) if source else ""),
        (_("登记"), reporter),
        (_("难易"), _(complexity.name_zh) if complexity else ""),
        (_("情形"), comma().join(flags)),
    ]
    return [(term, value) for term, value in found if value]


def _day(day: Any) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _merged(
    session: Session, viewer: Viewer, dispute: Dispute, events: Sequence[DisputeEvent]
) -> Sequence[Dispute]:
    """What was closed into this one; asked only where the history speaks of it."""
    if not any(event.event == "merged_into" for event in events):
        return ()
    return queries.merged_into(session, viewer, dispute.id)


def _erased(events: Sequence[DisputeEvent]) -> bool:
    return any(event.event == "personal_data_erased" for event in events)


def _leaving(matter: Matter, actor: Actor, dispute: Dispute) -> list[str]:
    """The ways that a party who leaves mediation is told of; empty where there is none to leave."""
    mediated = (DisputeState.IN_MEDIATION, DisputeState.SUSPENDED)
    if matter.state not in mediated or BY_ACTION["terminate"] not in allowed(matter, actor):
        return []
    return [_(read().paths[code].name_zh) for code in usual_paths(dispute)]


def _master(session: Session, viewer: Viewer, dispute: Dispute) -> Dispute | None:
    if dispute.master_id is None:
        return None
    return queries.find(session, viewer, dispute.master_id)
