"""What the launcher says, in Chinese and English, to a terminal that may be gone."""

import contextlib
import sys


class Complaint(Exception):
    """The launcher cannot go on; its text says what, where and what to do."""


def say(chinese: str, english: str) -> None:
    """Print both languages."""
    with contextlib.suppress(OSError):
        print(f"{chinese}\n  {english}", flush=True)


def complain(words: str) -> None:
    """Print to the error output."""
    with contextlib.suppress(OSError):
        print(words, file=sys.stderr, flush=True)
