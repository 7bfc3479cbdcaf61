"""The acts that can be done in batches as one table: what each asks, who may, what it is called."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from yuantou.access.permissions import Permission
from yuantou.access.viewer import Viewer

MOST_ACTS = 2000
MOST_ROWS = 50_000


@dataclass(frozen=True)
class Act:
    """One kind of batch. `most` bounds its matters, `undone_by` is the kind that takes it back."""

    kind: str
    name: Any
    lead: Any
    button: Any
    done: Any
    permissions: tuple[Permission, ...]
    most: int = MOST_ACTS
    undone_by: str = ""

    def open_to(self, viewer: Viewer) -> bool:
        """Whether the viewer's role may do it at all; each matter is judged on its own."""
        return any(map(viewer.may, self.permissions))


_SEND = (Permission.DISPUTE_DISPATCH,)

ACTS = {
    act.kind: act
    for act in (
        Act(
            "dispatch",
            _l("批量交办"),
            _l("交给同一个单位，同一个期限。每件单独核对，不能交办的不动，并写明原因。"),
            _l("开始交办"),
            _l("已交办"),
            _SEND,
            undone_by="recall",
        ),
        Act(
            "recall",
            _l("撤回交办"),
            _l("对方还没有签收的，撤回到交办以前；已经签收的不动。"),
            _l("撤回"),
            _l("已撤回"),
            _SEND,
        ),
        Act(
            "remind",
            _l("批量催办"),
            _l("提醒各件的承办单位抓紧办理。催办写进经过，对方收到消息。"),
            _l("开始催办"),
            _l("已催办"),
            (Permission.DISPUTE_SUPERVISE,),
        ),
        Act(
            "export",
            _l("分批导出"),
            _l("写成一个 Excel 文件，注明谁在什么时候导出。不含当事人信息。"),
            _l("开始导出"),
            _l("已写入"),
            (Permission.DISPUTE_EXPORT,),
            most=MOST_ROWS,
        ),
    )
}
ASKED_FOR = ("dispatch", "remind", "export")  # a recall is asked for by its batch
