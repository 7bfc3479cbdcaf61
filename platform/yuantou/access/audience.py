"""Every route says for whom it is; a route that does not is refused at start."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, abort
from flask_login import current_user, login_required

from yuantou.access.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])


def audience(*permissions: Permission) -> Callable[[View], View]:
    """Signed-in people whose role carries one of `permissions` (anyone signed in if none)."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if permissions and not any(current_user.may(one) for one in permissions):
                abort(403)
            return view(*args, **kwargs)

        guarded = login_required(guarded)
        guarded.audience = permissions or ("signed-in",)  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return mark


def everyone(view: View) -> View:
    """A page for people who have not signed in."""
    view.audience = ("everyone",)  # type: ignore[attr-defined]
    return view


def routes_without_audience(app: Flask) -> list[str]:
    """Endpoints that say not for whom they are."""
    return sorted(
        name
        for name, view in app.view_functions.items()
        if name != "static" and not hasattr(view, "audience")
    )
