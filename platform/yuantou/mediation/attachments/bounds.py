"""How large a file may be, from the settings of the installation."""

from dataclasses import dataclass

from flask import current_app

MEGA = 1 << 20


@dataclass(frozen=True, slots=True)
class Bounds:
    """In bytes, and pixels of a picture."""

    file: int
    unpacked: int
    pixels: int


def bounds() -> Bounds:
    """The bounds that hold here."""
    settings = current_app.extensions["settings"]
    return Bounds(
        settings.of("attachments", "largest_megabytes") * MEGA,
        settings.of("attachments", "largest_unpacked_megabytes") * MEGA,
        settings.of("attachments", "most_megapixels") * 1_000_000,
    )
