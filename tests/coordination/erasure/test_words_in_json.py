"""What is kept as JSON holds words of a matter too: an erasure takes them with the key."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.coordination.erasure.test_erasing import ClientOf, ask, decide, ended
from tests.coordination.matters import Door

KEPT = {
    "an exported line": (
        "INSERT INTO batch_item (batch_id, dispute_id, position, state, reason, cells) "
        """SELECT 1, id, 1, 'done', '', '["张三丰讨薪"]' FROM dispute""",
        "SELECT string_agg(cells::text, '') FROM batch_item",
    ),
    "why a limit was extended": (
        """UPDATE deadline SET extensions = '[{"amount": 1, "reason": "张三丰同意"}]'""",
        "SELECT string_agg(extensions::text, '') FROM deadline",
    ),
    "what a reviewer found": (
        "INSERT INTO review_file (round_id, dispute_id, organiser_agency_id, reviewed_agency_id, "
        "area_code, reviewer_agency_id, reviewer_id, assigned_at, until, findings, opinion) "
        "SELECT 1, id, 1, 1, area_code, 1, 1, now(), now(), "
        """'{"consent": {"verdict": "flaw", "note": "缺张三丰签名"}}', '' FROM dispute""",
        "SELECT string_agg(findings::text, '') FROM review_file",
    ),
}


@pytest.mark.parametrize("what", KEPT)
def test_words_in_json_go_with_the_key(
    door: Door, client_of: ClientOf, owner: Session, what: str
) -> None:
    write, read = KEPT[what]
    number = ended(door)
    owner.execute(text(write))
    owner.commit()
    assert "张三丰" in owner.scalar(text(read))
    ask(client_of, number)
    assert decide(client_of("gao"), owner) == 303
    owner.rollback()
    assert "张三丰" not in (owner.scalar(text(read)) or "")


def test_verdict_and_amount_stay(door: Door, client_of: ClientOf, owner: Session) -> None:
    number = ended(door)
    for name in ("why a limit was extended", "what a reviewer found"):
        owner.execute(text(KEPT[name][0]))
    owner.commit()
    ask(client_of, number)
    decide(client_of("gao"), owner)
    owner.rollback()
    assert owner.scalar(text("SELECT findings->'consent'->>'verdict' FROM review_file")) == "flaw"
    assert owner.scalar(text("SELECT max(extensions->0->>'amount') FROM deadline")) == "1"
