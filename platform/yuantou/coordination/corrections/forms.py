"""The form of a correction: what was logged, to be written as it is."""

from typing import ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional

from yuantou.calendar.clock import today
from yuantou.coordination.corrections.service import Stated
from yuantou.disputes.codes import read
from yuantou.disputes.models import Dispute
from yuantou.mediation.acting import ActForm, Layout, past_day, words
from yuantou.mediation.fields import (
    AmountField,
    CountField,
    LineField,
    Most,
    options,
    without_identity,
)


class CorrectionForm(ActForm):
    """Everything that was logged but the parties, who have a form of their own."""

    layout: ClassVar[Layout] = (
        ("title", "line"),
        ("summary", "long"),
        ("type", "select"),
        ("area_code", "select"),
        ("place", "line"),
        ("occurred_on", "date"),
        ("involved", "line"),
        ("amount", "money"),
        ("flags", "chips"),
        ("reason", "words"),
    )
    title = LineField(_l("标题"), [InputRequired(_l("请写标题")), Most(100), without_identity])
    summary = words(_l("事由"), _l("请写事由"), 2000)
    type = SelectField(_l("纠纷类型"), [InputRequired(_l("请选纠纷类型"))])
    area_code = SelectField(_l("区域"), [InputRequired(_l("请选区域"))])
    place = LineField(_l("地点"), [InputRequired(_l("请写地点")), Most(100), without_identity])
    occurred_on = past_day(_l("发生日期"), _l("请写发生日期"))
    involved = CountField(
        _l("涉及人数"),
        [InputRequired(_l("请写涉及人数")), NumberRange(1, 100_000, _l("人数应为 1 到 100000"))],
    )
    amount = AmountField(_l("涉及金额"), [Optional()])
    flags = SelectMultipleField(_l("情形"), choices=[])
    reason = words(_l("为什么更正"), _l("请写为什么更正，例如登记时听错"), 300)

    def prepare(self, dispute: Dispute, areas: list[tuple[str, str]]) -> None:
        """What stands there now, and what can be chosen."""
        codes = read()
        self.type.choices = options((each.code, _(each.name_zh)) for each in codes.types.values())
        self.flags.choices = options((each.code, _(each.name_zh)) for each in codes.flags.values())
        self.area_code.choices = options(areas)
        if not self.is_submitted():
            for name, _shape in self.layout[:-1]:
                self[name].data = getattr(dispute, name)

    def stated(self) -> Stated:
        """The matter, from a form that was found valid."""
        return Stated(
            title=self.title.data or "",
            summary=self.summary.data or "",
            place=self.place.data or "",
            type=self.type.data,
            area_code=self.area_code.data,
            occurred_on=self.occurred_on.data or today(),
            involved=int(self.involved.data or 1),
            amount=self.amount.data,
            flags=tuple(self.flags.data or ()),
        )
