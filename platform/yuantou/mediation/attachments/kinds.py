"""What a file is, by its content and never by its name; what is not known is refused."""

import io
import re
import zipfile
from dataclasses import dataclass

from flask_babel import gettext as _

MOST_MEMBERS = 2000
MOST_TIMES = 200  # a member that unpacks to more than this many times its size is a bomb
SMALL = 1 << 20  # blank XML packs well: below this nobody is harmed
_MACROS = re.compile(r"vbaProject\.bin$|^word/activeX/|^xl/activeX/|^xl/macrosheets/", re.I)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|!--|\?xml|html|svg|script)", re.I)
_HEIF = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"avif")


class FileRefusedError(Exception):
    """Why a file is not taken and what to do instead."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken."""

    code: str
    name_zh: str
    ending: str
    mime: str
    picture: bool = False


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {
    one.code: one
    for one in (
        Kind("pdf", "PDF", "pdf", "application/pdf"),
        Kind("jpeg", "照片", "jpg", "image/jpeg", picture=True),
        Kind("png", "图片", "png", "image/png", picture=True),
        Kind("docx", "Word", "docx", _WORD),
        Kind("xlsx", "Excel", "xlsx", _EXCEL),
        Kind("text", "文本", "txt", "text/plain; charset=utf-8"),
    )
}
ACCEPT = "image/jpeg,image/png,application/pdf,.pdf,.jpg,.jpeg,.png,.docx,.xlsx,.txt"


def judge(data: bytes, *, largest: int, largest_unpacked: int) -> Kind:
    """The kind of a file; FileRefusedError says what is wrong. Sizes are in bytes."""
    if not data:
        raise FileRefusedError(_("文件是空的，请重新选择"))
    if len(data) > largest:
        most = largest // (1 << 20)
        raise FileRefusedError(_("文件超过 %(n)s MB，请压缩或者分开上传", n=most))
    if data.startswith(b"%PDF-"):
        return KINDS["pdf"]
    if data.startswith(b"\xff\xd8\xff"):
        return KINDS["jpeg"]
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return KINDS["png"]
    if data.startswith(b"PK"):
        return KINDS[_office(data, largest_unpacked)]
    return _text(data)


def read_package(data: bytes, largest_unpacked: int) -> list[str]:
    """Names in an Office file that unpacks to no more than it may; FileRefusedError otherwise."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise FileRefusedError(_("文件已损坏，打不开，请重新导出再上传")) from error
    _refuse_bomb(members, largest_unpacked)
    names = [one.filename for one in members]
    if any(_MACROS.search(name) for name in names):
        raise FileRefusedError(_("文件里有宏，请另存为不带宏的 .docx 或 .xlsx 再上传"))
    return names


def _refuse_bomb(members: list[zipfile.ZipInfo], largest_unpacked: int) -> None:
    total = sum(one.file_size for one in members)
    packed = sum(one.compress_size for one in members)
    if (
        len(members) > MOST_MEMBERS
        or total > largest_unpacked
        or (total > SMALL and total > MOST_TIMES * max(1, packed))
    ):
        raise FileRefusedError(_("文件解压后过大，不能上传"))
    if any(one.flag_bits & 1 for one in members):
        raise FileRefusedError(_("文件设了密码，请去掉密码再上传"))


def _office(data: bytes, largest_unpacked: int) -> str:
    names = read_package(data, largest_unpacked)
    if "[Content_Types].xml" in names:
        for code, part in (("docx", "word/document.xml"), ("xlsx", "xl/workbook.xml")):
            if part in names:
                return code
    raise FileRefusedError(_("压缩包不能上传，请把里面的文件分开上传"))


def _text(data: bytes) -> Kind:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefusedError(
            _("这是旧版 Office 文件或设了密码的文件，请另存为 .docx 或 .xlsx 再上传")
        )
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        raise FileRefusedError(
            _("这是 HEIC 照片，请在手机相机设置里选“兼容性最佳”，或者截屏后上传")
        )
    if _MARKUP.match(data):
        raise FileRefusedError(_("网页、SVG 里可以藏有脚本，请另存为 PDF 或者截屏后上传"))
    if _reads_as_text(data):
        return KINDS["text"]
    raise FileRefusedError(_("只收 PDF、照片（JPEG、PNG）、Word、Excel 和纯文本文件"))


def _reads_as_text(data: bytes) -> bool:
    for code in ("utf-8-sig", "gb18030"):
        try:
            return _CONTROLS.search(data.decode(code)) is None
        except UnicodeDecodeError:
            continue
    return False
