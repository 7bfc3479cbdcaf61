"""What the logs hold, and what they must not."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from yuantou.logs import REQUEST_ID, set_up_logs


@pytest.fixture(autouse=True)
def _quiet_again() -> Iterator[None]:
    """Give the logs back as they were."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    written = capsys.readouterr().err.splitlines()
    return [json.loads(line) for line in written if line.startswith("{")]


def test_a_request_is_logged_by_its_pattern_and_without_its_question(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(json=True)
    app.test_client().get("/static/nowhere?name=梅兰芳")
    app.test_client().get("/nowhere/梅兰芳?name=梅兰芳")
    found = lines(capsys)
    assert [one["route"] for one in found] == ["(none)"]
    assert "梅兰芳" not in json.dumps(found, ensure_ascii=False)


def test_the_answer_names_the_request_of_the_log(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up_logs(json=True)
    answer = app.test_client().get("/nowhere")
    assert lines(capsys)[0]["request"] == answer.headers[REQUEST_ID]


def test_a_proxy_may_name_the_request_but_not_write_into_the_log(app: Flask) -> None:
    client = app.test_client()
    named = client.get("/nowhere", headers={REQUEST_ID: "proxy-12345678"})
    forged = client.get("/nowhere", headers={REQUEST_ID: 'x" "status": 200'})
    assert named.headers[REQUEST_ID] == "proxy-12345678"
    assert "status" not in forged.headers[REQUEST_ID]


def test_long_numbers_are_blotted_out_even_in_a_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_up_logs(json=True)
    structlog.contextvars.clear_contextvars()
    try:
        int("21138219800101123X")
    except ValueError:
        structlog.get_logger().exception("身份证 21138219800101123X 电话 13912345678")
    (found,) = lines(capsys)
    assert found["event"] == "身份证 * 电话 *"
    assert "2113821980" not in str(found["exception"])


def test_a_row_that_the_database_refused_is_not_shown(
    capsys: pytest.CaptureFixture[str], owner: Session
) -> None:
    set_up_logs(json=True)
    structlog.contextvars.clear_contextvars()
    typed = {"words": "张三丰讨薪\n\n住前山村"}
    for told in ("target (document)", "correction (before)"):
        try:
            owner.execute(text(f"INSERT INTO {told} VALUES (:words)"), typed)
        except DBAPIError:
            owner.rollback()
            logging.getLogger("yuantou").exception("database error")
    found = lines(capsys)
    assert all("null value in column" in str(one["exception"]) for one in found)
    assert not [one for one in found if "张三丰" in str(one) or "前山村" in str(one)]


def test_the_head_of_the_audit_stays_whole(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(json=True)
    structlog.contextvars.clear_contextvars()
    head = "12345678:" + "0123456789abcdef" * 4
    structlog.get_logger().info("审计链完好", audit_head=head)
    assert [line["audit_head"] for line in lines(capsys)] == [head]
