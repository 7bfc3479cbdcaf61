"""Forms of one's own account."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

from yuantou.accounts.passwords import LONGEST
from yuantou.database.text import clean


class SignInForm(FlaskForm):
    """Login and password."""

    login = StringField(
        _l("账号"),
        [DataRequired(_l("请填写账号")), Length(max=200, message=_l("账号太长"))],
        filters=[lambda text: clean(text or "").lower()],
    )
    password = PasswordField(
        _l("密码"), [InputRequired(_l("请填写密码")), Length(max=LONGEST, message=_l("密码太长"))]
    )


class PasswordForm(FlaskForm):
    """The present password and twice the fresh one."""

    present = PasswordField(
        _l("现在的密码"),
        [InputRequired(_l("请填写现在的密码")), Length(max=LONGEST, message=_l("密码太长"))],
    )
    fresh = PasswordField(_l("新密码"), [InputRequired(_l("请填写新密码"))])
    again = PasswordField(
        _l("再填一次新密码"),
        [InputRequired(_l("请再填一次新密码")), EqualTo("fresh", _l("两次填的新密码不一样"))],
    )
