"""Roles: a name for people, what they may do, how far they see. Read this page to know."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from yuantou.access.permissions import Permission as P


class Reach(StrEnum):
    """How far a role sees: its unit's matters, all of its area, or sums and pressing matters."""

    UNIT = "unit"
    AREA = "area"
    PRESSING = "pressing"
    COURT = "court"
    SUMS = "sums"
    NONE = "none"


@dataclass(frozen=True)
class Role:
    """A role that an account can hold in an agency of one of `kinds`."""

    code: str
    name: str
    reach: Reach
    permissions: frozenset[P]
    kinds: frozenset[str]


def _role(code: str, name: str, reach: Reach, kinds: str, *permissions: P) -> Role:
    return Role(code, name, reach, frozenset(permissions), frozenset(kinds.split()))


_HANDLE = (P.DISPUTE_READ, P.DISPUTE_SIGN, P.DISPUTE_HANDLE, P.PARTY_OPEN)
_DESK = (
    P.DISPUTE_LOG,
    *_HANDLE,
    P.DISPUTE_ACCEPT,
    P.DISPUTE_TRIAGE,
    P.DISPUTE_DISPATCH,
    P.DISPUTE_EXPORT,
)
_OFFICE = (P.FIGURES_READ, P.MAP_READ, P.ASSESSMENT_READ, P.RUNS_READ)

ROLES = {
    role.code: role
    for role in (
        _role(
            "mediator",
            _l("调解员"),
            Reach.UNIT,
            "committee industry_committee township_centre",
            P.DISPUTE_LOG,
            *_HANDLE,
            P.DISPUTE_ACCEPT,
            P.DISPUTE_TRIAGE,
        ),
        _role("township", _l("乡镇街道协调员"), Reach.AREA, "township_centre", *_DESK),
        _role(
            "coordinator",
            _l("县级协调员"),
            Reach.AREA,
            "county_centre",
            *_DESK,
            *_OFFICE,
            P.DISPUTE_SUPERVISE,
            P.COUNTS_READ,
        ),
        _role(
            "department",
            _l("部门承办人"),
            Reach.UNIT,
            "department police petition justice association",
            P.DISPUTE_LOG,
            *_HANDLE,
        ),
        _role(
            "government",
            _l("县级政府办"),
            Reach.SUMS,
            "government",
            *_OFFICE,
            P.ASSESSMENT_RECEIVE,
            P.COUNTS_READ,
        ),
        _role(
            "city",
            _l("市级协调员"),
            Reach.PRESSING,
            "city_coordination",
            P.DISPUTE_READ,
            *_OFFICE,
            P.DISPUTE_SUPERVISE,
            P.COUNTS_READ,
        ),
        _role(
            "province",
            _l("省级协调员"),
            Reach.PRESSING,
            "province_coordination",
            P.DISPUTE_READ,
            *_OFFICE,
            P.DISPUTE_SUPERVISE,
            P.TARGET_SET,
            P.COUNTS_READ,
        ),
        _role(
            "court_clerk",
            _l("法院填报人"),
            Reach.COURT,
            "court",
            P.DISPUTE_READ,
            P.COUNTS_ENTER,
            P.COUNTS_READ,
        ),
        _role(
            "court_reviewer",
            _l("法院审核人"),
            Reach.COURT,
            "court",
            P.DISPUTE_READ,
            P.COUNTS_RELEASE,
            P.COUNTS_READ,
        ),
        _role("procurator", _l("检察官"), Reach.UNIT, "procuratorate", P.DISPUTE_READ),
        _role(
            "congress",
            _l("人大监督"),
            Reach.SUMS,
            "congress",
            P.MAP_READ,
            P.FIGURES_READ,
            P.ASSESSMENT_READ,
        ),
        _role(
            "unit_administrator",
            _l("单位管理员"),
            Reach.NONE,
            " ".join(
                (
                    "committee township_centre industry_committee county_centre department",
                    "government city_coordination province_coordination court procuratorate",
                    "police petition justice association congress",
                )
            ),
            P.ACCOUNT_MANAGE,
        ),
        _role(
            "system_administrator",
            _l("系统管理员"),
            Reach.NONE,
            "administration",
            P.ACCOUNT_MANAGE,
            P.AGENCY_MANAGE,
            P.SETTINGS_MANAGE,
            P.RUNS_READ,
        ),
        _role(
            "security_administrator",
            _l("安全管理员"),
            Reach.NONE,
            "administration",
            P.SECURITY_MANAGE,
        ),
        _role("audit_administrator", _l("审计管理员"), Reach.NONE, "administration", P.AUDIT_READ),
    )
}

ADMINISTRATORS = frozenset(
    {"system_administrator", "security_administrator", "audit_administrator"}
)
