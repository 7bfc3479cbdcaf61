"""Why an act on a version is refused, in words."""

from flask_babel import lazy_gettext as _l

from yuantou.access import second_person

REFUSALS = {
    **second_person.REFUSALS,
    "waiting": _l("这项指标已有一版在等第二个人，先处理那一版。"),
    "too_early": _l("新的一版要从现行一版之后的月份起用；以前的月份保留当时的口径。"),
    "unchanged": _l("和现行的一版没有区别。"),
}
