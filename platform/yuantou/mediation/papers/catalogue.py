"""The forms of a mediation file as config/papers/forms.toml lays them out."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

SHIPPED = Path(__file__).resolve().parents[4] / "config" / "papers" / "forms.toml"

Labelled = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a form: one of its members is filled, the others are empty."""

    rows: tuple[tuple[Labelled, ...], ...] = ()
    parties: tuple[Labelled, ...] = ()
    words: Labelled | None = None
    items: Labelled | None = None
    text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One paper: what it is called, which row it tells of, who signs it, what stands on it."""

    code: str
    name_zh: str
    short_zh: str
    source: str
    signers: tuple[str, ...]
    blocks: tuple[Block, ...]

    def fields(self) -> Iterator[str]:
        """The fields of the matter that the form asks for."""
        for block in self.blocks:
            yield from (field for row in block.rows for _label, field in row)
            if block.words:
                yield block.words[1]

    def lists(self) -> Iterator[str]:
        """The lists that the form asks for."""
        yield from (block.items[1] for block in self.blocks if block.items)


@dataclass(frozen=True, slots=True)
class File:
    """What the file of a matter with one outcome must hold before it is closed: papers of this
    house, those of them that need a signature, and what comes from outside."""

    papers: frozenset[str] = frozenset()
    signed: frozenset[str] = frozenset()
    enclosures: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All forms and sides, each by code in the order of the file; files by outcome."""

    forms: Mapping[str, Form]
    sides: Mapping[str, str]
    files: Mapping[str, File]


@cache
def read(path: Path = SHIPPED) -> Catalogue:
    """The forms of a file, read once."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    forms = {form["code"]: _form(form) for form in document["paper"]}
    sides = {side["code"]: str(side["name_zh"]) for side in document["side"]}
    files = {file["outcome"]: _file(file, forms) for file in document.get("file", ())}
    return Catalogue(MappingProxyType(forms), MappingProxyType(sides), MappingProxyType(files))


def _file(told: dict[str, Any], forms: Mapping[str, Form]) -> File:
    """Raises ValueError where the file asks for a paper that is none."""
    papers, signed = frozenset(told.get("papers", ())), frozenset(told.get("signed", ()))
    unknown = (papers | signed) - forms.keys()
    if unknown or signed - papers:
        raise ValueError(
            f"forms.toml: file {told['outcome']}: {sorted(unknown or signed - papers)}"
        )
    return File(papers, signed, frozenset(told.get("enclosures", ())))


def _form(told: dict[str, Any]) -> Form:
    return Form(
        told["code"],
        told["name_zh"],
        told["short_zh"],
        told["source"],
        tuple(told["signers"]),
        tuple(_block(block) for block in told["block"]),
    )


def _block(told: dict[str, Any]) -> Block:
    return Block(
        rows=tuple(_pairs(row) for row in told.get("rows", ())),
        parties=tuple(_pair(column) for column in told.get("parties", ())),
        words=_pair(told["words"]) if "words" in told else None,
        items=_pair(told["items"]) if "items" in told else None,
        text=tuple(told.get("text", ())),
    )


def _pairs(row: list[str]) -> tuple[Labelled, ...]:
    return tuple(zip(row[::2], row[1::2], strict=True))


def _pair(told: list[str]) -> Labelled:
    label, field = told
    return label, field
