"""What the desk is asked: its filters from the address, and the search for a party by POST."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import Length, Optional, ValidationError

from yuantou.database.text import clean, whole_number
from yuantou.disputes.codes import read
from yuantou.disputes.filters import ORDERS, Filters
from yuantou.disputes.queries import RECENT_DAYS
from yuantou.disputes.workflow import ENDS, DisputeState

VIEWS = ("mine", "open", "today", "over", "red", "done", "all")
LONGEST_QUESTION = 100
MOST_RETURNS = 9
DAYS = (
    "reported_from",
    "reported_to",
    "due_from",
    "due_to",
    "closed_from",
    "closed_to",
)
NAMES = (
    "view",
    "state",
    "type",
    "area",
    "agency",
    "risk",
    "source",
    "recent",
    *DAYS,
    "overdue",
    "supervised",
    "returned",
    "series",
    "order",
    "q",
)
Args = MultiDict[str, str]


def filters_from(args: Args, default_view: str) -> Filters:
    """The filters of an address; what is not known counts as not asked."""
    codes = read()
    text = clean(args.get("q", ""))[:LONGEST_QUESTION]
    states = tuple(
        state for state in DisputeState if state in args.getlist("state") and state != "draft"
    )
    days = {name: _day(args.get(name, "")) for name in DAYS}
    free = bool(text or days["closed_from"] or days["closed_to"] or args.get("series"))
    view = args.get("view", "")
    return Filters(
        view=_view(view if view in VIEWS else ("all" if free else default_view), states),
        states=states,
        type=_known(args.get("type", ""), codes.types),
        area=_digits(args.get("area", "")),
        agency=_number(args, "agency"),
        risk=_known(args.get("risk", ""), codes.risks),
        source=_known(args.get("source", ""), codes.sources),
        reported_from=days["reported_from"],
        reported_to=days["reported_to"],
        due_from=days["due_from"],
        due_to=days["due_to"],
        closed_from=days["closed_from"],
        closed_to=days["closed_to"],
        recent=next((n for n in RECENT_DAYS if args.get("recent") == str(n)), None),
        overdue=args.get("overdue") == "1",
        supervised=args.get("supervised") == "1",
        returned=min(_number(args, "returned") or 0, MOST_RETURNS) or None,
        series=_number(args, "series"),
        text=text,
        order=_known(args.get("order", ""), ORDERS),
    )


def asked(filters: Filters) -> dict[str, Any]:
    """The filters as they stand in an address; what is not asked is left out."""
    values = {name: _written(filters, name) for name in NAMES}
    return {name: value for name, value in values.items() if value}


def args_of(kept: Mapping[str, Any]) -> Args:
    """What `asked` gave, as if it came from an address."""
    pairs = [
        (name, str(one))
        for name, value in kept.items()
        for one in (value if isinstance(value, list | tuple) else [value])
    ]
    return MultiDict(pairs)


def _written(filters: Filters, name: str) -> Any:
    if name == "state":
        return list(filters.states)
    value = getattr(filters, "text" if name == "q" else name)
    if isinstance(value, date):
        return value.isoformat()
    return "1" if value is True else value


class PartySearch(FlaskForm):
    """A party by ID number, or by name with phone; never by a name alone."""

    id_number = StringField(_l("证件号码"), [Optional(), Length(min=6, max=40)])
    name = StringField(_l("姓名或名称"), [Length(max=80)])  # judged though it is empty
    phone = StringField(_l("电话"), [Optional(), Length(min=5, max=30)])

    def validate_name(self, field: StringField) -> None:
        """Half a question is no question, and none at all is not one for every matter."""
        if not (self.id_number.data or "").strip() and not (field.data and self.phone.data):
            raise ValidationError(_l("请填证件号码，或者姓名和电话一起填"))


def _view(view: str, states: tuple[str, ...]) -> str:
    """An ended state is looked for among the ended ones, a live one not there."""
    if states and all(state in ENDS for state in states):
        return "done"
    return "all" if states and (view == "done" or set(states) & set(ENDS)) else view


def _known(value: str, known: object) -> str:
    return value if value and value in known else ""  # type: ignore[operator]


def _digits(value: str) -> str:
    return value if value.isascii() and value.isdigit() and len(value) <= 12 else ""


def _number(args: Args, name: str) -> int | None:
    return whole_number(_digits(args.get(name, ""))) or None


def _day(value: str) -> date | None:
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if 1949 <= found.year <= 2200 else None
