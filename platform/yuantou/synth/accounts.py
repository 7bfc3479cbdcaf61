"""One demo account of every role, with a random password that is printed once."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from yuantou.accounts.passwords import hash_random, random_password
from yuantou.synth.land import Land
from yuantou.synth.staff import Staff, add_accounts

FOCUS = "211382"  # 凌源市, where it is loaded; else the first county
# login = role: (name for people, agency code with {county}, {township}, {city}, {court})
ACCOUNTS = {
    "mediator": ("梅调解", "demo-{township}-committee"),
    "township": ("唐协调", "demo-{township}-centre"),
    "coordinator": ("高协调", "demo-{county}-centre"),
    "department": ("任承办", "demo-{county}-labour"),
    "government": ("周主任", "demo-{county}-government"),
    "city": ("戚协调", "demo-{city}"),
    "province": ("盛协调", "demo-province"),
    "province_second": ("史协调", "demo-province"),
    "court_clerk": ("康书记员", "demo-court-{court}"),
    "court_reviewer": ("陆法官", "demo-court-{court}"),
    "procurator": ("简检察官", "demo-{county}-procuratorate"),
    "congress": ("仁代表", "demo-congress"),
    "unit_administrator": ("管理员", "demo-{township}-centre"),
    "system_administrator": ("安系统", "demo-administration"),
    "security_administrator": ("保安全", "demo-administration"),
    "audit_administrator": ("申审计", "demo-administration"),
}
ROLES = {"province_second": "province"}  # what two persons have to approve can be tried


@dataclass(frozen=True)
class DemoAccount:
    """An account to try the product with."""

    login: str
    password: str
    name: str
    agency: str


def focus_county(land: Land) -> int:
    """The county whose people the demo accounts are."""
    codes = [county.code for county in land.counties]
    return codes.index(FOCUS) if FOCUS in codes else 0


def make_accounts(
    connection: psycopg.Connection[Any], land: Land, staff: Staff, at: datetime
) -> list[DemoAccount]:
    """Write the accounts and let them stand where invented people of their agencies stood."""
    place = focus_county(land)
    county, township = land.counties[place], land.townships[place][0]
    court = next((c.code for c in land.courts if c.counts_to_code == county.code), "")
    where = {
        "county": county.code, "township": township.code, "city": county.parent, "court": court,
    }  # fmt: skip
    wanted = {
        role: (name, code.format(**where))
        for role, (name, code) in ACCOUNTS.items()
        if code.format(**where) in staff.agency
    }
    passwords = {role: random_password() for role in wanted}
    people = [
        (login, name, ROLES.get(login, login), staff.agency[code])
        for login, (name, code) in wanted.items()
    ]
    ids = add_accounts(connection, people, at, [hash_random(passwords[role]) for role in wanted])
    flat = int(staff.township_first[place])
    for numbers, row, role in (
        (staff.by_township["mediator_a"], flat, "mediator"),
        (staff.by_township["coordinator"], flat, "township"),
        (staff.by_county["centre_person"], place, "coordinator"),
        (staff.by_county["labour_person"], place, "department"),
    ):
        numbers[row] = ids.get(role, numbers[row])
    names = dict(connection.execute("SELECT code, name FROM agency WHERE demo").fetchall())
    return [
        DemoAccount(role, passwords[role], name, names[code])
        for role, (name, code) in wanted.items()
    ]


def table_of(accounts: list[DemoAccount]) -> str:
    """The accounts as lines for a terminal or a file."""
    return "".join(
        f"{each.login}\t{each.password}\t{each.name}\t{each.agency}\n" for each in accounts
    )


def keep(accounts: list[DemoAccount], file: Path) -> None:
    """Write the accounts into a file that only its owner can read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(table_of(accounts))
    fresh.replace(file)
