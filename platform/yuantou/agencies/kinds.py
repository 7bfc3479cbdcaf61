"""What the kinds of agency are called."""

from flask_babel import lazy_gettext as _l

from yuantou.agencies.models import AgencyKind

KINDS = {
    AgencyKind.COMMITTEE: _l("人民调解委员会"),
    AgencyKind.TOWNSHIP_CENTRE: _l("乡镇街道综治中心"),
    AgencyKind.INDUSTRY_COMMITTEE: _l("行业性专业性调委会"),
    AgencyKind.COUNTY_CENTRE: _l("县级综治中心"),
    AgencyKind.DEPARTMENT: _l("县级部门"),
    AgencyKind.GOVERNMENT: _l("县级政府办"),
    AgencyKind.CITY_COORDINATION: _l("市级协调机构"),
    AgencyKind.PROVINCE_COORDINATION: _l("省级协调机构"),
    AgencyKind.COURT: _l("法院"),
    AgencyKind.PROCURATORATE: _l("检察院"),
    AgencyKind.POLICE: _l("公安派出所"),
    AgencyKind.PETITION: _l("信访部门"),
    AgencyKind.JUSTICE: _l("司法局、司法所"),
    AgencyKind.ASSOCIATION: _l("妇联、工会、协会"),
    AgencyKind.CONGRESS: _l("人大常委会"),
    AgencyKind.ADMINISTRATION: _l("平台运行管理"),
}
LEVELS = {
    AgencyKind.COMMITTEE: ("township", "county"),
    AgencyKind.TOWNSHIP_CENTRE: ("township",),
    AgencyKind.INDUSTRY_COMMITTEE: ("county", "city"),
    AgencyKind.COUNTY_CENTRE: ("county",),
    AgencyKind.DEPARTMENT: ("county", "city", "province"),
    AgencyKind.GOVERNMENT: ("county",),
    AgencyKind.CITY_COORDINATION: ("city",),
    AgencyKind.PROVINCE_COORDINATION: ("province",),
}
EVERY_LEVEL = ("province", "city", "county", "township")


def levels_of(kind: str) -> tuple[str, ...]:
    """Levels of area over which an agency of `kind` can stand."""
    return LEVELS.get(AgencyKind(kind), EVERY_LEVEL)
