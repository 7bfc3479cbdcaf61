"""Why an act on a version is refused, in words."""

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "waiting": _l("这项指标已有一版在等第二个人，先处理那一版。"),
    "too_early": _l("新的一版要从现行一版之后的月份起用；以前的月份保留当时的口径。"),
    "unchanged": _l("和现行的一版没有区别。"),
    "not_waiting": _l("这一版已经有人提请或者已经处理。"),
    "not_proposed": _l("还没有人提请启用：先由一个人提请，再由另一个人批准。"),
    "same_person": _l("提请的人不能自己批准，请另一位有权限的人来。"),
    "not_tried": _l("还没有试算完，请等一分钟再看。"),
    "decided": _l("这一版已经处理过了。"),
}
