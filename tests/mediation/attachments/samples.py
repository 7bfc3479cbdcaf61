"""Small files of every kind, good and bad."""

import io
import zipfile

from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
GPS = 0x8825
ORIENTATION = 0x0112


def photo(width: int = 40, height: int = 20, turned: bool = False) -> bytes:
    """A JPEG as a phone takes it: with place, device and, where `turned`, lying on its side."""
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    exif[GPS] = {1: "N", 2: (41.0, 14.0, 30.0), 3: "E", 4: (119.0, 24.0, 0.0)}
    if turned:
        exif[ORIENTATION] = 6
    held = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(held, "JPEG", exif=exif)
    return held.getvalue()


def drawing() -> bytes:
    """A PNG with a word beside the picture."""
    held = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "PhoneMaker"
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(held, "PNG", exif=exif)
    return held.getvalue()


def office(part: str = "word/document.xml", more: str = "") -> bytes:
    """The least of a DOCX or XLSX."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(part, "<document/>")
        if more:
            package.writestr(more, "x")
    return held.getvalue()
