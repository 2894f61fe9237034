"""The page in a real browser, alone and in a frame like Airflow's: theme, times, links, keyboard, widths."""

from __future__ import annotations

import os
import shutil
import threading
import time
from datetime import UTC, datetime

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from tests.web import ledger

from sanctions_watch.adapters.signing import Signer
from sanctions_watch.clock import FixedClock
from sanctions_watch.local.ports import free_port
from sanctions_watch.web import create_app
from sanctions_watch.web.desk import Desk, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.postgres]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PREFIX = "/base/sanctions_watch"
# As Airflow 3.3 frames a plugin's view: it may not open windows.
FRAME = f'<!doctype html><title>around</title><iframe sandbox="allow-scripts allow-same-origin allow-forms allow-downloads" src="{PREFIX}/" width="1200" height="900"></iframe>'


@pytest.fixture
def site(postgres_warehouse, mailbox):
    """(address of the page, ids), served on 127.0.0.1 below a prefix."""
    ids = ledger.store(postgres_warehouse)
    outer = FastAPI()
    outer.mount(PREFIX, create_app(postgres_warehouse.read, mailbox, lambda: None))
    outer.add_api_route("/around", lambda: HTMLResponse(FRAME))
    port = free_port(18200)
    server = uvicorn.Server(uvicorn.Config(outer, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}", ids
    server.should_exit = True
    thread.join()


@pytest.fixture
def browser():
    from playwright.sync_api import sync_playwright

    if CHROMIUM is None:
        missing = "the browser tests need Chromium (Debian: apt-get install chromium); .ci/run installs it and runs them"
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with sync_playwright() as playwright:
        held = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
        )
        yield held
        held.close()


def ground(frame):
    return frame.evaluate("getComputedStyle(document.body).backgroundColor")


def test_in_airflows_frame(site, browser):
    address, ids = site
    context = browser.new_context(timezone_id="Asia/Seoul", color_scheme="light")
    tab = context.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    context.route(
        "**/*.example/**", lambda route: route.fulfill(status=200, content_type="text/html", body="<title>outside</title>")
    )
    tab.goto(f"{address}/around")
    tab.evaluate("localStorage.setItem('theme', 'dark')")
    tab.reload()
    frame = tab.frame_locator("iframe").owner.element_handle().content_frame()
    frame.wait_for_selector("ol.ledger")
    assert ground(frame) == "rgb(16, 20, 22)", "Airflow's dark theme is followed"
    tab.evaluate("localStorage.setItem('theme', 'light')")
    for _ in range(50):
        if ground(frame) == "rgb(251, 251, 250)":
            break
        tab.wait_for_timeout(50)
    assert ground(frame) == "rgb(251, 251, 250)", "and followed again when it changes"

    when = frame.locator("ol.ledger time").first
    assert when.inner_text() == "5 Aug 2018, 13:34 UTC"
    frame.locator("#zone").click()
    assert when.inner_text().startswith("5 Aug 2018, 22:34")
    assert frame.locator("#zone").inner_text() == "Asia/Seoul"

    frame.locator("h2 a", has_text="Russia").click()
    frame.wait_for_url(f"{address}{PREFIX}/allegations/{ids['permits']}")
    assert frame.locator("time").first.inner_text().startswith("3 Aug 2018")
    with context.expect_page() as opened:
        frame.locator("a[target=_blank]").first.click()
    opened.value.wait_for_load_state()
    assert opened.value.url == "https://www.upi.example/world/1"
    assert opened.value.evaluate("window.opener") is None
    assert opened.value.evaluate("document.referrer") == ""
    assert [words for words in said if "sandbox" not in words] == [], "all but Chromium's remark on Airflow's kind of frame"


def test_alone_at_every_width_by_day_and_night(site, browser):
    address, ids = site
    views = [
        "/",
        *(f"/allegations/{known}" for known in ids.values()),
        "/mails",
        "/mails/0002-hostile.eml?as=text",
        "/?accused=nobody",
    ]
    for theme, colour in (("light", "rgb(251, 251, 250)"), ("dark", "rgb(16, 20, 22)")):
        for width in (360, 820, 1400):
            context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme)
            tab = context.new_page()
            said: list[str] = []
            tab.on("console", lambda message, said=said: said.append(message.text))
            for view in views:
                tab.goto(address + PREFIX + view)
                assert ground(tab) == colour
                assert tab.evaluate("document.documentElement.scrollWidth") <= width, (view, width)
            assert said == []
            context.close()


def test_everything_is_reached_by_keyboard(site, browser):
    address, ids = site
    tab = browser.new_page()
    tab.goto(f"{address}{PREFIX}/")
    reached = []
    for _ in range(14):
        tab.keyboard.press("Tab")
        reached.append(tab.evaluate("document.activeElement.name || document.activeElement.id || document.activeElement.innerText"))
    assert reached[0] == "Skip to the content"
    assert [name for name in ("accused", "conduct", "state", "zone") if name not in reached] == []
    assert "Russia, new work permits" in reached
    tab.locator("h2 a", has_text="Russia").focus()
    tab.keyboard.press("Enter")
    tab.wait_for_url(f"{address}{PREFIX}/allegations/{ids['permits']}")


def test_a_mail_runs_and_loads_nothing(site, browser):
    address, _ = site
    context = browser.new_context()
    answered: list[str] = []
    context.on("response", lambda response: answered.append(response.url))
    tab = context.new_page()
    tab.goto(f"{address}{PREFIX}/mails/0001-new.eml")
    frame = tab.frames[1]
    assert ledger.PERMITS in frame.content()
    assert tab.title().startswith("SAMPLE [NEW]")
    tab.goto(f"{address}{PREFIX}/mails/0001-new.eml/html")
    assert tab.title() != "ran"
    assert len(answered) > 3
    assert [url for url in answered if not url.startswith(address)] == []


def test_an_analyst_confirms_an_allegation_with_a_click(postgres_warehouse, browser):
    ledger.store(postgres_warehouse)
    clock = FixedClock(datetime(2026, 11, 22, 12, tzinfo=UTC))
    desk = Desk(
        postgres_warehouse.begin,
        clock.now,
        Signer("k" * 32, "http://127.0.0.1", clock),
        lambda: Visitor("mina", "Mina", may_judge=True),
    )
    port = free_port(18300)
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(postgres_warehouse.read, None, lambda: None, desk), host="127.0.0.1", port=port, log_level="error"
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}/review")
        page.locator("form.say button[value=confirm]").first.click()
        page.wait_for_url("**/allegations/*")
        assert "Confirmed by Mina" in page.locator("#verdict").inner_text()
    finally:
        server.should_exit = True
        thread.join()
