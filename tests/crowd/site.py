"""The server as `lianqiao serve` runs it, and the people before it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode, urlsplit

Answer = tuple[int, str, str]
"""Status, where it leads, and the page."""


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[int]:
    """The server on a free port, up and answering."""
    port = free_port()
    lianqiao = Path(sys.executable).with_name("lianqiao")
    command = [str(lianqiao), "serve", "--dir", str(folder), "--port", str(port)]
    running = subprocess.Popen(command, env=os.environ | settings)
    try:
        wait_for(port, running)
        yield port
    finally:
        running.terminate()
        running.wait()


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def wait_for(port: int, running: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert running.poll() is None, "the server ended"
        try:
            if Visitor(port, "").get("/health/")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("the server did not come up")


def session_of(username: str) -> str:
    """A session in which the user has signed in: what costs half a second of hashing is measured elsewhere."""
    from django.conf import settings
    from django.test import Client

    from lianqiao.people.models import User

    client = Client()
    client.force_login(User.objects.get(username=username))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@dataclass
class Visitor:
    """One person's browser: a connection that is kept open, cookies, and how long each answer took."""

    port: int
    session: str
    taken: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    connection: HTTPConnection | None = None
    token: str = "a" * 32  # of both the cookie and the form: what the protection compares

    def get(self, address: str) -> Answer:
        return self.send("GET", address)

    def post(self, address: str, fields: dict[str, str] | list[tuple[str, str]]) -> Answer:
        pairs = [*(fields.items() if isinstance(fields, dict) else fields), ("csrfmiddlewaretoken", self.token)]
        return self.send("POST", address, urlencode(pairs).encode(), "application/x-www-form-urlencoded")

    def upload(self, address: str, name: str, data: bytes) -> Answer:
        mark = "lianqiao-crowd-boundary"
        head = f'--{mark}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{self.token}\r\n'
        file = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = (head + file).encode() + data + f"\r\n--{mark}--\r\n".encode()
        return self.send("POST", address, body, f"multipart/form-data; boundary={mark}")

    def send(self, method: str, address: str, body: bytes | None = None, kind: str = "") -> Answer:
        """Sends it, and sends it again as long as the server says that it is busy (503)."""
        while True:
            begun = time.perf_counter()
            answer, after = self.once(method, address, body, kind)
            self.taken.append(time.perf_counter() - begun)
            self.statuses.append(answer[0])
            if answer[0] != 503:
                return answer
            assert after, "503 without Retry-After"
            time.sleep(min(int(after), 1))

    def once(self, method: str, address: str, body: bytes | None, kind: str) -> tuple[Answer, str]:
        headers = {"Cookie": f"{self.session}; csrftoken={self.token}"}
        if kind:
            headers["Content-Type"] = kind
        if self.connection is None:
            self.connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            self.connection.request(method, address, body, headers)
            got = self.connection.getresponse()
            page = got.read().decode(errors="replace")
        except (HTTPException, ConnectionError):
            self.connection.close()
            self.connection = None
            raise
        to = urlsplit(got.headers.get("Location", ""))
        leads = to.path + (f"?{to.query}" if to.query else "")
        return (got.status, leads, page), got.headers.get("Retry-After", "")
