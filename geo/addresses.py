"""Which county or township a written address means, or that it cannot be told.

The names come from a gazetteer that the caller hands over: areas with official and
short names, and former names and aliases, as a territory's tables hold them.
An address is read from the left as a chain of areas, each within the one before. Where
a name means several areas and nothing else in the address decides, the answer
is "ambiguous" with the candidates, never a guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Status: TypeAlias = Literal["found", "ambiguous", "unknown"]

_ETHNIC = r"(?:[满回壮苗藏]族|蒙古族|朝鲜族|锡伯族|各族)"
_UPPER = re.compile(rf"(?:{_ETHNIC}*自治[县旗州]|新区|地区|[省市区县旗])$")
_LOWER = re.compile(r"(?:街道|镇|乡)$")
_WHOLE = re.compile(r"(?:[省市区县旗镇乡]|街道|办事处|街道办|自治州|开发区)$")
_ANY_UPPER = re.compile(r"[省市区县旗州盟]")
_NO_AREA = re.compile(
    r"(?:[东南西北中上下前后新老大小一二三四五六七八九十\d]{0,3}"
    r"(?:路|街(?!道)|道|巷|胡同|里|桥|村|屯|线|段)"
    r"|广场|公园|小区|花园|家园|新村|商场|大厦|市场|医院|大学|学院|学校|中学|小学|火车站|站|港|河|湖|山|湾|岛)"
)
_NOISE = re.compile(r"[\s,，。.、;；:：·\-—_/|()（）\[\]【】]+")


@dataclass(frozen=True)
class Located:
    """What an address says.

    ``status`` is "found", "ambiguous" or "unknown" (no area of the gazetteer).
    ``code`` is the smallest area that is certain: with "found" the area meant;
    with "ambiguous" the smallest that holds all ``candidates``, "" where
    there is none. ``rest`` is what follows the names that were read.
    """

    status: Status
    code: str
    candidates: tuple[str, ...]
    rest: str


@dataclass(frozen=True)
class Gazetteer:
    """Areas by the names they go by; ``parents`` leads from a code to the area around it."""

    parents: Mapping[str, str]
    forms: Mapping[str, frozenset[str]]
    longest: int = field(default=0)

    @classmethod
    def of(
        cls, areas: Iterable[Mapping[str, str]], names: Iterable[Mapping[str, str]] = ()
    ) -> Gazetteer:
        """Build from a territory's tables.

        ``areas`` are rows with ``code``, ``name``, ``parent_code`` ("" at the top)
        and, where wanted, ``short_name`` (else it is the name without its last
        word); ``names`` rows with ``code``, ``name``
        and ``kind`` ("short", "former", "alias"). Any names and codes will do.
        Raises ValueError for a code that comes twice, a parent or a named code
        that is missing, or a name that is empty, saying which.
        """
        besides = list(names)
        short = {row["code"]: row["name"] for row in besides if row["kind"] == "short"}
        parents: dict[str, str] = {}
        forms: dict[str, set[str]] = defaultdict(set)
        for row in areas:
            code = row["code"]
            if code in parents:
                raise ValueError(f"area {code} comes twice")
            parents[code] = row.get("parent_code") or ""
            for form in _official(row["name"], row.get("short_name") or short.get(code, "")):
                forms[_plain(form, code)].add(code)
        for code, parent in parents.items():
            if parent and parent not in parents:
                raise ValueError(f"area {code} lies in {parent}, which is missing")
        for row in besides:
            if row["code"] not in parents:
                raise ValueError(f"the name {row['name']} is of {row['code']}, which is missing")
            for form in _other(row["name"], row["kind"]):
                forms[_plain(form, row["code"])].add(row["code"])
        held = {form: frozenset(codes) for form, codes in forms.items()}
        return cls(parents, held, max(map(len, held), default=0))

    def around(self, code: str) -> list[str]:
        """The area itself and those around it, from small to large."""
        chain = []
        while code:
            chain.append(code)
            code = self.parents.get(code, "")
        return chain

    def within(self, code: str, others: Iterable[str]) -> bool:
        """Whether an area is, or lies in, one of others."""
        return not set(others).isdisjoint(self.around(code))

    def names_at(self, text: str, start: int) -> Iterator[tuple[str, frozenset[str]]]:
        """Names that stand at a place of the text, the longest first, with what they mean."""
        for end in range(min(len(text), start + self.longest), start + 1, -1):
            name = text[start:end]
            if name in self.forms and _stands_alone(name, text[end:]):
                yield name, self.forms[name]


def locate(address: str, gazetteer: Gazetteer) -> Located:
    """Read one address.

    Province and city may be missing; short and former names count as names.
    A short name ("喀左", "铁西") is taken for an area only at the start or right
    after another area, and not before a word that makes it a road or a place
    ("和平大街", "中山广场"). What comes before the first area may be no area of
    elsewhere ("吉林省…" is unknown). A township that two counties have, or a
    county that does not lie in the city named before it, is ambiguous.
    """
    text = _NOISE.sub("", unicodedata.normalize("NFKC", address))
    start = _first(text, gazetteer)
    meant: frozenset[str] = frozenset()
    while start is not None and start < len(text):
        step = _next(text, start, meant, gazetteer)
        if step is None:
            break
        name, meant, fits = step
        start += len(name)
        if not fits:
            break
    if start is None or not meant:
        return Located("unknown", "", (), text)
    candidates = tuple(sorted(meant))
    if len(candidates) == 1:
        return Located("found", candidates[0], candidates, text[start:])
    return Located("ambiguous", _common(candidates, gazetteer), candidates, text[start:])


def _first(text: str, gazetteer: Gazetteer) -> int | None:
    """Where the chain of areas begins: at once, or at a whole name after words of no area."""
    for start in range(len(text)):
        if start and _ANY_UPPER.search(text[:start]):
            return None
        for name, _ in gazetteer.names_at(text, start):
            if start == 0 or (_WHOLE.search(name) and _ANY_UPPER.search(name[-1])):
                return start
    return None


def _next(
    text: str, start: int, meant: frozenset[str], gazetteer: Gazetteer
) -> tuple[str, frozenset[str], bool] | None:
    """The next name, what is meant from here on, and whether it fits what was meant before.

    A whole name that fits nowhere makes all ambiguous; a short one is then none.
    """
    against: tuple[str, frozenset[str]] | None = None
    for name, codes in gazetteer.names_at(text, start):
        if not meant:
            return name, codes, True
        fitting = frozenset(code for code in codes if gazetteer.within(code, meant))
        repeated = frozenset(
            one for one in meant if any(gazetteer.within(one, [code]) for code in codes)
        )
        if fitting or repeated:
            return name, fitting or repeated, True
        if against is None and _WHOLE.search(name):
            against = name, codes
    if against is None:
        return None
    return against[0], meant | against[1], False


def _common(codes: Iterable[str], gazetteer: Gazetteer) -> str:
    """The smallest area around all codes, "" without one."""
    chains = [gazetteer.around(code) for code in codes]
    shared = set(chains[0]).intersection(*chains[1:])
    return next((code for code in chains[0] if code in shared), "")


def _stands_alone(name: str, after: str) -> bool:
    """Whether a name is not the beginning of another word."""
    if name.endswith("市") and after.startswith("场"):
        return False
    return bool(_WHOLE.search(name)) or _NO_AREA.match(after) is None


def _plain(form: str, code: str) -> str:
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", form))
    if len(plain) < 2:
        raise ValueError(f"area {code} has a name of less than two characters: {form!r}")
    return plain


def _official(name: str, short: str) -> Iterator[str]:
    """An official name, its short one, and how people write a township."""
    yield name
    if _LOWER.search(name):
        yield from _township(name)
    elif short:
        yield short
    else:
        yield from _stripped(name)


def _township(name: str) -> Iterator[str]:
    if name.endswith("街道"):
        stem = name.removesuffix("街道")
        yield from (f"{name}办事处", f"{name}办", f"{stem}办事处")
    bare = re.sub(rf"{_ETHNIC}+(?=[乡镇]$)", "", name)
    if bare != name and len(bare) > 2:
        yield bare


def _other(name: str, kind: str) -> Iterator[str]:
    """A name besides; a former one or an alias is also used without its last word."""
    yield name
    if kind != "short" and not _LOWER.search(name):
        yield from _stripped(name)


def _stripped(name: str) -> Iterator[str]:
    stem = _UPPER.sub("", name)
    if stem != name and len(stem) > 1:
        yield stem
