"""Three administrators who exclude each other and see no business."""

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.access.doors import Client, ids
from tests.access.matters import Door, report
from yuantou.access.permissions import Permission
from yuantou.access.roles import ADMINISTRATORS, ROLES, Reach
from yuantou.accounts.models import Account
from yuantou.disputes.models import Dispute, Party

ADMINISTRATION = {
    Permission.ACCOUNT_MANAGE,
    Permission.AGENCY_MANAGE,
    Permission.SETTINGS_MANAGE,
    Permission.TEMPLATE_MANAGE,
    Permission.SECURITY_MANAGE,
    Permission.AUDIT_READ,
    Permission.RUNS_READ,
    Permission.ERASURE_ASK,
    Permission.ERASURE_DECIDE,
}
PAGES = {"an": "/agencies", "bao": "/security", "shen": "/audit"}


def test_no_two_administrators_share_a_permission() -> None:
    given = [one for role in ADMINISTRATORS for one in ROLES[role].permissions]
    assert len(given) == len(set(given))


@pytest.mark.parametrize("role", sorted(ADMINISTRATORS))
def test_an_administrator_has_no_permission_of_business_and_no_reach(role: str) -> None:
    assert ROLES[role].permissions <= ADMINISTRATION
    assert ROLES[role].reach is Reach.NONE


def test_nobody_else_holds_an_administrators_duty() -> None:
    duties = {Permission.SECURITY_MANAGE, Permission.AUDIT_READ, Permission.AGENCY_MANAGE}
    holders = {code for code, role in ROLES.items() if role.permissions & duties}
    assert holders == ADMINISTRATORS


@pytest.mark.parametrize("login", sorted(PAGES))
def test_each_opens_his_own_page_and_neither_of_the_others(client_of: Client, login: str) -> None:
    client = client_of(login)
    answers = {owner: client.get(page).status_code for owner, page in PAGES.items()}
    assert answers == {owner: 200 if owner == login else 403 for owner in PAGES}


@pytest.mark.parametrize("login", ["an", "bao", "shen", "guan"])
def test_administrators_see_no_dispute_and_no_party(viewer_session: Door, login: str) -> None:
    report(viewer_session)
    session, _viewer = viewer_session(login)
    for one in (Dispute, Party):
        assert session.scalar(select(func.count()).select_from(one)) == 0


@pytest.mark.parametrize("login", ["mei", "gao", "sheng", "guan"])
def test_nobody_else_opens_the_administrators_pages(client_of: Client, login: str) -> None:
    client = client_of(login)
    assert {client.get(page).status_code for page in PAGES.values()} == {403}


def test_the_security_administrator_lifts_a_lock(client_of: Client, owner: Session) -> None:
    account = owner.query(Account).filter_by(login="mei").one()
    account.failures = 3
    owner.commit()
    bao = client_of("bao")
    assert "梅调解" in bao.get("/security").text
    bao.post(f"/security/{account.id}/unlock")
    owner.refresh(account)
    assert account.failures == 0


def test_the_audit_page_filters_by_kind_and_names_no_party(
    client_of: Client, owner: Session
) -> None:
    client_of("bao").post(f"/security/{ids(owner)['mei']}/unlock")
    shen = client_of("shen")
    assert "account:unlock" in shen.get("/audit?resource=account").text
    assert "没有符合条件的记录" in shen.get("/audit?resource=dispute").text


def test_the_overview_of_roles_names_every_permission(client_of: Client) -> None:
    page = client_of("bao").get("/security/roles").text
    assert all(str(role.name) in page for role in ROLES.values())


def test_no_role_is_left_without_a_page(app: Flask, client_of: Client, owner: Session) -> None:
    for login in ids(owner):
        home = client_of(login).get("/")
        assert client_of(login).get(home.location).status_code == 200, login
