"""What rules and detectors are called. Standard library only: notices are written with these."""

from yuantou.disputes.matter import N_

NAMES: dict[str, str] = {
    "W01": N_("涉及人数多"),
    "W02": N_("同样双方反复起纠纷"),
    "W03": N_("同一单位被多人反映"),
    "W04": N_("同一地区同类纠纷骤增"),
    "W05": N_("红线情形"),
    "W06": N_("反复调解不成或者反弹"),
    "W07": N_("易激化纠纷有多项加重情形"),
    "W08": N_("超期未办"),
    "W09": N_("协议到期、未履行"),
    "W10": N_("一地同类案件起诉骤增"),
    "W11": N_("数据待核"),
    "D_EARS": N_("近期突增"),
    "D_FARRINGTON": N_("高于往年同期"),
    "D_CUSUM": N_("持续偏高"),
    "D_SCAN": N_("时空聚集"),
    "D_GI": N_("相邻地区同时升高"),
    "D_SOURCE": N_("共同源头升高"),
    "MISSING": N_("没有数据"),
    "LEVELS": N_("级别和间隔"),
}
