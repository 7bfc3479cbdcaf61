"""The small font that maps are printed with: only the signs that maps have said so far.

Reading and cutting the whole Chinese font (31,000 signs) is most of the work of a map on paper.
Maps say the same names and definitions again and again, so a process cuts the font once, and anew
when a sign comes that no map has had yet.
"""

import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import Lock

from fontTools import subset
from pylopdf_fonts_zh_cn import sans_path

PLAIN = frozenset(range(0x20, 0x7F))
_CUTTING = Lock()
_held: dict[str, frozenset[int]] = {}  # path of the font: the signs in it; the newest last


def font_for(texts: Iterable[str]) -> str:
    """Path of a font that has every sign of `texts` that the whole font has."""
    wanted = PLAIN.union(ord(sign) for text in texts for sign in text)
    with _CUTTING:
        for path, signs in reversed(_held.items()):
            if wanted <= signs:
                return path
        signs = wanted.union(*_held.values())
        path = str(_room() / f"{len(_held)}.otf")
        _cut(signs, path)
        _held[path] = signs
        return path


@cache
def _room() -> Path:
    """A folder of the process, which goes with it."""
    folder = tempfile.TemporaryDirectory(prefix="yuantou-font-")
    _kept.append(folder)
    return Path(folder.name)


_kept: list[tempfile.TemporaryDirectory[str]] = []


def _cut(signs: frozenset[int], path: str) -> None:
    options = subset.Options()
    options.layout_features = []
    options.desubroutinize = True
    with subset.load_font(str(sans_path()), options) as font:
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=signs)
        cutter.subset(font)
        subset.save_font(font, path, options)
