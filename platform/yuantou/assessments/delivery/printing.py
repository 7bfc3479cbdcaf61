"""A paper in one of the three forms, always in Chinese."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from flask import has_app_context
from flask_babel import force_locale

from yuantou.access.table_out import XLSX
from yuantou.assessments.delivery.excel import workbook
from yuantou.assessments.delivery.leaves import Paper
from yuantou.assessments.delivery.pdf import draw
from yuantou.assessments.delivery.word import word

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "xlsx": XLSX,
}
_MAKERS: Mapping[str, Callable[[Paper], bytes]] = {"docx": word, "pdf": draw, "xlsx": workbook}


@contextmanager
def in_chinese() -> Iterator[None]:
    """Words in Chinese whatever the reader's language is; a worker knows no other."""
    if not has_app_context():
        yield
        return
    with force_locale("zh"):
        yield


def made(paper: Paper, form: str) -> bytes:
    """The file; an unknown form raises KeyError."""
    return _MAKERS[form](paper)
