"""The security administrator's pages: locks and failures, password rules, who may do what."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from yuantou.access import service
from yuantou.access.audience import audience
from yuantou.access.blueprint import blueprint
from yuantou.access.permissions import Permission
from yuantou.access.roles import ROLES, Reach
from yuantou.access.sign_in import policy
from yuantou.access.viewer import db
from yuantou.accounts.queries import locked_or_failing
from yuantou.agencies.kinds import KINDS
from yuantou.agencies.models import Agency, AgencyKind
from yuantou.calendar.clock import now

REACHES = {
    Reach.UNIT: _l("本单位经手的事项"),
    Reach.AREA: _l("辖区内全部事项"),
    Reach.PRESSING: _l("汇总数，及红色、督办事项"),
    Reach.COURT: _l("委托的事项和本院数据"),
    Reach.SUMS: _l("只有汇总数"),
    Reach.NONE: _l("看不到业务数据"),
}


@blueprint.get("/security")
@audience(Permission.SECURITY_MANAGE)
def security() -> str:
    """Locked and failing accounts, and the rules in force."""
    found = locked_or_failing(db(), now())
    return render_template(
        "access/security.html",
        accounts=found,
        agencies={one.agency_id: db().get_one(Agency, one.agency_id) for one in found},
        policy=policy(),
        now=now(),
    )


@blueprint.post("/security/<int:account_id>/unlock")
@audience(Permission.SECURITY_MANAGE)
def security_unlock(account_id: int) -> Response:
    """Lift a lock."""
    try:
        account = service.unlock(db(), by=current_user, account_id=account_id)
    except service.ManagementRefused as refused:
        flash(refused.words, "error")
    else:
        flash(_("已解锁 %(name)s", name=account.display_name), "success")
    return redirect(url_for("access.security"))


@blueprint.get("/security/roles")
@audience(Permission.SECURITY_MANAGE)
def security_roles() -> str:
    """Every role, how far it sees and what it may do, as the code says."""
    kinds = {
        role.code: [KINDS[kind] for kind in AgencyKind if kind in role.kinds]
        for role in ROLES.values()
    }
    return render_template(
        "access/roles.html", roles=ROLES, reaches=REACHES, kinds=kinds, words=PERMISSION_WORDS
    )


PERMISSION_WORDS = {
    Permission.DISPUTE_LOG: _l("登记纠纷"),
    Permission.DISPUTE_READ: _l("查看纠纷"),
    Permission.DISPUTE_ACCEPT: _l("受理"),
    Permission.DISPUTE_TRIAGE: _l("研判"),
    Permission.DISPUTE_DISPATCH: _l("交办"),
    Permission.DISPUTE_SIGN: _l("签收、退回"),
    Permission.DISPUTE_HANDLE: _l("办理、调解"),
    Permission.DISPUTE_SUPERVISE: _l("督办"),
    Permission.DISPUTE_EXPORT: _l("导出纠纷"),
    Permission.FILE_REVIEW: _l("评查别处的卷宗"),
    Permission.DISPUTE_IMPORT: _l("导入纠纷清单"),
    Permission.CONFIRMATION_DECIDE: _l("办理司法确认"),
    Permission.ENTRUSTMENT_SEND: _l("委托调解"),
    Permission.ERASURE_ASK: _l("申请销毁个人信息"),
    Permission.ERASURE_DECIDE: _l("核准销毁个人信息"),
    Permission.PARTY_OPEN: _l("查看当事人信息（留痕）"),
    Permission.WINDOW_SERVE: _l("窗口接待、排班"),
    Permission.SCREENING_OPEN: _l("发起排查"),
    Permission.COUNTS_ENTER: _l("填报司法数据"),
    Permission.SUPPLY_ENTER: _l("提供本单位的统计数"),
    Permission.COUNTS_RELEASE: _l("审核司法数据"),
    Permission.COUNTS_READ: _l("查看司法数据"),
    Permission.FIGURES_READ: _l("查看指标"),
    Permission.FIGURES_DEFINE: _l("修订指标口径（两人）"),
    Permission.MAP_READ: _l("查看地图"),
    Permission.TARGET_SET: _l("设定目标"),
    Permission.ASSESSMENT_READ: _l("查看评估"),
    Permission.ASSESSMENT_RECEIVE: _l("签收评估"),
    Permission.ASSESSMENT_OBJECT: _l("对评估预览稿提异议"),
    Permission.ASSESSMENT_APPROVE: _l("发起、批准评估（两人）"),
    Permission.RUNS_READ: _l("查看运行"),
    Permission.ACCOUNT_MANAGE: _l("管理账号"),
    Permission.AGENCY_MANAGE: _l("管理单位"),
    Permission.SETTINGS_MANAGE: _l("管理设置"),
    Permission.SECURITY_MANAGE: _l("安全管理"),
    Permission.AUDIT_READ: _l("查看审计"),
}
