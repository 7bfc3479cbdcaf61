"""Forms with which administrators manage accounts and agencies."""

import re

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from yuantou.database.text import clean

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}\Z")
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,31}\Z")
_required = DataRequired(_l("请填写"))
_short = Length(max=60, message=_l("最多 %(max)d 字"))


def tidy(text: str | None) -> str:
    """Typed text on one line, without what cannot be seen."""
    return " ".join(clean(text or "").split())


class NameForm(FlaskForm):
    """Name and role of an account."""

    display_name = StringField(_l("姓名"), [_required, _short], filters=[tidy])
    role = SelectField(_l("职责"), [DataRequired(_l("请选择职责"))])


class AccountForm(NameForm):
    """A new account."""

    login = StringField(
        _l("账号"),
        [
            _required,
            Regexp(LOGIN, message=_l("须为 3 至 40 位小写字母、数字或 . _ -")),
        ],
        filters=[lambda text: tidy(text).lower()],
    )


class DeputyForm(FlaskForm):
    """Who stands in, from when to when, and why."""

    deputy_id = SelectField(_l("代理人"), coerce=int)
    first_day = DateField(_l("起"), [_required])
    last_day = DateField(_l("止"), [_required])
    reason = StringField(_l("缘由"), [Optional(), Length(max=200)], filters=[tidy])


class LeavingForm(FlaskForm):
    """Who takes over what a leaver has in hand."""

    successor = SelectField(_l("交接给"), coerce=int, validate_choice=False)


class SheetForm(FlaskForm):
    """A table of accounts."""

    file = FileField(_l("账号表"), [FileRequired(_l("请选择文件"))])


class AgencyForm(FlaskForm):
    """An agency: who, what, where, under whom."""

    name = StringField(_l("单位名称"), [_required, Length(max=200)], filters=[tidy])
    code = StringField(
        _l("单位代码"),
        [_required, Regexp(CODE, message=_l("2 至 32 位字母、数字或 . _ -"))],
        filters=[tidy],
    )
    kind = SelectField(_l("单位类型"))
    area = StringField(_l("所在区划"), [_required, Length(max=60)], filters=[tidy])
    parent = StringField(_l("上级单位代码"), [Optional(), Length(max=32)], filters=[tidy])
    court = StringField(_l("法院代码"), [Optional(), Length(max=32)], filters=[tidy])


class RenameForm(FlaskForm):
    """A new name or another superior for an agency."""

    name = StringField(_l("单位名称"), [_required, Length(max=200)], filters=[tidy])
    parent = StringField(_l("上级单位代码"), [Optional(), Length(max=32)], filters=[tidy])
