"""Two definitions side by side over the counties of an area: who changes, and within noise or not.

Pure but for the words. The two are compared county by county as if they stood on different cases;
where they share cases the true noise is smaller, so a difference is claimed too rarely, not too
often.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from yuantou.indicators.catalogue import Definition
from yuantou.indicators.pages import Shown
from yuantou.indicators.standing.comparing import HIGHER, LOWER, UNKNOWN, Finding, compare
from yuantou.indicators.standing.drawing import Plot, pair_plot
from yuantou.indicators.standing.placing import ABOVE, BELOW, Minimums, Place, stand
from yuantou.indicators.standing.showing import verdict_words


@dataclass(frozen=True, slots=True)
class Pairing:
    """One county by both. `moved`: its place among the others is judged differently."""

    name: str
    left: str | None
    right: str | None
    gap: str | None
    finding: Finding
    judged: tuple[str, str] | None
    moved: bool

    @property
    def sign(self) -> str:
        """The look of its row."""
        return "above" if self.finding.code in (HIGHER, LOWER) else "within"

    @property
    def said(self) -> str:
        """What the test says of the difference."""
        if self.finding.code == UNKNOWN:
            return _("不能比")
        low, high = self.finding.low or 0.0, self.finding.high or 0.0
        words = _("超出偶然") if self.sign == "above" else _("偶然之内")
        return f"{words}（{low:.2f}—{high:.2f}）"


@dataclass(frozen=True, slots=True)
class Duel:
    """All counties by both, and the chart."""

    pairs: list[Pairing]
    plot: Plot | None
    said: list[str]


def rivals(held: Sequence[Definition], one: Definition) -> list[Definition]:
    """Definitions that say the same kind of thing on the same scale."""
    return [
        each
        for each in held
        if each.kind == one.kind
        and each.screen == one.screen
        and (each.code, each.version) != (one.code, one.version)
    ]


def duel(left: Sequence[Shown], right: Sequence[Shown], least: Minimums) -> Duel:
    """The same counties by two definitions, in the same order."""
    stands = [stand([each.told for each in side], least) for side in (left, right)]
    places = [one.places if one else () for one in stands]
    pairs = [
        _pair(a, b, (places[0][at], places[1][at]) if all(stands) else None)
        for at, (a, b) in enumerate(zip(left, right, strict=True))
    ]
    drawn = [
        (at, a.figure.on_screen(a.figure.value) or 0.0, b.figure.on_screen(b.figure.value) or 0.0)
        for at, (a, b) in enumerate(zip(left, right, strict=True))
        if a.value is not None and b.value is not None
    ]
    return Duel(pairs, pair_plot(drawn), list(_said(pairs)))


def _pair(a: Shown, b: Shown, judged: tuple[Place, Place] | None) -> Pairing:
    known = a.value is not None and b.value is not None
    kind = a.figure.definition.kind
    finding = compare(kind, _count(b), _count(a)) if known else Finding(UNKNOWN)
    gap = None
    if known:
        one, other = (each.figure.on_screen(each.figure.value) or 0.0 for each in (a, b))
        gap = f"{other - one:+,.{a.figure.definition.places}f}"
    words = (verdict_words(judged[0]), verdict_words(judged[1])) if known and judged else None
    return Pairing(
        a.figure.area_name,
        a.value,
        b.value,
        gap,
        finding,
        words,
        bool(words and judged and _outside(judged[0]) != _outside(judged[1])),
    )


def _count(one: Shown) -> tuple[int, int] | None:
    figure = one.figure
    if figure.numerator is None or not figure.denominator:
        return None
    return figure.numerator, figure.denominator


def _outside(place: Place) -> str:
    return place.verdict if place.verdict in (ABOVE, BELOW) else ""


def _said(pairs: Sequence[Pairing]) -> Sequence[str]:
    known = [one for one in pairs if one.finding.code != UNKNOWN]
    if not known:
        return [_("没有一个县区两个口径都有数，不能比。")]
    n = sum(one.sign == "above" for one in known)
    found = [
        _(
            "%(all)s 个县区两个口径都有数，其中 %(n)s 个的差别超出偶然。",
            all=len(known),
            n=n,
        )
    ]
    moved = [one.name for one in pairs if one.moved]
    if moved:
        found.append(_("换口径后判断变了的：%(names)s。", names="、".join(moved)))
    elif any(one.judged for one in pairs):
        found.append(_("换口径后，没有县区从界内变到界外，也没有从界外变到界内。"))
    return found
