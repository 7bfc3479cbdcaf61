"""Pages asked for at a steady rate, whether or not the earlier ones have been answered."""

import gzip
import http.client
import re
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urljoin

from yuantou.launcher.surroundings import HOST

CROWD = 24
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Visitor:
    """One browser: its cookies, a connection per thread."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    held: threading.local = field(default_factory=threading.local)

    def ask(
        self, path: str, form: dict[str, str] | None = None, *, packed: bool = False
    ) -> tuple[int, bytes, dict[str, str]]:
        """GET, or POST a form; returns status, body and headers."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if packed:
            headers["Accept-Encoding"] = "gzip"
        body = None
        if form is not None:
            body = urlencode(form, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Referer"] = f"http://{HOST}:{self.port}{path}"
        line = self._line()
        try:
            line.request("POST" if body is not None else "GET", path, body, headers)
            answer = line.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            line.close()
            raise
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return answer.status, content, {k.lower(): v for k, v in answer.getheaders()}

    def token(self, path: str) -> str:
        """The CSRF token of the form on a page."""
        status, body, _ = self.ask(path)
        found = _TOKEN.search(body.decode())
        if status != http.client.OK or found is None:
            raise RuntimeError(f"no form at {path}: {status}")
        return unescape(found[1])

    def sign_in(self, login: str, password: str) -> None:
        """Sign in, or RuntimeError."""
        form = {"csrf_token": self.token("/sign-in"), "login": login, "password": password}
        status, _, _ = self.ask("/sign-in", form)
        if status not in (http.client.FOUND, http.client.SEE_OTHER):
            raise RuntimeError(f"{login} could not sign in: {status}")

    def _line(self) -> http.client.HTTPConnection:
        if not hasattr(self.held, "line"):
            self.held.line = http.client.HTTPConnection(HOST, self.port, timeout=30)
        line: http.client.HTTPConnection = self.held.line
        return line


def open_loop(visitor: Visitor, paths: Sequence[str], rate: float, seconds: float) -> list[float]:
    """Times from when each request was due to its answer; RuntimeError for one that fails."""
    start = time.perf_counter() + 0.1
    count = int(rate * seconds)

    def one(number: int) -> float:
        due = start + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        status, _, _ = visitor.ask(paths[number % len(paths)])
        if status != http.client.OK:
            raise RuntimeError(f"{paths[number % len(paths)]} answered {status}")
        return time.perf_counter() - due

    with ThreadPoolExecutor(CROWD) as crowd:
        return list(crowd.map(one, range(count)))


def closed_loop(ask: Callable[[], None], crowd: int, seconds: float) -> list[float]:
    """Times of one request after another by each of `crowd` clients."""
    end = time.perf_counter() + seconds

    def one(_: int) -> list[float]:
        times = []
        while (started := time.perf_counter()) < end:
            ask()
            times.append(time.perf_counter() - started)
        return times

    with ThreadPoolExecutor(crowd) as clients:
        return [each for part in clients.map(one, range(crowd)) for each in part]


def weigh(visitor: Visitor, path: str) -> dict[str, int]:
    """Bytes of a page and of all that it loads, compressed (by us where the server does not)."""
    weights: dict[str, int] = {}
    waiting = [path]
    while waiting:
        address = waiting.pop()
        key = address.partition("#")[0]
        if key in weights:
            continue
        status, body, headers = visitor.ask(key, packed=True)
        if status != http.client.OK:
            raise RuntimeError(f"{key} answered {status}")
        packed = headers.get("content-encoding") == "gzip"
        weights[key] = len(body) if packed or not _packs(headers) else len(gzip.compress(body, 6))
        text = (gzip.decompress(body) if packed else body).decode(errors="ignore")
        waiting += [urljoin(key, found) for found in _loaded(text, headers, first=key == path)]
    return weights


def _packs(headers: dict[str, str]) -> bool:
    kind = headers.get("content-type", "")
    return kind.startswith("text/") or "json" in kind or "svg" in kind or "javascript" in kind


def _loaded(text: str, headers: dict[str, str], *, first: bool) -> list[str]:
    """Addresses that a browser fetches by itself for a page, a style sheet or a script."""
    kind = headers.get("content-type", "")
    found: list[str] = []
    if first:
        found += re.findall(r'<(?:script|img)[^>]+src="(/[^"]+)"', text)
        found += re.findall(r'<link[^>]+rel="(?:stylesheet|icon)"[^>]*href="(/[^"]+)"', text)
        found += re.findall(r'data-(?:geometry|topology)[a-z-]*="(/[^"]+)"', text)
    elif "javascript" in kind:
        found += re.findall(r'(?:from|import)\s*"(\.{0,2}/[^"]+\.js)"', text)
    elif "css" in kind:
        found += re.findall(r'url\("?(/[^)"]+)"?\)', text)
    return [unescape(one) for one in found]
