"""The card of a matter's page that tells whose turn it is, who helps, and what went to and fro."""

from collections.abc import Sequence
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from yuantou.access.permissions import Permission
from yuantou.agencies.models import Agency
from yuantou.coordination.dispatching import duties
from yuantou.coordination.dispatching.acts import Act, open_acts
from yuantou.coordination.dispatching.owners import Owner
from yuantou.coordination.dispatching.queries import Held, held, touched
from yuantou.coordination.dispatching.rounds import Pair, rounds, total
from yuantou.coordination.queries import agency_names
from yuantou.disputes.section import Asked, Door, Section
from yuantou.disputes.service import working_calendar
from yuantou.disputes.standing import return_until
from yuantou.disputes.words import day_words
from yuantou.disputes.workflow import MAX_RETURNS, DisputeState

_S = DisputeState
TO_BE_SENT = (_S.ACCEPTED, _S.TRIAGED, _S.RETURNED, _S.ESCALATED, _S.REOPENED)
SENDING = (_S.TRIAGED, _S.ESCALATED)
FROM_OUTSIDE = ("police", "petition", "hotline_12345", "police_110", "other_department")
FIRST = ("accept-transfer", "answer-whistle", "contribute")


def words(asked: Asked) -> dict[str, Any] | None:
    """What the card shows; None where nothing passed between agencies."""
    found, times = _held(asked), rounds(asked.events)
    owners, turn = _owners(asked), _turn(asked, _held(asked))
    if not (touched(asked.events) or times or owners or turn):
        return None
    return {
        "held": found,
        "owners": owners,
        "send": _sending(asked),
        "turn": turn,
        "lead": _handler(asked) if found.assisting else "",
        "times": _times(asked, times),
        "asides": [_door(act, asked) for act in _open(asked) if act.aside],
        "now": asked.now,
    }


def doors(asked: Asked) -> list[Door]:
    """The acts between agencies that are open to the viewer."""
    return [_door(act, asked) for act in _open(asked) if not act.aside or _first_thing(act, asked)]


def _open(asked: Asked) -> list[Act]:
    return open_acts(asked.viewer, asked.dispute, _held(asked))


def _first_thing(act: Act, asked: Asked) -> bool:
    """Where a matter came from is noted early, or where its source says so."""
    early = asked.dispute.state in (_S.REPORTED, _S.ACCEPTED)
    return act.action == "refer-in" and (early or asked.dispute.source in FROM_OUTSIDE)


def _held(asked: Asked) -> Held:
    """Asked for once a page, and only where the history speaks of other agencies."""
    if not touched(asked.events):
        return Held()
    key, known = asked.dispute.id, g.get("held", {})
    if key not in known:
        g.held = {**known, key: held(asked.session, key)}
    found: Held = g.held[key]
    return found


def _door(act: Act, asked: Asked) -> Door:
    url = url_for("dispatching.act", dispute_id=asked.dispute.id, name=act.action)
    door: Door = {
        "action": act.action,
        "label": str(act.title),
        "note": "",
        "url": url,
        "icon": act.icon,
        "key": act.key,
    }
    if act.action in FIRST:
        door["primary"] = True
    return door


def _owners(asked: Asked) -> Sequence[Owner]:
    sends = asked.viewer.may(Permission.DISPUTE_DISPATCH)
    if not sends or asked.dispute.state not in TO_BE_SENT:
        return ()
    return duties.owners_of(asked.session, asked.dispute, asked.events)[:3]


def _sending(asked: Asked) -> str:
    """The act that sends the matter out now: dispatch, or designation once returns are used up."""
    if asked.dispute.state not in SENDING:
        return ""
    return "designate" if asked.dispute.returns >= MAX_RETURNS else "dispatch"


def _turn(asked: Asked, found: Held) -> dict[str, Any] | None:
    """Whose turn it is, until when, and what follows if it is not taken."""
    waiting = next((row for row in found.transfers if row.Transfer.outcome is None), None)
    if waiting is not None:
        due = day_words(waiting.Transfer.due_at, asked.now)
        text = _("等%(who)s接收移送，%(day)s前答复", who=waiting.receiver, day=due)
        return {"text": text, "note": _("接收以前仍由%(who)s承办", who=waiting.sender)}
    state = asked.dispute.state
    if state == _S.DISPATCHED:
        return {"text": _("轮到%(who)s签收", who=_handler(asked)), "note": _return_note(asked)}
    if state == _S.RETURNED:
        text = _("轮到%(who)s重新研判", who=_handler(asked))
        return {"text": text, "note": _designation_note(asked)}
    if state in SENDING and asked.dispute.returns:
        return {"text": _("轮到%(who)s交办", who=_handler(asked)), "note": _designation_note(asked)}
    return None


def _handler(asked: Asked) -> str:
    return asked.session.get_one(Agency, asked.dispute.handler_agency_id).name


def _return_note(asked: Asked) -> str:
    if asked.dispute.returns >= MAX_RETURNS:
        return _("已指定管辖，不再退回")
    until = return_until(asked.dispute, working_calendar(asked.session))
    if until is None:
        return ""
    if until < asked.now:
        return _("退回期限已过，请签收办理")
    return _("不属于其职责的，%(day)s前可以退回", day=day_words(until, asked.now))


def _designation_note(asked: Asked) -> str:
    left = MAX_RETURNS - asked.dispute.returns
    if left <= 0:
        return _("已退回 %(n)s 次，由县级综治中心指定管辖", n=asked.dispute.returns)
    return _("已退回 %(n)s 次，再退 %(left)s 次由县级指定管辖", n=asked.dispute.returns, left=left)


def _times(asked: Asked, found: Any) -> dict[str, Any] | None:
    """How often it went to and fro, and between whom more than once."""
    if not found:
        return None
    often: list[tuple[Pair, int]] = [(pair, n) for pair, n in found.most_common() if n > 1]
    named = agency_names(asked.session, {one for pair, _n in often for one in pair})
    pairs = [(named.get(a, ""), named.get(b, ""), n) for (a, b), n in often]
    return {"total": total(found), "pairs": pairs}


SECTION = Section("dispatching/_section.html", words, doors)
