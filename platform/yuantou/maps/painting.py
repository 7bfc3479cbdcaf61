"""A plate as PNG, at the fineness of print."""

import io
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_zh_cn import sans_path

from yuantou.maps.plate import HIGH, WIDE, Dot, Patch, Plate, Stroke, Words

FINE, SEVERAL = 300, 200
INCH = 25.4
HALO = 0.5
ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def as_png(plates: Sequence[Plate]) -> bytes:
    """One plate at 300 dots an inch; several below each other at 200, to spare memory."""
    dots = FINE if len(plates) == 1 else SEVERAL
    scale = dots / INCH
    wide, high = round(WIDE * scale), round(HIGH * scale)
    with Image.new("RGB", (wide, high * len(plates)), "#FFFFFF") as sheet:
        pen = ImageDraw.Draw(sheet)
        for place, each in enumerate(plates):
            for mark in each.marks:
                _put(pen, mark, scale, high * place)
        held = io.BytesIO()
        sheet.save(held, "PNG", dpi=(dots, dots), optimize=False, compress_level=6)
    return held.getvalue()


def _put(pen: ImageDraw.ImageDraw, mark: object, scale: float, down: int) -> None:
    def at(point: tuple[float, float]) -> tuple[float, float]:
        return point[0] * scale, point[1] * scale + down

    if isinstance(mark, Patch):
        ring = [at(point) for point in mark.ring]
        pen.polygon(ring, fill=mark.fill)
        pen.line(ring, fill=mark.edge, width=max(1, round(mark.width * scale)), joint="curve")
    elif isinstance(mark, Stroke):
        width = max(1, round(mark.width * scale))
        pen.line([at(mark.start), at(mark.end)], fill=mark.colour, width=width)
    elif isinstance(mark, Dot):
        pen.circle(at(mark.at), mark.radius * scale, fill=mark.colour)
    elif isinstance(mark, Words):
        font = _font(round(mark.size * scale))
        pen.text(
            at(mark.at),
            mark.text,
            fill=mark.colour,
            font=font,
            anchor=ANCHORS[mark.anchor],
            stroke_width=round(HALO * scale) if mark.halo else 0,
            stroke_fill="#FFFFFF",
        )


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(sans_path()), size)
