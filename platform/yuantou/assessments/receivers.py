"""`config load` reads the schemes too; what waits goes into the inbox."""

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from yuantou.assessments.service import load_scheme
from yuantou.assessments.waiting import TASKS
from yuantou.indicators.loading import LOADERS
from yuantou.notices.tasks import bring


def load_schemes(session: Session, config: Path, on: date) -> tuple[str, int]:
    """Write the versions of config/schemes/*.toml that are not there yet."""
    files = sorted((config / "schemes").glob("*.toml"))
    return "评估方案", sum(load_scheme(session, file) for file in files)


LOADERS.append(load_schemes)
bring(TASKS)
