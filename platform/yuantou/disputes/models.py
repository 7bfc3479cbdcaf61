"""The dispute and what hangs on it. Personal data stands in `party` alone, encrypted."""

from sqlalchemy import ForeignKey, Index, Numeric, Sequence, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import LargeBinary, String

from yuantou.database.columns import Code, Day, Key, Moment, Name, Path, Reference, Words
from yuantou.database.session import Model

LIVE = "state NOT IN ('draft', 'not_accepted', 'merged', 'closed')"
PRESSING_AND_LIVE = f"pressing AND {LIVE}"
dispute_ids = Sequence("dispute_id_seq", metadata=Model.metadata)


class Dispute(Model):
    """One dispute. `version` guards against two writers; milestones serve figures without joins.

    The id is drawn from `dispute_id_seq` before the insert, because a viewer of unit reach may
    read a row only once his participation stands.
    """

    __tablename__ = "dispute"
    __table_args__ = (
        Index(
            "ix_dispute_county_reported",
            "county_code",
            "reported_at",
            "id",
            postgresql_include=["type", "state", "source", "restricted", "handler_agency_id"],
        ),
        Index("ix_dispute_path", "area_path"),
        Index("ix_dispute_pressing_type", "type", "reported_at", postgresql_where="pressing"),
        Index("ix_dispute_handler", "handler_agency_id", "state"),
        Index("ix_dispute_reporting", "reporting_agency_id", "reported_at"),
        Index("ix_dispute_reported", "reported_at", "id"),
        Index("ix_dispute_next_due", "county_code", "next_due_at"),
        Index("ix_dispute_pressing", "area_path", postgresql_where=PRESSING_AND_LIVE),
        Index("ix_dispute_pressing_ever", "area_path", postgresql_where="pressing"),
        Index("ix_dispute_live", "county_code", "next_due_at", postgresql_where=LIVE),
        Index("ix_dispute_reopened", "county_code", postgresql_where="reopened_at IS NOT NULL"),
        *(
            Index(f"ix_dispute_{each}", f"{each}_at", postgresql_where=f"{each}_at IS NOT NULL")
            for each in ("accepted", "concluded", "closed")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column()
    number: Mapped[Name | None] = mapped_column(unique=True)
    submission: Mapped[Name] = mapped_column(unique=True)
    state: Mapped[Code]
    title: Mapped[Name]
    summary: Mapped[Words]
    type: Mapped[Code]
    source: Mapped[Code]
    place: Mapped[Words]
    area_code: Mapped[Code] = mapped_column(ForeignKey("area.code"))
    area_path: Mapped[Path]
    county_code: Mapped[Code]
    lng: Mapped[float | None]
    lat: Mapped[float | None]
    crs: Mapped[Code | None]
    lng_normal: Mapped[float | None]
    lat_normal: Mapped[float | None]
    occurred_on: Mapped[Day]
    involved: Mapped[int]
    amount: Mapped[float | None] = mapped_column(Numeric(14, 2, asdecimal=False))
    flags: Mapped[list[str]] = mapped_column(ARRAY(String(32)))
    risk: Mapped[Code | None]
    pathway: Mapped[Code | None]
    complexity: Mapped[Code | None]
    restricted: Mapped[bool]
    pressing: Mapped[bool]
    refused: Mapped[bool]
    returns: Mapped[int]
    demo: Mapped[bool]
    reporting_agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"))
    reporter_id: Mapped[Reference] = mapped_column(ForeignKey("account.id"))
    handler_agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"))
    mediator_id: Mapped[Reference | None] = mapped_column(ForeignKey("account.id"))
    master_id: Mapped[Reference | None]
    court_case: Mapped[Name | None]
    outcome: Mapped[Code | None]
    next_due_at: Mapped[Moment | None]
    next_due_rule: Mapped[Code | None]
    reported_at: Mapped[Moment]
    accepted_at: Mapped[Moment | None]
    triaged_at: Mapped[Moment | None]
    dispatched_at: Mapped[Moment | None]
    signed_at: Mapped[Moment | None]
    mediation_at: Mapped[Moment | None]
    concluded_at: Mapped[Moment | None]
    performed_at: Mapped[Moment | None]
    closed_at: Mapped[Moment | None]
    reopened_at: Mapped[Moment | None]
    updated_at: Mapped[Moment]

    __mapper_args__ = {"version_id_col": version, "eager_defaults": False}  # noqa: RUF012


class Party(Model):
    """One party, of the kind that disputes/organisations.py says.

    Every `*_enc` is sealed under the dispute's own key; `*_mask` is shown in lists. `id_index`,
    `contact_index` and `phone_index` are keyed blind indexes of the ID number, of name and phone,
    and of the phone alone, which goes with the phone.
    """

    __tablename__ = "party"
    __table_args__ = (
        Index("ix_party_id_index", "id_index"),
        Index("ix_party_contact_index", "contact_index"),
        Index("ix_party_unsure", "dispute_id", postgresql_where="kind = 'unsure'"),
        Index("ix_party_phone_index", "phone_index", postgresql_where="phone_index IS NOT NULL"),
    )

    id: Mapped[Key]
    dispute_id: Mapped[Reference] = mapped_column(index=True)
    position: Mapped[int]
    side: Mapped[Code]
    kind: Mapped[Code]
    name_enc: Mapped[bytes] = mapped_column(LargeBinary)
    name_mask: Mapped[Name]
    id_type: Mapped[Code | None]
    id_enc: Mapped[bytes | None] = mapped_column(LargeBinary)
    id_mask: Mapped[Name | None]
    phone_enc: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_mask: Mapped[Name | None]
    address_enc: Mapped[bytes | None] = mapped_column(LargeBinary)
    gender_enc: Mapped[bytes | None] = mapped_column(LargeBinary)
    ethnicity_enc: Mapped[bytes | None] = mapped_column(LargeBinary)
    occupation_enc: Mapped[bytes | None] = mapped_column(LargeBinary)
    id_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    contact_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    index_version: Mapped[int]
    consent: Mapped[Code]
    minor: Mapped[bool]


class DisputeKey(Model):
    """The data key of one dispute, wrapped by a versioned master key. Erasing is deleting it."""

    __tablename__ = "dispute_key"

    dispute_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    master_version: Mapped[int]


class Participation(Model):
    """An agency's part in a dispute, past ones included: reporting, handling, assisting, …"""

    __tablename__ = "participation"
    __table_args__ = (
        Index(
            "ix_participation_agency",
            "agency_id",
            "dispute_id",
            postgresql_include=["part", "until"],
        ),
        Index("ix_participation_dispute", "dispute_id", "since"),
    )

    id: Mapped[Key]
    dispute_id: Mapped[Reference]
    agency_id: Mapped[Reference] = mapped_column(ForeignKey("agency.id"))
    part: Mapped[Code]
    since: Mapped[Moment]
    until: Mapped[Moment | None]


class NamedHandler(Model):
    """Who alone may see a restricted dispute."""

    __tablename__ = "named_handler"
    __table_args__ = (UniqueConstraint("account_id", "dispute_id"),)

    id: Mapped[Key]
    dispute_id: Mapped[Reference] = mapped_column(index=True)
    account_id: Mapped[Reference] = mapped_column(ForeignKey("account.id"))
    named_by: Mapped[Reference]
    named_at: Mapped[Moment]


class DisputeEvent(Model):
    """What happened, in the past tense; rows are only added."""

    __tablename__ = "dispute_event"
    __table_args__ = (Index("ix_dispute_event_dispute", "dispute_id", "at", "id"),)

    id: Mapped[Key]
    dispute_id: Mapped[Reference]
    at: Mapped[Moment]
    event: Mapped[Code]
    from_state: Mapped[Code | None]
    to_state: Mapped[Code | None]
    actor_id: Mapped[Reference | None]
    agency_id: Mapped[Reference | None]
    note: Mapped[Words]
    facts: Mapped[dict[str, object]] = mapped_column(JSONB)


class NumberSeries(Model):
    """The last number given out in a county and year."""

    __tablename__ = "number_series"

    county_code: Mapped[Code] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
