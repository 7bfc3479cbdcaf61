"""What stands below a report: its seal, or that it is a draft that nobody sealed."""

import json
from dataclasses import dataclass
from typing import Any

from yuantou.assessments.delivery.models import AssessmentSummary
from yuantou.assessments.models import AssessmentReport, AssessmentRun
from yuantou.assessments.presenting import day
from yuantou.calendar.clock import local


@dataclass(frozen=True, slots=True)
class Stamp:
    """The seal of a report with what it covers, in words."""

    edition: int
    at: str
    seal: str
    algorithm: str
    audit_head: str
    code_version: str

    @property
    def lines(self) -> list[str]:
        """The seal in full."""
        return [
            f"封存于 {self.at}，第 {self.edition} 版",
            f"{self.algorithm.upper()} {self.seal}",
            f"审计链头 {self.audit_head}",
            f"程序版本 {self.code_version}",
        ]

    @property
    def short(self) -> str:
        """The seal as it stands on every page."""
        return f"第 {self.edition} 版 {self.algorithm.upper()} {self.seal[:16]}…"


@dataclass(frozen=True)
class Source:
    """A report's content and scheme, with its stamp; without one it is a draft.

    `window` says until when a county may ask for corrections, where that is known.
    """

    content: dict[str, Any]
    scheme: dict[str, Any]
    stamp: Stamp | None = None
    draft: bool = False
    demo: bool = False
    window: str = ""


def stamp_of(kept: AssessmentReport | AssessmentSummary, run: AssessmentRun) -> Stamp:
    """The stamp of a sealed report or summary."""
    at = local(kept.sealed_at)
    return Stamp(
        edition=run.edition,
        at=f"{day(at.date())} {at:%H:%M}",
        seal=kept.seal,
        algorithm=kept.algorithm,
        audit_head=kept.audit_head,
        code_version=kept.code_version,
    )


def source_of(kept: AssessmentReport, run: AssessmentRun, *, draft: bool = False) -> Source:
    """A kept report as the source of its paper."""
    last = local(kept.sign_by).date() if kept.sign_by else None
    return Source(
        content=json.loads(kept.content),
        scheme=json.loads(kept.inputs)["scheme"],
        stamp=stamp_of(kept, run),
        draft=draft,
        demo=run.demo,
        window=f"签收期限：{day(last)}。" if last else "",
    )
