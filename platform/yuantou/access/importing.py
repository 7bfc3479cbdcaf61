"""Accounts from a table: every line is judged, every fault has its cell, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from yuantou.access.forms import LOGIN
from yuantou.access.management import manages_all, may_manage_agency, roles_for
from yuantou.access.roles import ADMINISTRATORS, ROLES
from yuantou.access.service import NewAccount
from yuantou.access.viewer import Viewer
from yuantou.accounts.models import Account
from yuantou.agencies.models import Agency
from yuantou.database.sheets import Row, Sheet, SheetError, TableLine, match_header, write_workbook

MOST = 500
HEADER = {"账号": "login", "姓名": "display_name", "职责": "role", "单位代码": "agency"}
COLUMNS = tuple(HEADER.values())


@dataclass
class Line(TableLine):
    """One line, and the account that comes of it."""

    new: NewAccount | None = None


def template(by: Viewer) -> bytes:
    """An empty table to fill in, with the roles that can be given."""
    everywhere = [role for code, role in ROLES.items() if code not in ADMINISTRATORS]
    given = everywhere if manages_all(by) else roles_for(by, by.agency)
    names = sorted(str(role.name) for role in given)
    notes = [
        _("账号：3 至 40 位小写字母、数字或 . _ -；姓名：最多 60 字。"),
        _("职责只能填：%(names)s。", names="、".join(names)),
        _("单位代码：不填就是您所在的单位。一次最多 %(n)s 行。", n=MOST),
    ]
    sheet = Sheet(_("账号"), list(HEADER), [], notes=notes, choices={2: names})
    return write_workbook([sheet])


def judge(session: Session, *, by: Viewer, rows: Sequence[Row]) -> list[Line]:
    """Every line with its faults; SheetError when the table as a whole cannot be read."""
    places, body = match_header(rows, HEADER, {"login", "display_name", "role"})
    if not body:
        raise SheetError(_("表头下面没有内容，请先填写"))
    if len(body) > MOST:
        raise SheetError(_("超过 %(n)s 行，请分成几个文件上传", n=MOST))
    return judge_lines(session, by=by, lines=[Line(row.line, _cells(row, places)) for row in body])


def judge_lines(session: Session, *, by: Viewer, lines: list[Line]) -> list[Line]:
    """Fill in faults and new accounts of `lines`."""
    logins = [line.cells["login"] for line in lines]
    taken = set(session.scalars(select(Account.login).where(Account.login.in_(logins))))
    agencies = _agencies(session, by, lines)
    first: dict[str, int] = {}
    for line in lines:
        login = line.cells["login"]
        _judge_login(line, login in taken, first.setdefault(login, line.number))
        _judge_rest(by, line, agencies.get(line.cells["agency"]))
    return lines


def _cells(row: Row, places: dict[str, int]) -> dict[str, str]:
    found = dict.fromkeys(COLUMNS, "")
    for name, place in places.items():
        found[name] = row.cells[place] if place < len(row.cells) else ""
    found["login"] = found["login"].lower()
    return found


def _agencies(session: Session, by: Viewer, lines: list[Line]) -> dict[str, Agency]:
    codes = {line.cells["agency"] for line in lines if line.cells["agency"]}
    found = {one.code: one for one in session.scalars(select(Agency).where(Agency.code.in_(codes)))}
    return {code: one for code, one in found.items() if may_manage_agency(by, one)} | (
        {} if manages_all(by) else {"": by.agency}
    )


def _judge_login(line: Line, taken: bool, first: int) -> None:
    login = line.cells["login"]
    if not LOGIN.fullmatch(login):
        line.faults["login"] = _("须为 3 至 40 位小写字母、数字或 . _ -")
    elif taken:
        line.faults["login"] = _("已经有人用了")
    elif first != line.number:
        line.faults["login"] = _("与第 %(n)s 行重复", n=first)


def _judge_rest(by: Viewer, line: Line, agency: Agency | None) -> None:
    name, wanted = line.cells["display_name"], line.cells["role"]
    if not name or len(name) > 60:
        line.faults["display_name"] = _("须为 1 至 60 字")
    if agency is None or not agency.active:
        line.faults["agency"] = _("没有这个单位，或不归您管理，或已停用")
    role = next((one for one in ROLES.values() if wanted in (one.code, str(one.name))), None)
    if role is None:
        line.faults["role"] = _("没有这个职责")
    elif agency is not None and role not in roles_for(by, agency):
        line.faults["role"] = _("这个职责不适用于这个单位")
    if not line.faults and agency is not None and role is not None:
        line.new = NewAccount(line.cells["login"], name, agency.id, role.code)
