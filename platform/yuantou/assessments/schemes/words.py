"""Why an act on a scheme or an event is refused, in words."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "waiting": _l("这套方案已有一版在等第二个人，先处理那一版。"),
    "too_early": _l("新的一版要从现行一版之后起用；以前的期次保留当时的方案。"),
    "unchanged": _l("和现行的一版没有区别。"),
    "not_waiting": _l("这一版已经有人提请或者已经处理。"),
    "not_proposed": _l("还没有人提请启用：先由一个人提请，再由另一个人批准。"),
    "same_person": _l("提请的人不能自己批准，请另一位有权限的人来。"),
    "not_tried": _l("还没有试算完，请等一分钟再看。"),
    "decided": _l("这一版已经处理过了。"),
    "trying": _l("这一年正在试算，请等一分钟再看。"),
    "event_decided": _l("这一条已经处理过了。"),
    "event_row": _l("现行方案没有这一项加减分或否决。"),
    "event_points": _l("加分、减分要写分数，不能超过方案规定的上限。"),
    "event_area": _l("只能选本单位辖区内的县区。"),
}
