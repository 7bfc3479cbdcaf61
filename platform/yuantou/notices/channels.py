"""What config/channels.toml says: channels, topics, quiet hours; and which channels are open.

Standard library only. The addresses of channels are secrets and come from the environment.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from yuantou.calendar.clock import local
from yuantou.calendar.workdays import WorkCalendar

SHIPPED = Path(__file__).resolve().parents[3] / "config" / "channels.toml"
PLACE = "{address}"


class ChannelsMalformed(ValueError):
    """config/channels.toml cannot be used."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way out of the house; `address` is the pattern of a person's own address, '' for none."""

    code: str
    name_zh: str
    env: str
    address_zh: str
    address: str

    def template(self, environment: Mapping[str, str] = os.environ) -> str:
        """The channel's address with a place for the person's; '' while the channel is closed."""
        return environment.get(self.env, "").strip()

    def fits(self, address: str) -> bool:
        """Whether a person's address may be used."""
        return not self.address or re.fullmatch(self.address, address) is not None

    def url(self, address: str, environment: Mapping[str, str] = os.environ) -> str:
        """Where a message to that address goes; what was typed cannot change the rest of it."""
        return self.template(environment).replace(PLACE, quote(address, safe=""))


@dataclass(frozen=True, slots=True)
class Topic:
    """What a person switches: a group of kinds of notices."""

    code: str
    name_zh: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quiet:
    """When nothing but the urgent is sent."""

    since: time
    until: time
    working_days_only: bool

    def now(self, moment: datetime, calendar: WorkCalendar) -> bool:
        """Whether it is quiet at that moment."""
        at = local(moment)
        if self.working_days_only and not calendar.is_workday(at.date()):
            return True
        clock = at.time()
        if self.since <= self.until:
            return self.since <= clock < self.until
        return clock >= self.since or clock < self.until


@dataclass(frozen=True, slots=True)
class Sending:
    """All that the file says."""

    channels: Mapping[str, Channel]
    topics: tuple[Topic, ...]
    quiet: Quiet
    many: int
    daily_at: time
    attempts: int
    wait: timedelta
    kept: timedelta
    url_env: str

    def topic_of(self, kind: str) -> str:
        """The topic of a kind of notice; the last one takes what no other names."""
        for topic in self.topics:
            if any(fnmatchcase(kind, pattern) for pattern in topic.kinds):
                return topic.code
        return self.topics[-1].code

    def topic_name(self, code: str) -> str:
        """A topic in words."""
        return next((one.name_zh for one in self.topics if one.code == code), code)

    def site(self, environment: Mapping[str, str] = os.environ) -> str:
        """Where readers find the platform; '' where it was not said."""
        return environment.get(self.url_env, "").strip().rstrip("/")

    def open_channels(self, environment: Mapping[str, str] = os.environ) -> list[Channel]:
        """Channels that the installation has opened."""
        return [one for one in self.channels.values() if one.template(environment)]


@cache
def read() -> Sending:
    """The shipped file, read once."""
    return read_file(SHIPPED)


def read_file(path: Path) -> Sending:
    """Read a file of channels; ChannelsMalformed says what is wrong with it."""
    try:
        return _sending(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as fault:
        raise ChannelsMalformed(f"{path}: {fault}") from fault


def _sending(document: Mapping[str, Any]) -> Sending:
    quiet, digest, delivery = document["quiet"], document["digest"], document["delivery"]
    return Sending(
        channels={row["code"]: Channel(**row) for row in document["channel"]},
        topics=tuple(
            Topic(row["code"], row["name_zh"], tuple(row["kinds"])) for row in document["topic"]
        ),
        quiet=Quiet(
            time.fromisoformat(quiet["from"]),
            time.fromisoformat(quiet["until"]),
            bool(quiet["working_days_only"]),
        ),
        many=int(digest["many"]),
        daily_at=time.fromisoformat(digest["at"]),
        attempts=int(delivery["attempts"]),
        wait=timedelta(minutes=int(delivery["wait_minutes"])),
        kept=timedelta(days=int(delivery["keep_days"])),
        url_env=str(document["site"]["url_env"]),
    )
