"""The one blueprint of source governance, and what all its pages share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer, db
from yuantou.alerts.governance.courses import Course, Step
from yuantou.alerts.governance.fields import WordsForm
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.words import refusal_words
from yuantou.mediation.submitting import Answer

Row = TypeVar("Row")
PAGE = 30
ROOMS = (
    ("governance.index", _l("总览"), Permission.SOURCE_READ),
    ("governance.analyses", _l("类案分析"), Permission.SOURCE_READ),
    ("governance.meetings", _l("研判会商"), Permission.SOURCE_READ),
    ("governance.letters", _l("建议与提示函"), Permission.SOURCE_READ),
    ("governance.effects", _l("成效"), Permission.SOURCE_READ),
    ("governance.appraisals", _l("稳评项目"), Permission.SOURCE_READ),
)
blueprint = Blueprint("governance", __name__)


@blueprint.app_template_global()
def governance_rooms(active: str) -> list[dict[str, Any]]:
    """The rooms beside one another."""
    return [
        {"label": label, "url": url_for(endpoint), "active": endpoint == f"governance.{active}"}
        for endpoint, label, permission in ROOMS
        if current_user.may(permission)
    ]


@blueprint.app_template_filter()
def letter_name(kind: str) -> str:
    """What a kind of letter is called."""
    return str(LETTER_NAMES[kind])


LETTER_NAMES = {
    "judicial": _l("司法建议"),
    "procuratorial": _l("检察建议"),
    "risk": _l("风险提示函"),
}


@dataclass(frozen=True)
class Kept:
    """What was typed to a step that was refused: `key` names the object as its page does."""

    key: str
    code: str
    words: str


def done(
    form: WordsForm,
    act: Callable[[], object],
    said: str,
    back: str,
    *,
    page: Callable[[], str],
    step: tuple[str, str],
) -> Answer:
    """Take a step from a button: what is refused is said on its page, with what was typed.

    `step` is the key of the object on that page, and the code of the step.
    """
    if form.validate():
        try:
            act()
        except NotVisibleError:
            db().rollback()
            abort(404)
        except RefusedError as refused:
            db().rollback()
            faults = [str(refusal_words(refused.refusal))]
        else:
            flash(said, "success")
            return redirect(back, 303)
    else:
        faults = [str(one) for told in form.errors.values() for one in told]
    flash("；".join(faults), "error")
    g.kept = Kept(*step, form.words.data or "")
    return page(), 422


def steps(course: Course, state: str, *, owner: bool, other: bool = False) -> list[Step]:
    """The steps that are open to the viewer."""
    return course.open(state, owner=owner, other=other)


def paged(rows: Sequence[Row], page: int, endpoint: str) -> dict[str, Any]:
    """A page of rows with the ways before and after it."""
    more = len(rows) > PAGE
    asked: dict[str, Any] = {name: one for name, one in request.args.items() if name != "page"}
    return {
        "rows": rows[:PAGE],
        "before_url": url_for(endpoint, **{**asked, "page": page - 1}) if page > 1 else None,
        "after_url": url_for(endpoint, **{**asked, "page": page + 1}) if more else None,
    }


def page_number() -> int:
    """The page that is asked for, within reason."""
    return max(1, min(request.args.get("page", 1, type=int), 1000))


def sees_rows(viewer: Viewer, area_path: str, agency_id: int) -> bool:
    """Whether small counts need not be hidden: the matters there are open to the viewer anyway."""
    full = viewer.scope.full
    return agency_id == viewer.agency.id or full.lo <= area_path < full.hi
