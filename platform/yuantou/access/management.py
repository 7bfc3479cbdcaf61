"""Whom an administrator may manage, and which roles he may give."""

from yuantou.access.permissions import Permission
from yuantou.access.roles import ADMINISTRATORS, ROLES, Role
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency, AgencyKind

UNIT_ADMINISTRATOR = "unit_administrator"


def manages_all(by: Viewer) -> bool:
    """Whether `by` manages accounts of every agency."""
    return by.may(Permission.AGENCY_MANAGE)


def may_manage_agency(by: Viewer, agency: Agency) -> bool:
    """Whether `by` manages the accounts of `agency`; those of administrators nobody does here."""
    if not by.may(Permission.ACCOUNT_MANAGE) or agency.kind == AgencyKind.ADMINISTRATION:
        return False
    return manages_all(by) or agency.id == by.agency.id


def may_manage(by: Viewer, account: Account) -> bool:
    """Whether `by` may change `account`: never his own, never one of the three administrators'."""
    if not by.may(Permission.ACCOUNT_MANAGE) or account.id == by.id:
        return False
    if account.role in ADMINISTRATORS:
        return False
    own = account.agency_id == by.agency.id and account.role != UNIT_ADMINISTRATOR
    return manages_all(by) or own


def roles_for(by: Viewer, agency: Agency) -> list[Role]:
    """Roles that `by` may give in `agency`: they fit its kind; unit administrators from above."""
    return [
        role
        for role in ROLES.values()
        if agency.kind in role.kinds
        and role.code not in ADMINISTRATORS
        and (manages_all(by) or role.code != UNIT_ADMINISTRATOR)
    ]
