"""What people see when something goes wrong: what, where, what to do; nothing typed is lost."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.cast import NANJIE
from tests.conftest import Database
from yuantou.database.embedded import EmbeddedServer

Clients = Callable[[str], FlaskClient]
WORDS = "院墙滴水 🙂 '; DROP TABLE dispute; -- <script>alert(1)</script>"
REPORT = {
    "submission": "a" * 32,
    "type": "neighborhood",
    "area": NANJIE,
    "place": "前山村三组",
    "summary": WORDS,
    "occurred_on": "2026-01-04",
    "involved": "2",
    "source": "application",
}


def take_away(server: EmbeddedServer, database: Database) -> None:
    """Close the database to everybody, as when its server stopped."""
    name = database.connections.app.split("/")[-1].split("?")[0]
    with server.connect() as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )


def test_a_stopped_database_keeps_what_was_typed(
    client_of: Clients, server: EmbeddedServer, database: Database
) -> None:
    client = client_of("mei")
    assert client.get("/intake/").status_code == 200
    take_away(server, database)
    answer = client.post("/intake/", data=REPORT)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert "没有保存" in page
    assert "再提交一次" in page
    assert "前山村三组" in page
    assert "<script>alert" not in page


def test_a_full_disk_says_so_and_writes_nothing(client_of: Clients, owner: Session) -> None:
    owner.execute(
        text(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
        )
    )
    owner.execute(
        text(
            "CREATE TRIGGER full_disk BEFORE INSERT ON dispute_event "
            "FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
    )
    owner.execute(text("GRANT EXECUTE ON FUNCTION full_disk() TO PUBLIC"))
    owner.commit()
    answer = client_of("mei").post("/intake/", data=REPORT)
    assert answer.status_code == 503
    assert "存储空间已满" in answer.get_data(as_text=True)
    assert owner.scalar(text("SELECT count(*) FROM dispute")) == 0


def test_hostile_words_are_words(client_of: Clients, owner: Session) -> None:
    client = client_of("mei")
    assert client.post("/intake/", data=REPORT).status_code in (302, 303)
    kept = owner.scalar(text("SELECT summary FROM dispute"))
    assert kept == WORDS
    assert "<script>alert" not in client.get("/disputes/").get_data(as_text=True)


def test_a_huge_body_is_refused_before_it_is_read(client_of: Clients) -> None:
    answer = client_of("kang").post(
        "/judiciary/upload", data=b"x" * 50_000_000, content_type="multipart/form-data; boundary=b"
    )
    assert answer.status_code == 413
    assert "MB" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "path", ["/matters/99999999999999999999", "/matters/0", "/nowhere", "/disputes/?before=%00"]
)
def test_nonsense_addresses_are_not_found(client_of: Clients, path: str) -> None:
    assert client_of("gao").get(path).status_code in (200, 400, 404)


@pytest.mark.parametrize("number", [2**31, 2**63, 10**30])
@pytest.mark.parametrize(
    "path", ["/matters/{}/named", "/matters/{}/files/new", "/batches/{}/stop", "/review/{}/close"]
)
def test_nothing_is_sent_to_a_number_out_of_reach(
    client_of: Clients, path: str, number: int
) -> None:
    assert client_of("gao").post(path.format(number)).status_code == 404


def test_marking_a_notice_out_of_reach_marks_nothing(client_of: Clients) -> None:
    answer = client_of("gao").post("/notices/read", data={"id": ["7", "9" * 30, "x"]})
    assert answer.status_code == 302


def test_no_page_says_more_than_it_should(app: Flask, client_of: Clients) -> None:
    page = client_of("gao").get("/nowhere").get_data(as_text=True)
    assert "Traceback" not in page
    assert "没有" in page


@pytest.mark.parametrize(
    "body", ['{"parties":[{"name":"\\ud800","phone":"13912345678"}]}', "[" * 7000]
)
def test_broken_json_is_no_failure(client_of: Clients, body: str) -> None:
    answer = client_of("mei").post("/intake/hints", data=body, content_type="application/json")
    assert answer.status_code < 500


@pytest.mark.parametrize(
    ("path", "status"), [("/map/county/%00", 404), ("/assessments/targets?area=%00", 200)]
)
def test_a_nul_in_an_address_is_no_failure(client_of: Clients, path: str, status: int) -> None:
    assert client_of("sheng").get(path).status_code == status


@pytest.mark.parametrize("number", ["²", "9" * 30])
def test_numbers_that_are_none_are_refused(client_of: Clients, number: str) -> None:
    assert client_of("mei").post("/intake/", data={**REPORT, "same": number}).status_code == 400


def test_a_copied_cookie_ends_with_the_session(client_of: Clients, app: Flask) -> None:
    client = client_of("mei")
    copied = client.get_cookie("session")
    assert copied is not None
    client.post("/sign-out")
    thief = app.test_client()
    thief.set_cookie("session", copied.value)
    assert thief.get("/account").status_code in (302, 401)


def test_the_same_words_twice_are_one_suggestion(client_of: Clients, owner: Session) -> None:
    client = client_of("mei")
    for _ in range(2):
        client.post("/suggestions", data={"text": "希望能离线登记", "page": "/"})
    assert owner.scalar(text("SELECT count(*) FROM complaint")) == 1
