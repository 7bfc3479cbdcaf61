"""What a file is for: the parts of a mediation file that come from outside (SF 2010 forms)."""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Purpose:
    """A part of the file; `must` says that a mediated matter's file needs it."""

    code: str
    name_zh: str
    must: bool = False


SIGNED = "signed"

PURPOSES = MappingProxyType(
    {
        one.code: one
        for one in (
            Purpose("identity", "当事人身份证明", must=True),
            Purpose("application", "人民调解申请书"),
            Purpose("authorisation", "授权委托书"),
            Purpose("investigation", "调查记录"),
            Purpose("evidence", "证据材料"),
            Purpose("receipt", "履行凭证"),
            Purpose("confirmation", "司法确认材料"),
            Purpose(SIGNED, "已签名的文书"),
            Purpose("other", "其他材料"),
        )
    }
)
