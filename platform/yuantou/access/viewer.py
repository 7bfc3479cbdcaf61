"""Who is looking: the signed-in account with its agency, role, scope and permissions."""

from dataclasses import dataclass

from flask import current_app, g
from sqlalchemy.orm import Session, sessionmaker

from yuantou.access.permissions import Permission
from yuantou.access.roles import ROLES, Role
from yuantou.access.scope import Scope, scope_of
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.database.session import set_scope
from yuantou.database.text import whole_number
from yuantou.territory.models import Court


@dataclass(frozen=True)
class Viewer:
    """A signed-in person. flask-login asks for the four properties at the end."""

    account: Account
    agency: Agency
    scope: Scope

    @property
    def id(self) -> int:
        """Id of the account."""
        return self.account.id

    @property
    def role(self) -> Role:
        """The role that the account holds."""
        return ROLES[self.account.role]

    @property
    def display_name(self) -> str:
        """Name for people."""
        return self.account.display_name

    @property
    def agency_name(self) -> str:
        """Name of the agency."""
        return self.agency.name

    @property
    def role_name(self) -> str:
        """Name of the role."""
        return str(self.role.name)

    def may(self, permission: Permission | str) -> bool:
        """Whether the role carries `permission`."""
        return permission in self.role.permissions

    @property
    def is_authenticated(self) -> bool:
        """Always: an anonymous visitor is flask-login's own object."""
        return True

    @property
    def is_active(self) -> bool:
        """Whether the account was not disabled."""
        return self.account.disabled_at is None

    @property
    def is_anonymous(self) -> bool:
        """Never."""
        return False

    def get_id(self) -> str:
        """Identity in the cookie: changes when the password does, which ends other sessions."""
        return f"{self.account.id}.{self.account.session_epoch}"


def db() -> Session:
    """The session of this request; it sees nothing until a viewer's scope is set."""
    if "db" not in g:
        sessions: sessionmaker[Session] = current_app.extensions["sessions"]
        g.db = sessions()
    session: Session = g.db
    return session


def load_viewer(identity: str) -> Viewer | None:
    """The viewer of a cookie identity, with his scope set on this request's session."""
    number, _, epoch = identity.partition(".")
    known = whole_number(number)
    account = db().get(Account, known) if known else None
    if account is None or account.disabled_at or str(account.session_epoch) != epoch:
        return None
    return enter(db(), account)


def enter(session: Session, account: Account) -> Viewer:
    """Give `session` the scope of `account` and return the viewer."""
    agency = session.get_one(Agency, account.agency_id)
    court = session.get(Court, agency.court_code) if agency.court_code else None
    viewer = Viewer(account, agency, scope_of(account, agency, court))
    set_scope(session, viewer.scope.settings())
    return viewer
