"""Forms on papers: in which shape, signed by whom, and an office's own Word form."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired

from yuantou.mediation.acting import past_day, remark, words
from yuantou.mediation.attachments.forms import sent, take
from yuantou.mediation.attachments.service import Clean
from yuantou.mediation.fields import options
from yuantou.mediation.papers.catalogue import Form, read

SUBJECTS = (
    ("marriage", _l("婚姻")),
    ("adoption", _l("收养")),
    ("inheritance", _l("继承")),
)


class MakeForm(FlaskForm):
    """In which shape, and whether the parties stand in clear."""

    shape = RadioField(
        _l("格式"),
        choices=options([("pdf", _l("PDF，直接打印")), ("word", _l("Word，可以修改"))]),
        default="pdf",
    )
    names = RadioField(
        _l("当事人信息"),
        choices=options([("clear", _l("写明")), ("masked", _l("隐去"))]),
        default="clear",
    )

    def limit(self, may_clear: bool) -> None:
        """Who may not see the parties does not write them either."""
        if not may_clear:
            self.names.choices = options([("masked", _("隐去"))])
            self.names.data = self.names.data if self.is_submitted() else "masked"


class SignForm(FlaskForm):
    """Who signed, how and when, with the scan of it."""

    sides = SelectMultipleField(
        _l("谁已签名"), [InputRequired(_l("请选谁已签名，至少一方"))], choices=[]
    )
    signature = RadioField(
        _l("签名方式"),
        choices=options(
            [("paper", _l("纸上签名、盖章或者按指印")), ("electronic", _l("电子签名"))]
        ),
        default="paper",
    )
    signed_on = past_day(_l("签名日期"), _l("请写签名的日期"))
    subjects = SelectMultipleField(_l("文书涉及的事项"), choices=options(SUBJECTS))
    photo = FileField(_l("拍照"))
    chosen = FileField(_l("选扫描件"))
    scan: Clean | None = None

    def offer(self, form: Form) -> None:
        """The sides that sign this paper."""
        sides = read().sides
        self.sides.choices = options((code, _(sides[code])) for code in form.signers)

    def validate(self, extra_validators: Any = None) -> bool:
        """The scan is judged like any file."""
        sound = super().validate(extra_validators)
        told = [one for field in (self.photo, self.chosen) for one in take(field)]
        if sum(1 for field in (self.photo, self.chosen) for _one in sent(field)) > 1:
            self.chosen.errors = [_("一次只收一个扫描件；多页请合成一个 PDF")]
        self.scan = told[0] if told else None
        return bool(sound and not self.photo.errors and not self.chosen.errors)


class StrikeForm(FlaskForm):
    """Why a signature that was noted does not count."""

    reason = words(_l("撤销的原因"), _l("请写原因，例如登记错了人"), 200)


class BringForm(FlaskForm):
    """An office's own Word form."""

    file = FileField(_l("Word 模板"))
    note = remark(_l("改了什么"), 200)

    def validate(self, extra_validators: Any = None) -> bool:
        """There must be a file."""
        sound = super().validate(extra_validators)
        if next(sent(self.file), None) is None:
            self.file.errors = [_("请选择改好的 Word 模板")]
        return bool(sound and not self.file.errors)

    def content(self) -> bytes:
        """What was sent."""
        found = next(sent(self.file), None)
        return found.stream.read() if found else b""
