"""The rows of a scheme that give points: which figure, how much, by which method, when withheld."""

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import pairwise
from typing import Any, get_type_hints

FIGURE_METHODS = ("threshold_linear", "yoy_linear", "band", "relative_mean")
EVENT_METHODS = ("bonus", "malus")
METHODS = (*FIGURE_METHODS, *EVENT_METHODS, "veto")
DIRECTIONS = ("down", "up", "none")
ZERO, ONE, HUNDRED = Decimal(0), Decimal(1), Decimal(100)
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "method": METHODS,
    "direction": DIRECTIONS,
    "of": ("value", "baseline"),
    "mean": ("city", "province"),
    "effect": ("zero", "cut"),
}
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "threshold_linear": ("target", "step"),
    "yoy_linear": ("slope",),
    "band": ("bands",),
    "relative_mean": ("slope",),
    "bonus": ("name_zh",),
    "malus": ("name_zh",),
    "veto": ("name_zh",),
}


@dataclass(frozen=True, slots=True)
class Band:
    """Points up to and including a bound; the last band has none."""

    score: Decimal
    to: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row in points; what each key means stands in config/schemes/points.toml."""

    code: str
    method: str
    weight: Decimal = ZERO
    direction: str = "none"
    name_zh: str = ""
    target: Decimal | None = None
    step: Decimal | None = None
    slope: Decimal | None = None
    reward_to: Decimal | None = None
    of: str = "value"
    noise: bool = False
    bands: tuple[Band, ...] = ()
    mean: str = "city"
    effect: str = "zero"
    cut: Decimal = ZERO
    cap: Decimal = ONE
    floor: Decimal = ZERO
    least: int = 0
    provisional: bool = False
    indicative: bool = False
    decision: str = ""

    @property
    def of_figure(self) -> bool:
        """Whether a figure decides, and not what people put down."""
        return self.method in FIGURE_METHODS

    @property
    def most(self) -> Decimal:
        """The most points that the row can give."""
        return self.weight * self.cap


def row(told: Mapping[str, Any]) -> Row:
    """A row from a file or from the stored body of its scheme; ValueError says what is wrong."""
    known = {each.name: each for each in fields(Row)}
    unknown = sorted(told.keys() - known.keys())
    lacking = [n for n, each in known.items() if each.default is MISSING and n not in told]
    if unknown or lacking:
        raise ValueError(f"score：{wrong_keys(unknown, lacking)}")
    made = Row(**{key: _typed(key, value) for key, value in told.items()})
    faults = [fault for fault in (*_wrong_words(made), *_wrong_numbers(made)) if fault]
    if faults:
        raise ValueError(f"score {made.code}：{'；'.join(faults)}")
    return made


def written(made: Row) -> dict[str, Any]:
    """The row as it is stored: what differs from the default, decimals as text."""
    return {
        each.name: _plain(value)
        for each in fields(Row)
        if (value := getattr(made, each.name)) != each.default
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [{k: _plain(v) for k, v in _of_band(each).items()} for each in value]
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _of_band(band: Band) -> dict[str, Decimal]:
    return {"score": band.score} if band.to is None else {"to": band.to, "score": band.score}


def _typed(key: str, value: Any) -> Any:
    kind = _kinds()[key]
    if kind == tuple[Band, ...]:
        return tuple(_band(each) for each in value)
    if kind in (Decimal, Decimal | None):
        return _number(key, value)
    if type(value) is not kind:
        raise ValueError(f"score：{key} 的写法不对：{value!r}")
    return value


def _band(told: Any) -> Band:
    if not isinstance(told, Mapping) or not {"score"} <= told.keys() <= {"score", "to"}:
        raise ValueError(f"score：分段要写成 {{to = …, score = …}}，不是 {told!r}")
    return Band(**{key: _number(key, value) for key, value in told.items()})


def _number(key: str, value: Any) -> Decimal:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        found = Decimal("NaN")
    if isinstance(value, bool) or not found.is_finite():
        raise ValueError(f"score：{key} 要填数字：{value!r}")
    return found


def wrong_keys(unknown: Sequence[str], lacking: Sequence[str]) -> str:
    """Which keys nobody knows, and which are left out."""
    told = (("没有这些项目", unknown), ("缺这些项目", lacking))
    return "；".join(f"{words}：{'、'.join(keys)}" for words, keys in told if keys)


@cache
def _kinds() -> dict[str, Any]:
    return get_type_hints(Row)


def _wrong_words(made: Row) -> list[str]:
    strange = [
        f"{key} 只能是 {'、'.join(known)}"
        for key, known in _CHOICES.items()
        if getattr(made, key) not in known
    ]
    lacking = [key for key in _NEEDED.get(made.method, ()) if getattr(made, key) in (None, "", ())]
    return [*strange, f"{made.method} 还要写 {'、'.join(lacking)}" if lacking else ""]


def _wrong_numbers(made: Row) -> list[str]:
    steered = made.method in ("threshold_linear", "yoy_linear", "relative_mean")
    weightless = made.indicative or made.method == "veto"
    return [
        "满分（weight）要大于 0" if made.weight <= 0 and not weightless else "",
        "只作参考的项目（indicative）不能有满分（weight）"
        if made.weight and made.indicative
        else "",
        "这种方法要写方向（direction）：down 或 up" if steered and made.direction == "none" else "",
        "最少得分（floor）要在 0 和满分之间" if not 0 <= made.floor <= made.weight else "",
        "上限倍数（cap）要在 1 和 2 之间" if not ONE <= made.cap <= 2 * ONE else "",
        "step 和 slope 不能小于 0" if min(made.step or ZERO, made.slope or ZERO) < 0 else "",
        "noise 只用于按自身基线的分段（of = baseline）"
        if made.noise and made.of != "baseline"
        else "",
        "cut 要在 0 和 100 之间" if not ZERO <= made.cut <= HUNDRED else "",
        "least 不能小于 0" if made.least < 0 else "",
        *_wrong_bands(made),
    ]


def _wrong_bands(made: Row) -> list[str]:
    if not made.bands:
        return []
    bounds = [band.to for band in made.bands[:-1]]
    scores = [band.score for band in made.bands]
    known = [bound for bound in bounds if bound is not None]
    rising = all(a < b for a, b in pairwise(known)) and len(known) == len(bounds)
    down = all(a >= b for a, b in pairwise(scores))
    up = all(a <= b for a, b in pairwise(scores))
    fits = {"down": down, "up": up}.get(made.direction, True)
    inside = all(made.floor <= score <= made.most for score in scores)
    return [
        ""
        if rising and made.bands[-1].to is None
        else "分段（bands）的上限要由小到大，最后一段不写上限",
        "" if fits else "分段（bands）的得分与方向相反",
        "" if inside or made.indicative else "分段（bands）的得分要在最少得分和满分之间",
    ]
