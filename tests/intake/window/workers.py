"""Workers who do not exist, with numbers that hold."""

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
FAMILY = "赵钱孙李周吴郑王冯陈"
GIVEN = "甲乙丙丁戊己庚辛壬癸"


def id_number(serial: int) -> str:
    """The ID number of the `serial`th worker, born on the first day of 1980."""
    digits = f"21138219800101{serial:03d}"
    total = sum(int(one) * weight for one, weight in zip(digits, WEIGHTS, strict=True))
    return digits + CHECKS[total % 11]


ID_A, ID_B = id_number(1), id_number(2)


def workers(count: int, amount: int = 5600) -> str:
    """A list as Excel puts it on the clipboard."""
    return "\n".join(
        f"{_name(serial)}\t{id_number(serial)}\t1390000{serial:04d}\t{amount}"
        for serial in range(1, count + 1)
    )


def _name(serial: int) -> str:
    return FAMILY[serial % 10] + GIVEN[serial // 10 % 10] + GIVEN[serial // 100 % 10]
