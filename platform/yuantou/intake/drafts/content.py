"""From the answers of an intake form to what a draft keeps, and back to the form."""

import uuid
from typing import Any, TypeVar

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from yuantou.database.text import whole_number
from yuantou.disputes.codes import read
from yuantou.intake.drafts.queries import Content, Own
from yuantou.intake.forms import IntakeForm
from yuantou.intake.titles import title_of

NOT_TYPED = ("csrf_token", "submission", "saves", "table")
TELLING = ("type", "place", "summary", "amount", "flags", "oral_content", "pasted", "papers")
AT_WINDOW = "pasted_side"  # the window's form alone sends it, and always
LONGEST = 60_000

Form = TypeVar("Form", bound=IntakeForm)


def content_of(form: IntakeForm, sent: MultiDict[str, str]) -> Content:
    """What was sent for the fields of the form, as it was typed."""
    names = [field.name for field in form if field.name not in NOT_TYPED]
    typed = {name: sent.getlist(name) for name in names if any(sent.getlist(name))}
    listed = form["pasted"].data if "pasted" in form else ""
    return typed | ({"pasted": [listed]} if listed else {})  # an uploaded list stands there too


def unkeepable(form: IntakeForm, content: Content) -> str:
    """Why there is nothing to keep, or too much; empty where it may be kept."""
    if not token_of(form):
        return _("请刷新页面后再提交")
    if sum(len(value) for values in content.values() for value in values) > LONGEST:
        return _("写得太长，草稿存不下，请分开登记")
    told = any(_first(content, name).strip() for name in TELLING)
    if told or any(party.filled for party in form.party_fields()):
        return ""
    return _("还没有写什么：选一类纠纷或者写几个字，就可以存草稿")


def token_of(form: IntakeForm) -> str:
    """The token of the form; empty where it is none that a page drew."""
    try:
        return uuid.UUID(form.submission.data or "").hex
    except ValueError:
        return ""


def place_of(form: IntakeForm) -> dict[str, Any]:
    """Under which token it is kept, and how often it was when the page was opened."""
    return {"submission": token_of(form), "saves": whole_number(form.saves.data) or 0}


def is_of_window(content: Content) -> bool:
    """Whether it was typed at the window, with what is asked there alone."""
    return AT_WINDOW in content


def reopened(draft: Own, kind: type[Form]) -> Form:
    """The form as it was left."""
    form = kind(formdata=MultiDict({name: list(v) for name, v in draft.content.items()}))
    form.submission.data = draft.submission
    form.saves.data = str(draft.row.saves)
    return form


def title_of_draft(content: Content) -> str:
    """Like the title that the report would have; empty where neither kind nor words are there."""
    kind = read().types.get(_first(content, "type"))
    words = next(filter(None, (_first(content, name) for name in TELLING[1:3])), "")
    if kind is None:
        return title_of("", words).lstrip("：")
    return title_of(kind.short_zh, words)


def _first(content: Content, name: str) -> str:
    return next(iter(content.get(name, ())), "")
