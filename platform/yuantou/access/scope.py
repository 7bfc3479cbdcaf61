"""Who may see what, in one place. Row-level security in the database says the same again.

full range      every dispute of these areas (township, county)
pressing range  only red or supervised disputes of these areas (city, province)
unit            disputes the agency reports, handles or takes part in, wherever they are
sums range      kept figures without persons
courts range    counts of the courts of these areas, and `court` its own
Restricted disputes are, beyond all this, for their named handlers only.
Drafts are in nobody's sight here: their author's unit asks for them apart (intake/drafts).
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, any_, func, not_, or_, select

from yuantou.access.permissions import Permission
from yuantou.access.roles import ROLES, Reach
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.territory.models import Court


@dataclass(frozen=True)
class Range:
    """Area paths from `lo` up to but without `hi`; empty when both are ''."""

    lo: str = ""
    hi: str = ""

    @classmethod
    def below(cls, path: str) -> "Range":
        """Everything at and below the area of `path` (which ends in '/')."""
        return cls(path, path[:-1] + "0")


NOWHERE = Range()


@dataclass(frozen=True)
class Scope:
    """One viewer's sight. `settings()` is what the database is told."""

    account_id: int
    agency_id: int
    reach: Reach
    full: Range = NOWHERE
    pressing: Range = NOWHERE
    sums: Range = NOWHERE
    courts: Range = NOWHERE
    court: str = ""
    unit: bool = True
    audit: bool = False

    def settings(self) -> dict[str, str]:
        """Settings for database.session.set_scope."""
        return {
            "app.account": str(self.account_id),
            "app.unit": str(self.agency_id) if self.unit else "",
            "app.lo": self.full.lo,
            "app.hi": self.full.hi,
            "app.red_lo": self.pressing.lo,
            "app.red_hi": self.pressing.hi,
            "app.sum_lo": self.sums.lo,
            "app.sum_hi": self.sums.hi,
            "app.courts_lo": self.courts.lo,
            "app.courts_hi": self.courts.hi,
            "app.court": self.court,
            "app.audit": "on" if self.audit else "",
        }

    def visible(self, dispute: Any) -> ColumnElement[bool]:
        """The condition on the columns of `dispute`; it names the index that serves this reach."""
        return and_(self._placed(dispute), self.open_to(dispute))

    def open_to(self, dispute: Any) -> ColumnElement[bool]:
        """The same without the place, where the question names it by another column."""
        return and_(self._named(dispute), dispute.state != "draft")

    def opens(self, dispute: Any) -> ColumnElement[bool]:
        """The condition for one matter by its id: what lists show, and what the unit takes part
        in beyond its area (help elsewhere, a hand-over to or from another area)."""
        taking_part: ColumnElement[bool] = dispute.id.in_(select(func.matters_of_unit()))
        placed = or_(self._placed(dispute), taking_part)
        return and_(placed, self.open_to(dispute))

    def _placed(self, dispute: Any) -> ColumnElement[bool]:
        if self.reach is Reach.AREA:
            return within(dispute.area_path, self.full)
        if self.reach is Reach.PRESSING:
            # The agency's own as an array, so that two indexes can be joined by OR.
            own = func.array(select(func.matters_of_unit()).scalar_subquery())
            pressing = and_(dispute.pressing, within(dispute.area_path, self.pressing))
            return or_(pressing, dispute.id == any_(own))
        taking_part: ColumnElement[bool] = dispute.id.in_(select(func.matters_of_unit()))
        return taking_part

    def _named(self, dispute: Any) -> ColumnElement[bool]:
        return or_(not_(dispute.restricted), dispute.id.in_(select(func.matters_named())))


def within(path: Any, range_: Range) -> ColumnElement[bool]:
    """Condition that `path` lies in `range_`."""
    return and_(path >= range_.lo, path < range_.hi)


def scope_of(account: Account, agency: Agency, court: Court | None = None) -> Scope:
    """The sight of an account in its agency; a court's people need their `court`.

    A court whose counts belong to its whole city or province sees the courts of that area; a
    railway or maritime court, which only sits there, sees its own.
    """
    reach = ROLES[account.role].reach
    area = Range.below(agency.area_path)
    if reach is Reach.NONE:
        return Scope(
            account.id,
            agency.id,
            reach,
            unit=False,
            audit=Permission.AUDIT_READ in ROLES[account.role].permissions,
        )
    if reach is Reach.COURT:
        wide = (
            court is not None
            and court.counts_to != "county"
            and court.counts_to_path == agency.area_path
        )
        return Scope(
            account.id,
            agency.id,
            reach,
            court=agency.court_code or "",
            courts=area if wide else NOWHERE,
        )
    return Scope(
        account.id,
        agency.id,
        reach,
        full=area if reach is Reach.AREA else NOWHERE,
        pressing=area if reach is Reach.PRESSING else NOWHERE,
        sums=area if reach in (Reach.AREA, Reach.PRESSING, Reach.SUMS) else NOWHERE,
        courts=area if reach in (Reach.AREA, Reach.PRESSING, Reach.SUMS) else NOWHERE,
    )
