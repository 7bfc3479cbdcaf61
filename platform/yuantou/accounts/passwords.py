"""Passwords: how they are hashed, made at random, and what a chosen one must be."""

import secrets
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _

CHOSEN = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
# A password of 70 random bits withstands guessing by itself: hundreds are hashed in a moment.
RANDOM = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
TESTING = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

LETTERS = "abcdefghjkmnpqrstuvwxyz"
DIGITS = "23456789"
LONGEST = 128
COMMON = ("password", "passw0rd", "qwerty", "123456", "111111", "abc123", "admin", "yuantou")


def random_password() -> str:
    """A password to be typed once: four groups of four, no letters that look alike."""
    signs = LETTERS + DIGITS
    groups = ["".join(secrets.choice(signs) for _place in range(3)) for _group in range(4)]
    closed = zip(groups, (LETTERS.upper(), DIGITS, LETTERS, DIGITS), strict=True)
    return "-".join(group + secrets.choice(last) for group, last in closed)


def hash_random(password: str) -> str:
    """Hash of a password that `random_password` made."""
    return RANDOM.hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Whether `password` is the one behind `password_hash`."""
    try:
        return CHOSEN.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def cheap(password_hash: str, hasher: PasswordHasher) -> bool:
    """Whether the hash was made otherwise than `hasher` does, or opens to no password."""
    try:
        return hasher.check_needs_rehash(password_hash)
    except InvalidHashError:
        return True


def waste_time(password: str, hasher: PasswordHasher) -> None:
    """Spend what a verification costs, so that an unknown login answers no faster."""
    matches(_nobody(hasher), password)


def faults(password: str, *, login: str, length: int) -> list[str]:
    """What is wrong with a chosen password, in words for people."""
    found = []
    if len(password) < length:
        found.append(_("至少 %(n)s 位", n=length))
    if len(password) > LONGEST:
        found.append(_("最多 %(n)s 位", n=LONGEST))
    if _kinds(password) < 3:
        found.append(_("大写字母、小写字母、数字、符号，至少要有三种"))
    if login and login.lower() in password.lower():
        found.append(_("不能包含账号"))
    if any(word in password.lower() for word in COMMON):
        found.append(_("太常见，容易被猜中"))
    return found


def used_before(password: str, hashes: Iterable[str]) -> bool:
    """Whether `password` is behind one of `hashes`."""
    return any(matches(one, password) for one in hashes)


def _kinds(password: str) -> int:
    tests = (str.isupper, str.islower, str.isdigit)
    kinds = sum(any(test(sign) for sign in password) for test in tests)
    return kinds + any(not sign.isalnum() for sign in password)


@cache
def _nobody(hasher: PasswordHasher) -> str:
    return hasher.hash(secrets.token_hex())
