"""The file, and what each of its columns is."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class ListForm(FlaskForm):
    """A list to check."""

    table = FileField(_l("选择文件"), [FileRequired(_l("请选一个 XLSX 或 CSV 文件"))])


class MatchForm(FlaskForm):
    """Only the token: the columns come as `column` values, one each."""
