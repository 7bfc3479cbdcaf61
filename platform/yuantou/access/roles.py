"""Roles: a name for people, what they may do, how far they see. Read this page to know."""

from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from yuantou.access.permissions import Permission


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
    permissions: frozenset[Permission]
    kinds: frozenset[str]


def _role(code: str, name: str, reach: Reach, kinds: str, *permissions: Permission) -> Role:
    return Role(code, name, reach, frozenset(permissions), frozenset(kinds.split()))


_HANDLE = (
    Permission.DISPUTE_READ,
    Permission.DISPUTE_SIGN,
    Permission.DISPUTE_HANDLE,
    Permission.PARTY_OPEN,
    Permission.INTEGRITY_ANSWER,
    Permission.ALERT_READ,
    Permission.ALERT_HANDLE,
)
_LEADS = (
    Permission.ALERT_READ,
    Permission.ALERT_HANDLE,
    Permission.ALERT_DOWNGRADE,
    Permission.ALERT_DECIDE,
)
_DESK = (
    Permission.DISPUTE_LOG,
    *_HANDLE,
    Permission.DISPUTE_ACCEPT,
    Permission.DISPUTE_TRIAGE,
    Permission.DISPUTE_DISPATCH,
    Permission.DISPUTE_EXPORT,
    Permission.FILE_REVIEW,
    Permission.DISPUTE_IMPORT,
    Permission.WINDOW_SERVE,
    Permission.SCREENING_OPEN,
    *_LEADS,
)
_OFFICE = (
    Permission.FIGURES_READ,
    Permission.BULLETIN_READ,
    Permission.MAP_READ,
    Permission.ASSESSMENT_READ,
    Permission.RUNS_READ,
)
_SOURCE = (Permission.SOURCE_READ, Permission.SOURCE_ANSWER)
_WRITES = (*_SOURCE, Permission.SOURCE_ANALYSE, Permission.LETTER_DRAFT)
_CALLS = (*_WRITES, Permission.LETTER_SIGN, Permission.MEETING_CALL)
_RESEARCH = (Permission.RESEARCH_READ, Permission.RESEARCH_WRITE)
_GOVERNS = (*_CALLS, Permission.APPRAISAL_REGISTER, *_RESEARCH)
_JUDGED = (
    Permission.ASSESSMENT_READ,
    Permission.ASSESSMENT_RECEIVE,
    Permission.ASSESSMENT_OBJECT,
)

