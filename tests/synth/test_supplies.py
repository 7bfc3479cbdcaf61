"""The demo city has supplied counts, the demo county a feed, and both go with the demo."""

from sqlalchemy import text

from tests.synth.conftest import Invented

COUNTED = {
    "supplied": "SELECT count(*) FROM supplied_count WHERE demo",
    "suits": "SELECT count(*) FROM feed_suit",
    "links": "SELECT count(*) FROM suit_link",
    "months": "SELECT count(DISTINCT month) FROM suit_feed_month",
}


def test_pages_of_a_demo_are_not_empty(invented: Invented) -> None:
    with invented.engine.connect() as connection:
        found = {name: connection.scalar(text(query)) for name, query in COUNTED.items()}
    assert found["months"] == 20
    assert (found["supplied"] or 0) > 0
    assert 0 < (found["links"] or 0) <= (found["suits"] or 0) * 2
