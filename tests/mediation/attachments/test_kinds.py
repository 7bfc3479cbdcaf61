"""Files are judged by what is in them; pictures keep nothing but the picture."""

import io
import zipfile

import pytest
from PIL import Image

from tests.mediation.attachments.samples import GPS, PDF, drawing, office, photo
from yuantou.mediation.attachments.kinds import KINDS, FileRefusedError, judge
from yuantou.mediation.attachments.pictures import drawn_anew

pytestmark = pytest.mark.usefixtures("words")
MEGA = 1 << 20


def _judged(data: bytes) -> str:
    return judge(data, largest=MEGA, largest_unpacked=5 * MEGA).code


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, "pdf"),
        (photo(), "jpeg"),
        (drawing(), "png"),
        (office(), "docx"),
        (office("xl/workbook.xml"), "xlsx"),
        ("收条：今收到货款 500 元".encode(), "text"),
        ("收条".encode("gb18030"), "text"),
    ],
)
def test_a_file_is_what_its_content_says(data: bytes, kind: str) -> None:
    assert _judged(data) == kind


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空的"),
        (b"MZ\x90\x00\x03", "只收"),
        (b"\x7fELF\x02\x01\x01\x00", "只收"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "HEIC"),
        (office("other.xml"), "压缩包"),
        (office(more="word/vbaProject.bin"), "宏"),
        (office()[:-30], "损坏"),
        (b'\n<svg xmlns="http://www.w3.org/2000/svg"><script>x()</script></svg>', "SVG"),
        (b"\xef\xbb\xbf<!DOCTYPE html><p>x</p>", "网页"),
        (b"a" * (MEGA + 1), "1 MB"),
    ],
)
def test_what_is_not_known_or_not_sound_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(FileRefusedError, match=said):
        _judged(data)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    held = io.BytesIO(office())
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/image1.bin", bytes(4 * MEGA))
    with pytest.raises(FileRefusedError, match="解压后过大"):
        _judged(held.getvalue())


def test_a_photo_loses_its_place_and_maker() -> None:
    assert GPS in Image.open(io.BytesIO(photo())).getexif()
    kept = drawn_anew(photo(), KINDS["jpeg"], most_pixels=10_000)
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {}
    assert b"PhoneMaker" not in kept


def test_a_photo_that_lay_on_its_side_stands() -> None:
    kept = drawn_anew(photo(40, 20, turned=True), KINDS["jpeg"], most_pixels=10_000)
    assert Image.open(io.BytesIO(kept)).size == (20, 40)


def test_a_png_keeps_its_transparency_and_nothing_else() -> None:
    kept = drawn_anew(drawing(), KINDS["png"], most_pixels=10_000)
    assert Image.open(io.BytesIO(kept)).mode == "RGBA"
    assert b"PhoneMaker" not in kept


@pytest.mark.parametrize(("data", "said"), [(photo()[:200], "损坏"), (photo(400, 200), "尺寸过大")])
def test_a_broken_or_huge_picture_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(FileRefusedError, match=said):
        drawn_anew(data, KINDS["jpeg"], most_pixels=10_000)
