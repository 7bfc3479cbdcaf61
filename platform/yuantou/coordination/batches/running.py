"""What a batch does with each of its matters, and how a refusal is said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from flask_babel import gettext as _
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from yuantou.access.viewer import Viewer
from yuantou.coordination.batches import queries
from yuantou.coordination.batches.models import Batch
from yuantou.coordination.supervision.steps import begin, urge, urging_refusal
from yuantou.database.text import whole_number
from yuantou.disputes.errors import NotVisibleError, RefusedError
from yuantou.disputes.export import cells
from yuantou.disputes.matter import Ground, Refusal
from yuantou.disputes.models import Dispute
from yuantou.disputes.queries import account_names, rows_by_id
from yuantou.disputes.service import move
from yuantou.disputes.words import refusal_words
from yuantou.disputes.workflow import DisputeState
from yuantou.notices.service import notify

TO_SIGN = "/disputes/?view=open&state=dispatched"


class Item(Protocol):
    """A line of a batch as the step reads it."""

    id: int
    dispute_id: int


@dataclass(frozen=True)
class Result:
    """What became of one matter; `reason` is '' where it was done."""

    item_id: int
    dispute_id: int
    reason: str = ""
    cells: list[object] | None = None


class SpoiltError(Exception):
    """A refusal came after something was written: what was done so far has to be undone."""


class Run:
    """One step of one batch; subclasses say what is done with a matter."""

    def __init__(self, session: Session, by: Viewer, batch: Batch, at: datetime) -> None:
        self.session, self.by, self.batch, self.at = session, by, batch, at
        self.flushes = 0
        event.listen(session, "after_flush", self._count)
        self.prepare(batch.facts)

    def prepare(self, facts: Mapping[str, object]) -> None:
        """Read what all matters share."""

    def __call__(self, items: Sequence[Item]) -> list[Result]:
        """Do a chunk; refusals leave their matters as they were.

        A refusal nearly always comes before anything is written, so one savepoint serves all;
        where it does not, the chunk is done again with a savepoint for each.
        """
        self.read(items)
        try:
            with self.session.begin_nested():
                return [self._one(item) for item in items]
        except SpoiltError:
            return [self._careful(item) for item in items]

    def read(self, items: Sequence[Item]) -> None:
        """What is known of all matters of a chunk by one question."""
        wanted = [item.dispute_id for item in items]
        asked = select(Dispute).where(self.by.scope.visible(Dispute), Dispute.id.in_(wanted))
        self.matters = {row.id: row for row in self.session.scalars(asked)}

    def do(self, dispute: Dispute) -> None:
        """The act on one matter; RefusedError where it may not be."""
        raise NotImplementedError

    def tell(self, number: int) -> None:
        """One notice for all that a step did, not one for each."""

    def close(self) -> None:
        """The step is over."""
        event.remove(self.session, "after_flush", self._count)

    def _one(self, item: Item) -> Result:
        before = self.flushes
        reason = ""
        try:
            if item.dispute_id not in self.matters:
                raise NotVisibleError(item.dispute_id)
            self.do(self.matters[item.dispute_id])
        except RefusedError as refused:
            reason = refusal_words(refused.refusal)
        except NotVisibleError:
            reason = _("已不在您的范围内")
        if reason and self.flushes != before:
            raise SpoiltError
        return Result(item.id, item.dispute_id, reason)

    def _careful(self, item: Item) -> Result:
        if item.dispute_id not in self.matters:
            return Result(item.id, item.dispute_id, _("已不在您的范围内"))
        try:
            with self.session.begin_nested():
                self.do(self.matters[item.dispute_id])
        except RefusedError as refused:
            return Result(item.id, item.dispute_id, refusal_words(refused.refusal))
        return Result(item.id, item.dispute_id)

    def _count(self, _session: object, _context: object) -> None:
        self.flushes += 1


class Dispatching(Run):
    """To one agency with one term."""

    def prepare(self, facts: Mapping[str, object]) -> None:
        """The agency and the term."""
        self.agency = queries.agency(self.session, whole_number(facts["handler_agency_id"]) or 0)
        self.deadline = date.fromisoformat(str(facts["deadline"]))
        self.reason = str(facts.get("reason", ""))

    def do(self, dispute: Dispute) -> None:
        """Sent, unless it is restricted or lies in another county."""
        if self.agency is None:
            raise _refusal(_("承办单位已不在"))
        if dispute.restricted:
            raise _refusal(_("限制知悉的事项，请逐件交办，并指明承办人"))
        if not _same_county(self.agency.area_path, dispute.area_path):
            raise _refusal(_("这个单位不在事项所在的县"))
        facts = {"handler_agency_id": self.agency.id, "deadline": self.deadline}
        move(
            self.session,
            by=self.by,
            dispute_id=dispute.id,
            action="dispatch",
            facts=facts,
            note=self.reason,
            now=self.at,
        )

    def tell(self, number: int) -> None:
        """The agency hears how many wait for its signature."""
        if number and self.agency:
            title = _("批量交办 %(n)s 件，请签收", n=number)
            notify(
                self.session,
                agency_id=self.agency.id,
                kind="dispute_dispatched",
                title=title,
                link=TO_SIGN,
            )


class Recalling(Run):
    """Back to where it was before, as long as nobody has signed."""

    def prepare(self, facts: Mapping[str, object]) -> None:
        """Who had been asked."""
        self.agency_id = whole_number(facts["handler_agency_id"])

    def do(self, dispute: Dispute) -> None:
        """Taken back from that agency alone; a later dispatch to another one stays."""
        if dispute.state != DisputeState.DISPATCHED or dispute.handler_agency_id != self.agency_id:
            raise _refusal(_("已签收、退回或另行交办，不能撤回"))
        move(
            self.session,
            by=self.by,
            dispute_id=dispute.id,
            action="recall",
            facts={"reason": _("批量交办撤回")},
            note=_("批量交办撤回"),
            now=self.at,
        )

    def tell(self, number: int) -> None:
        """The agency hears that they are gone from its list."""
        if number and self.agency_id:
            notify(
                self.session,
                agency_id=self.agency_id,
                kind="dispute_recalled",
                title=_("撤回交办 %(n)s 件", n=number),
                link="/disputes/",
            )


class Reminding(Run):
    """The handler of each is urged, as if one by one; the notice is that of supervision."""

    def prepare(self, facts: Mapping[str, object]) -> None:
        """What they are told."""
        self.message = str(facts["message"])

    def do(self, dispute: Dispute) -> None:
        """Urged, unless it was just urged or is not the viewer's to urge."""
        act = begin(self.session, self.by, dispute.id, None, self.at)
        shut = urging_refusal(act, self.message)
        if shut is not None:
            raise RefusedError(shut)
        urge(act, self.message)


