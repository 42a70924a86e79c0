"""Takes the pictures of the README and the user guide from the sample programme: `make screenshots`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent / "pictures"
LIANQIAO = Path(sys.executable).with_name("lianqiao")
PORT = 8765
PAGES = {
    "home": "/desk/",
    "targets": "/targets/?day=2021-10-12",
    "figure": "/figures/visits.person_times/jd-0003/..2021-10-12",
    "ledger": "/ledgers/visits/",
    "entry": "/ledgers/visits/HF-2021-0029/",
    "check": "/checks/1/",
}
ROW = {
    "occurred_on": "2021.12.14", "purpose": "示例：产业园区对接", "leader": "示例丁", "people": "12人", "days": "2",
    "places": "示例创业中心；示例农业科技企业",
}  # fmt: skip
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


def take(password: str, workbooks: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = new_page(browser)
        for name, address in PAGES.items():
            page.goto(address)
            page.screenshot(path=HERE / f"{name}.png")
        take_filling(new_page(browser, "jingjiang", password), workbooks)
        reviewer = new_page(browser, "jingjiang-review", password)
        reviewer.goto("/review/visits/")
        reviewer.screenshot(path=HERE / "review.png")
        take_people(new_page(browser, "administrator", password))
        browser.close()


def new_page(browser: Browser, user: str = "", password: str = "") -> Page:
    """A page of the size that the pictures have, with the user signed in."""
    page = browser.new_context(
        viewport={"width": 1366, "height": 768}, color_scheme="light", locale="zh-CN",
        base_url=f"http://127.0.0.1:{PORT}",
    ).new_page()  # fmt: skip
    if user:
        page.goto("/sign-in/")
        page.fill("#u", user)
        page.fill("#p", password)
        page.click(".ways .go")
    return page


def take_filling(page: Page, workbooks: Path) -> None:
    """A row being filled in, which then waits; a revision that waits too; and a workbook with a cell to be mended."""
    page.goto("/ledgers/visits/new/")
    for box, typed in ROW.items():
        page.fill(f"#id_{box}", typed)
    page.select_option("#id_direction", "东部赴西部")
    page.screenshot(path=HERE / "fill.png")
    page.click("[data-main]")
    page.goto("/ledgers/visits/HF-2021-0029/edit/")
    page.fill("#id_people", "20")
    page.fill("#id_why", "依签到表更正")
    page.click("[data-main]")
    page.goto("/ledgers/visits/import/")
    page.set_input_files("#file", spoiled(workbooks))
    page.click("button.go")
    page.screenshot(path=HERE / "import.png")


def take_people(page: Page) -> None:
    """The log of what has been done so far, and one of the users."""
    page.goto("/log/")
    page.screenshot(path=HERE / "log.png")
    page.goto("/people/")
    page.click("a:text-is('jingjiang')")
    page.screenshot(path=HERE / "person.png")


def spoiled(workbooks: Path) -> Path:
    """One of the sample's workbooks, with rows that the ledger lacks and a number that is none."""
    book = openpyxl.load_workbook(sorted(workbooks.glob("*互访台账*"))[-1])
    sheet = book.active
    headings = {str(cell.value): cell.column for cell in sheet[1]}
    first = [cell.value for cell in sheet[2]]
    for day in (3, 4, 5):
        sheet.append(first)
        sheet.cell(sheet.max_row, headings["日期"]).value = f"2021-12-0{day}"
        sheet.cell(sheet.max_row, headings["佐证材料"]).value = None
    sheet.cell(sheet.max_row, headings["人数"]).value = "约12"
    made = workbooks / "十二月互访.xlsx"
    book.save(made)
    return made


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        making = [str(LIANQIAO), "demo", "--no-serve", "--json", "--dir", folder]
        told = json.loads(subprocess.run(making, check=True, capture_output=True, text=True).stdout)
        setting = {"LIANQIAO_OPEN": "True", "LIANQIAO_TODAY": "2021-12-31"}
        site = subprocess.Popen([LIANQIAO, "serve", "--dir", folder, "--port", str(PORT)], env=os.environ | setting)
        try:
            wait_for_site()
            take(told["password"], Path(folder) / "workbooks")
        finally:
            site.terminate()
            site.wait()


if __name__ == "__main__":
    main()
