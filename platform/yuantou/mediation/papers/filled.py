"""What stands on a paper: plain text everywhere, a line to write on where nothing is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

BLANK = "＿" * 8
PARTY_FIELDS = (
    "side",
    "name",
    "gender",
    "birth",
    "age",
    "ethnicity",
    "occupation",
    "id_number",
    "phone",
    "address",
    "consent",
)
FIELDS = (
    "file_no",
    "number",
    "title",
    "type",
    "source",
    "place",
    "occurred_on",
    "accepted_on",
    "involved",
    "amount",
    "summary",
    "handler",
    "mediator",
    "registrar",
    "party_names",
    "made_on",
    "made_by",
    "remark",
    "held_at",
    "held_place",
    "attendees",
    "held_content",
    "recorder",
    "agreement_content",
    "agreement_amount",
    "perform_mode",
    "perform_place",
    "due_on",
    "effective_on",
    "responsibilities",
    "performance",
    "told_at",
    "told_manner",
    "told_note",
    "called_at",
    "reached",
    "called_performed",
    "satisfied",
    "hidden_risk",
    "called_note",
    "measures",
    "lawsuit",
    "caller",
    "closed_on",
    "result",
    "outcome",
)
LISTS = ("paths",)


@dataclass(frozen=True)
class Filled:
    """Values by field, the parties, and lists; `footer` says who made the paper and when."""

    values: Mapping[str, str]
    parties: Sequence[Mapping[str, str]]
    lists: Mapping[str, Sequence[str]] = field(default_factory=lambda: MappingProxyType({}))
    footer: str = ""

    def of(self, name: str) -> str:
        """A value, or a line to write on."""
        return self.values.get(name) or BLANK

    def people(self) -> list[dict[str, str]]:
        """The parties; where none is known, both sides to be written in by hand."""
        told = self.parties or ({"side": "申请人"}, {"side": "被申请人"})
        return [{name: one.get(name) or BLANK for name in PARTY_FIELDS} for one in told]

    def listed(self, name: str) -> list[str]:
        """A list; one line to write on where it is empty."""
        return list(self.lists.get(name) or (BLANK,))

    def context(self) -> dict[str, object]:
        """All of it, as a Word form asks for it."""
        return (
            {name: self.of(name) for name in FIELDS}
            | {name: self.listed(name) for name in LISTS}
            | {"parties": self.people()}
        )


def sample() -> Filled:
    """Invented data that shows every field, to try a form with."""
    long = "双方因院墙滴水发生争执 <b> & {{ 7 * 7 }} “引号”。\n第二段。"
    values = {name: f"示例{place}" for place, name in enumerate(FIELDS)}
    values |= {"summary": long, "held_content": long, "agreement_content": long}
    people = [
        {name: f"{side}{name}" for name in PARTY_FIELDS}
        for side in ("申请人", "被申请人", "第三人")
    ]
    return Filled(values, people, {"paths": ("诉讼：人民法院", "仲裁：仲裁机构")}, "示例")
