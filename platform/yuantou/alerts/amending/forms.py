"""The form of a new version of a rule: its numbers, types and facts as they stand now."""

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FloatField, SelectMultipleField, ValidationError
from wtforms.validators import InputRequired, NumberRange

from yuantou.access.proposing import ReasonForm
from yuantou.alerts.amending.words import number_words, special_words
from yuantou.alerts.rulebook import Kept
from yuantou.alerts.rules import LEAST_CROWD, NUMBERS, Rule, body, rule_of
from yuantou.disputes.codes import read as codes
from yuantou.mediation.fields import options

LARGEST = 100_000
CROWDS = "W01"


class NumberField(FloatField):
    """A number; whole ones are shown without a point."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:g}" if self.data is not None else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read it, or say so in words."""
        try:
            super().process_formdata(valuelist)
        except ValueError as fault:
            raise ValueError(_("请填数字")) from fault


class VersionForm(ReasonForm):
    """What is common to the forms of all versions; `made` is what a valid one says."""

    several: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, kept: Kept, **more: Any) -> None:
        super().__init__(*args, **more)
        self.kept = kept
        self.made: Kept | None = None

    def numbers(self) -> list[Any]:
        """The fields of its numbers, special cases behind what they are special of."""
        return [field for field in self if field.name.startswith("n-")]

    def lists(self) -> list[Any]:
        """The fields of which several are chosen."""
        return [field for field in self if field.name in self.several]

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse what cannot be used, with the reason at the first number."""
        if not super().validate(extra_validators):
            return False
        try:
            self.made = self._made()
        except (ValueError, TypeError) as fault:
            self.form_errors.append(_("这一版不能用：%(why)s", why=fault))
            return False
        return True

    def _made(self) -> Kept:
        raise NotImplementedError


class RuleForm(VersionForm):
    """What is common to the forms of all rules; `rule_form` adds the fields of one."""

    several = ("types", "flags")
    active = BooleanField(_l("启用这条规则"))

    def __init__(self, *args: Any, kept: Rule, version: int, **more: Any) -> None:
        super().__init__(*args, kept=kept, **more)
        self.rule, self.number_version = kept, version

    def _made(self) -> Rule:
        return rule_of(self._told(), self.number_version)

    def _told(self) -> dict[str, Any]:
        told = body(self.rule) | {"active": bool(self.active.data)}
        told["numbers"] = {key: _whole(self[f"n-{key}"].data) for key in told["numbers"]}
        for place, one in enumerate(told["special"]):
            one["numbers"] = {key: _whole(self[f"n-{key}-{place}"].data) for key in one["numbers"]}
        for field in self.lists():
            told[field.name] = list(field.data)
        return told


def rule_form(rule: Rule, version: int) -> RuleForm:
    """The form of a rule, filled with it."""
    fields: dict[str, Any] = {}
    for key in NUMBERS[rule.code]:
        label = number_words(rule.code, key)
        fields[f"n-{key}"] = _number(label, rule.numbers[key], rule.code)
        for place, one in enumerate(rule.special):
            if key in one.numbers:
                name = f"{label}（{special_words(one)}）"
                fields[f"n-{key}-{place}"] = _number(name, one.numbers[key], rule.code)
    if rule.types:
        fields["types"] = _several(_("适用类型"), codes().types, rule.types)
    if rule.flags:
        fields["flags"] = _several(_("情形"), codes().flags, rule.flags)
    made = type("FormOfRule", (RuleForm,), fields)
    form: RuleForm = made(kept=rule, version=version, data={"active": rule.active})
    return form


def _number(label: str, value: float, rule: str) -> NumberField:
    bounds = NumberRange(0, LARGEST, _l("请填 0 以上、10 万以下的数"))
    checks = [InputRequired(_l("请填数字")), bounds, _crowd if rule == CROWDS else _above]
    return NumberField(label, checks, default=value)


def _above(_form: Any, field: Any) -> None:
    if field.data is not None and field.data <= 0:
        raise ValidationError(_("要大于 0"))


def _crowd(_form: Any, field: Any) -> None:
    if field.data is not None and field.data < LEAST_CROWD:
        raise ValidationError(_("人数的门槛不低于 %(n)s 人", n=LEAST_CROWD))


def _several(label: str, known: Any, chosen: tuple[str, ...]) -> SelectMultipleField:
    choices = options([(code, _(one.name_zh)) for code, one in known.items()])
    asked = [InputRequired(_l("至少选一项"))]
    return SelectMultipleField(label, asked, choices=choices, default=list(chosen))


def _whole(value: float) -> float:
    return int(value) if value == int(value) else value
