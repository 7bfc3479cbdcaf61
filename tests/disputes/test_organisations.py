"""Who is an organisation: numbers first, then names; what may be a person is unsure."""

import pytest

from yuantou.disputes.identity import credit_code_of, id_of
from yuantou.disputes.organisations import kind_of, like_a_person, likely_kind

CODE = "91350100M000100Y43"  # the worked example of GB 32100-2015
PERSONAL_NUMBERS = [f"21138219800101{serial:03d}" for serial in range(1, 999)]


def numbered(stem: str) -> str:
    """The ID number that begins so."""
    return next(stem + last for last in "0123456789X" if id_of(stem + last))


def test_no_id_number_is_ever_a_credit_code() -> None:
    numbers = [numbered(stem) for stem in PERSONAL_NUMBERS]
    assert [number for number in numbers if credit_code_of(number)] == []
    assert credit_code_of(CODE) == CODE


@pytest.mark.parametrize("name", ["凌源宏达建筑公司", "王某", "某物业"])
def test_an_id_number_makes_a_person_of_any_name(name: str) -> None:
    assert kind_of("organisation", name, numbered(PERSONAL_NUMBERS[0])) == "person"


@pytest.mark.parametrize(
    ("name", "number", "kind"),
    [
        ("王某丙", None, "unsure"),
        ("欧阳建国", None, "unsure"),
        ("王学会", None, "unsure"),
        ("李厂", None, "unsure"),
        ("王 某 丙", None, "unsure"),
        ("买买提·艾合买提", None, "unsure"),
        ("某物业", None, "organisation"),
        ("红星超市", None, "organisation"),
        ("凌源宏达建筑公司", None, "organisation"),
        ("宏达", CODE, "organisation"),
    ],
)
def test_a_short_name_needs_a_word_or_a_code(name: str, number: str | None, kind: str) -> None:
    assert kind_of("organisation", name, number) == kind
    assert kind_of("person", name, number) == "person"


def test_a_sole_traders_code_does_not_settle_a_personal_name() -> None:
    codes = (f"92211382MA0UTEXT1{last}" for last in "0123456789ABCDEFGHJKLMNPQRTUWXY")
    trader = next(filter(credit_code_of, codes))
    assert kind_of("organisation", "王某丙", trader) == "unsure"
    assert kind_of("organisation", "王某丙面馆服务中心", trader) == "organisation"


@pytest.mark.parametrize(
    ("name", "kind"), [("凌源宏达建筑公司", "organisation"), ("王某丙", "person")]
)
def test_a_line_without_a_kind_goes_by_its_number_then_its_name(name: str, kind: str) -> None:
    assert likely_kind(name, "") == kind
    assert likely_kind(name, numbered(PERSONAL_NUMBERS[1])) == "person"
    assert like_a_person(name) is (kind == "person")
