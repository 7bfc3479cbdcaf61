"""Sealing: one spelling of a document, its hash, and what a later look at it says.

Numbers are rounded half up, once, as the last step, to the places that the scheme gives, and
stored as text; a binary float in a document is refused, so two machines write the same bytes.
"""

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from itertools import chain
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256, SM3, Hash, HashAlgorithm

from yuantou.calendar.clock import local

Again = Callable[[Mapping[str, Any]], bytes]
_PLACE = f"shared part {secrets.token_hex(16)}"  # of this process: no document can hold it
ROUNDING_RULE = "四舍五入，只在最后一步取整；位数见方案；以文字保存"
_ALGORITHMS: Mapping[str, type[HashAlgorithm]] = {"sm3": SM3, "sha256": SHA256}


class Comparison(StrEnum):
    """What verifying a sealed report found."""

    SAME = "same"
    CODE_DIFFERS = "code_differs"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class Seal:
    """Everything the hash covers. `inputs` and `content` are canonical JSON."""

    run_id: int
    area_code: str
    period_end: str
    inputs: bytes
    content: bytes
    code_version: str
    audit_head: str
    sealed_at: str
    algorithm: str

    def value(self) -> str:
        """The hash, in hex."""
        return digest(canonical(self._document()), self.algorithm)

    def _document(self) -> dict[str, Any]:
        return {
            "run": self.run_id,
            "area": self.area_code,
            "period_end": self.period_end,
            "inputs": digest(self.inputs, self.algorithm),
            "content": digest(self.content, self.algorithm),
            "code_version": self.code_version,
            "audit_head": self.audit_head,
            "sealed_at": self.sealed_at,
            "rounding": ROUNDING_RULE,
        }


class Shared(Mapping[str, Any]):
    """A part that many documents have in common: spelled once, and set into each of them."""

    __slots__ = ("_found", "_spelled")

    def __init__(self, found: Mapping[str, Any]) -> None:
        self._found = dict(found)
        self._spelled: str | None = None

    def __getitem__(self, key: str) -> Any:
        return self._found[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    @property
    def spelled(self) -> str:
        """Its one spelling."""
        if self._spelled is None:
            self._spelled = _spell(self._found)
        return self._spelled


def canonical(document: Mapping[str, Any]) -> bytes:
    """The one spelling of `document`: sorted keys, no blanks, UTF-8; floats raise TypeError."""
    return _spell(document).encode()


def _spell(document: Mapping[str, Any]) -> str:
    _refuse_floats(document)
    parts: list[Shared] = []

    def place(part: object) -> str:
        if not isinstance(part, Shared):
            raise TypeError(f"a {type(part).__name__} in a sealed document: {part!r}")
        parts.append(part)
        return _PLACE

    text = json.dumps(
        document,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
        default=place,
    )
    if not parts:
        return text
    between = text.split(f'"{_PLACE}"')
    if len(between) != len(parts) + 1:
        raise ValueError("a sealed document holds the word that marks a shared part")
    return "".join(
        chain.from_iterable(zip(between, [*(p.spelled for p in parts), ""], strict=True))
    )


def written(moment: datetime) -> str:
    """A moment as it goes into a seal."""
    return local(moment).isoformat(timespec="microseconds")


def digest(content: bytes, algorithm: str = "sm3") -> str:
    """Hash of `content` in hex; an unknown algorithm raises ValueError."""
    if algorithm not in _ALGORITHMS:
        raise ValueError(f"unknown algorithm {algorithm!r}; one of {', '.join(_ALGORITHMS)}")
    running = Hash(_ALGORITHMS[algorithm]())
    running.update(content)
    return running.finalize().hex()


def rounded(value: float | Decimal | None, places: int) -> str | None:
    """`value` as text with `places` decimals, half up; None stays None."""
    if value is None:
        return None
    found = Decimal(str(value)).quantize(_step(places), ROUND_HALF_UP)
    return str(found if found else abs(found))


@cache
def _step(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def compare(
    *, sealed: Seal, kept: str, chained: str | None, again: Again, code_version: str
) -> Comparison:
    """Judge a kept report.

    `kept` is the hash in its row, `chained` the one that the audit chain recorded (None: none
    found), `again` makes the content from the sealed inputs with the code of today.
    """
    if sealed.algorithm not in _ALGORITHMS or sealed.value() != kept or chained != kept:
        return Comparison.ALTERED
    other_code = code_version != sealed.code_version
    try:
        same = again(json.loads(sealed.inputs)) == sealed.content
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        same = False
    if same:
        return Comparison.SAME
    return Comparison.CODE_DIFFERS if other_code else Comparison.ALTERED


def _refuse_floats(node: Any) -> None:
    kind = type(node)
    if kind is float:
        raise TypeError(f"a float in a sealed document: {node!r}")
    if kind is dict:
        node = node.values()
    elif kind is not list and kind is not tuple:
        return
    for value in node:
        if type(value) is not str:
            _refuse_floats(value)
