"""Who is an organisation: the only place that says so. Standard library only.

What was typed as an organisation may be a natural person. Only what is surely an organisation
counts as one wherever organisations are compared, and stands with its name in lists; what may be a
person is masked like one until the county has looked.
"""

import re

from yuantou.disputes.identity import credit_code_of, id_of

PERSON, ORGANISATION, UNSURE = "person", "organisation", "unsure"
SOLE_TRADER = "92"  # a credit code that begins so is one person's trade (GB 32100-2015)
_WORDS = re.compile(r"公司|厂|店|中心|合作社|委员会|医院|学校|集团|银行|局|(社|院|会|所|部)$")
# Short names need two characters that no personal name ends with: 王学会 is a person.
_SURE_WORDS = re.compile(
    r"公司|工厂|商店|饭店|酒店|药店|书店|中心|医院|学校|集团|银行|超市|商行|商场|市场|物业|小学|"
    r"中学|大学|幼儿园|法院|政府|协会|工会|村委|居委|电厂|水厂|药房|餐厅|宾馆|网吧|"
    r"平台|项目部|合作社|信用社|供销社|派出所|卫生院|养老院"
)
_PERSONAL = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]+(·[\u4e00-\u9fff]+)+")


def like_a_person(name: str) -> bool:
    """Whether a name could be that of a natural person: short, without an organisation's word."""
    told = re.sub(r"\s+", "", name).replace("•", "·")
    if not _PERSONAL.fullmatch(told):
        return False
    return _SURE_WORDS.search(told) is None


def kind_of(told: str, name: str, number: str | None) -> str:
    """The kind of a party that was typed as `told`: person, organisation, or unsure."""
    if told != ORGANISATION or (number and id_of(number)):
        return PERSON
    code = credit_code_of(number) if number else None
    if code and not code.startswith(SOLE_TRADER):
        return ORGANISATION
    return UNSURE if like_a_person(name) else ORGANISATION


def likely_kind(name: str, number: str) -> str:
    """What a line of a list tells of, where nobody typed a kind."""
    if number and id_of(number):
        return PERSON
    return ORGANISATION if _WORDS.search(name) else PERSON
