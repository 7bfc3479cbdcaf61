"""What was typed into a form whose session ran out is carried through the sign-in.

It travels as hidden inputs of the pages between, never in the address and never on the server.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import MultiDict

PREFIX = "kept:"
SEAL = "kept"


@dataclass(frozen=True)
class Kept:
    """Fields typed by `account_id` for `path`; files cannot be carried and are only counted."""

    account_id: int
    path: str
    fields: tuple[tuple[str, str], ...]
    files: int = 0

    @property
    def seal(self) -> str:
        """Address, person and number of files, signed so that nobody redirects them."""
        return str(_signer().dumps([self.account_id, self.path, self.files]))

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Names and values of the hidden inputs that carry it to the next page."""
        return [(SEAL, self.seal), *((PREFIX + name, value) for name, value in self.fields)]


def keep(account_id: int) -> Kept:
    """What the form of this request holds, without its token."""
    fields = tuple(
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in ("csrf_token", SEAL) and not name.startswith(PREFIX)
    )
    files = sum(1 for file in request.files.values() if file.filename)
    return Kept(account_id, request.full_path.rstrip("?"), fields, files)


def kept_before(form: MultiDict[str, str]) -> Kept | None:
    """What an earlier page carried here, None when nothing or when the seal is not ours."""
    try:
        account_id, path, files = _signer().loads(form.get(SEAL, ""))
    except BadSignature:
        return None
    fields = tuple(
        (name.removeprefix(PREFIX), value)
        for name, value in form.items(multi=True)
        if name.startswith(PREFIX)
    )
    return Kept(account_id, path, fields, files)


def from_this_site() -> bool:
    """Whether the browser says that a page of ours sent this request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    source = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(source).netloc == request.host


def local_path(target: str) -> str:
    """`target` when it is a path of this site, else the first page."""
    plain = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if plain and target.isprintable() else "/"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="kept")
