"""One act on a matter through its form: opened, refused, outrun or done; nothing typed is lost."""

import hashlib
import hmac
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any

from flask import abort, current_app, flash, redirect, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer, db
from yuantou.disputes.errors import NotVisibleError, RefusedError, StaleDisputeError
from yuantou.disputes.matter import Refusal
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.service import SENT
from yuantou.mediation.queries import changes_since, find_dispute, last_event
from yuantou.mediation.submitting import Answer, put


class Deed(ABC):
    """What a room says of one act on one matter; `open_form` and `carry_out` do the rest.

    What an act leaves in the history bears a mark of what was sent: the same page sent twice is a
    second click and done once; other words from a second tab are told what came in between.
    """

    find: Callable[[Session, Viewer, int], Dispute | None] = staticmethod(find_dispute)

    def __init__(self, dispute: Dispute) -> None:
        self.dispute, self.dispute_id = dispute, dispute.id

    @abstractmethod
    def form(self) -> Any:
        """The form, ready to be shown or judged."""

    @abstractmethod
    def shut(self) -> Refusal | None:
        """Why the form may not be opened now."""

    @abstractmethod
    def run(self, form: Any) -> object:
        """The use case, with what was typed."""

    @abstractmethod
    def page(self, **more: Any) -> str:
        """The page with its form, and what came in between."""

    @abstractmethod
    def door(self, refusal: Refusal) -> str:
        """The page of a door that is shut."""

    @abstractmethod
    def onward(self) -> str:
        """Where to go when it is done."""

    @abstractmethod
    def say_done(self, form: Any) -> None:
        """A word on the next page."""

    def refused(self, form: Any, refusal: Refusal) -> Answer:
        """The law or the machine says no: said beside the field that it concerns."""
        put(form, refusal)
        return self.page(form=form, refusal=refusal), 422

    def changes(self, since: int) -> Sequence[Any]:
        """What others did meanwhile."""
        return changes_since(db(), self.dispute, since)

    def again(self) -> None:
        """Look at the matter as it stands after somebody else was there."""
        db().rollback()
        db().expire_all()
        found = self.find(db(), current_user, self.dispute_id)
        if found is None:
            abort(404)
        self.dispute = found


def open_form(deed: Deed) -> Answer:
    """The form of an act, or why it is shut."""
    refusal = deed.shut()
    if refusal is not None:
        return deed.door(refusal), 409
    return deed.page(form=_known(deed, deed.form()))


def carry_out(deed: Deed) -> Answer:
    """Do it, or say why not and keep what was typed."""
    if _sent_before(deed):
        flash(_("这一步已经办好，没有重复办理。"), "info")
        return redirect(deed.onward(), 303)
    form = deed.form()
    if not form.validate():
        return deed.page(form=form), 422
    try:
        deed.run(form)
    except RefusedError as stopped:
        deed.again()
        return deed.refused(form, stopped.refusal)
    except StaleDisputeError:
        return _outrun(deed, form)
    except NotVisibleError:
        abort(404)
    deed.say_done(form)
    return redirect(deed.onward(), 303)


def _outrun(deed: Deed, form: Any) -> Answer:
    """Somebody was faster, perhaps oneself in another tab: show it and keep what was typed."""
    deed.again()
    changes = deed.changes(form.known_event)
    _known(deed, form)
    return deed.page(form=form, stale=True, changes=changes, shut=deed.shut()), 409


def _sent_before(deed: Deed) -> bool:
    """Whether this very page was sent before; of two at once the second waits for the first."""
    mark = _mark()
    db().info[SENT] = {SENT: mark}
    db().execute(select(func.pg_advisory_xact_lock(func.hashtextextended(mark, deed.dispute_id))))
    asked = select(DisputeEvent.id).where(
        DisputeEvent.dispute_id == deed.dispute_id,
        DisputeEvent.actor_id == current_user.id,
        DisputeEvent.facts[SENT].astext == mark,
    )
    return db().scalars(asked.limit(1)).first() is not None


def _mark() -> str:
    """A mark of what was sent. Nobody guesses it back: the page's token, kept nowhere, is in it."""
    sent = list(request.form.items(multi=True))
    files = [(name, file.filename) for name, file in request.files.items(multi=True)]
    key = str(current_app.secret_key).encode()
    return hmac.new(key, json.dumps([sent, files]).encode(), hashlib.sha256).hexdigest()[:24]


def _known(deed: Deed, form: Any) -> Any:
    """The form knows which version and which event its reader sees."""
    form.version.data = str(deed.dispute.version)
    form.seen.data = str(last_event(db(), deed.dispute))
    return form
