"""Which papers a matter's file needs, which were made, and who signed them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from yuantou.disputes.models import Dispute
from yuantou.disputes.workflow import DisputeState
from yuantou.mediation.attachments.purposes import PURPOSES
from yuantou.mediation.papers.catalogue import Catalogue, File, Form, read
from yuantou.mediation.papers.queries import Entry

SCANNED = 1  # of a signature: its scan is there; more: it needs none
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
    to_sign: bool = False
    attested: bool = False

    @property
    def there(self) -> bool:
        """Made, or signed; where a signature is needed, signed with its scan or electronically."""
        return self.attested if self.to_sign else self.made is not None or bool(self.signed)


@dataclass(frozen=True)
class Enclosure:
    """A part of the file that comes from outside and must be there."""

    name_zh: str
    held: int


@dataclass
class Shelf:
    """Entries by what they are, and what the outcome asks for; None while there is none."""

    entries: Sequence[Entry]
    outcome: str | None = None
    catalogue: Catalogue = field(default_factory=read)

    @property
    def file(self) -> File | None:
        """What the file must hold before it is closed."""
        return self.catalogue.files.get(self.outcome or "")

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
            any(one.copies == SCANNED for one in signed),
            self.file is not None and form.code in self.file.signed,
            any(one.copies for one in signed),
        )


def lines(dispute: Dispute, entries: Sequence[Entry]) -> list[Line]:
    """The papers in the order of the file, those that cannot be wanted left out."""
    shelf = Shelf(entries, dispute.outcome)
    found: list[Line] = []
    for form in shelf.catalogue.forms.values():
        must = _must(form.code, dispute, shelf)
        if must is None:
            continue
        rows = shelf.rows(form.source) if form.source else []
        found += [shelf.line(form, must, row) for row in rows] or [shelf.line(form, must)]
    return found


def lacking(dispute: Dispute, entries: Sequence[Entry]) -> list[Line]:
    """The papers that must be there and are not: of each kind one, the latest."""
    must = [one for one in lines(dispute, entries) if one.must]
    there = {one.form.code for one in must if one.there}
    return list({one.form.code: one for one in must if one.form.code not in there}.values())


def lacking_enclosures(dispute: Dispute, entries: Sequence[Entry]) -> list[Enclosure]:
    """What must come from outside and did not."""
    return [one for one in enclosures(dispute, entries) if not one.held]


def enclosures(dispute: Dispute, entries: Sequence[Entry]) -> list[Enclosure]:
    """What must be enclosed in the file of a mediated matter."""
    shelf = Shelf(entries, dispute.outcome)
    held = {one.word: one.copies for one in entries if one.what == "held"}
    must = [code for code, one in PURPOSES.items() if one.must and _mediated(dispute)]
    if shelf.file is not None:
        must = [code for code in PURPOSES if code in shelf.file.enclosures]
    return [Enclosure(PURPOSES[code].name_zh, held.get(code, 0)) for code in must]


def _must(code: str, dispute: Dispute, shelf: Shelf) -> bool | None:
    """Whether a paper must be there; None where it has no place. With the outcome known the
    configured file says so; until then what the law asks of every mediation."""
    mediated, agreed = _mediated(dispute), _agreed(shelf)
    if code == "agreement" and (agreed == "oral" or not mediated):
        return None
    if code == "oral" and (agreed == "written" or not mediated):
        return None
    if code == "path_notice" and shelf.rows("notice"):
        return True
    if shelf.file is not None:
        return code in shelf.file.papers
    if code == "acceptance":
        return dispute.accepted_at is not None
    if code in ("rights", "record"):
        return mediated
    return code == "path_notice" and dispute.state in FAILED


def _mediated(dispute: Dispute) -> bool:
    return dispute.mediation_at is not None


def _agreed(shelf: Shelf) -> str:
    rows = shelf.rows("agreement")
    return rows[-1].word if rows else ""