ROLES = {
    role.code: role
    for role in (
        _role(
            "mediator",
            _l("调解员"),
            Reach.UNIT,
            "committee industry_committee township_centre",
            Permission.DISPUTE_LOG,
            *_HANDLE,
            Permission.DISPUTE_ACCEPT,
            Permission.DISPUTE_TRIAGE,
        ),
        _role(
            "township",
            _l("乡镇街道协调员"),
            Reach.AREA,
            "township_centre",
            *_DESK,
            *_JUDGED,
            *_CALLS,
        ),
        _role(
            "coordinator",
            _l("县级协调员"),
            Reach.AREA,
            "county_centre",
            *_DESK,
            *_OFFICE,
            *_GOVERNS,
            Permission.COMPLAINT_ANSWER,
            Permission.DISPUTE_SUPERVISE,
            Permission.INTEGRITY_LOOK,
            Permission.ASSESSMENT_OBJECT,
            Permission.ERASURE_DECIDE,
            Permission.COUNTS_READ,
            Permission.DUTY_EDIT,
            Permission.SOURCE_MARK,
            Permission.PLACES_LOAD,
            Permission.SUPPLY_ENTER,
        ),
        _role(
            "department",
            _l("部门承办人"),
            Reach.UNIT,
            "department police petition justice association",
            Permission.DISPUTE_LOG,
            *_HANDLE,
            *_JUDGED,
            *_SOURCE,
            Permission.APPRAISAL_REGISTER,
            Permission.SUPPLY_ENTER,
        ),
        _role(
            "government",
            _l("县级政府办"),
            Reach.SUMS,
            "government",
            *_OFFICE,
            Permission.ALERT_READ,
            *_SOURCE,
            *_RESEARCH,
            Permission.APPRAISAL_REGISTER,
            Permission.ASSESSMENT_RECEIVE,
            Permission.ASSESSMENT_OBJECT,
            Permission.COUNTS_READ,
        ),
        _role(
            "city",
            _l("市级协调员"),
            Reach.PRESSING,
            "city_coordination",
            Permission.DISPUTE_READ,
            *_OFFICE,
            *_LEADS,
            *_GOVERNS,
            Permission.COMPLAINT_ANSWER,
            Permission.DISPUTE_SUPERVISE,
            Permission.INTEGRITY_LOOK,
            Permission.SOURCE_MARK,
            Permission.PLACES_LOAD,
            Permission.COUNTS_READ,
            Permission.SUPPLY_ENTER,
        ),
        _role(
            "province",
            _l("省级协调员"),
            Reach.PRESSING,
            "province_coordination",
            Permission.DISPUTE_READ,
            *_OFFICE,
            *_LEADS,
            *_GOVERNS,
            Permission.COMPLAINT_ANSWER,
            Permission.DISPUTE_SUPERVISE,
            Permission.INTEGRITY_LOOK,
            Permission.TARGET_SET,
            Permission.ASSESSMENT_APPROVE,
            Permission.FIGURES_DEFINE,
            Permission.SOURCE_MARK,
            Permission.PLACES_LOAD,
            Permission.COUNTS_READ,
            Permission.SUPPLY_ENTER,
        ),
        _role(
            "court_clerk",
            _l("法院填报人"),
            Reach.COURT,
            "court",
            Permission.DISPUTE_READ,
            *_WRITES,
            Permission.ENTRUSTMENT_SEND,
            Permission.COUNTS_ENTER,
            Permission.COUNTS_READ,
            Permission.SUPPLY_ENTER,
        ),
        _role(
            "court_reviewer",
            _l("法院审核人"),
            Reach.COURT,
            "court",
            Permission.DISPUTE_READ,
            *_WRITES,
            Permission.LETTER_SIGN,
            Permission.ENTRUSTMENT_SEND,
            Permission.CONFIRMATION_DECIDE,
            Permission.COUNTS_RELEASE,
            Permission.COUNTS_READ,
        ),
        _role(
            "procurator",
            _l("检察官"),
            Reach.UNIT,
            "procuratorate",
            Permission.DISPUTE_READ,
            *_WRITES,
            Permission.LETTER_SIGN,
        ),
        _role(
            "congress",
            _l("人大监督"),
            Reach.SUMS,
            "congress",
            Permission.MAP_READ,
            Permission.RESEARCH_READ,
            Permission.FIGURES_READ,
            Permission.ASSESSMENT_READ,
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
            Permission.ACCOUNT_MANAGE,
            Permission.TEMPLATE_MANAGE,
        ),
        _role(
            "system_administrator",
            _l("系统管理员"),
            Reach.NONE,
            "administration",
            Permission.ACCOUNT_MANAGE,
            Permission.AGENCY_MANAGE,
            Permission.SETTINGS_MANAGE,
            Permission.TEMPLATE_MANAGE,
            Permission.ERASURE_DECIDE,
            Permission.RUNS_READ,
        ),
        _role(
            "security_administrator",
            _l("安全管理员"),
            Reach.NONE,
            "administration",
            Permission.SECURITY_MANAGE,
            Permission.ERASURE_ASK,
        ),
        _role(
            "audit_administrator",
            _l("审计管理员"),
            Reach.NONE,
            "administration",
            Permission.AUDIT_READ,
        ),
    )
}

ADMINISTRATORS = frozenset(
    {"system_administrator", "security_administrator", "audit_administrator"}
)
