"""Handing one message to apprise, and judging what is known of its fate.

apprise answers yes or no. A no after the other side refused, or before anything was handed over,
is known; a no after a time-out or a broken connection is not, and must not be repeated blindly.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from apprise import Apprise, AppriseAsset

TROUBLE = re.compile(r"connection error|socket exception|smtp.*exception", re.IGNORECASE)
NEVER_LEFT = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|Connection refused|"
    r"Name or service not known|Temporary failure in name resolution|getaddrinfo|"
    r"No route to host|Network is unreachable|CERTIFICATE_VERIFY_FAILED|WRONG_VERSION_NUMBER"
)
ANSWERED = re.compile(r"\(\d{3}, b?['\"]")  # what smtplib says of a server's refusal

_log = logging.getLogger("apprise")
_log.propagate = False  # its debug lines hold addresses and secrets


class Fate(StrEnum):
    """What became of a message that was handed over."""

    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Outcome:
    """The fate and, for people, why."""

    fate: Fate
    words: str = ""


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what apprise says of its own call; it is judged and let go, never stored."""
        self.said.append(record.getMessage())


def send(url: str, title: str, body: str) -> Outcome:
    """Send one message; never raises."""
    asset = AppriseAsset(async_mode=False, app_id="yuantou", app_desc="源头")
    courier = Apprise(asset=asset)
    with _listening() as said:
        if not url or not courier.add(url):
            return Outcome(Fate.FAILED, "通道地址写法不对，请检查环境变量")
        try:
            done = courier.notify(body=body, title=title)
        except Exception as fault:  # whatever a plug-in raises, it may have sent before
            return Outcome(Fate.UNKNOWN, f"发送程序出错：{type(fault).__name__}")
    return Outcome(Fate.DELIVERED) if done else judge("\n".join(said))


def judge(said: str) -> Outcome:
    """The fate of a message that apprise did not confirm, from what it said meanwhile."""
    if ANSWERED.search(said):
        return Outcome(Fate.FAILED, "对方服务器拒绝")
    if not TROUBLE.search(said):
        return Outcome(Fate.FAILED, "对方接口拒绝")
    if NEVER_LEFT.search(said):
        return Outcome(Fate.FAILED, "连不上对方服务器")
    return Outcome(Fate.UNKNOWN, "已交出，未等到答复")


@contextmanager
def _listening() -> Iterator[list[str]]:
    listener, level = _Listener(), _log.level
    _log.addHandler(listener)
    _log.setLevel(logging.DEBUG)
    try:
        yield listener.said
    finally:
        _log.setLevel(level)
        _log.removeHandler(listener)
