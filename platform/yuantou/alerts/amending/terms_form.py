"""The form of a new version of levels and rest: hours and offices by level, days of rest."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectMultipleField
from wtforms.validators import InputRequired, NumberRange

from yuantou.alerts.amending.forms import NumberField, VersionForm
from yuantou.alerts.amending.words import DAYS
from yuantou.alerts.levels import OFFICES, ORDER, OWNERS, Terms, terms_body, terms_of
from yuantou.alerts.words import LEVELS, OWNER_NAMES
from yuantou.mediation.fields import options

MOST_HOURS, MOST_DAYS = 24 * 30, 366


class TermsForm(VersionForm):
    """`terms_form` adds the fields; offices are asked the nearest first."""

    several = tuple(f"owners-{level}" for level in ORDER)

    def _made(self) -> Terms:
        told = terms_body(self.kept) if isinstance(self.kept, Terms) else {}
        for row in told["level"]:
            chosen = self[f"owners-{row['code']}"].data
            row["hours"] = _whole(self[f"n-{row['code']}"].data)
            row["owners"] = [one for one in OWNERS if one in chosen]
            if not set(row["owners"]) & set(OFFICES):
                name = LEVELS[row["code"]]
                raise ValueError(_("%(level)s：除承办单位外，至少选一个负责的单位", level=name))
        hours = [row["hours"] for row in told["level"]]
        if hours != sorted(hours, reverse=True):
            raise ValueError(_("级别越高，确认的期限不能越长"))
        told["rest"] = {key: _whole(self[f"n-{key}"].data) for key in DAYS}
        return terms_of(told)


def terms_form(terms: Terms) -> TermsForm:
    """The form of levels and rest, filled with them."""
    fields: dict[str, Any] = {}
    for code in ORDER[::-1]:
        level, name = terms.levels[code], LEVELS[code]
        fields[f"n-{code}"] = _number(
            _("%(level)s：多少小时内确认", level=name), level.hours, MOST_HOURS
        )
        fields[f"owners-{code}"] = SelectMultipleField(
            _("%(level)s：由谁负责，近的在先", level=name),
            [InputRequired(_l("至少选一项"))],
            choices=options([(one, OWNER_NAMES[one]) for one in OWNERS]),
            default=list(level.owners),
        )
    rest = {"days": terms.rest.days, "days_after_nothing": terms.rest_after_nothing.days}
    for key, label in DAYS.items():
        fields[f"n-{key}"] = _number(label, rest[key], MOST_DAYS)
    form: TermsForm = type("FormOfTerms", (TermsForm,), fields)(kept=terms)
    return form


def _number(label: Any, value: int, most: int) -> NumberField:
    bounds = NumberRange(1, most, _l("请填 1 到 %(most)s 的数", most=most))
    return NumberField(label, [InputRequired(_l("请填数字")), bounds], default=value)


def _whole(value: float) -> int:
    if value != int(value):
        raise ValueError(_("请填整数"))
    return int(value)
