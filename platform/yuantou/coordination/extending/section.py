"""The deadlines on the page of a matter: what runs, since when, by which rule, how reckoned."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from yuantou.coordination.extending.acts import ACTS, open_request, refusal
from yuantou.disputes.section import Asked, Door, Section
from yuantou.disputes.words import DueWords, due_words, moment_words
from yuantou.limits.history import is_open, is_past_right, stands
from yuantou.limits.models import Deadline
from yuantou.limits.queries import clock_of, deadlines_of
from yuantou.limits.rules import LimitRule
from yuantou.limits.words import due_line, reckoning_words


def words(asked: Asked) -> dict[str, Any] | None:
    """What runs, the earliest first, and what is over."""
    rows = deadlines_of(asked.session, asked.dispute.id)
    book = clock_of(asked.session).book
    told = [(row, book.rule(row.rule, row.rule_version)) for row in rows]
    running = sorted((one for one in told if is_open(one[0])), key=lambda one: one[0].due_at)
    return {
        "running": [_running(asked, row, rule) for row, rule in running],
        "over": [_over(asked, row, rule) for row, rule in told if not is_open(row)],
    }


def _running(asked: Asked, row: Deadline, rule: LimitRule) -> dict[str, Any]:
    hands, now = clock_of(asked.session), asked.now
    left = due_words(row.due_at, asked.dispute.state, hands.calendar, now)
    if stands(row):
        left = DueWords(_("已停表"), "", "stop")
    elif is_past_right(row, rule, now):
        left = DueWords(_("已过"), "", "stop")
    return {
        "name": _(rule.name_zh),
        "example": rule.example,
        "due": due_line(row, rule, now),
        "left": left,
        "reckoning": reckoning_words(row, rule, hands, now),
        "source": _(rule.source),
        "asked": open_request(asked.events, row),
        "doors": [
            {"label": act.title, "url": _url(asked, row, act.name)}
            for act in ACTS
            if refusal(act, asked.viewer, asked.dispute, row, rule, asked.events, now) is None
        ],
    }


def _over(asked: Asked, row: Deadline, rule: LimitRule) -> dict[str, Any]:
    ended = row.met_at or row.lapsed_at or asked.now
    late = row.met_at is not None and row.met_at > row.due_at and not rule.window
    return {
        "name": _(rule.name_zh),
        "due": due_line(row, rule, asked.now),
        "ended": moment_words(ended, asked.now),
        "how": _("逾期办结") if late else (_("按期办结") if row.met_at else _("不再需要")),
        "late": late,
    }


def doors(asked: Asked) -> list[Door]:
    """A request that waits for this viewer's answer, beside the other acts."""
    waiting = [event for event in asked.events if event.event == "extension_asked"]
    if not waiting:
        return []
    book = clock_of(asked.session).book
    approve = next(act for act in ACTS if act.name == "approve")
    return [
        {
            "action": "approve",
            "label": _("答复延长申请"),
            "note": _(rule.name_zh),
            "url": _url(asked, row, "approve"),
            "icon": "clock",
            "key": "",
        }
        for row in deadlines_of(asked.session, asked.dispute.id)
        if is_open(row) and open_request(asked.events, row)
        for rule in [book.rule(row.rule, row.rule_version)]
        if refusal(approve, asked.viewer, asked.dispute, row, rule, asked.events, asked.now) is None
    ]


def _url(asked: Asked, row: Deadline, action: str) -> str:
    return url_for("extending.act", dispute_id=asked.dispute.id, deadline_id=row.id, action=action)


SECTION = Section("limits/_section.html", words, doors)
