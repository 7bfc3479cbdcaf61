"""The pages by which two persons put a version in force: the forms, and adopt, approve, reject."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Regexp, ValidationError

from yuantou.access.audience import audience
from yuantou.access.permissions import Permission
from yuantou.access.second_person import Refused
from yuantou.access.viewer import db
from yuantou.accounts.models import Account
from yuantou.database.sheets import clean

LONGEST = 20_000


def _cleaned(text: str | None) -> str | None:
    return clean(text) if text else text


class ReasonForm(FlaskForm):
    """Why a version should count."""

    reason = StringField(
        _l("为什么改、依据哪份文件"),
        filters=[_cleaned],
        validators=[DataRequired(_l("请写理由和依据文件，第二个人要看")), Length(max=500)],
    )


class ProposalForm(ReasonForm):
    """A whole version in words, with the month from which it would count; `made` is what it says.

    `reader` makes it of the words; ValueError and TypeError say why it cannot be used.
    """

    since = StringField(
        _l("从哪个月起用"),
        validators=[
            InputRequired(_l("请填年月，例如 2027-01")),
            Regexp(r"^20\d\d-(0[1-9]|1[0-2])$", message=_l("请填年月，例如 2027-01")),
        ],
    )
    entry = TextAreaField(
        _l("全文"), validators=[InputRequired(_l("请写全文")), Length(max=LONGEST)]
    )

    def __init__(
        self, *args: Any, code: str, version: int, reader: Callable[..., Any], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self._of = {"code": code, "version": version}
        self._reader = reader
        self.made: Any = None

    def validate_entry(self, field: Any) -> None:
        """Refuse what cannot be used, with the reason."""
        if self.since.errors or not self.since.data:
            return
        first = date.fromisoformat(f"{self.since.data}-01")
        try:
            self.made = self._reader(field.data, valid_from=first, **self._of)
        except (ValueError, TypeError) as fault:
            raise ValidationError(_("这一版不能用：%(why)s", why=fault)) from fault


def unreadable(fault: ValueError) -> str:
    """Where the words of a version are not written as they must be."""
    found = re.search(r"line (\d+), column (\d+)", str(fault))
    if not found:
        return _("结尾没有写完")
    return _("第 %(line)s 行第 %(column)s 个字附近的写法不对", line=found[1], column=found[2])


@dataclass(frozen=True, slots=True)
class Room:
    """What a room of versions is decided by: `find` aborts where there is none."""

    find: Callable[[str, int], Any]
    page: Callable[[Any, ReasonForm], str]
    service: Any
    refusals: Mapping[str, Any]
    approved: Callable[[Any], str]
    rejected: Any


def done(act: Callable[[], object], words: str, refusals: Mapping[str, Any]) -> None:
    """Do it and say so, or say why not."""
    try:
        act()
    except Refused as why:
        flash(str(refusals[why.code]), "error")
    else:
        flash(words, "success")


def deciders(row: Any) -> dict[int, Account | None]:
    """Who proposed a version and who approved it, by their number."""
    known = (key for key in (row.proposed_by, row.approved_by) if key is not None)
    return {key: db().get(Account, key) for key in known}


def decided_here(blueprint: Blueprint, room: Room) -> None:
    """Add the three acts to a room's pages."""
    may = audience(Permission.FIGURES_DEFINE)

    @blueprint.post("/<code>/<int:version>/adopt")
    @may
    def adopt(code: str, version: int) -> Response | tuple[str, int]:
        """Propose a version that came with the product."""
        row, form = room.find(code, version), ReasonForm()
        if not form.validate():
            return room.page(row, form), 422
        reason = form.reason.data or ""
        return _act(
            lambda: room.service.adopt(db(), by=current_user, row=row, reason=reason),
            _("已提请，请另一位有权限的人批准。"),
            code,
            version,
        )

    @blueprint.post("/<code>/<int:version>/approve")
    @may
    def approve(code: str, version: int) -> Response:
        """Put it in force as the second person."""
        row = room.find(code, version)
        words = room.approved(row)
        return _act(
            lambda: room.service.approve(db(), by=current_user, row=row), words, code, version
        )

    @blueprint.post("/<code>/<int:version>/reject")
    @may
    def reject(code: str, version: int) -> Response:
        """End a proposal."""
        row = room.find(code, version)
        words = str(room.rejected)
        return _act(
            lambda: room.service.reject(db(), by=current_user, row=row), words, code, version
        )

    def _act(act: Callable[[], object], words: str, code: str, version: int) -> Response:
        done(act, words, room.refusals)
        return redirect(url_for(f"{blueprint.name}.show", code=code, version=version))
