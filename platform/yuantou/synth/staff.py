"""Invented agencies and people of the province: domain's list for every county and township."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import psycopg

from yuantou.synth.copying import NULL, copy_columns, reserve
from yuantou.synth.days import Ints
from yuantou.synth.land import Land, Place

DEPARTMENTS = {
    "labour": "人力资源和社会保障局",
    "housing": "住房和城乡建设局",
    "land": "自然资源局",
    "market": "市场监督管理局",
    "farming": "农业农村局",
    "ecology": "生态环境局",
    "health": "卫生健康局",
    "civil": "民政局",
}
COUNTY_KINDS = {
    "police": ("police", "公安局"),
    "petition": ("petition", "信访局"),
    "justice": ("justice", "司法局"),
    "women": ("association", "妇女联合会"),
}
INDUSTRY = {"property": "物业纠纷人民调解委员会", "traffic": "道路交通事故纠纷人民调解委员会"}
NO_SIGN_IN = "!"


@dataclass(frozen=True)
class Post:
    """One agency to be, with the accounts that sit in it: (login, name, role)."""

    code: str
    name: str
    kind: str
    area: Place
    parent: str = ""
    court: str = NULL
    people: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Staff:
    """Who sits where, as numbers: by county or by township (flat), agency and account ids."""

    agency: dict[str, int]
    account: dict[str, int]
    township_first: Ints
    by_township: dict[str, Ints] = field(default_factory=dict)
    by_county: dict[str, Ints] = field(default_factory=dict)


def posts(land: Land) -> Iterator[Post]:
    """Every agency, superiors first."""
    province = land.province
    yield Post(
        "demo-province",
        f"{province.name}矛盾纠纷协调办公室",
        "province_coordination",
        province,
        people=(("demo-province", "省级协调员", "province"),),
    )
    yield Post(
        "demo-congress",
        f"{province.name}人大常委会",
        "congress",
        province,
        people=(("demo-congress", "人大监督员", "congress"),),
    )
    yield Post("demo-administration", "平台运行管理中心", "administration", province)
    for city in land.cities:
        yield Post(
            f"demo-{city.code}",
            f"{city.name}矛盾纠纷协调办公室",
            "city_coordination",
            city,
            "demo-province",
            people=((f"demo-{city.code}", "市级协调员", "city"),),
        )
    yield from _courts(land)
    for county, townships in zip(land.counties, land.townships, strict=True):
        yield from _county(county)
        for township in townships:
            yield from _township(township, f"demo-{county.code}-centre")


def _county(county: Place) -> Iterator[Post]:
    top = f"demo-{county.code}"
    yield Post(
        f"{top}-centre",
        f"{county.name}综治中心",
        "county_centre",
        county,
        f"demo-{county.parent}",
        people=((f"{top}-centre", "县级协调员", "coordinator"),),
    )
    yield Post(
        f"{top}-government",
        f"{county.name}人民政府办公室",
        "government",
        county,
        f"{top}-centre",
        people=((f"{top}-government", "政府办值班员", "government"),),
    )
    yield Post(
        f"{top}-procuratorate",
        f"{county.name}人民检察院",
        "procuratorate",
        county,
        people=((f"{top}-procuratorate", "检察官", "procurator"),),
    )
    for code, (kind, name) in COUNTY_KINDS.items():
        yield _office(top, county, code, kind, name)
    for code, name in DEPARTMENTS.items():
        yield _office(top, county, code, "department", name)
    for code, name in INDUSTRY.items():
        people = ((f"{top}-{code}", f"{county.short_name}行业调解员", "mediator"),)
        yield Post(
            f"{top}-{code}",
            f"{county.name}{name}",
            "industry_committee",
            county,
            f"{top}-centre",
            people=people,
        )


def _office(top: str, county: Place, code: str, kind: str, name: str) -> Post:
    people = ((f"{top}-{code}", f"{county.short_name}承办人", "department"),)
    return Post(
        f"{top}-{code}", f"{county.name}{name}", kind, county, f"{top}-centre", people=people
    )


def _township(township: Place, above: str) -> Iterator[Post]:
    top, short = f"demo-{township.code}", township.short_name
    yield Post(
        f"{top}-centre",
        f"{township.name}综治中心",
        "township_centre",
        township,
        above,
        people=((f"{top}-centre", f"{short}协调员", "township"),),
    )
    mediators = (
        (f"{top}-a", f"{short}调解员甲", "mediator"),
        (f"{top}-b", f"{short}调解员乙", "mediator"),
    )
    yield Post(
        f"{top}-committee",
        f"{township.name}人民调解委员会",
        "committee",
        township,
        f"{top}-centre",
        people=mediators,
    )


def _courts(land: Land) -> Iterator[Post]:
    areas = {area.code: area for area in (land.province, *land.cities, *land.counties)}
    for court in land.courts:
        top = f"demo-court-{court.code}"
        people = ((f"{top}-a", "填报人", "court_clerk"), (f"{top}-b", "审核人", "court_reviewer"))
        area = areas.get(court.area_code, land.province)
        yield Post(top, court.name, "court", area, court=court.code, people=people)


def settle(connection: psycopg.Connection[Any], land: Land, at: datetime) -> Staff:
    """Write agencies and accounts, which nobody can sign in to, and return who sits where."""
    every = list(posts(land))
    first = reserve(connection, "agency", len(every))
    agency = {post.code: first + place for place, post in enumerate(every)}
    count, moment = len(every), at.isoformat()
    copy_columns(
        connection,
        "agency",
        {
            "id": [str(number) for number in agency.values()],
            "code": [post.code for post in every],
            "name": [post.name for post in every],
            "kind": [post.kind for post in every],
            "area_code": [post.area.code for post in every],
            "area_path": [post.area.path for post in every],
            "parent_id": [str(agency.get(post.parent, NULL)) for post in every],
            "court_code": [post.court for post in every],
            "active": ["t"] * count,
            "demo": ["t"] * count,
            "created_at": [moment] * count,
        },
    )
    people = [(*person, agency[post.code]) for post in every for person in post.people]
    return staff_of(land, agency, add_accounts(connection, people, at))


def add_accounts(
    connection: psycopg.Connection[Any],
    people: list[tuple[str, str, str, int]],
    at: datetime,
    hashes: list[str] | None = None,
) -> dict[str, int]:
    """Write accounts (login, name, role, agency id); returns the id of each login."""
    first, count, moment = reserve(connection, "account", len(people)), len(people), at.isoformat()
    ids = {person[0]: first + place for place, person in enumerate(people)}
    copy_columns(
        connection,
        "account",
        {
            "id": [str(number) for number in ids.values()],
            "login": [person[0] for person in people],
            "display_name": [person[1] for person in people],
            "role": [person[2] for person in people],
            "agency_id": [str(person[3]) for person in people],
            "password_hash": hashes or [NO_SIGN_IN] * count,
            "must_change": ["f"] * count,
            "password_set_at": [moment] * count,
            "failures": ["0"] * count,
            "session_epoch": ["1"] * count,
            "demo": ["t"] * count,
            "created_at": [moment] * count,
        },
    )
    return ids


def read_staff(connection: psycopg.Connection[Any], land: Land) -> Staff | None:
    """Who sits where from an earlier run, None when nobody does."""
    found = {
        table: dict(connection.execute(query).fetchall())
        for table, query in (
            ("agency", "SELECT code, id FROM agency WHERE demo"),
            ("account", "SELECT login, id FROM account WHERE demo"),
        )
    }
    return staff_of(land, found["agency"], found["account"]) if found["agency"] else None


def staff_of(land: Land, agency: dict[str, int], account: dict[str, int]) -> Staff:
    """The numbers in the order of the land's counties and townships."""
    counts = [len(each) for each in land.townships]
    staff = Staff(agency, account, np.concatenate(([0], np.cumsum(counts))).astype(np.int64))
    codes = [place.code for each in land.townships for place in each]
    for name, ids, ending in (
        ("centre", agency, "centre"),
        ("committee", agency, "committee"),
        ("coordinator", account, "centre"),
        ("mediator_a", account, "a"),
        ("mediator_b", account, "b"),
    ):
        staff.by_township[name] = _numbers(ids, [f"demo-{code}-{ending}" for code in codes])
    for ending in ("centre", *COUNTY_KINDS, *DEPARTMENTS, *INDUSTRY):
        logins = [f"demo-{county.code}-{ending}" for county in land.counties]
        staff.by_county[ending] = _numbers(agency, logins)
        staff.by_county[f"{ending}_person"] = _numbers(account, logins)
    return staff


def _numbers(ids: dict[str, int], codes: list[str]) -> Ints:
    return np.array([ids[code] for code in codes], dtype=np.int64)
