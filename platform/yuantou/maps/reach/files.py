"""The table of reach as XLSX, with thresholds, period and how distances are measured inside."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from yuantou.database.sheets import Sheet, write_workbook
from yuantou.maps.reach.figures import Near, Reached


def workbook(found: Reached, *, demo: bool) -> bytes:
    """One sheet of townships in the order shown."""
    header = [
        _("代码"),
        _("县（市、区）"),
        _("乡镇街道"),
        _("最近人民法庭"),
        _("距离（千米）"),
        _("最近调解点"),
        _("距离（千米）"),
        _("人口"),
        _("人口年份"),
        _("登记件数"),
    ]
    rows = [
        [
            line.area.code,
            line.county,
            line.area.name,
            *_cells(line.tribunal, line.position is None),
            *_cells(line.mediation, line.position is None),
            line.persons,
            line.year,
            line.written if line.cases is None else line.cases,
        ]
        for line in found.lines
    ]
    lines = [*notes(found), *([_("演示数据")] if demo else [])]
    return write_workbook([Sheet(_("法庭布局"), header, rows)], footer_lines=lines)


INVENTED = _l("位置是演示用的虚构位置（示例），不是实际驻地；载入实际位置后不再使用。")


def notes(found: Reached) -> list[str]:
    """What stands under the table and in the file."""
    terms = found.terms
    examples = [INVENTED] if any(place.invented for place in found.places) else []
    return [
        *map(str, examples),
        _("距离为两点间的大圆（直线）距离，不是路程；只用已载入的位置，没有位置的乡镇不估计。"),
        _(
            "法庭：%(near)s 千米以内为近，%(far)s 千米以外为远；"
            "调解点：%(near2)s、%(far2)s 千米（示例）。",
            near=f"{terms.tribunal.near_km:g}",
            far=f"{terms.tribunal.far_km:g}",
            near2=f"{terms.mediation.near_km:g}",
            far2=f"{terms.mediation.far_km:g}",
        ),
        _("登记件数：%(period)s；少于 3 件的不显示，受限事项不计。", period=found.period.words),
    ]


def _cells(near: Near | None, unplaced: bool) -> list[object]:
    if unplaced:
        return [_("未载入位置"), None]
    return [near.place.name, round(near.km, 1)] if near else [_("未载入"), None]
