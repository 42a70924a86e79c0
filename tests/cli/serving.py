"""A web server of an instance, started as users start it, at a free port of this machine, and asked for pages."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from tests.cli.sample import LIANQIAO, Instance, environment


@contextmanager
def serving(instance: Instance, **more: str) -> Iterator[str]:
    """The address of a server that runs meanwhile; `more` is what its environment says besides."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(LIANQIAO), "serve", "--port", str(port), "--workers", "1", "--dir", str(instance.folder)]
    server = subprocess.Popen(command, env=environment(**more), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        assert server.wait(timeout=30) in (0, -15, 143)


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Until somebody answers at the port."""
    end = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"no server: {server.poll()}")


def get(url: str) -> tuple[int, str, str]:
    """Status, address after redirects, and body."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.status, answer.url, answer.read().decode()
