"""A form that was sent and is not about one matter: judged, refused beside its field, or done."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import abort, flash, redirect
from werkzeug.wrappers import Response

from yuantou.access.viewer import db
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.matter import Refusal
from yuantou.disputes.words import refusal_words

Answer = str | Response | tuple[str, int]
Made = TypeVar("Made")


def submit(
    form: Any,
    act: Callable[[], Made],
    *,
    page: Callable[[], str],
    said: str,
    onward: Callable[[Made], str],
) -> Answer:
    """Run the use case and go on; else show the page again, and nothing that was typed is lost."""
    if not form.validate():
        return page(), 422
    try:
        made = act()
    except NotVisibleError:
        db().rollback()
        abort(404)
    except RefusedError as refused:
        db().rollback()
        put(form, refused.refusal)
        return page(), 422
    flash(said, "success")
    return redirect(onward(made), 303)


def put(form: Any, refusal: Refusal) -> None:
    """A refusal beside its field, or above the form."""
    if refusal.field and refusal.field in form:
        field = form[refusal.field]
        field.errors = [*field.errors, refusal_words(refusal)]
    else:
        form.form_errors.append(refusal_words(refusal))
