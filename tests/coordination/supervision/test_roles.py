"""Who may open which page of 督查: one table for every role."""

from collections.abc import Callable

from flask.testing import FlaskClient

ClientOf = Callable[[str], FlaskClient]
SUPERVISORS = {"gao", "qi", "sheng"}
HANDLERS = SUPERVISORS | {"mei", "tang", "ren"}
SENT = (
    "/supervision/urge",
    "/sampling/new",
    "/sampling/1/close",
    "/review/new",
    "/review/1/close",
)
EVERYBODY = (
    *("mei", "tang", "gao", "ren", "zhou", "kang", "lu", "jian", "qi", "sheng", "ren-da"),
    *("an", "bao", "shen", "guan"),
)
PAGES = {
    "/supervision/": HANDLERS,
    "/sampling/": HANDLERS,
    "/sampling/new": SUPERVISORS,
    "/review/": HANDLERS,
    "/review/new": SUPERVISORS,
}


def test_every_role_opens_what_is_its_own_and_nothing_else(client_of: ClientOf) -> None:
    for login in EVERYBODY:
        client = client_of(login)
        answers = {page: client.get(page).status_code for page in PAGES}
        assert answers == {page: 200 if login in who else 403 for page, who in PAGES.items()}


def test_who_does_not_supervise_sends_nothing(client_of: ClientOf) -> None:
    for login in ("mei", "ren", "jian", "zhou"):
        client = client_of(login)
        assert {client.post(address).status_code for address in SENT} == {403}
