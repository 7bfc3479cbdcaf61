"""An office's own Word form: tried before it is taken, versioned, given back, never dangerous."""

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from docx import Document
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.coordination.matters import Door
from tests.mediation.attachments.samples import PDF
from tests.mediation.papers.stories import Client, address, mediated, read_word, word
from yuantou.audit.models import AuditEvent
from yuantou.mediation.papers.catalogue import read
from yuantou.mediation.papers.checking import check
from yuantou.mediation.papers.filled import sample
from yuantou.mediation.papers.models import PaperTemplate
from yuantou.mediation.papers.wordforms import FormRefusedError, fill, shipped

PLACE = "/papers/acceptance/bring"


def form(*lines: str) -> bytes:
    """A Word form of these lines."""
    document, held = Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(held)
    return held.getvalue()


def rewritten(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A package with one member changed, or added where it is not there."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w") as new:
        for each in old.namelist():
            new.writestr(each, change(old.read(each)) if each == name else old.read(each))
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return held.getvalue()


def _bring(client: FlaskClient, data: bytes, note: str = "加了抬头") -> int:
    told = {"file": (io.BytesIO(data), "form.docx"), "note": note}
    return client.post(PLACE, data=told).status_code


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize("kind", list(read().forms))
def test_the_shipped_form_passes_its_own_trial(kind: str) -> None:
    check(shipped(kind))
    told = read_word(fill(shipped(kind), sample()))
    assert not re.search(r"\{\{ \w+ \}\}|\{%", told)


def test_an_own_form_writes_the_papers_of_its_county(
    door: Door, client_of: Client, lin: str
) -> None:
    assert _bring(client_of(lin), form("凌源市综治中心", "事由：{{ summary }}")) == 303
    told = word(client_of("mei"), address(mediated(door), "acceptance"))
    assert "凌源市综治中心" in told
    assert "院墙滴水，邻居多年不和" in told
    assert "梅调解（南街街道人民调解委员会）" in told


def test_the_form_of_one_county_is_not_that_of_another(
    client_of: Client, lin: str, owner: Session
) -> None:
    _bring(client_of(lin), form("{{ title }}"))
    held = owner.scalars(select(PaperTemplate)).one()
    assert held.area_path == "210000/211300/211382/"


def test_a_new_version_ends_the_old_one_and_the_shipped_form_comes_back(
    door: Door, client_of: Client, lin: str, owner: Session
) -> None:
    client, matter = client_of(lin), mediated(door)
    for lines in ("第一版 {{ title }}", "第二版 {{ title }}"):
        _bring(client, form(lines))
    rows = owner.scalars(select(PaperTemplate).order_by(PaperTemplate.version)).all()
    assert [(row.version, row.until is None) for row in rows] == [(1, False), (2, True)]
    assert "第二版" in word(client_of("mei"), address(matter, "acceptance"))
    assert client.post("/papers/acceptance/give-back").status_code == 303
    assert "人民调解受理登记表" in word(client_of("mei"), address(matter, "acceptance"))
    assert "第一版" in read_word(client.get(f"/papers/versions/{rows[0].id}").data)


def test_the_same_form_twice_is_one_version(client_of: Client, lin: str, owner: Session) -> None:
    data = form("{{ title }}")
    assert [_bring(client_of(lin), data) for _time in range(2)] == [303, 303]
    assert owner.scalars(select(PaperTemplate.version)).all() == [1]


def test_bringing_and_giving_back_stand_in_the_audit(
    client_of: Client, lin: str, owner: Session
) -> None:
    _bring(client_of(lin), form("{{ title }}"))
    client_of(lin).post("/papers/acceptance/give-back")
    actions = owner.scalars(select(AuditEvent.action).order_by(AuditEvent.seq)).all()
    assert [one for one in actions if one.startswith("template")] == [
        "template:bring",
        "template:end",
    ]


@pytest.mark.parametrize(("login", "status"), [("mei", 403), ("gao", 403), ("guan", 409)])
def test_others_change_no_form(client_of: Client, owner: Session, login: str, status: int) -> None:
    assert _bring(client_of(login), form("{{ title }}")) == status
    assert owner.scalars(select(PaperTemplate)).all() == []


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{{ nonsense }}", "nonsense"),
        ("{{ title.__class__ }}", "__class__"),
        ("{{ title.__class__.__mro__ }}", "字段"),
        ("{{ ''.__class__ }}", "字段"),
        ("{{ title|upper }}", "只能写"),
        ("{{ 7 * 7 }}", "只能写"),
        ("{{ range(100) }}", "只能写"),
        ("{{ cycler('a') }}", "只能写"),
        ("{% for a in range(9) %}{{ a }}{% endfor %}", "循环"),
        ("{% for a in parties recursive %}{{ loop(a) }}{% endfor %}", "循环"),
        ("{% set title = 'x' %}{{ title }}", "只能写"),
        ("{% include 'secrets' %}{{ title }}", "只能写"),
        ("{% macro m() %}{% endmacro %}{{ title }}", "只能写"),
        ("{{ party.name }}", "name"),
        ("{% for party in parties %}{{ party.password }}{% endfor %}", "password"),
        ("{% for a in parties %}{% for b in parties %}{% for c in parties %}{{ c.name }}"
         "{% endfor %}{% endfor %}{% endfor %}", "两层"),
        ("{{ title", "写法不对"),
        ("没有任何字段", "没有任何填写位置"),
    ],
)  # fmt: skip
def test_a_form_may_only_name_fields(line: str, said: str) -> None:
    with pytest.raises(FormRefusedError, match=said):
        check(form(line))


