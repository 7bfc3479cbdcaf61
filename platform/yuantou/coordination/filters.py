"""How templates say limits, days, moments, amounts and other ways."""

from collections.abc import Mapping
from datetime import date, datetime

from flask import Blueprint, g
from flask_babel import gettext as _

from yuantou.access.viewer import db
from yuantou.calendar import clock
from yuantou.disputes.codes import read
from yuantou.disputes.words import law_words, moment_words, money_words, refusal_words
from yuantou.limits.queries import limit_names


def limit_name(rule: str) -> str:
    """What a limit is called."""
    if "limit_names" not in g:
        g.limit_names = limit_names(db())
    known: Mapping[str, str] = g.limit_names
    return _(known[rule]) if rule in known else ""


def kept_moment(value: object) -> datetime | None:
    """A moment as a fact of the history keeps it."""
    return datetime.fromisoformat(str(value)) if value else None


def hour_minute(moment: datetime) -> str:
    """A time of day in Shanghai."""
    return f"{clock.local(moment):%H:%M}"


def moment(at: datetime) -> str:
    """A day with its time; the year where it is another one."""
    return moment_words(at, clock.now())


def long_date(day: date) -> str:
    """A day as offices write it."""
    return f"{day.year}年{day.month}月{day.day}日"


def yuan(amount: float | None) -> str:
    """An amount with its unit."""
    return money_words(amount)


def path_name(code: str) -> str:
    """Another way than mediation."""
    known = read().paths.get(code)
    return _(known.name_zh) if known else code


def register(blueprint: Blueprint) -> None:
    """Make them known to every template."""
    for made in (limit_name, kept_moment, hour_minute, moment, long_date, yuan, path_name):
        blueprint.add_app_template_filter(made)
    blueprint.add_app_template_filter(refusal_words, "said")
    blueprint.add_app_template_filter(law_words, "law")
