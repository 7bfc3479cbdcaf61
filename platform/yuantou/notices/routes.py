"""The inbox, channels and outbox; complaints and suggestions."""

from yuantou.notices import channel_pages, inbox_pages, outbox_pages
from yuantou.notices.blueprint import blueprint

__all__ = ["blueprint", "channel_pages", "inbox_pages", "outbox_pages"]
