"""An office's own Word form, looked through before it is taken: nothing in it may run, fetch from
outside or unpack without end, and it must fill with sample data."""

import io
import re
import zipfile
from collections.abc import Iterator

from docx import Document
from docx.opc.exceptions import OpcError
from flask_babel import gettext as _
from lxml import etree

from yuantou.mediation.attachments.kinds import FileRefusedError, judge, read_package
from yuantou.mediation.papers.filled import sample
from yuantou.mediation.papers.wordforms import FormRefusedError, fill

LARGEST = 2 << 20
LARGEST_UNPACKED = 20 << 20
_OBJECTS = re.compile(r"^word/(embeddings|activeX|afchunk)|\.bin$|\.ole$", re.IGNORECASE)
_LINK = "/hyperlink"
_TAKING_IN = re.compile(r"/(afchunk|oleobject|package|control|frame|subdocument)$", re.IGNORECASE)
_FETCHING = re.compile(r"DDE|INCLUDE|DATABASE|IMPORT|(?<!HYPER)LINK", re.IGNORECASE)
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_FIELDS = ("{*}instrText", "{*}delInstrText", "{*}fldSimple")
_CODE = re.compile(r"\}instr$")
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def check(data: bytes) -> None:
    """FormRefusedError says why a Word form is not taken; it was filled with sample data."""
    try:
        kind = judge(data, largest=LARGEST, largest_unpacked=LARGEST_UNPACKED)
        names = read_package(data, LARGEST_UNPACKED) if kind.code == "docx" else []
    except FileRefusedError as refused:
        raise FormRefusedError(refused.message) from refused
    if kind.code != "docx":
        raise FormRefusedError(_("模板须是 Word 文件（.docx）"))
    if any(_OBJECTS.search(name) for name in names):
        raise FormRefusedError(_("模板里有嵌入的对象，请去掉再上传"))
    for tree in _trees(data):
        _look_through(tree)
    _try(data)


def _trees(data: bytes) -> Iterator[etree._Element]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            try:
                content = package.read(name)
                tree = etree.fromstring(content, parser) if _is_xml(name, content) else None
            except (etree.XMLSyntaxError, zipfile.BadZipFile) as fault:
                raise FormRefusedError(_("文件已损坏，打不开，请重新导出再上传")) from fault
            if tree is None:
                continue
            if tree.getroottree().docinfo.internalDTD is not None:
                raise FormRefusedError(_("模板里有不该有的内容（DTD），请用 Word 重新另存"))
            yield tree


def _is_xml(name: str, content: bytes) -> bool:
    """By its name or by how it begins: a part may bear any name."""
    begins = content[:64].lstrip()
    return name.endswith((".xml", ".rels")) or begins.startswith((b"<", *_MARKS))


def _look_through(tree: etree._Element) -> None:
    for relation in tree.iter(_RELATION):
        outside = relation.get("TargetMode") == "External"
        if outside and not str(relation.get("Type")).endswith(_LINK):
            raise FormRefusedError(
                _(
                    "模板引用了外部文件或者网址（%(what)s），请去掉再上传",
                    what=relation.get("Target"),
                )
            )
        if _TAKING_IN.search(str(relation.get("Type"))):
            raise FormRefusedError(_("模板里有嵌入的对象，请去掉再上传"))
    codes = "".join(_field_codes(tree))
    if _FETCHING.search(codes) or "{" in codes:  # what is filled in could complete a code
        raise FormRefusedError(_("模板里有会取外部内容的域，请去掉再上传"))


def _field_codes(tree: etree._Element) -> Iterator[str]:
    for field in tree.iter(*_FIELDS):
        yield field.text or ""
        yield from (str(value) for name, value in field.attrib.items() if _CODE.search(str(name)))


def _try(data: bytes) -> None:
    tried = sample()
    try:
        told = "\n".join(_texts(fill(data, tried)))
        before = "\n".join(_texts(data))
    except (OpcError, KeyError, ValueError, AttributeError, etree.LxmlError) as fault:
        raise FormRefusedError(_("用示例数据试填没有成功，请从默认模板改起")) from fault
    if not any(value in told and value not in before for value in tried.values.values()):
        raise FormRefusedError(_("模板里没有任何填写位置，例如 {{ title }}"))


def _texts(data: bytes) -> Iterator[str]:
    document = Document(io.BytesIO(data))
    for part in document.element.body.iter():
        if part.tag.endswith("}t"):
            yield part.text or ""
