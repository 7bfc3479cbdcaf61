"""The guards: each a named pure function that returns None or a Refusal.

A door guard looks at matter and actor before any form is filled; a proof looks at the facts of
the form. The six that are law are listed in LEGAL_GUARDS with the rule each one stands for.
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from yuantou.disputes import laws
from yuantou.disputes.matter import N_, Actor, Facts, Ground, Matter, Refusal

MAX_RETURNS = 2
PROTECTION = "protection_order"
MEDIATING_PATHS = frozenset({"own_mediation", "refer", "mediation", "joint"})

PAPER_ONLY = MappingProxyType(
    {"marriage": N_("婚姻"), "adoption": N_("收养"), "inheritance": N_("继承")}
)
PAPER_ONLY_CATEGORIES = frozenset({"marriage_family"})
NOT_CONFIRMABLE = MappingProxyType(
    {
        "out_of_scope": N_("不属于人民法院受理民事案件的范围"),
        "personal_status": N_("确认或者解除婚姻、亲子、收养等身份关系"),
        "special_procedure": N_("适用其他特别程序、公示催告程序、破产程序审理"),
        "title": N_("涉及物权、知识产权确权"),
    }
)
ASKS_SUBJECT = frozenset({"marriage_family", "house_homestead", "forest_land", "expropriation"})
FEE_FIELDS = frozenset({"fee", "fees", "charge", "charges", "mediation_fee", "service_fee"})


def not_refused(matter: Matter, actor: Actor) -> Refusal | None:
    """Legal guard 1: who was refused by a party may not mediate."""
    if not matter.refused:
        return None
    return Refusal(
        "party_refused",
        N_("有当事人明确拒绝调解，不得调解。可终止并告知其他途径。"),
        laws.MEDIATION_17,
    )


def path_notice_given(matter: Matter, facts: Facts) -> Refusal | None:
    """Legal guard 2: no matter ends without agreement unless the parties hear of other ways."""
    if matter.has_path_notice or facts.get("path_options"):
        return None
    return Refusal(
        "path_notice_missing",
        N_("请写明已告知当事人的其他途径：仲裁、行政、司法等。"),
        laws.MEDIATION_26,
        field="path_options",
    )


def no_mediating_path(matter: Matter, facts: Facts) -> Refusal | None:
    """Triage does not send a victim towards mediation with the one said to have used violence."""
    if not matter.alleged_abuser or facts.get("path") not in MEDIATING_PATHS:
        return None
    return Refusal(
        "alleged_abuser",
        N_("涉嫌家庭暴力等侵害的，不走调解途径。请选“交部门办理”或者“引导其他途径”。"),
        laws.VIOLENCE,
        field="path",
    )


def orders_told(matter: Matter, facts: Facts) -> Refusal | None:
    """Whoever suffers violence at home hears of the orders that protect him."""
    options = facts.get("path_options")
    if not matter.home_violence or options is None or PROTECTION in _names(options):
        return None
    return Refusal(
        "protection_not_told",
        N_("涉家庭暴力的，告知的途径须包括人身安全保护令、告诫书。"),
        laws.VIOLENCE_ORDERS,
        field="path_options",
    )


def rest_bounded(matter: Matter, facts: Facts) -> Refusal | None:
    """A rest has an end in sight."""
    until, last = facts.get("until"), matter.rest_until
    if not isinstance(until, date) or last is None or until <= last:
        return None
    text = N_("中止一次最长到 %(day)s，请写这天或者以前的日期；到期仍不能恢复的，再办或者终止。")
    values = {"day": last}
    return Refusal("rest_too_long", text, laws.RESTING, Ground.FORM, "until", values)


def police_told(matter: Matter, actor: Actor) -> Refusal | None:
    """Legal guard 3: a possible offence is reported to the police before the matter moves on."""
    if not matter.possible_crime or matter.police_reported_at is not None:
        return None
    if matter.report_owed:
        return Refusal(
            "police_report_missing",
            N_(
                "这件事依法须强制报告：请先向公安机关报告并记下时刻；涉未成年人的，同时报告民政、教育等部门。"
            ),
            laws.REPORTING,
        )
    return Refusal(
        "police_report_missing",
        N_("这件事可能引起治安案件或者刑事案件，请先报告公安机关并记下时刻。"),
        laws.MEDIATION_25,
    )


def report_timed(matter: Matter, facts: Facts) -> Refusal | None:
    """Legal guard 3, the stamp: the time of the report is a moment that has passed."""
    moment = facts.get("reported_at")
    if isinstance(moment, datetime) and moment.tzinfo is not None and moment <= matter.at:
        return None
    return Refusal(
        "police_report_time",
        N_("报告公安机关的时刻应写到分，且不晚于现在。"),
        laws.MEDIATION_25,
        Ground.FORM,
        "reported_at",
    )


def confirmation_in_time(matter: Matter, actor: Actor) -> Refusal | None:
    """Legal guard 4, time: confirmation is asked for in time after the agreement's effect."""
    law = laws.MEDIATION_33
    if matter.agreement_effective_on is None:
        text = N_("尚无生效的调解协议。协议生效后，由双方在申请期内共同申请。")
        return Refusal("no_agreement", text, law, Ground.STATE)
    last_day = matter.confirmation_until
    if last_day is None or matter.at.date() <= last_day:
        return None
    text = N_("司法确认申请期已于 %(day)s届满（自协议生效起算）。")
    return Refusal("confirmation_late", text, law, Ground.TIME, values={"day": last_day})


