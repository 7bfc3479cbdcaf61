"""The door of coordination's matters, and post offices."""

from collections.abc import Iterator

import pytest

from tests.coordination.conftest import door
from tests.notices.post_office import Office, http_office, smtp_office

__all__ = ["door"]


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A webhook that is open as a channel."""
    with http_office() as opened:
        monkeypatch.setenv("YUANTOU_CHANNEL_WEBHOOK", opened.url())
        yield opened


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A mail server that is open as a channel."""
    with smtp_office() as opened:
        monkeypatch.setenv("YUANTOU_CHANNEL_MAIL", opened.url("mailto"))
        yield opened
