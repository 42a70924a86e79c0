"""Debian's Chromium for the tests that walk through pages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client

from lianqiao.people.models import User

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
MARKS = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine"),
]


def page_of(browser: Any, address: str, user: User | None) -> Any:
    """A page of a browser of his own, signed in where there is somebody: with the password that he has by now."""
    context = browser.new_context(locale="zh-CN", base_url=address)
    if user is not None:
        client = Client()
        client.force_login(User.objects.get(pk=user.pk))
        value = client.cookies[site.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": site.SESSION_COOKIE_NAME, "value": value, "url": address}])
    page = context.new_page()
    page.set_default_timeout(90_000)  # a busy machine is no failure
    return page


@contextmanager
def opening(address: str) -> Iterator[Callable[[User | None], Any]]:
    """A page for each person. What the security policy refuses, or a script fails at, fails."""
    wrong: list[str] = []
    with launched() as browser:

        def opened(user: User | None) -> Any:
            page = page_of(browser, address, user)
            page.on("console", lambda told: wrong.append(told.text) if "Content Security Policy" in told.text else None)
            page.on("pageerror", lambda error: wrong.append(str(error)))
            return page

        yield opened
    assert wrong == []


@contextmanager
def launched() -> Iterator[Any]:
    """A browser, which is closed at the end."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop is no loop of ours
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
