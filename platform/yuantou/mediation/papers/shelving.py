"""Which papers a matter's file needs, which were made, and who signed them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from yuantou.disputes.models import Dispute
from yuantou.disputes.workflow import DisputeState
from yuantou.mediation.attachments.purposes import PURPOSES
from yuantou.mediation.papers.catalogue import Catalogue, Form, read
from yuantou.mediation.papers.queries import Entry

FAILED = (DisputeState.FAILED, DisputeState.TERMINATED, DisputeState.PATH_ADVISED)


@dataclass(frozen=True)
class Line:
    """One paper of the file: `must` the law's form of a file, `row` what it tells of."""

    form: Form
    source_id: int
    must: bool
    row: Entry | None = None
    made: Entry | None = None
    signed: tuple[str, ...] = ()
    scanned: bool = False


@dataclass(frozen=True)
class Enclosure:
    """A part of the file that comes from outside and must be there."""

    name_zh: str
    held: int


@dataclass
class Shelf:
    """Entries by what they are."""

    entries: Sequence[Entry]
    catalogue: Catalogue = field(default_factory=read)

    def rows(self, source: str) -> list[Entry]:
        """The records, agreements, notices or call-backs, oldest first."""
        return [one for one in self.entries if one.what == source]

    def line(self, form: Form, must: bool, row: Entry | None = None) -> Line:
        """What is known of one paper."""
        source_id = row.source if row else 0
        own = [one for one in self.entries if (one.word, one.source) == (form.code, source_id)]
        made = [one for one in own if one.what == "paper" and one.copies]
        signed = [one for one in own if one.what == "signed"]
        sides = {self.catalogue.sides[one.who] for one in signed if one.who in self.catalogue.sides}
        return Line(
            form,
            source_id,
            must,
            row,
            made[-1] if made else None,
            tuple(name for name in self.catalogue.sides.values() if name in sides),
            any(one.copies for one in signed),
        )


def lines(dispute: Dispute, entries: Sequence[Entry]) -> list[Line]:
    """The papers in the order of the file, those that cannot be wanted left out."""
    shelf = Shelf(entries)
    found: list[Line] = []
    for form in shelf.catalogue.forms.values():
        must = _must(form.code, dispute, shelf)
        if must is None:
            continue
        rows = shelf.rows(form.source) if form.source else []
        found += [shelf.line(form, must, row) for row in rows] or [shelf.line(form, must)]
    return found


def enclosures(dispute: Dispute, entries: Sequence[Entry]) -> list[Enclosure]:
    """What must be enclosed in the file of a mediated matter."""
    if not _mediated(dispute) or _agreed(Shelf(entries)) == "oral":
        return []
    held = {one.word: one.copies for one in entries if one.what == "held"}
    return [Enclosure(one.name_zh, held.get(one.code, 0)) for one in PURPOSES.values() if one.must]


def _must(code: str, dispute: Dispute, shelf: Shelf) -> bool | None:
    """Whether a paper must be there; None where it has no place. An oral agreement does with the
    short set: acceptance and its own register (示例)."""
    mediated, agreed = _mediated(dispute), _agreed(shelf)
    if code == "acceptance":
        return dispute.accepted_at is not None
    if code in ("rights", "record"):
        return mediated and agreed != "oral"
    if code == "agreement":
        return None if agreed == "oral" or not mediated else agreed == "written"
    if code == "oral":
        return None if agreed == "written" or not mediated else agreed == "oral"
    if code == "path_notice":
        return bool(shelf.rows("notice")) or dispute.state in FAILED
    return False


def _mediated(dispute: Dispute) -> bool:
    return dispute.mediation_at is not None


def _agreed(shelf: Shelf) -> str:
    rows = shelf.rows("agreement")
    return rows[-1].word if rows else ""
