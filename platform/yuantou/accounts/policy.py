"""The rules of signing in: config/settings.toml [sign_in]."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher

from yuantou.accounts.models import Account
from yuantou.accounts.passwords import CHOSEN, TESTING
from yuantou.database.settings import Settings


@dataclass(frozen=True)
class Policy:
    """What signing in and passwords are held to."""

    failures: int
    lock: timedelta
    idle: timedelta
    length: int
    days: timedelta
    remembered: int
    per_minute: int
    hasher: PasswordHasher

    def must_change(self, account: Account, now: datetime) -> bool:
        """Whether the password has to be changed before anything else."""
        return account.must_change or now - account.password_set_at > self.days


def read_policy(settings: Settings, *, testing: bool = False) -> Policy:
    """The policy in force; tests hash cheaply."""

    def value(name: str) -> int:
        return int(settings.of("sign_in", name))

    return Policy(
        failures=value("failures_before_lock"),
        lock=timedelta(minutes=value("lock_minutes")),
        idle=timedelta(minutes=value("idle_minutes")),
        length=value("password_length"),
        days=timedelta(days=value("password_days")),
        remembered=value("passwords_remembered"),
        per_minute=value("attempts_per_minute"),
        hasher=TESTING if testing else CHOSEN,
    )
