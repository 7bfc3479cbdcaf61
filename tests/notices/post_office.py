"""Real servers that take messages in: HTTP and SMTP, obliging, refusing or silent."""

import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Office:
    """What arrived, and how the next call is answered."""

    port: int = 0
    manner: str = "oblige"  # refuse, silent
    arrived: list[str] = field(default_factory=list)
    noticed: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def take(self, message: str) -> None:
        """Keep a message and wake whoever waits for one."""
        self.arrived.append(message)
        self.noticed.set()

    def url(self, scheme: str = "json") -> str:
        """The address in apprise's notation, with short time-outs."""
        if scheme == "mailto":
            return f"mailto://127.0.0.1:{self.port}?from=yuantou@example.org&to={{address}}&mode=insecure&cto=1&rto=1"
        return f"{scheme}://127.0.0.1:{self.port}/?cto=0.5&rto=0.5"


class Mailroom(socketserver.ThreadingTCPServer):
    """A server that does not wait for those it left without an answer."""

    daemon_threads = True


@contextmanager
def http_office() -> Iterator[Office]:
    """A webhook."""
    office = Office()

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            office.take(json.loads(body)["message"])
            if office.manner == "silent":
                office.over.wait()
                return
            self.send_response(200 if office.manner == "oblige" else 503)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Desk) as server:
        yield from _serving(office, server)


@contextmanager
def smtp_office() -> Iterator[Office]:
    """A mail server that speaks as much SMTP as a sender needs."""
    office = Office()

    class Desk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 here")
            while line := self.rfile.readline().decode().strip():
                verb = line.upper().partition(" ")[0]
                if verb == "DATA":
                    self._data()
                elif verb == "RCPT" and office.manner == "refuse":
                    self._say("550 nobody of that name")
                else:
                    self._say("221 bye" if verb == "QUIT" else "250 fine")

        def _data(self) -> None:
            self._say("354 go on")
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line.decode())
            office.take("".join(lines))
            if office.manner == "silent":
                office.over.wait()
            else:
                self._say("250 taken")

        def _say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    with Mailroom(("127.0.0.1", 0), Desk) as server:
        yield from _serving(office, server)


def closed_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def _serving(office: Office, server: socketserver.TCPServer) -> Iterator[Office]:
    office.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield office
    finally:
        office.over.set()
        server.shutdown()
        thread.join()