def subject_confirmable(matter: Matter, actor: Actor) -> Refusal | None:
    """Legal guard 4, subject: what is already known of the agreement may be confirmed."""
    return _subject_refusal(matter.subjects)


def subject_stated(matter: Matter, facts: Facts) -> Refusal | None:
    """Legal guard 4, the form: in some categories the applicants state what is settled."""
    stated = facts.get("subjects")
    if stated is None and matter.category in ASKS_SUBJECT:
        return Refusal(
            "subject_not_stated",
            N_("请选明协议是否涉及身份关系或者确权；都不涉及也请选明。"),
            laws.CONFIRMATION,
            Ground.FORM,
            "subjects",
        )
    return _subject_refusal(_names(stated))


def asked_jointly(matter: Matter, facts: Facts) -> Refusal | None:
    """Confirmation is asked for by both sides together."""
    if facts.get("applicants") == "both":
        return None
    return Refusal(
        "not_joint",
        N_("司法确认须由双方当事人共同申请。"),
        laws.MEDIATION_33,
        Ground.FORM,
        "applicants",
    )


def both_extend(matter: Matter, facts: Facts) -> Refusal | None:
    """The term of an entrusted mediation grows only when both sides agree."""
    if facts.get("consents") == "both":
        return None
    return Refusal(
        "extension_consent",
        N_("延长委托调解期限须双方当事人同意。"),
        laws.ENTRUSTMENT,
        Ground.FORM,
        "consents",
    )


def no_fee(matter: Matter, facts: Facts) -> Refusal | None:
    """Legal guard 5: people's mediation is free; no fee is ever taken down."""
    if not FEE_FIELDS & facts.keys():
        return None
    return Refusal("fee", N_("人民调解不收取任何费用。"), laws.MEDIATION_4)


def own_matter(matter: Matter, actor: Actor) -> Refusal | None:
    """Legal guard 6: nobody settles the substance of another agency's matter."""
    if actor.agency_id is not None and actor.agency_id == matter.handler_agency_id:
        return None
    return Refusal(
        "not_the_handler",
        N_("只能由承办单位登记；综治中心程序性推进，不代替办理。"),
        laws.NO_SUBSTITUTION,
        Ground.DUTY,
    )


def no_reconciling(matter: Matter, actor: Actor) -> Refusal | None:
    """A victim of alleged violence is not sent to mediate with the one said to have used it."""
    if not matter.alleged_abuser:
        return None
    return Refusal(
        "alleged_abuser",
        N_(
            "涉嫌家庭暴力等侵害，不与被指加害人调解。请转公安机关，告知告诫书、人身安全保护令等途径。"
        ),
        laws.VIOLENCE,
    )


def consent_given(matter: Matter, facts: Facts) -> Refusal | None:
    """People's mediation rests on the parties' own will."""
    if matter.consented or facts.get("consent") is True:
        return None
    return Refusal(
        "consent_missing",
        N_("请先记下双方当事人同意调解。"),
        laws.MEDIATION_3_17,
        Ground.FORM,
        "consent",
    )


def signature_allowed(matter: Matter, facts: Facts) -> Refusal | None:
    """The agreement is signed in a way that the law accepts for what it settles."""
    return signature_refusal(
        matter.category,
        str(facts.get("signature", "")),
        matter.subjects | _names(facts.get("subjects")),
    )


