"""Work that builds much and leaves nothing behind: not searched for garbage half way."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """No search for unreachable cycles until the work is done: the documents of a hundred
    counties set off dozens, a fifth of the time, and each finds nothing."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
