"""A difference is claimed only where the test says so."""

from flask import Flask

from tests.indicators.standing.counties import rates
from yuantou.assessments.peers import findings, frozen, sentence
from yuantou.indicators.standing.comparing import compare
from yuantou.indicators.standing.placing import Minimums

LEAST = Minimums(persons=20_000, matters=20, areas=5)
USUAL = [(p // 100, p) for p in (100_000, 150_000, 220_000, 300_000, 410_000, 500_000)] * 3


def test_only_the_planted_county_stands_out_and_the_missing_one_is_unknown() -> None:
    among = frozen(rates(*USUAL, (3_600, 300_000), (0, None)), LEAST)
    verdicts = [one["verdict"] for one in among.values()]
    assert verdicts == ["within"] * 18 + ["above", "unjudged"]
    assert among["211300"] == {"verdict": "within", "phi": among["211300"]["phi"], "judged": 19}
    assert isinstance(among["211300"]["phi"], str)
    assert frozen(rates(*USUAL[:3]), LEAST) == {}


def test_the_own_past_is_judged_by_the_test_and_not_by_the_eye() -> None:
    own = 110, 100_000
    assert findings({"verdict": "within"}, compare("rate", own, (300, 300_000))) == {
        "peers": "alike",
        "past": "alike",
    }
    assert findings({"verdict": "above"}, compare("rate", own, (210, 300_000))) == {
        "peers": "higher",
        "past": "higher",
    }
    assert findings(None, compare("share", (10, 40), (80, 100))) == {
        "peers": "unknown",
        "past": "lower",
    }
    assert findings({"verdict": "spread"}, compare("rate", None, None)) == {
        "peers": "alike",
        "past": "unknown",
    }


def test_the_words_claim_nothing_more(app: Flask) -> None:
    with app.test_request_context():
        said = sentence("万人成讼率", {"peers": "alike", "past": "unknown"})
    assert (
        said == "万人成讼率：与全省各县区的差别不超出偶然和共有差异；与往年比：数据不足，不作判断。"
    )