def signature_refusal(
    category: str, signature: str, subjects: frozenset[str] = frozenset()
) -> Refusal | None:
    """Refuse `signature="electronic"` on marriage, adoption and inheritance; paper passes."""
    apart = category in PAPER_ONLY_CATEGORIES or bool(subjects & PAPER_ONLY.keys())
    if signature != "electronic" or not apart:
        return None
    return Refusal(
        "paper_only",
        N_("涉及婚姻、收养、继承等人身关系的协议不适用电子签名，请在纸上签名后上传扫描件。"),
        laws.SIGNATURE,
        field="signature",
    )


def return_in_time(matter: Matter, actor: Actor) -> Refusal | None:
    """A matter dispatched in error goes back soon or not at all."""
    if matter.return_until is None or matter.at <= matter.return_until:
        return None
    text = N_("退回期限已于 %(day)s届满，请签收办理或报请协调。")
    values = {"day": matter.return_until.date()}
    return Refusal("return_late", text, laws.RETURNING, Ground.TIME, values=values)


def returns_left(matter: Matter, actor: Actor) -> Refusal | None:
    """After the allowed returns the county has named the handler, and it stays."""
    if matter.returns < MAX_RETURNS:
        return None
    text = N_("已退回 %(n)s 次，由县级综治中心指定管辖，不再退回。")
    values = {"n": MAX_RETURNS}
    return Refusal("returns_used_up", text, laws.DESIGNATION, Ground.DUTY, values=values)


def returns_used_up(matter: Matter, actor: Actor) -> Refusal | None:
    """Designation is for matters that nobody kept."""
    if matter.returns >= MAX_RETURNS:
        return None
    text = N_("退回满 %(n)s 次才由县级指定管辖，现可按职责交办。")
    values = {"n": MAX_RETURNS}
    return Refusal("returns_not_used_up", text, laws.DESIGNATION, Ground.STATE, values=values)


def reopening_in_time(matter: Matter, actor: Actor) -> Refusal | None:
    """A closed matter flares up while it may; later it is a new one."""
    last_day = matter.reopening_until
    if last_day is None or matter.at.date() <= last_day:
        return None
    text = N_("重启的期限已于 %(day)s届满，不再重启。请另行登记，在事由中写明原编号。")
    values = {"day": last_day}
    return Refusal("reopening_late", text, laws.REOPENING, Ground.TIME, values=values)


def due_date_passed(matter: Matter, actor: Actor) -> Refusal | None:
    """Nobody is in default before the day on which he promised to perform is over."""
    if matter.due_on is None or matter.at.date() > matter.due_on:
        return None
    text = N_("履行期限 %(day)s尚未过，不能登记未履行。")
    values = {"day": matter.due_on}
    return Refusal("not_yet_due", text, laws.MEDIATION_31, Ground.TIME, values=values)


def documents_complete(matter: Matter, actor: Actor) -> Refusal | None:
    """A file is archived whole."""
    if not matter.missing_documents:
        return None
    text = N_("卷宗还缺：%(papers)s。")
    values = {"papers": matter.missing_documents}
    return Refusal("documents_missing", text, laws.MEDIATION_27, Ground.FORM, values=values)


def _subject_refusal(subjects: frozenset[str]) -> Refusal | None:
    barred = [name for code, name in NOT_CONFIRMABLE.items() if code in subjects]
    if not barred:
        return None
    text = N_("协议%(subjects)s，人民法院不予受理司法确认申请。")
    values = {"subjects": tuple(barred)}
    return Refusal("subject_not_confirmable", text, laws.CONFIRMATION, values=values)


def _names(value: object) -> frozenset[str]:
    if isinstance(value, str):
        return frozenset({value})
    if isinstance(value, (list, tuple, set, frozenset)):
        return frozenset(str(each) for each in value)
    return frozenset()


LEGAL_GUARDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "一方明确拒绝的,不得调解": ("not_refused",),
        "调解不成、终止的,告知其他途径": ("path_notice_given",),
        "可能引起治安、刑事案件的,报告公安机关": ("police_told", "report_timed"),
        "司法确认限于 30 天内、可确认的事项": (
            "confirmation_in_time",
            "subject_confirmable",
            "subject_stated",
        ),
        "不收取任何费用": ("no_fee",),
        "综治中心不代替承办单位办理": ("own_matter",),
    }
)
