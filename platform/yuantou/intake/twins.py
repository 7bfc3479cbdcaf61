"""Possible twins on a page: asked for within the limit, said in words, and added to."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import abort, current_app, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access.throttle import Throttle, own_share
from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.database.text import whole_number
from yuantou.disputes.errors import NotVisibleError
from yuantou.disputes.parties import NewParty
from yuantou.disputes.words import moment_words
from yuantou.intake.duplicates import (
    Match,
    log_look_up,
    matches_inside,
    question_of,
    sent_before,
)
from yuantou.intake.forms import IntakeForm
from yuantou.intake.queries import submitted
from yuantou.intake.service import supplement

GROUNDS = {
    "id": _l("同一证件号"),
    "contact": _l("同一姓名和电话"),
    "words": _l("您刚才用同样的话登记过"),
}


def twins_of(form: IntakeForm) -> list[Match]:
    """Possible twins of what a valid form tells; a second sending is its own twin and has none."""
    if submitted(db(), current_user, uuid.UUID(form.submission.data).hex) is not None:
        return []
    named = matches_of(form.parties(), form.known_others())
    known = (*form.known_others(), *(match.id for match in named))
    return [*named, *sent_before(db(), current_user, form.draft(), clock.now(), known)]


def admitted() -> bool:
    """Whether the viewer may ask once more."""
    limit = current_app.extensions["settings"].of("duplicates", "hints_per_minute")
    throttle: Throttle = current_app.extensions.setdefault("hints", Throttle())
    return throttle.admits(current_user.id, own_share(int(limit)))


def matches_of(
    parties: Sequence[NewParty], apart: Sequence[int], *, known: bool = False
) -> list[Match]:
    """Look inside the scope and log it; without leave (or leave `known`), nothing is found."""
    question = question_of(parties)
    if not question or not (known or admitted()):
        return []
    found = matches_inside(db(), current_user, question, apart)
    log_look_up(db(), current_user, question, found)
    db().commit()
    return found


def matches_said(matches: Sequence[Match]) -> list[dict[str, Any]]:
    """Matches in words, for the page and for its script."""
    now = clock.now()
    return [
        {
            "id": match.id,
            "title": match.title,
            "place": f"{match.area} · {match.place}",
            "about": " · ".join(
                (
                    moment_words(match.reported_at, now),
                    _(match.state.name_zh),
                    str(GROUNDS[match.ground]),
                )
            ),
            "url": url_for("disputes.show", dispute_id=match.id),
        }
        for match in matches
    ]


def supplement_from(form: IntakeForm) -> Response:
    """“就是这件”： what happened is added to it, and nothing new is opened."""
    number = whole_number(request.form.get("same", ""))
    words = form.summary.data or ""
    if number is None or not form.summary.validate(form):
        abort(400)
    try:
        dispute = supplement(db(), by=current_user, dispute_id=number, words=words)
    except NotVisibleError:
        abort(404)
    flash(_("已补充到这件事项，没有另行登记。"), "success")
    return redirect(url_for("disputes.show", dispute_id=dispute.id))
