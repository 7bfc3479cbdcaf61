"""Rows of parties, sealed under each dispute's own key just as the service seals them."""

from functools import cache
from typing import Any

import numpy as np

from yuantou.crypto.fields import (
    INDEX_VERSION,
    FieldCipher,
    blind_index,
    mask_name,
    mask_number,
    new_data_key,
)
from yuantou.synth import words
from yuantou.synth.copying import NULL, Columns, raw
from yuantou.synth.days import Ints
from yuantou.synth.part import Part
from yuantou.synth.people import (
    FIRMS_OF_COUNTY,
    OFTEN_FIRM,
    REPEATERS,
    firm_name,
    id_numbers,
    names,
    phones,
)
from yuantou.synth.plan import flag_codes, type_codes

OFTEN_REPEATED = 0.06
WITH_NUMBER, WITH_PHONE, WITH_ADDRESS = 0.35, 0.8, 0.3
FIRM_PERSONS = 1 << 40  # numbers of firms, whose telephones are drawn like those of persons
PERSONS_OF_COUNTY = 1 << 24
COLUMNS = (
    "dispute_id", "position", "side", "kind", "name_enc", "name_mask", "id_type", "id_enc",
    "id_mask", "phone_enc", "phone_mask", "address_enc", "id_index", "contact_index", "phone_index",
    "index_version", "consent", "minor",
)  # fmt: skip


def party_rows(part: Part) -> tuple[Columns, Columns]:
    """Parties and the wrapped keys that they are sealed under."""
    row, side, firm, person, shown = _cast(part)
    every, ring = names(person), part.province.keyring
    phone = phones(person)
    counties = [part.counties[k].code for k in row.tolist()]
    numbers = id_numbers(person, counties)
    ciphers, keys = _keys(part)
    minor = part.flags & (1 << flag_codes().index("minor")) > 0
    refused = part.done(("note_refusal",)) >= 0
    lines: list[tuple[str, ...]] = []
    position, before = 0, -1
    for place, k in enumerate(row.tolist()):
        position = position + 1 if k == before else 1
        before = k
        name = every[place]
        kind = "person"
        if firm[place] >= 0:
            kind = "organisation"
            name = firm_name(part.counties[k].short_name, part.types[k], int(firm[place]))
        number = numbers[place] if kind == "person" and shown[0][place] else None
        telephone = phone[place] if shown[1][place] else None
        address = None
        if shown[2][place]:
            village = words.VILLAGES[int(person[place]) % len(words.VILLAGES)]
            address = f"{part.townships[k].name}{village}"
        cipher: FieldCipher = ciphers[k]
        lines.append((
            str(part.ids[k]), str(position), side[place], kind,
            raw(cipher.seal(name, "name")), mask_name(name, kind),
            "id_card" if number else NULL,
            raw(cipher.seal(number, "id") if number else None),
            mask_number(number) if number else NULL,
            raw(cipher.seal(telephone, "phone") if telephone else None),
            mask_number(telephone) if telephone else NULL,
            raw(cipher.seal(address, "address") if address else None),
            raw(_index(ring.index_key, number) if number else None),
            raw(_index(ring.index_key, name, telephone) if telephone else None),
            raw(_index(ring.index_key, "phone", telephone) if telephone else None),
            str(INDEX_VERSION),
            "refused" if refused[k] and side[place] == "respondent" else "agreed",
            "t" if minor[k] and position == 2 and kind == "person" else "f",
        ))  # fmt: skip
    return {name: [line[k] for line in lines] for k, name in enumerate(COLUMNS)}, keys


@cache
def _index(key: bytes, *parts: str) -> bytes:
    return blind_index(key, *parts)


def _keys(part: Part) -> tuple[list[FieldCipher], Columns]:
    ring = part.province.keyring
    fresh = [new_data_key() for _ in range(part.count)]
    wrapped = [ring.wrap(key) for key in fresh]
    return [FieldCipher(key) for key in fresh], {
        "dispute_id": [str(number) for number in part.ids.tolist()],
        "wrapped": [raw(key) for key, _ in wrapped],
        "master_version": [str(version) for _, version in wrapped],
    }


def _cast(part: Part) -> tuple[Ints, list[str], Ints, Ints, list[list[bool]]]:
    """Row, side, firm (-1: a person), person number and which fields are known, by party."""
    rng, count = part.rng, part.count
    extra = (part.involved > 2) & (rng.random(count) < 0.35)
    sizes = 2 + extra.astype(np.int64)
    row = np.repeat(np.arange(count), sizes)
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    place = np.arange(len(row)) - starts[row]
    again = rng.random(len(row)) < OFTEN_REPEATED
    pool = np.maximum(60, 3 * part.plan.count // max(1, len(part.province.land.counties)))
    known = np.where(
        again, rng.integers(0, REPEATERS, len(row)),
        REPEATERS + rng.integers(0, pool, len(row)),
    )  # fmt: skip
    person = part.county[row] * PERSONS_OF_COUNTY + known + part.plan.seed * (1 << 44)
    often = np.array([OFTEN_FIRM.get(code, 0.0) for code in type_codes()])[part.type[row]]
    is_firm = (place == 1) & (rng.random(len(row)) < often)
    drawn = np.minimum(rng.geometric(0.3, len(row)) - 1, FIRMS_OF_COUNTY - 1)
    shared = [event.shared for event in part.plan.events]
    planted = part.plan.planted[part.rows][row]
    same = np.isin(planted, np.flatnonzero(shared)) if any(shared) else np.zeros(len(row), bool)
    is_firm |= same & (place == 1)
    firm = np.where(is_firm, np.where(same, FIRMS_OF_COUNTY - 1, drawn), -1)
    person = np.where(is_firm, FIRM_PERSONS + part.county[row] * 100 + firm, person)
    sides = np.array(["applicant", "respondent", "applicant"], dtype=object)[place]
    shown: list[Any] = [
        (rng.random(len(row)) < often).tolist() for often in (WITH_NUMBER, WITH_PHONE, WITH_ADDRESS)
    ]
    return row, list(sides), firm, person, shown
