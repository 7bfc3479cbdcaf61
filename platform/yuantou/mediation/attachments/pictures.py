"""Pictures drawn anew: what the camera wrote beside the picture, place and time, stays behind."""

import io
import struct

from flask_babel import gettext as _
from PIL import Image, ImageOps

from yuantou.mediation.attachments.kinds import FileRefusedError, Kind

QUALITY = 90
FORMATS = {"jpeg": "JPEG", "png": "PNG"}
BROKEN = (OSError, ValueError, SyntaxError, TypeError, LookupError, ArithmeticError, struct.error)
Image.MAX_IMAGE_PIXELS = None  # bounded by `most_pixels` below, before anything is unpacked


def drawn_anew(data: bytes, kind: Kind, *, most_pixels: int) -> bytes:
    """The same picture, upright, with nothing but its pixels; FileRefusedError when broken."""
    try:
        with Image.open(io.BytesIO(data), formats=(FORMATS[kind.code],)) as found:
            if found.width * found.height > most_pixels:
                raise FileRefusedError(_("图片尺寸过大，请缩小后上传"))
            upright = ImageOps.exif_transpose(found)
            return _written(upright, kind)
    except BROKEN as error:
        raise FileRefusedError(_("图片已损坏，打不开，请重新拍照或导出再上传")) from error


def _written(picture: Image.Image, kind: Kind) -> bytes:
    mode = "RGBA" if kind.code == "png" and picture.has_transparency_data else "RGB"
    bare = Image.new(mode, picture.size)
    bare.paste(picture.convert(mode))
    held = io.BytesIO()
    options = {"quality": QUALITY} if kind.code == "jpeg" else {"optimize": False}
    bare.save(held, FORMATS[kind.code], **options)
    return held.getvalue()
