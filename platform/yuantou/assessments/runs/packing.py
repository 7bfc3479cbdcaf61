"""A list of matters in few bytes: which were counted, and which of them hit.

Each entry is twice the matter's id, plus one where it hits; the sorted entries are kept as the
steps between them, packed. An id that is counted twice (two limits of one matter) stands twice.
"""

import struct
import zlib
from collections.abc import Iterable
from itertools import accumulate, pairwise

Entry = tuple[int, bool]


def pack(members: Iterable[Entry]) -> bytes:
    """The entries as bytes; the same entries give the same bytes in whatever order they come."""
    found = sorted(2 * key + hit for key, hit in members)
    steps = [after - before for before, after in pairwise([0, *found])]
    return zlib.compress(struct.pack(f">{len(steps)}Q", *steps), 6)


def unpack(packed: bytes) -> list[Entry]:
    """The entries in the order of their ids; bytes that were not packed here raise ValueError."""
    try:
        plain = zlib.decompress(packed)
        steps = struct.unpack(f">{len(plain) // 8}Q", plain)
    except (zlib.error, struct.error) as fault:
        raise ValueError("not a packed list of members") from fault
    return [(each // 2, bool(each % 2)) for each in accumulate(steps)]
