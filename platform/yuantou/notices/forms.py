"""Forms of channels."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.validators import Length, ValidationError

from yuantou.database.text import clean
from yuantou.notices.channels import Channel, Sending
from yuantou.notices.models import AccountChannel


class ChannelForm(FlaskForm):
    """One channel of one person. The address is never shown again: empty keeps it."""

    active = BooleanField(_l("使用这种方式"))
    address = StringField(
        _l("地址"),
        [Length(max=200, message=_l("最多 %(max)d 字"))],
        filters=[lambda text: clean(text or "")],
    )
    topics = SelectMultipleField(_l("通知哪些"))
    daily = BooleanField(_l("每天汇总成一条"))

    def prepare(self, channel: Channel, sending: Sending, held: AccountChannel | None) -> None:
        """Offer the topics, and show what was chosen before."""
        self.channel, self.held = channel, held
        self.topics.choices = [(topic.code, _(topic.name_zh)) for topic in sending.topics]
        if not self.is_submitted():
            muted = held.muted if held else []
            self.active.data = bool(held and held.active)
            self.daily.data = bool(held and held.daily)
            self.topics.data = [one.code for one in sending.topics if one.code not in muted]

    def validate_address(self, field: StringField) -> None:
        """An address of the right shape; one is needed to switch the channel on."""
        known = self.held is not None and self.held.address_enc is not None
        if field.data and not self.channel.fits(field.data):
            raise ValidationError(_("%(what)s写法不对，请核对", what=_(self.channel.address_zh)))
        if self.active.data and self.channel.address and not (field.data or known):
            raise ValidationError(_("请填写%(what)s", what=_(self.channel.address_zh)))
