"""Which kinds of source there are, and what an organisation of a type of dispute usually is."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

SHIPPED = Path(__file__).resolve().parents[4] / "config" / "sources.toml"
KINDS = {
    "employer": _l("用工单位"),
    "property": _l("物业企业"),
    "developer": _l("开发建设单位"),
    "platform": _l("经营平台"),
    "lender": _l("出借机构"),
    "organisation": _l("单位"),
    "cause": _l("案由"),
    "project": _l("工程项目"),
    "policy": _l("政策"),
}
TYPED = ("project", "policy")
OTHER = "organisation"


@dataclass(frozen=True)
class Terms:
    """How sources are found and scanned."""

    weeks: int
    kept_weeks: int
    longest_weeks: int
    least: int
    replications: int
    seed: int
    false_discovery_rate: float
    alert_ratio: float


@cache
def _shipped() -> Mapping[str, Any]:
    with SHIPPED.open("rb") as stream:
        return tomllib.load(stream)


def terms() -> Terms:
    """The numbers in config/sources.toml."""
    return Terms(**_shipped()["scan"])


def kind_of(type_: str) -> str:
    """The kind of an organisation whose matters are mostly of this type."""
    kinds: Mapping[str, list[str]] = _shipped()["kinds"]
    return next((kind for kind, types in kinds.items() if type_ in types), OTHER)


def label(source_id: int, kind: str, name: str | None) -> str:
    """What a source is called: its name where it may have one, else a neutral label."""
    if name:
        return name
    return _("某%(kind)s #%(id)s", kind=KINDS[kind], id=source_id)
