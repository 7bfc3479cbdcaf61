"""The indicators as they ship: read from TOML with errors that name file, entry and key."""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from yuantou.indicators.rates import COMPONENTS, REGIMES
from yuantou.indicators.vocabulary import SUBJECTS

KINDS = ("rate", "share", "ratio", "count")
MEASURES = ("courts", "disputes", "supplied")
DIRECTIONS = ("down", "up", "none")
LEVELS = ("township", "department", "county", "city", "province")
POPULATION = "population"
NOTHING = "nothing"
CASE_FEED = "casefeed"
NEEDS = (CASE_FEED,)
CRITERIA = ("no_suits", "no_crimes", "no_petitions_above", "screened")
_LISTS = (
    "numerator",
    "denominator",
    "subtract",
    "exclusions",
    "levels",
    "regimes",
    "rules",
    "criteria",
)


class CatalogueFault(ValueError):
    """An entry of the catalogue that cannot be used; the message says where and what."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator in one version: what is counted, over what, where, and in which words."""

    code: str
    version: int
    valid_from: date
    kind: str
    measure: str
    name_zh: str
    name_en: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    numerator_zh: str
    denominator_zh: str
    factor: int
    unit_zh: str
    places: int
    direction: str
    levels: tuple[str, ...]
    regimes: tuple[str, ...]
    source: str
    example: bool
    exclusions_zh: str
    plain_zh: str
    screen_factor: int = 0
    screen_unit_zh: str = ""
    bridge: str = ""
    subject: str = ""
    day: str = ""
    leaves: str = ""
    subtract: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    owner: str = ""
    beside: str = ""
    needs: str = ""
    context: bool = False

    @property
    def of_courts(self) -> bool:
        """Whether it is made of the courts' counts."""
        return self.measure == "courts"

    @property
    def of_matters(self) -> bool:
        """Whether it is counted from what the platform itself holds."""
        return self.measure == "disputes"

    @property
    def of_stock(self) -> bool:
        """Whether the denominator begins with what was open: entries come by `day`, go by
        `leaves`."""
        return bool(self.leaves)

    @property
    def screen(self) -> tuple[int, str]:
        """Factor and unit that screens use."""
        return self.screen_factor or self.factor, self.screen_unit_zh or self.unit_zh


