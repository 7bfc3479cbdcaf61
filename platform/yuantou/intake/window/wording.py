"""Columns and faults of a pasted list in words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from yuantou.intake.window.pasting import LONGEST_NAME

COLUMN_WORDS = {
    "name": _l("姓名或名称"),
    "id": _l("证件号"),
    "phone": _l("电话"),
    "amount": _l("金额"),
    "address": _l("住址"),
    "gender": _l("性别"),
    "ethnicity": _l("民族"),
    "occupation": _l("职业"),
}


def fault_words(code: str) -> str:
    """What is wrong with a cell, and what to do."""
    words = {
        "nameless": _("没有姓名"),
        "long": _("姓名超过 %(n)s 字", n=LONGEST_NAME),
        "digits": _("姓名里有数字，像是选错了列"),
        "scientific": _("Excel 把证件号变成了科学计数：请把这一列设为文本，重填后再复制"),
        "id": _("身份证号不对：应为 18 位且校验位相符"),
        "credit": _("统一社会信用代码不对：应为 18 位"),
        "phone": _("电话号码不对：手机 11 位，座机带区号"),
        "amount": _("金额不是数字"),
        "gender": _("性别写“男”或“女”"),
        "other_name": _("与前面的人证件号相同、姓名不同"),
    }
    return words[code]
