"""The drawn base map: made once from the boundaries in force, kept under its hash."""

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import LargeBinary

from yuantou.database.columns import Moment, Name, Words
from yuantou.database.session import Model


class MapDrawing(Model):
    """Gzipped TopoJSON of the counties with cities' outlines, and who touches whom.

    `stamp` names the boundary rows it was made from; a newer boundary makes a newer drawing.
    """

    __tablename__ = "map_drawing"

    hash: Mapped[Name] = mapped_column(primary_key=True)
    stamp: Mapped[Name] = mapped_column(unique=True)
    topology: Mapped[bytes] = mapped_column(LargeBinary)
    neighbours: Mapped[dict[str, list[str]]] = mapped_column(JSONB)
    bounds: Mapped[list[float]] = mapped_column(JSONB)
    source: Mapped[Words]
    crs: Mapped[Name]
    approval_no: Mapped[Name | None]
    made_at: Mapped[Moment]
