"""What the desk is asked: its filters from the address, and the search for a party by POST."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import Length, Optional, ValidationError

from yuantou.database.text import clean
from yuantou.disputes.codes import read
from yuantou.disputes.queries import RECENT_DAYS, Filters
from yuantou.disputes.workflow import ENDS, DisputeState

VIEWS = ("mine", "open", "today", "over", "red", "done", "all")
LONGEST_QUESTION = 100


def filters_from(args: "MultiDict[str, str]", default_view: str) -> Filters:
    """The filters of an address; what is not known counts as not asked."""
    codes = read()
    text = clean(args.get("q", ""))[:LONGEST_QUESTION]
    state = _known(args.get("state", ""), set(DisputeState) - {DisputeState.DRAFT})
    view = args.get("view", "")
    return Filters(
        view=_view(view if view in VIEWS else ("all" if text else default_view), state),
        state=state,
        type=_known(args.get("type", ""), codes.types),
        area=_digits(args.get("area", "")),
        agency=int(_digits(args.get("agency", "")) or 0) or None,
        risk=_known(args.get("risk", ""), codes.risks),
        recent=next((n for n in RECENT_DAYS if args.get("recent") == str(n)), None),
        text=text,
    )


class PartySearch(FlaskForm):
    """A party by ID number, or by name with phone; never by a name alone."""

    id_number = StringField(_l("证件号码"), [Optional(), Length(min=6, max=40)])
    name = StringField(_l("姓名或名称"), [Optional(), Length(max=80)])
    phone = StringField(_l("电话"), [Optional(), Length(min=5, max=30)])

    def validate_name(self, field: StringField) -> None:
        """Half a question is no question."""
        if not self.id_number.data and not (field.data and self.phone.data):
            raise ValidationError(_l("请填证件号码，或者姓名和电话一起填"))


def _view(view: str, state: str) -> str:
    """An ended state is looked for among the ended ones, a live one not there."""
    if state in ENDS:
        return "done"
    return "all" if state and view == "done" else view


def _known(value: str, known: object) -> str:
    return value if value and value in known else ""  # type: ignore[operator]


def _digits(value: str) -> str:
    return value if value.isascii() and value.isdigit() and len(value) <= 12 else ""
