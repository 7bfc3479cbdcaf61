"""Pages of access by story: signing in, one's own account, accounts, agencies, security."""

from yuantou.access import (
    account_pages,
    agency_pages,
    audit_pages,
    own_pages,
    security_pages,
    sign_in,
)
from yuantou.access.blueprint import blueprint

STORIES = (sign_in, own_pages, account_pages, agency_pages, security_pages, audit_pages)

__all__ = ["STORIES", "blueprint"]
