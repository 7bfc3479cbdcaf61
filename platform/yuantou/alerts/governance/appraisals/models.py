"""A decision that is appraised for its risk to public order before it is taken."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model


class AppraisalProject(Model):
    """One entry of the register: who decides what, the risk found, and what was decided."""

    __tablename__ = "appraisal_project"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'appraised', 'closed', 'dropped')", name="state"),
    )

    id: Mapped[Key]
    submission: Mapped[Name] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column()
    name: Mapped[Name]
    kind: Mapped[Code]
    body: Mapped[Name]
    area_code: Mapped[Code] = mapped_column(ForeignKey("area.code"))
    area_path: Mapped[Path] = mapped_column(index=True)
    agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"), index=True)
    risk: Mapped[Code | None]
    decision: Mapped[Code | None]
    appraised_on: Mapped[Day | None]
    reported_on: Mapped[Day | None]
    measures: Mapped[Words]
    state: Mapped[Code]
    registered_by: Mapped[Reference]
    registered_at: Mapped[Moment]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
