"""A whole province with demo people, a real server, a real browser."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright
from sqlalchemy import Connection, create_engine, text
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.chromium import arguments, executable, required
from yuantou.access.sign_in import limiter
from yuantou.accounts.passwords import hash_random, random_password
from yuantou.app import create_app
from yuantou.calendar.clock import today
from yuantou.database.connections import Connections
from yuantou.database.embedded import EmbeddedServer
from yuantou.database.migrating import upgrade
from yuantou.database.roles import APP, OWNER, WORKER
from yuantou.maps.queries import month_back

HERE = Path(__file__).resolve().parent
PICTURES = HERE.parents[1] / "test-results" / "pictures"
NAME = "journeys"
WIDE, PHONE = (1440, 900), (360, 780)
REFUSED = "Unable to capture screenshot"  # Chromium says it now and then and takes the next one
expect.set_options(timeout=30_000)  # as long as a click or an address: two busy cores are slow


class Quiet(WSGIRequestHandler):
    """Answers without a line for each file: a failing journey's own words are what is read."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """The product's own log names the request already."""


@dataclass(frozen=True)
class Province:
    """The address of the running product, and who may sign in."""

    address: str
    passwords: dict[str, str]
    app: Flask

    def hire(self, login: str, agency: str) -> None:
        """Give an invented person of an agency a login and a password to sign in with."""
        password = random_password()
        with self._owner() as owner:
            owner.execute(
                text(
                    "UPDATE account SET login = :login, password_hash = :hash, "
                    "must_change = false WHERE id = (SELECT min(a.id) FROM account a "
                    "JOIN agency g ON g.id = a.agency_id WHERE g.code = :agency)"
                ),
                {"login": login, "hash": hash_random(password), "agency": agency},
            )
        self.passwords[login] = password

    @contextmanager
    def _owner(self) -> Iterator[Connection]:
        engine = create_engine(self.app.extensions["connections"].owner)
        with engine.begin() as connection:
            yield connection
        engine.dispose()


@dataclass
class Visit:
    """One person's page, and whatever the browser complained of."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    meant: set[int] = field(default_factory=set)

    def go(self, path: str) -> Page:
        """Open a path of the product."""
        self.page.goto(self.address + path)
        return self.page

    def picture(self, name: str, *, whole: bool = False) -> None:
        """Keep what is seen, for people to look at."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        try:
            self.page.screenshot(path=PICTURES / f"{name}.png", full_page=whole)
        except Error as refused:
            if REFUSED not in refused.message:
                raise
            self.page.screenshot(path=PICTURES / f"{name}.png", full_page=whole)

    def forget(self, status: int) -> None:
        """Expect the browser's complaint of this status, which may arrive after the page."""
        self.meant.add(status)

    def unmeant(self) -> list[str]:
        """The complaints that nobody expected."""
        expected = [f"status of {status}" for status in self.meant]
        return [one for one in self.complaints if not any(each in one for each in expected)]

    def fits(self) -> bool:
        """Whether nothing sticks out to the side."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker takes all journeys, in their order: they go through one province."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.xdist_group("journeys"))


@pytest.fixture(scope="session")
def province(
    server: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Province]:
    """Liaoning as `make run` sets it up, with fewer disputes."""
    admin = create_engine(server.url(OWNER), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {NAME} TEMPLATE template0"))
    admin.dispose()
    connections = Connections(*(server.url(role, NAME) for role in (APP, WORKER, OWNER)))
    upgrade(connections.owner)
    app = create_app(connections)
    folder = tmp_path_factory.mktemp("province")
    accounts = folder / "accounts.txt"
    try:
        _set_up(app, folder, accounts)
    except BaseException:
        app.extensions["engine"].dispose()
        raise
    running = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield Province(f"http://127.0.0.1:{running.port}", _passwords(accounts), app)
    running.shutdown()
    thread.join()
    running.server_close()
    app.extensions["engine"].dispose()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; where there is none, these tests are reported as not run."""
    found = executable()
    if found is None:
        if required():
            pytest.fail("no Chromium although browser tests are required here")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=arguments())
        yield browser
        browser.close()


@pytest.fixture
def visit(province: Province, chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """`visit("mediator", PHONE)` signs that person in; complaints of the browser fail the test."""
    made: list[Visit] = []

    def sign_in(login: str, size: tuple[int, int] = WIDE, *, javascript: bool = True) -> Visit:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=javascript,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        one = Visit(context.new_page(), province.address)
        made.append(one)
        _listen(one)
        one.go("/sign-in").fill("[name=login]", login)
        one.page.fill("[name=password]", province.passwords[login])
        limiter.reset()  # many people sign in from this one address
        one.page.click("main form button[type=submit]")
        one.page.wait_for_url(lambda url: "/sign-in" not in url)
        return one

    yield sign_in
    for one in made:
        one.page.context.close()
    assert [complaint for one in made for complaint in one.unmeant()] == []


def _set_up(app: Flask, folder: Path, accounts: Path) -> None:
    land = str(folder / "liaoning")
    runner = app.test_cli_runner()
    for words in (
        ["territory", "build", "--to", land],
        ["territory", "load", land],
        ["maps", "draw"],
        ["config", "load"],
        ["demo", "create", "--disputes", "1500", "--accounts", str(accounts)],
        ["assessments", "run", "--at-once", "--period", _last_month()],
    ):
        done = runner.invoke(args=words)
        assert done.exit_code == 0, f"{words}: {done.output}"


def _last_month() -> str:
    return f"{month_back(today().replace(day=1), 1):%Y-%m}"


def _passwords(file: Path) -> dict[str, str]:
    rows = (line.split("\t") for line in file.read_text().splitlines() if "\t" in line)
    return {row[0].strip(): row[1].strip() for row in rows}


def _listen(one: Visit) -> None:
    host = urlsplit(one.address).netloc

    def on_request(address: str) -> None:
        if not re.match(r"(data|blob):", address) and urlsplit(address).netloc != host:
            one.complaints.append(f"outside request: {address}")

    one.page.on("request", lambda request: on_request(request.url))
    one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
    one.page.on(
        "console",
        lambda said: one.complaints.append(said.text) if said.type == "error" else None,
    )
