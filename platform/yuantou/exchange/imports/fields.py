"""What a column of a list can be, and the titles by which it is known."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class ListField:
    """A field that a column fills; `known_as` are titles of other systems' lists."""

    code: str
    name: Any
    known_as: tuple[str, ...] = ()
    required: bool = False


FIELDS = {
    field.code: field
    for field in (
        ListField("summary", _l("简要情况"),
                  ("简要情况", "纠纷简要情况", "基本情况", "简述", "案情", "主要事实"), True),
        ListField("type", _l("纠纷类型"), ("纠纷类型", "类型", "类别", "纠纷类别"), True),
        ListField("area", _l("乡镇街道"), ("乡镇街道", "乡镇", "街道", "所属乡镇", "区划代码")),
        ListField("place", _l("发生地点"),
                  ("发生地点", "发生地", "事发地点", "地点", "地址", "详细地址",
                   "发生地点详址", "村社区"), True),
        ListField("occurred_on", _l("发生日期"), ("发生日期", "发生时间", "日期"), True),
        ListField("involved", _l("涉及人数"), ("涉及人数", "人数", "涉及人员数量")),
        ListField("amount", _l("涉及金额"), ("涉及金额", "金额", "标的额")),
        ListField("source", _l("来源"), ("来源", "案件来源")),
        ListField("number", _l("原编号"), ("原编号", "编号", "案号", "卷号")),
        ListField("applicant", _l("申请人"), ("申请人", "申请人姓名", "当事人", "甲方")),
        ListField("applicant_phone", _l("申请人电话"), ("申请人电话", "联系电话", "电话")),
        ListField("applicant_id", _l("申请人证件号"), ("申请人证件号", "申请人身份证号")),
        ListField("respondent", _l("被申请人"), ("被申请人", "被申请人姓名", "对方当事人", "乙方")),
        ListField("respondent_phone", _l("被申请人电话"), ("被申请人电话",)),
        ListField("respondent_id", _l("被申请人证件号"), ("被申请人证件号", "被申请人身份证号")),
    )
}  # fmt: skip
REQUIRED = tuple(code for code, field in FIELDS.items() if field.required)
TITLE_LINES, CERTAIN = 5, 3
_TITLES = {title: field.code for field in FIELDS.values() for title in field.known_as}


def folded(title: str) -> str:
    """A title without width, space, stars and what stands in brackets."""
    text = unicodedata.normalize("NFKC", title)
    return re.sub(r"\(.*?\)|[\s*★:：]+", "", text)


def head_of(rows: Sequence[Sequence[str]], remembered: Mapping[str, str]) -> int:
    """Which row has the titles of the columns: the first, unless one below the name of the whole
    list is known by more of them."""
    known = [sum(map(bool, matched(row, remembered))) for row in rows[:TITLE_LINES]]
    return known.index(max(known)) if known and max(known) >= CERTAIN else 0


def matched(titles: Sequence[str], remembered: Mapping[str, str]) -> list[str]:
    """The field of every column: as matched before, else by its title; none twice."""
    found: list[str] = []
    for title in titles:
        key = folded(title)
        field = remembered.get(key, _TITLES.get(key, ""))
        found.append("" if field in found else field)
    return found
