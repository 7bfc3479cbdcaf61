"""Files made of sealed reports, kept in the folder of files under their seal.

They are copies: whatever is missing, altered or drawn by an older program is made again from what
the database sealed, so no back-up needs them.
"""

import hashlib
import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

from yuantou.mediation.attachments.store import files

SUM = 32


@cache
def look() -> str:
    """The version of the drawing: other sources draw other files."""
    running = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        running.update(file.read_bytes())
    return running.hexdigest()[:16]


def shelf() -> Path:
    """Where the files of this drawing lie."""
    return files().root / "reports" / look()


def kept(seal: str, form: str) -> bytes | None:
    """The file of a seal, None when it must be made."""
    try:
        held = _place(seal, form).read_bytes()
    except FileNotFoundError:
        return None
    content = held[SUM:]
    return content if hashlib.sha256(content).digest() == held[:SUM] else None


def keep(seal: str, form: str, make: Callable[[], bytes]) -> bytes:
    """The file of a seal, made now if there is none."""
    found = kept(seal, form)
    if found is not None:
        return found
    made = make()
    place = _place(seal, form)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.{os.getpid()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(hashlib.sha256(made).digest() + made)
    part.rename(place)
    return made


def there(seal: str, form: str) -> bool:
    """Whether a file lies there, without reading it."""
    return _place(seal, form).exists()


def forget_older() -> None:
    """Remove what older programs drew."""
    current = shelf()
    if not current.parent.is_dir():
        return
    for folder in current.parent.iterdir():
        if folder != current:
            shutil.rmtree(folder, ignore_errors=True)


def _place(seal: str, form: str) -> Path:
    name = hashlib.sha256(seal.encode()).hexdigest()
    return shelf() / name[:2] / f"{name}.{form}"
