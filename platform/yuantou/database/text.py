"""Text as it was typed, made fit to be kept: line ends, control and turning characters."""

import re

LONGEST_NUMBER = 18

# Controls, marks that turn the direction of reading, marks of zero width, half surrogates. The
# joiner and the variation selectors stay: emoji are made with them.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


def clean(text: str) -> str:
    """`text` with plain line ends, without what cannot be seen, without space at the ends."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def whole_number(text: object) -> int | None:
    """`text` as a number that a bigint holds; None for anything else, '²' and 30 nines included."""
    digits = str(text)
    plain = digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER
    return int(digits) if plain else None


def holds_unseen(text: str) -> bool:
    """Whether `clean` would take out a character that nobody sees."""
    return _UNSEEN.search(text) is not None
