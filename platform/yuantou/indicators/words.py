"""What a figure says in words when it warns or cannot be said."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "level": _l("该指标不在这一级统计。"),
    "across": _l("时段跨过2025年1月1日，立案口径不同，不能相加；请分开看。"),
    "break": _l("2025年1月1日起先立案后调解，口径不同，不能与上年同期直接比较。"),
    "regime_pre2025": _l("该指标只用于2024年及以前的口径。"),
    "regime_file_first": _l("该指标自2025年起才有。"),
    "regime_mixed": _l("法院报送的立案口径与月份不符，请核对。"),
    "courts": _l("有法院没有报齐本期各月的数据，不以部分数据代替。"),
    "no_court": _l("没有法院的数据计入该地区。"),
    "component": _l("法院没有报送：%(what)s。"),
    "population": _l("没有不晚于上年末的人口数。"),
    "part": _l("只含数据已报齐的%(n)s个县区，共%(all)s个。"),
    "empty": _l("本期没有应计的事项。"),
    "above_whole": _l("分子大于分母，请核对报送数据；不给区间。"),
    "old_population": _l("人口数是%(year)s年的%(kind)s，早于上年末两年以上。"),
    "admin_seat": _l("按法院所在县统计；行政案件集中或异地管辖，不等于被告所在县。"),
    "unusual": _l("折合全年低于%(low)s或高于%(high)s，请核对报送数据（示例阈值）。"),
    "bridge": _l("口径衔接估算"),
    "same_period": _l("与上年同期相比"),
    "prior_missing": _l("上年同期没有可比的数：%(why)s"),
    "prior_zero": _l("上年同期为0，不能算增幅。"),
    "civil_incl": _l("民事一审新收（含先行调解成功）"),
    "civil_excl": _l("民事一审新收（不含先行调解成功）"),
    "admin": _l("行政一审新收"),
    "prelit": _l("诉前调解件"),
    "prelit_success": _l("诉前调解成功"),
    "first_mediation": _l("先行调解件"),
    "first_mediation_success": _l("先行调解成功"),
    "withdrawn": _l("撤诉"),
    "dismissed": _l("不予受理、驳回起诉"),
    "special_procedure": _l("特别程序（含司法确认）"),
    "outcome_agreed_oral": _l("达成口头协议"),
    "outcome_agreed_written": _l("达成书面协议"),
    "outcome_failed": _l("调解不成"),
    "outcome_terminated": _l("终止"),
    "performance_due_hit": _l("已履行"),
    "performance_due_miss": _l("到期未履行"),
    "in_time_hit": _l("期限内办理"),
    "in_time_miss": _l("超过期限"),
    "settled_stock": _l("期初未结"),
    "settled_new": _l("本期受理"),
    "settled_hit": _l("本期结案且已履行或已答复"),
    "settled_miss": _l("本期没有化解"),
    "settled_merged": _l("本期并案，不计入分母"),
}


def say(name: str, **values: object) -> str:
    """The words of `name` in the reader's language."""
    words = str(WORDS[name])
    return words % values if values else words
