"""The columns of a court's monthly counts: keys, titles, and the words of their choices."""

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from flask_babel import lazy_gettext as _l

BREAK = date(2025, 1, 1)  # SPC opinion of 2024-12-27: courts register first, then mediate
PRE2025, FILE_FIRST = "pre2025", "file_first"
INCLUDED, EXCLUDED, NOT_ASKED = "incl", "excl", "none"
COURT_AREA = "court_area"
CAUSE, TOWNSHIP = "案由:", "乡镇:"  # as a folded header reads

REGIMES = MappingProxyType(
    {PRE2025: _l("诉前调解（2024 年及以前）"), FILE_FIRST: _l("先立案后调解（2025 年起）")}
)
BASES = MappingProxyType(
    {
        INCLUDED: _l("含先行调解成功"),
        EXCLUDED: _l("不含先行调解成功"),
        NOT_ASKED: _l("不适用（2024 年及以前）"),
    }
)
ATTRIBUTIONS = MappingProxyType(
    {
        COURT_AREA: _l("按法院辖区"),
        "defendant": _l("按被告住所地"),
        "plaintiff": _l("按原告住所地"),
        "place": _l("按纠纷发生地"),
    }
)


@dataclass(frozen=True)
class Measure:
    """One number of a row. `regime` names the only regime that has it, '' when both do."""

    key: str
    title: str
    label: Any
    note: Any
    required: bool = False
    regime: str = ""


MEASURES = (
    Measure(
        "civil_first_new",
        "民事一审新收",
        _l("民事一审新收"),
        _l("当月新立案的民事（含商事）一审案件，不含旧存、二审、再审、执行、特别程序"),
        required=True,
    ),
    Measure(
        "admin_first_new",
        "行政一审新收",
        _l("行政一审新收"),
        _l("当月新立案的行政一审案件；没有案件填 0"),
        required=True,
    ),
    Measure(
        "first_mediation",
        "先行调解件数",
        _l("先行调解件数"),
        _l("立案后委托调解的件数"),
        regime=FILE_FIRST,
    ),
    Measure(
        "first_mediation_success",
        "先行调解成功",
        _l("先行调解成功"),
        _l("其中调解成功的件数"),
        regime=FILE_FIRST,
    ),
    Measure(
        "prelit", "诉前调解件数", _l("诉前调解件数"), _l("立案前委派调解的件数"), regime=PRE2025
    ),
    Measure(
        "prelit_success",
        "诉前调解成功",
        _l("诉前调解成功"),
        _l("其中调解成功的件数"),
        regime=PRE2025,
    ),
    Measure("withdrawn", "撤诉", _l("撤诉"), _l("当月一审以撤诉结案的件数")),
    Measure("dismissed", "不予受理和驳回起诉", _l("不予受理和驳回起诉"), _l("当月裁定的件数")),
    Measure(
        "special_procedure",
        "特别程序",
        _l("特别程序"),
        _l("含司法确认，单独统计，不进万人成讼率"),
    ),
)
TITLES = MappingProxyType(
    {
        "法院名称": "court",
        "法院代码": "court",
        "法院": "court",
        "月份": "month",
        "统计月份": "month",
        "制度": "regime",
        "口径": "basis",
        **{measure.title: measure.key for measure in MEASURES},
        "民事一审案件新收": "civil_first_new",
        "行政一审案件新收": "admin_first_new",
        "归属方式": "attribution",
        "更正说明": "reason",
    }
)
REQUIRED = ("court", "month", "civil_first_new", "admin_first_new")
EXAMPLE_CAUSES = (
    "离婚纠纷",
    "民间借贷纠纷",
    "买卖合同纠纷",
    "物业服务合同纠纷",
    "机动车交通事故责任纠纷",
    "劳动争议",
    "其他",
)


def regime_of(month: date) -> str:
    """The regime that a month belongs to."""
    return PRE2025 if month < BREAK else FILE_FIRST
