"""Pages of access by story: signing in, one's own account, accounts, agencies, security."""

from yuantou.access import audit_pages, own_pages, sign_in
from yuantou.access.blueprint import blueprint

STORIES = (sign_in, own_pages, audit_pages)

__all__ = ["STORIES", "blueprint"]
