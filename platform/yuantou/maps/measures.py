"""What the map can be coloured by: its own three figures, and every indicator of counties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from yuantou.indicators.catalogue import Definition
from yuantou.indicators.veils import typed
from yuantou.maps.layers import NAMES, Layer

PER = 10_000


@dataclass(frozen=True)
class Measure:
    """One figure: its name, unit and digits; `definition` is None for the map's own."""

    code: str
    name: str
    unit: str
    places: int
    definition: Definition | None = None

    @property
    def whole(self) -> bool:
        """Whether its values are counts."""
        if self.definition is not None:
            return self.definition.kind == "count"
        return self.code in (Layer.REPORTED, Layer.OPEN)

    @property
    def typed(self) -> bool:
        """Whether it can be asked of one type of dispute alone."""
        made = self.definition
        return made is None or typed(made)

    @property
    def smooths(self) -> bool:
        """Whether it is a part of something, so that small places borrow strength."""
        if self.definition is not None:
            return self.definition.kind in ("rate", "share")
        return self.code == Layer.RATE

    @property
    def words(self) -> dict[str, str]:
        """The definition as people read it, with source and version."""
        made = self.definition
        if made is None:
            return _own_words(self.code)
        mark = _("（示例，待主管部门确认）") if made.example else ""
        return {
            "text": made.plain_zh,
            "numerator": made.numerator_zh,
            "denominator": made.denominator_zh,
            "source": f"{made.source}{mark}",
            "edition": _("第 %(n)s 版，%(day)s 起", n=made.version, day=str(made.valid_from)),
            "exclusions": made.exclusions_zh,
        }

    def write(self, value: float | None) -> str:
        """A value in as many digits as the figure has."""
        return "—" if value is None else f"{value:,.{self.places}f}"


def measures(held: Mapping[str, Definition]) -> dict[str, Measure]:
    """All that can be chosen: the map's own figures first."""
    own = [
        Measure(layer, str(name), str(unit), 1 if layer is Layer.RATE else 0)
        for layer, (name, unit) in NAMES.items()
    ]
    return {each.code: each for each in own} | {
        code: Measure(code, made.name_zh, made.screen[1], made.places, made)
        for code, made in held.items()
        if "county" in made.levels
    }


def choices(found: Mapping[str, Measure]) -> list[tuple[str, Sequence[tuple[str, str]]]]:
    """Groups of the chooser: own figures, of matters, of courts, of others' counts."""
    kinds: dict[str, Any] = {
        "": _("纠纷"),
        "disputes": _("办理质效"),
        "courts": _("司法数据"),
        "supplied": _("其他部门报数"),
    }
    grouped: dict[str, list[tuple[str, str]]] = {kind: [] for kind in kinds}
    for each in found.values():
        grouped[each.definition.measure if each.definition else ""].append((each.code, each.name))
    return [(str(kinds[kind]), rows) for kind, rows in grouped.items() if rows]


def _own_words(code: str) -> dict[str, str]:
    said = {
        Layer.REPORTED: (
            _("这段时间登记的纠纷件数，草稿不计，限制知悉的只计入县。"),
            _("登记件数"),
            "",
        ),
        Layer.OPEN: (_("到期末还没有办结的纠纷件数。"), _("登记件数减办结件数，历年累计"), ""),
        Layer.RATE: (
            _("每一万人里登记了多少件纠纷。登记多可能是排查勤，不等于矛盾多。"),
            _("登记件数"),
            _("最近一年人口"),
        ),
    }[Layer(code)]
    return {
        "text": said[0],
        "numerator": said[1],
        "denominator": said[2],
        "source": _("本平台登记"),
        "edition": _("第 1 版"),
        "exclusions": "",
    }