@pytest.mark.usefixtures("words")
def test_a_form_may_ask_whether_something_is_there_and_repeat() -> None:
    people = "{% for p in parties %}{{ loop.index }}{{ p.name }}{% endfor %}"
    lines = "{% if paths and not lawsuit %}" + people + "{% endif %}{{ title }}"
    check(form(lines))


def _outside(data: bytes) -> bytes:
    relation = (
        '<Relationship Id="rId99" TargetMode="External" Target="http://10.0.0.1/x.dotm" Type="'
        'http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>'
    )
    return data.replace(b"</Relationships>", relation.encode() + b"</Relationships>")


def _entity(data: bytes) -> bytes:
    head, _mark, rest = data.partition(b"?>")
    return head + b'?><!DOCTYPE w [<!ENTITY a "aaaa">]>' + rest


def _field(data: bytes) -> bytes:
    code = b"<w:p><w:r><w:instrText>INCLUDEPICTURE x</w:instrText></w:r></w:p>"
    return data.replace(b"<w:body>", b"<w:body>" + code)


def _code(*pieces: str) -> Callable[[bytes], bytes]:
    runs = "".join(f"<w:r><w:instrText>{each}</w:instrText></w:r>" for each in pieces)
    return lambda data: data.replace(b"<w:body>", f"<w:body><w:p>{runs}</w:p>".encode())


def _simple(data: bytes) -> bytes:
    field = b'<w:p><w:fldSimple w:instr="includepicture x"/></w:p>'
    return data.replace(b"<w:body>", b"<w:body>" + field)


def _chunk(data: bytes) -> bytes:
    relation = (
        '<Relationship Id="rId98" Target="x.html" Type="'
        'http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"/>'
    )
    return data.replace(b"</Relationships>", relation.encode() + b"</Relationships>")


SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEADER = f'<w:hdr xmlns:w="{SPACE}"><w:instrText>DDEAUTO x</w:instrText></w:hdr>'.encode()


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("word/document.xml", _simple, "外部内容"),
        ("word/document.xml", _code("includetext x"), "外部内容"),
        ("word/document.xml", _code("PAGE", "INCLUDEPICTURE x"), "外部内容"),
        ("word/document.xml", _code("INCLU", "DEPICTURE x"), "外部内容"),
        ("word/document.xml", _code("IN{{ title }}CLUDEPICTURE x"), "外部内容"),
        ("word/header9.png", lambda _data: HEADER, "外部内容"),
        ("word/_rels/document.xml.rels", _chunk, "嵌入"),
        ("word/_rels/document.xml.rels", _outside, "外部文件"),
        ("word/document.xml", _entity, "DTD"),
        ("word/document.xml", _field, "外部内容"),
        ("word/document.xml", lambda data: data[:-40], "损坏"),
        ("word/vbaProject.bin", lambda _data: b"x", "宏"),
        ("word/embeddings/ole.xlsx", lambda _data: b"x", "嵌入"),
        ("word/media/big.bmp", lambda _data: bytes(25 << 20), "过大|MB"),
    ],
)
def test_a_form_that_could_do_harm_is_refused(
    name: str, change: Callable[[bytes], bytes], said: str
) -> None:
    with pytest.raises(FormRefusedError, match=said):
        check(rewritten(form("{{ title }}"), name, change))


def test_what_is_no_word_file_is_refused_beside_the_field(client_of: Client, lin: str) -> None:
    answer = client_of(lin).post(PLACE, data={"file": (io.BytesIO(PDF), "a.docx"), "note": "x"})
    assert answer.status_code == 422
    assert "模板须是 Word 文件" in answer.text


def test_the_pages_of_forms_open_for_administrators(client_of: Client, lin: str) -> None:
    for login in (lin, "an"):
        client = client_of(login)
        assert "人民调解协议书" in client.get("/papers").text
        assert client.get(PLACE).status_code == 200
        assert client.get("/papers/acceptance/form").data.startswith(b"PK")
    assert client_of("guan").get(PLACE).status_code == 409
