"""What a file lacks before it may be closed, per outcome as config/papers/forms.toml has it."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from yuantou.disputes.models import Dispute
from yuantou.mediation.papers.queries import shelf
from yuantou.mediation.papers.shelving import Line, lacking, lacking_enclosures


@dataclass(frozen=True)
class Lack:
    """One thing that lacks, and where it is made, signed or brought."""

    name_zh: str
    url: str
    to_sign: bool = False


def missing(session: Session, dispute: Dispute) -> Sequence[str]:
    """The names of what lacks."""
    entries = shelf(session, dispute.id)
    papers = [line.form.short_zh for line in lacking(dispute, entries)]
    return [*papers, *(one.name_zh for one in lacking_enclosures(dispute, entries))]


def lacks_of(session: Session, dispute: Dispute) -> list[Lack]:
    """The same with the way to each."""
    entries = shelf(session, dispute.id)
    upload = url_for("attachments.new", dispute_id=dispute.id)
    papers = [_lack(dispute, line) for line in lacking(dispute, entries)]
    return [
        *papers,
        *(Lack(one.name_zh, upload) for one in lacking_enclosures(dispute, entries)),
    ]


def _lack(dispute: Dispute, line: Line) -> Lack:
    to_sign = line.to_sign and line.made is not None
    endpoint = "papers.ask_signing" if to_sign else "papers.paper"
    url = url_for(endpoint, dispute_id=dispute.id, kind=line.form.code, source_id=line.source_id)
    return Lack(line.form.short_zh, url, to_sign)
