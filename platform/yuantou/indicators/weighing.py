"""The counterweight beside a rate: what would rise if the rate were bettered the wrong way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from yuantou.indicators.catalogue import Definition
from yuantou.indicators.covering import Cover
from yuantou.indicators.judging import YEAR
from yuantou.indicators.pages import Shown, shown_figures
from yuantou.indicators.periods import shift
from yuantou.indicators.queries import definitions, read_ledger

OF_FILING = ("C12368", "I07R")  # what a falling number of suits is read with
WHY = {
    "C12368": _l("少立案不等于少纠纷：不予立案的投诉多了，数字好看也不算好。"),
    "I07R": _l("不愿调解的人有权直接起诉：拒绝调解的多了，要看有没有强留。"),
    "I15": _l("化解要化解得住：反弹多了，化解率高也不算好。"),
    "I17R": _l("满意率只算联系上的人：联系上的少，满意率就不可靠。"),
}


@dataclass(frozen=True)
class Weight:
    """One counterweight as the pages show it, and why it stands here."""

    shown: Shown
    why: Any


def counterweights(definition: Definition) -> tuple[str, ...]:
    """The figures that keep this one honest; courts' rates that should fall have two."""
    if definition.beside:
        return (definition.beside,)
    return OF_FILING if definition.of_courts and definition.direction == "down" else ()


def weights(found: Sequence[Shown]) -> Mapping[str, list[Weight]]:
    """The counterweights of figures that are shown together, by the code of the figure."""
    held = {one.figure.code: one for one in found}
    return {
        code: [
            Weight(held[beside], WHY.get(beside, ""))
            for beside in counterweights(one.figure.definition)
            if beside in held
        ]
        for code, one in held.items()
    }


def weights_of(
    session: Session, one: Shown, start: date, end: date, kind: str | None, cover: Cover
) -> list[Weight]:
    """The counterweights of one figure, in its area and period."""
    known = definitions(session, end)
    codes = [code for code in counterweights(one.figure.definition) if code in known]
    if not codes:
        return []
    codes, area = [one.figure.code, *codes], one.figure.area_code
    ledger = read_ledger(session, [area], shift(start, -YEAR), end, kind=kind, codes=codes)
    return weights(shown_figures(ledger, codes, area, start, end, cover))[one.figure.code]
