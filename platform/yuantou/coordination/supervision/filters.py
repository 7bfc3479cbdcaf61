"""What the pages of supervision, samples and reviews share: names of states, days, their menu."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from yuantou.calendar.clock import local
from yuantou.disputes.tracks import SupervisionState
from yuantou.disputes.workflow import DisputeState

ROOMS = (
    ("supervision", _l("催办督办")),
    ("sampling", _l("抽查回访")),
    ("review", _l("交叉评查")),
    ("integrity", _l("数据核问")),
)


def state_of(code: str) -> DisputeState:
    """The state of a matter behind its code."""
    return DisputeState(code)


def supervision_name(code: str) -> str:
    """How far a supervision has gone, in words."""
    return _(SupervisionState(code).name_zh)


def local_date(moment: date | datetime) -> str:
    """The day as offices write it, in Shanghai's time."""
    day = local(moment) if isinstance(moment, datetime) else moment
    return f"{day.year}年{day.month}月{day.day}日"


def supervision_rooms(active: str) -> list[dict[str, Any]]:
    """The rooms of 督查 beside one another."""
    return [
        {"label": label, "url": url_for(f"{room}.index"), "active": room == active}
        for room, label in ROOMS
        if f"{room}.index" in current_app.view_functions
    ]


def register(blueprint: Blueprint) -> None:
    """Make them known to every template."""
    for made in (state_of, supervision_name, local_date):
        blueprint.add_app_template_filter(made)
    blueprint.add_app_template_global(supervision_rooms)
