"""What is asked of who loads positions."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms.validators import InputRequired

from yuantou.mediation.fields import LineField, Most, without_identity


class PlacesForm(FlaskForm):
    """A table of positions."""

    file = FileField(_l("XLSX 或 CSV 文件"), [FileRequired(_l("请选择文件"))])


class UndoForm(FlaskForm):
    """Why a batch is taken back."""

    reason = LineField(
        _l("撤销的原因"), [InputRequired(_l("请写明原因")), Most(200), without_identity]
    )
