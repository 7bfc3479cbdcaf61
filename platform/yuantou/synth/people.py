"""Invented parties: each county has a stock of them, and some come back.

A person is a number; name, birth and telephone follow from it by mixing bits, so that the same
number is the same person everywhere. No number can be a real one: telephones begin with 12, which
is not given out, and the check digit of every ID number is wrong.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yuantou.synth.days import Ints

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
FIRST = "志建国永文海玉春秀桂淑金德明晓丽红艳立洪福兴宝凤长庆维景广振"
SECOND = "军华强伟平芳英梅兰霞林生山河峰刚勇杰涛斌荣芝云娟燕波龙祥才义"
FIRMS = {
    "property_management": "物业服务有限公司",
    "migrant_wages": "建筑工程有限公司",
    "other_labor": "制造有限公司",
    "expropriation": "房屋征收服务有限公司",
    "medical": "综合医院",
    "other_consumer": "商贸有限公司",
    "e_commerce": "电子商务有限公司",
    "tourism": "旅行社有限公司",
    "production_business": "农业发展有限公司",
    "environment": "养殖有限公司",
    "contract": "商贸有限公司",
}
FIRM_NAMES = ("安居", "宏远", "金桥", "瑞丰", "恒泰", "鑫源", "和顺", "兴业", "天成", "惠民")
OFTEN_FIRM = {
    "property_management": 0.95, "migrant_wages": 0.85, "other_labor": 0.9, "expropriation": 0.8,
    "medical": 0.98, "other_consumer": 0.75, "e_commerce": 0.9, "tourism": 0.95,
    "production_business": 0.4, "environment": 0.7, "contract": 0.3,
}  # fmt: skip
REPEATERS = 40  # persons of a county who come back again and again
FIRMS_OF_COUNTY = 10
WRONG_CHECK = "0X987654321"  # the right one of each remainder moved by one place
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Person:
    """One invented party in clear text."""

    kind: str
    name: str
    number: str
    phone: str


def mixed(values: Ints, salt: int) -> NDArray[np.uint64]:
    """Bits of each value stirred (splitmix64); the same value and salt give the same bits."""
    with np.errstate(over="ignore"):
        z = values.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15) * np.uint64(salt + 1)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def names(persons: Ints) -> list[str]:
    """The name of each person number."""
    bits = mixed(persons, 1)
    first = (bits % np.uint64(len(SURNAMES))).tolist()
    second = ((bits >> np.uint64(16)) % np.uint64(len(FIRST))).tolist()
    third = ((bits >> np.uint64(32)) % np.uint64(len(SECOND) + 6)).tolist()
    return [
        SURNAMES[a] + FIRST[b] + (SECOND[c] if c < len(SECOND) else "")
        for a, b, c in zip(first, second, third, strict=True)
    ]


def phones(persons: Ints) -> list[str]:
    """The telephone of each: it begins with 12, which no operator gives out."""
    return [f"12{number:09d}" for number in (mixed(persons, 2) % np.uint64(10**9)).tolist()]


def id_numbers(persons: Ints, counties: list[str]) -> list[str]:
    """An ID number of each, whose check digit is wrong on purpose."""
    bits = mixed(persons, 3)
    years = (1945 + bits % np.uint64(60)).tolist()
    days = ((bits >> np.uint64(20)) % np.uint64(336)).tolist()
    serials = ((bits >> np.uint64(40)) % np.uint64(1000)).tolist()
    found = []
    for county, year, day, serial in zip(counties, years, days, serials, strict=True):
        digits = f"{county[:6]:0>6}{year}{day // 28 + 1:02d}{day % 28 + 1:02d}{serial:03d}"
        total = sum(int(a) * b for a, b in zip(digits, _WEIGHTS, strict=True))
        found.append(digits + WRONG_CHECK[total % 11])
    return found


def firm_name(county: str, type_code: str, number: int) -> str:
    """The name of a county's firm for disputes of a type."""
    return f"{county}{FIRM_NAMES[number % FIRMS_OF_COUNTY]}{FIRMS[type_code]}"
