"""A long list, read a page at a time."""

from collections.abc import Mapping
from dataclasses import dataclass

PAGE = 50
_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Sheet:
    """How long a list is, and where in it one is."""

    number: int
    page: int
    last: int

    @classmethod
    def of(cls, number: int, page: int) -> "Sheet":
        """The page nearest to the one asked for."""
        last = max(-(-number // PAGE), 1)
        return cls(number, min(max(page, 1), last), last)

    @property
    def size(self) -> int:
        """How many rows a page has."""
        return PAGE

    @property
    def start(self) -> int:
        """How many rows lie before the page."""
        return (self.page - 1) * PAGE


def page_asked(arguments: Mapping[str, str], name: str = "page") -> int:
    """The page that an address asks for; what is no number is the first."""
    text = arguments.get(name, "")
    return int(text[:_DIGITS]) if text.isdecimal() else 1
