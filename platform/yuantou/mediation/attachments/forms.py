"""Forms on the files of a matter."""

from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import FileField, MultipleFileField, RadioField, SelectField
from wtforms.validators import InputRequired

from yuantou.mediation.acting import remark, words
from yuantou.mediation.attachments.kinds import FileRefusedError
from yuantou.mediation.attachments.purposes import PURPOSES, SIGNED
from yuantou.mediation.attachments.service import Clean, cleaned
from yuantou.mediation.fields import options

MOST_FILES = 20
REASONS = (
    ("mediation", _l("调解办理")),
    ("identity", _l("核对身份")),
    ("papers", _l("整理卷宗")),
    ("follow_up", _l("回访")),
)


def sent(field: Any) -> Iterator[FileStorage]:
    """The files that were chosen in a field of one or several."""
    found = field.data if isinstance(field.data, (list, tuple)) else [field.data]
    return (one for one in found if isinstance(one, FileStorage) and one.filename)


class AttachForm(FlaskForm):
    """Files and what they are for; a photo taken on the spot, files chosen, or both."""

    purpose = RadioField(
        _l("这是什么材料"),
        [InputRequired(_l("请选这是什么材料"))],
        invalid_choice_message=_l("请选这是什么材料"),
        choices=options((one.code, _l(one.name_zh)) for one in PURPOSES.values()
                        if one.code != SIGNED),
    )  # fmt: skip
    photo = FileField(_l("拍照"))
    chosen = MultipleFileField(_l("选文件"))
    note = remark(_l("说明"), 200)
    told: list[Clean]

    def validate(self, extra_validators: Any = None) -> bool:
        """Every file is judged; what is wrong stands beside the field that brought it."""
        sound = super().validate(extra_validators)
        self.told = [one for field in (self.photo, self.chosen) for one in take(field)]
        if not any(True for field in (self.photo, self.chosen) for _one in sent(field)):
            self.chosen.errors = [_("请拍照或者选择文件")]
        return bool(sound and not self.photo.errors and not self.chosen.errors)


class WithdrawForm(FlaskForm):
    """Why a file is taken out of the list."""

    reason = words(_l("撤下的原因"), _l("请写原因，例如传错了件"), 200)


class OpenFileForm(FlaskForm):
    """Why a file is opened."""

    reason = SelectField(_l("查看事由"), choices=options(REASONS), default=REASONS[0][0])


def take(field: Any) -> list[Clean]:
    """The files of a field, cleaned; a refusal becomes an error of the field."""
    told, found = [], list(sent(field))
    if len(found) > MOST_FILES:
        field.errors = [*field.errors, _("一次最多 %(n)s 个文件", n=MOST_FILES)]
        return []
    for place, one in enumerate(found, start=1):
        try:
            told.append(cleaned(one.stream.read()))
        except FileRefusedError as refused:
            where = _("第 %(n)s 个文件：", n=place) if len(found) > 1 else ""
            field.errors = [*field.errors, f"{where}{refused.message}"]
    return told
