"""The rules that acts and refusals rest on, as they are cited; `N_` marks them for translation."""

from yuantou.disputes.matter import N_

MEDIATION_3_17 = N_("《中华人民共和国人民调解法》第三条、第十七条")
MEDIATION_4 = N_("《中华人民共和国人民调解法》第四条")
MEDIATION_17 = N_("《中华人民共和国人民调解法》第十七条")
MEDIATION_ENDS = N_("《中华人民共和国人民调解法》第十七条、第二十三条、第二十六条")
MEDIATION_25 = N_("《中华人民共和国人民调解法》第二十五条")
MEDIATION_26 = N_("《中华人民共和国人民调解法》第二十六条")
MEDIATION_26_32 = N_("《中华人民共和国人民调解法》第二十六条、第三十二条")
MEDIATION_27 = N_("《中华人民共和国人民调解法》第二十七条")
MEDIATION_28_30 = N_("《中华人民共和国人民调解法》第二十八条至第三十条")
MEDIATION_31 = N_("《中华人民共和国人民调解法》第三十一条")
MEDIATION_33 = N_("《中华人民共和国人民调解法》第三十三条")
SIGNATURE = N_("《中华人民共和国电子签名法》第三条")
VIOLENCE = N_("《中华人民共和国反家庭暴力法》")
VIOLENCE_ORDERS = N_("《中华人民共和国反家庭暴力法》第十六条、第二十三条")
REPORTING = N_("《中华人民共和国反家庭暴力法》第十四条、《中华人民共和国未成年人保护法》第十一条")
CONFIRMATION = N_(
    "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》关于不予受理司法确认的规定"
)
ENTRUSTMENT = N_("最高人民法院关于先行调解的意见")
OWNERSHIP = N_("属地管理、分级负责，谁主管谁负责")
NO_SUBSTITUTION = N_("综治中心规范化建设：综治中心程序性推进、办理部门实质性解决")
DESIGNATION = N_("指定管辖（示例规则）")
RETURNING = N_("退回时限（示例，可配置）")
REOPENING = N_("反弹重启时限（示例）")
RESTING = N_("中止时限（示例）")
