"""A plate as PDF: vectors, an embedded Chinese font, one sheet a map."""

from collections.abc import Iterable, Sequence

from yuantou.maps.lettering import font_for
from yuantou.maps.plate import HIGH, Dot, Patch, Plate, Stroke, Words
from yuantou.mediation.papers.printing import FONT, LACKING, Sheet

POINT = 0.3528  # millimetres
HALO = 1.0


class _Leaf(Sheet):
    """A sheet without the marks of a paper."""

    def header(self) -> None:
        """Nothing: a plate has its own title."""

    def footer(self) -> None:
        """Nothing: the notes stand under the map."""


def as_pdf(plates: Sequence[Plate], *, made: str, known: Iterable[str] = ()) -> bytes:
    """The plates as one document; `made` says in its properties who made it.

    `known` is what other maps will say: the font is cut for that too, once for all of them.
    """
    said = [mark.text for each in plates for mark in each.marks if isinstance(mark, Words)]
    with _Leaf("", made, font_for([*said, LACKING, " ", *known])) as leaf:
        leaf.set_auto_page_break(False)
        leaf.set_title(plates[0].title)
        leaf.set_author(made)
        leaf.set_lang("zh-CN")
        for each in plates:
            leaf.add_page(orientation="landscape")
            for mark in each.marks:
                _put(leaf, mark)
        return bytes(leaf.output())


def _put(leaf: _Leaf, mark: object) -> None:
    if isinstance(mark, Patch):
        leaf.set_fill_color(mark.fill)
        leaf.set_draw_color(mark.edge)
        leaf.set_line_width(mark.width)
        leaf.polygon(list(mark.ring), style="DF")
    elif isinstance(mark, Stroke):
        leaf.set_draw_color(mark.colour)
        leaf.set_line_width(mark.width)
        leaf.line(*mark.start, *mark.end)
    elif isinstance(mark, Dot):
        leaf.set_fill_color(mark.colour)
        side = 1.8 * mark.radius  # as a square: a circle is four curves, and there are thousands
        leaf.rect(mark.at[0] - side / 2, mark.at[1] - side / 2, side, side, style="F")
    elif isinstance(mark, Words):
        _write(leaf, mark)


def _write(leaf: _Leaf, mark: Words) -> None:
    leaf.set_font(FONT, size=mark.size / POINT)
    leaf.set_text_color(mark.colour)
    text = leaf.known(mark.text)
    wide = leaf.get_string_width(text)
    back = {"start": 0.0, "middle": wide / 2, "end": wide}[mark.anchor]
    at = mark.at[0] - back, min(mark.at[1], HIGH - 2)
    if mark.halo:
        with leaf.local_context(
            text_mode="STROKE", draw_color="#FFFFFF", line_width=HALO, stroke_join_style="round"
        ):
            leaf.text(*at, text)
    leaf.text(*at, text)
