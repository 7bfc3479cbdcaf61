"""What a target may be: a number that its figure can reach, in the places that it is shown with."""

import re
from decimal import Decimal

from flask_babel import gettext as _

from yuantou.indicators.catalogue import Definition
from yuantou.territory.models import Area

FIRST_YEAR, LAST_YEAR = 2020, 2100
LARGEST = 100_000
WHOLE = Decimal(100)
_NUMBER = re.compile(r"[+-]?\d{1,20}(\.\d{1,20})?", re.ASCII)


def value_fault(text: str, made: Definition | None) -> str:
    """Why no figure of the indicator can be held against this number; empty where one can."""
    if not _NUMBER.fullmatch(text):
        return _("请填数字，例如 78.0")
    value = Decimal(text)
    if value < 0:
        return _("目标不能小于 0")
    return _of_figure(value, made) if made else ""


def _of_figure(value: Decimal, made: Definition) -> str:
    if made.kind == "share" and value > WHOLE:
        return _("这项指标是百分比，目标不能超过 100")
    factor, unit = made.screen
    if made.kind == "rate" and value > factor:
        return _("这项指标的单位是%(unit)s，目标不能超过 %(most)s", unit=unit, most=factor)
    if value > LARGEST:
        return _("目标不能超过 %(most)s", most=LARGEST)
    if value != round(value, made.places):
        if not made.places:
            return _("这项指标是件数，目标要填整数")
        return _("这项指标写到 %(n)s 位小数，目标不能更细", n=made.places)
    return ""


def indicator_fault(made: Definition | None) -> str:
    """Whether an indicator can be aimed at: courts' quality is context, not a task of a county."""
    if made is None:
        return _("没有这个指标代码")
    return _("法院质量数据只供参考，不定目标") if made.context else ""


def direction_fault(direction: str, made: Definition | None) -> str:
    """Whether the target pulls against the definition."""
    if made is None or made.direction in ("none", direction):
        return ""
    if made.direction == "down":
        return _("这项指标越低越好，目标写“不高于”")
    return _("这项指标越高越好，目标写“不低于”")


def area_fault(made: Definition | None, area: Area | None) -> str:
    """Whether the indicator is known at the level of the area itself."""
    unknown = made and area and area.level not in made.levels
    return _("这一级没有这项指标，不能定目标") if unknown else ""
