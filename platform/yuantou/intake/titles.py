"""The title of a dispute, made from its type and the first words of what happened."""

import re

LONGEST = 22
_PAUSE = re.compile("[,\uff0c\u3002;\uff1b!\uff01?\uff1f\n]")


def title_of(type_name: str, summary: str) -> str:
    """Like “邻里：东邻翻建院墙”； long first clauses are cut."""
    first = next((part.strip() for part in _PAUSE.split(summary) if part.strip()), "")
    words = first if len(first) <= LONGEST else first[: LONGEST - 1] + "…"
    return f"{type_name}：{words}" if words else type_name
