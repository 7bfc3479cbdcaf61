"""Warnings listen to the disputes, and `config load` reads their rules too."""

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from yuantou.alerts.rulebook import load_rules, shipped
from yuantou.alerts.section import SECTION
from yuantou.alerts.tasks import TASKS
from yuantou.alerts.watching import go_along, settle, watch
from yuantou.alerts.words import in_story
from yuantou.coordination import fact_words
from yuantou.disputes.models import Dispute, DisputeEvent
from yuantou.disputes.section import bring
from yuantou.disputes.signals import moved, opened
from yuantou.indicators.loading import LOADERS
from yuantou.notices import tasks


def load_warnings(session: Session, config: Path, on: date) -> tuple[str, int]:
    """Step: rules, levels and rest of config/warnings.toml; what changed waits for two persons."""
    return "预警规则", load_rules(session, shipped(config / "warnings.toml"), on)


LOADERS.append(load_warnings)
bring(SECTION)
fact_words.bring(in_story)
tasks.bring(TASKS)


@opened.connect
@moved.connect
def on_event(dispute: Dispute, *, session: Session, event: DisputeEvent, **_: Any) -> None:
    """Judge the matter in the transaction of the event; its warnings go and end with it."""
    go_along(session, dispute, event)
    settle(session, dispute, event)
    watch(session, dispute, event)
