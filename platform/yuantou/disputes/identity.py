"""Numbers of people and organisations: read, checked, never guessed. Standard library only."""

import re
import unicodedata
from datetime import date

ADULT = 18
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"  # GB 11643-1999, ISO 7064 MOD 11-2
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015
_MOBILE = re.compile(r"1[3-9]\d{9}")
_FIXED = re.compile(r"0\d{2,3}\d{7,8}|[48]00\d{7}|\d{7,8}")


def plain(number: str) -> str:
    """`number` in half width and capitals, without spaces, dashes and brackets."""
    text = unicodedata.normalize("NFKC", number)
    return re.sub(r"[\s\-‐–—()]+", "", text).upper()


def phone_of(text: str) -> str | None:
    """A Chinese phone number without country code; None when it is none."""
    number = re.sub(r"^(\+86|0086)", "", plain(text))
    return number if _MOBILE.fullmatch(number) or _FIXED.fullmatch(number) else None


def id_of(text: str) -> str | None:
    """An ID number of 18 places whose birth date and check character hold; else None."""
    number = plain(text)
    if not re.fullmatch(r"\d{17}[\dX]", number) or birth_of(number) is None:
        return None
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return number if _CHECKS[total % 11] == number[17] else None


def birth_of(number: str) -> date | None:
    """The birth date in an ID number, None when there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def is_minor(number: str, on: date) -> bool:
    """Whether the bearer of an ID number was under 18 on that day."""
    born = birth_of(number)
    if born is None:
        return False
    return (on.year - born.year) - ((on.month, on.day) < (born.month, born.day)) < ADULT


def credit_code_of(text: str) -> str | None:
    """A unified social credit code whose check character holds; else None.

    One ID number in 31 has that check character too: a person's number is never such a code.
    """
    code = plain(text)
    if id_of(code):
        return None
    if len(code) != 18 or any(char not in _CREDIT for char in code):
        return None
    total = sum(_CREDIT.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return code if _CREDIT[(31 - total % 31) % 31] == code[17] else None