class Exporting(Run):
    """Lines of a workbook, kept until it is fetched."""

    def __call__(self, items: Sequence[Item]) -> list[Result]:
        """All lines of a chunk by one question; what is out of sight by now stays out."""
        rows = rows_by_id(self.session, self.by, [item.dispute_id for item in items])
        people = account_names(self.session, [row.mediator_id for row in rows])
        lines = {row.id: cells(row, people.get(row.mediator_id, "")) for row in rows}
        return [self._line(item, lines.get(item.dispute_id)) for item in items]

    def _line(self, item: Item, line: list[object] | None) -> Result:
        reason = "" if line else _("已不在您的范围内")
        return Result(item.id, item.dispute_id, reason, line)


KINDS: dict[str, Callable[[Session, Viewer, Batch, datetime], Run]] = {
    "dispatch": Dispatching,
    "recall": Recalling,
    "remind": Reminding,
    "export": Exporting,
}


def run_for(session: Session, by: Viewer, batch: Batch, at: datetime) -> Run:
    """What this batch does."""
    return KINDS[batch.kind](session, by, batch, at)


def _same_county(agency_path: str, dispute_path: str) -> bool:
    ends = queries.COUNTY_PLACE
    return agency_path.split("/")[:ends] == dispute_path.split("/")[:ends]


def _refusal(words: str) -> RefusedError:
    return RefusedError(Refusal("not_in_batch", words, "", Ground.STATE))
