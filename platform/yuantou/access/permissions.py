"""Every permission there is, as resource:action."""

from enum import StrEnum


class Permission(StrEnum):
    """What a role may do; where it may do it is the scope's matter (scope.py)."""

    DISPUTE_LOG = "dispute:log"
    DISPUTE_READ = "dispute:read"
    DISPUTE_ACCEPT = "dispute:accept"
    DISPUTE_TRIAGE = "dispute:triage"
    DISPUTE_DISPATCH = "dispute:dispatch"
    DISPUTE_SIGN = "dispute:sign"
    DISPUTE_HANDLE = "dispute:handle"
    DISPUTE_SUPERVISE = "dispute:supervise"
    DISPUTE_EXPORT = "dispute:export"
    PARTY_OPEN = "party:open"
    WINDOW_SERVE = "window:serve"
    SCREENING_OPEN = "screening:open"
    COUNTS_ENTER = "counts:enter"
    COUNTS_RELEASE = "counts:release"
    COUNTS_READ = "counts:read"
    FIGURES_READ = "figures:read"
    MAP_READ = "map:read"
    TARGET_SET = "target:set"
    ASSESSMENT_READ = "assessment:read"
    ASSESSMENT_RECEIVE = "assessment:receive"
    RUNS_READ = "runs:read"
    ACCOUNT_MANAGE = "account:manage"
    AGENCY_MANAGE = "agency:manage"
    SETTINGS_MANAGE = "settings:manage"
    SECURITY_MANAGE = "security:manage"
    AUDIT_READ = "audit:read"