def read(path: Path) -> tuple[Definition, ...]:
    """All indicators of the file; a faulty file raises CatalogueFault."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("indicator", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise CatalogueFault(f"{path}: {fault}") from fault
    made: dict[str, Definition] = {}
    for number, row in enumerate(rows, start=1):
        try:
            entry = definition(row)
        except ValueError as fault:
            raise CatalogueFault(f"{path}: [[indicator]] {number}: {fault}") from fault
        if entry.code in made:
            raise CatalogueFault(f"{path}: code used twice: {entry.code}")
        made[entry.code] = entry
    _refuse_loose_bridges(path, made)
    return tuple(made.values())


def definition(row: Mapping[str, Any]) -> Definition:
    """A definition from an entry of the file or from the stored body of its version."""
    _refuse_wrong_keys(row)
    values = {**row, **{key: tuple(row.get(key, ())) for key in _LISTS}}
    if isinstance(values["valid_from"], str):
        values["valid_from"] = date.fromisoformat(values["valid_from"])
    made = Definition(**values)
    faults = [fault for fault in _faults(made) if fault]
    if faults:
        raise ValueError(f"{made.code}: {'; '.join(faults)}")
    return made


def body(made: Definition) -> dict[str, Any]:
    """The definition as it is stored; `definition` reads it back."""
    lists = {key: list(getattr(made, key)) for key in _LISTS}
    return {**asdict(made), **lists, "valid_from": made.valid_from.isoformat()}


def components_of(made: Definition) -> tuple[str, ...]:
    """The counts that a figure of counts is made of, each once."""
    names = (*made.numerator, *made.subtract, *made.denominator)
    return tuple(name for name in dict.fromkeys(names) if name not in (POPULATION, NOTHING))


def _refuse_wrong_keys(row: Mapping[str, Any]) -> None:
    known = {each.name: each for each in fields(Definition)}
    faults = [f"没有 {key} 这一项" for key in row.keys() - known.keys()]
    faults += [
        f"缺 {key}" for key, each in known.items() if each.default is MISSING and key not in row
    ]
    faults += [f"{key} 的写法不对" for key in row.keys() & known.keys() if _odd(key, row)]
    if faults:
        raise ValueError(f"{row.get('code', '没有代码的一条')}：{'；'.join(sorted(faults))}")


def _odd(key: str, row: Mapping[str, Any]) -> bool:
    value = row[key]
    if key in _LISTS:
        return not (isinstance(value, list) and all(isinstance(each, str) for each in value))
    if key == "valid_from":
        return not isinstance(value, date | str)
    whole = key in ("version", "factor", "places", "screen_factor")
    return type(value) is not (bool if key in ("example", "context") else int if whole else str)


def _faults(made: Definition) -> list[str]:
    over_persons = made.denominator == (POPULATION,)
    return [
        _among("kind", (made.kind,), KINDS),
        _among("measure", (made.measure,), MEASURES),
        _among("direction", (made.direction,), DIRECTIONS),
        _among("levels", made.levels, LEVELS),
        _among("regimes", made.regimes, REGIMES),
        _among("needs", (made.needs,) if made.needs else (), NEEDS),
        *(_faults_of_matters(made) if made.of_matters else _faults_of_counts(made)),
        "" if made.factor > 0 and made.version > 0 else "factor 和 version 要大于 0",
        "" if made.valid_from.day == 1 else "valid_from 要是一个月的第一天",
        "" if made.numerator and made.denominator and made.levels else "分子、分母、级别不能是空的",
        ""
        if (made.kind == "rate") == over_persons
        else "率（rate）的分母是人口（population），别的都不是",
        ""
        if (made.kind == "count") == (made.denominator == (NOTHING,))
        else "件数（count）没有分母（nothing），别的都有",
    ]


def _faults_of_matters(made: Definition) -> list[str]:
    subject = SUBJECTS.get(made.subject)
    if subject is None:
        return [_among("subject", (made.subject,), tuple(SUBJECTS))]
    known, days = tuple(subject.conditions), tuple(subject.days)
    over = tuple(name for name in made.denominator if name not in (POPULATION, NOTHING))
    return [
        _among("day", (made.day,), days),
        _among("leaves", (made.leaves,) if made.leaves else (), days),
        _among("numerator", made.numerator, known),
        _among("denominator", over, known),
        _among("exclusions", made.exclusions, known),
        "subtract 只用于相加的数" if made.subtract else "",
        "criteria 只用于村（社区）名单" if made.criteria else "",
        "" if bool(made.rules) == ("of_rules" in known) else "rules 只用于时限，时限一定要写",
    ]


def _faults_of_counts(made: Definition) -> list[str]:
    own: dict[str, object] = {
        "subject": made.subject,
        "day": made.day,
        "leaves": made.leaves,
        "rules": made.rules,
    }
    strange = [key for key, value in own.items() if value]
    if made.of_courts:
        parts = [
            _among("numerator", made.numerator, COMPONENTS),
            _among("subtract", made.subtract, COMPONENTS),
            _among("denominator", made.denominator, (POPULATION, NOTHING, *COMPONENTS)),
        ]
    else:
        parts = [
            "" if made.owner else "别的机关报的数要写由谁报（owner）",
            _among("criteria", made.criteria, CRITERIA),
        ]
    return [*parts, f"{'、'.join(strange)} 只用于事项类指标" if strange else ""]


def _among(key: str, found: tuple[str, ...], known: tuple[str, ...]) -> str:
    strange = sorted(set(found) - set(known))
    return f"{key} 里的 {'、'.join(strange)} 不能用，能用的是 {'、'.join(known)}" if strange else ""


def _refuse_loose_bridges(path: Path, made: Mapping[str, Definition]) -> None:
    if not made:
        raise CatalogueFault(f"{path}: no [[indicator]]")
    for each in made.values():
        if each.bridge and each.bridge not in made:
            raise CatalogueFault(f"{path}: {each.code}: bridge names no indicator: {each.bridge!r}")
