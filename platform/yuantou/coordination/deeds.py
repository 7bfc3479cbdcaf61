"""An act of coordination on one matter through its form."""

from collections.abc import Sequence
from typing import Any

from flask import flash, render_template, url_for

from yuantou.access.viewer import db
from yuantou.coordination import queries
from yuantou.coordination.changes import changes_since
from yuantou.disputes.matter import Refusal
from yuantou.disputes.workflow import DisputeState
from yuantou.mediation.deeds import Deed
from yuantou.mediation.queries import Change


class CoordinationDeed(Deed):
    """What the acts of coordination share: the pages, what others did, and the way back."""

    asked: Any
    law = ""
    anchor: str | None = None
    find = staticmethod(queries.find)

    def page(self, **more: Any) -> str:
        """The page of the act."""
        return render_template("coordination/act.html", **self.words(), **more)

    def door(self, refusal: Refusal) -> str:
        """A shut door."""
        return render_template("coordination/shut.html", **self.words(), refusal=refusal)

    def changes(self, since: int) -> Sequence[Change]:
        """What others did meanwhile, as the story says it."""
        return changes_since(db(), self.dispute, since)

    def back(self) -> str:
        """The matter."""
        return url_for("coordination.matter", dispute_id=self.dispute_id, _anchor=self.anchor)

    def onward(self) -> str:
        """Back to the matter."""
        return self.back()

    def say_done(self, form: Any) -> None:
        """What was done."""
        flash(str(self.asked.done), "success")

    def words(self) -> dict[str, Any]:
        """What every page of an act says."""
        return {
            "page": self.asked,
            "dispute": self.dispute,
            "state": DisputeState(self.dispute.state),
            "law": self.law,
            "back": self.back(),
        }
