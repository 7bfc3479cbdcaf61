"""The forms of a proposal."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp, ValidationError

from yuantou.database.sheets import clean
from yuantou.indicators.catalogue import Definition
from yuantou.indicators.editions.entries import read

LONGEST = 20_000


def _cleaned(text: str | None) -> str | None:
    return clean(text) if text else text


class ReasonForm(FlaskForm):
    """Why a version should count."""

    reason = StringField(
        _l("为什么改、依据哪份文件"),
        filters=[_cleaned],
        validators=[DataRequired(_l("请写理由和依据文件，第二个人要看")), Length(max=500)],
    )


class ProposalForm(ReasonForm):
    """A whole entry with the month from which it would count."""

    since = StringField(
        _l("从哪个月起用"),
        validators=[
            InputRequired(_l("请填年月，例如 2027-01")),
            Regexp(r"^20\d\d-(0[1-9]|1[0-2])$", message=_l("请填年月，例如 2027-01")),
        ],
    )
    entry = TextAreaField(
        _l("口径"),
        validators=[InputRequired(_l("请写口径")), Length(max=LONGEST)],
    )

    def __init__(self, *args: Any, code: str, version: int, **more: Any) -> None:
        super().__init__(*args, **more)
        self._code, self._version = code, version
        self.made: Definition | None = None

    def validate_entry(self, field: Any) -> None:
        """Refuse an entry that cannot be compiled, with the reason."""
        if self.since.errors or not self.since.data:
            return
        first = date.fromisoformat(f"{self.since.data}-01")
        try:
            self.made = read(field.data, code=self._code, version=self._version, valid_from=first)
        except (ValueError, TypeError) as fault:
            raise ValidationError(_("这份口径不能用：%(why)s", why=fault)) from fault
