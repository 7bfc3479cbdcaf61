"""Why an act on a scheme or an event is refused, in words."""

from flask_babel import lazy_gettext as _l

from yuantou.access import second_person

REFUSALS = {
    **second_person.REFUSALS,
    "waiting": _l("这套方案已有一版在等第二个人，先处理那一版。"),
    "too_early": _l("新的一版要从现行一版之后起用；以前的期次保留当时的方案。"),
    "unchanged": _l("和现行的一版没有区别。"),
    "trying": _l("这一年正在试算，请等一分钟再看。"),
    "choice_unfit": _l("这套方案还没有启用，或者在那一年还没有生效。"),
    "choice_same": _l("那一年用的已经是这套方案。"),
    "choice_waiting": _l("这一级已有一个选择在等第二个人，先处理那一个。"),
    "event_row": _l("现行方案没有这一项加减分或否决。"),
    "event_points": _l("加分、减分要写分数，不能超过方案规定的上限。"),
    "event_area": _l("这个县区没有这个乡镇代码或部门代码，或者不在本单位辖区内。"),
    "event_level": _l("这一项不评这一级：评县区的不填代码，评乡镇、部门的填它的代码。"),
}
