"""Takes the pictures of the README and the user guide from the sample programme: `make pictures`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent / "pictures"
LIANQIAO = Path(sys.executable).with_name("lianqiao")
PORT = 8765
PAGES = {
    "home": "/",
    "targets": "/targets/?day=2021-10-12",
    "figure": "/figures/visits.person_times/jd-0003/..2021-10-12",
    "ledger": "/ledgers/visits/",
    "entry": "/ledgers/visits/HF-2021-0029/",
    "check": "/checks/1/",
}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
]


def wait_for_site() -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health/").close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("the site did not come up")


def take() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 768}, color_scheme="light", locale="zh-CN")
        for name, address in PAGES.items():
            page.goto(f"http://127.0.0.1:{PORT}{address}")
            page.screenshot(path=HERE / f"{name}.png")
        browser.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([LIANQIAO, "demo", "--no-serve", "--dir", folder], check=True)
        setting = {"LIANQIAO_OPEN": "True", "LIANQIAO_TODAY": "2021-12-31"}
        site = subprocess.Popen([LIANQIAO, "serve", "--dir", folder, "--port", str(PORT)], env=os.environ | setting)
        try:
            wait_for_site()
            take()
        finally:
            site.terminate()
            site.wait()


if __name__ == "__main__":
    main()
