"""The demo page in a real browser: a person tries a ticket, on a desk and on a phone."""

import json
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
INSTALL = "chromium is not installed; run: apt-get install -y --no-install-recommends chromium fonts-beng"
IS_BANGLA_DRAWN = """() => {
  const draw = (text) => {
    const canvas = document.createElement("canvas");
    canvas.width = 60; canvas.height = 40;
    const pen = canvas.getContext("2d");
    pen.font = "24px " + getComputedStyle(document.getElementById("complaint")).fontFamily;
    pen.fillText(text, 5, 28);
    return canvas.toDataURL();
  };
  return new Set(["ক", "ট", "ম", "\\u0984"].map(draw)).size === 4;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.fail(INSTALL)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def url(serve: Any) -> str:
    return str(serve().url)


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    page = browser.new_page(viewport=DESK)
    complaints: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda message: complaints.append(message.text) if "Content Security" in message.text else None,
    )
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    yield page
    assert complaints == []
    assert [address for address in asked if not address.startswith(url)] == []
    page.close()


def choose(page: Page, start: str) -> None:
    options = page.locator("#sample option")
    expect(options).not_to_have_count(1)
    index = next(number for number, text in enumerate(options.all_text_contents()) if text.startswith(start))
    page.select_option("#sample", index=index)


def test_sample_is_filled_in_decided_and_shown_with_its_row(page: Page) -> None:
    choose(page, "SAMPLE-01")
    page.click("#decide")
    expect(page.locator("#case_type")).to_have_text("wrong transfer")
    expect(page.locator("#evidence_verdict")).to_have_text("consistent")
    row = page.locator("#relevant_transaction_id").text_content()
    marked = page.locator("#rows li.matched")
    expect(marked).to_have_count(1)
    expect(marked.locator('[name="transaction_id"]')).to_have_value(row or "")
    expect(page.locator("#customer_reply")).to_contain_text("PIN or OTP")
    page.click("summary:has-text('JSON')")
    assert len(json.loads(page.locator("#raw").text_content() or "")) == 12


def test_bangla_sample_is_answered_in_bangla_and_drawn(page: Page) -> None:
    choose(page, "SAMPLE-03")
    page.keyboard.press("Tab")
    page.locator("#complaint").press("Control+Enter")
    expect(page.locator("#customer_reply")).to_have_attribute("lang", "bn")
    expect(page.locator("#complaint")).to_have_attribute("lang", "bn")
    assert page.evaluate(IS_BANGLA_DRAWN), "no font here draws Bangla; run: apt-get install -y fonts-beng"


def test_ticket_typed_by_hand_is_decided(page: Page) -> None:
    page.fill("#complaint", "My payment of 640 to the gas company failed but the money was cut.")
    page.click("#add-row")
    row = page.locator("#rows li")
    row.locator('[name="transaction_id"]').fill("TXN-1")
    row.locator('[name="amount"]').fill("640")
    row.locator('[name="type"]').select_option("payment")
    row.locator('[name="status"]').select_option("failed")
    page.click("#decide")
    expect(page.locator("#case_type")).to_have_text("payment failed")
    expect(page.locator("#relevant_transaction_id")).to_have_text("TXN-1")


def test_refusal_is_shown_and_keeps_what_was_typed(page: Page) -> None:
    page.fill("#complaint", "   ")
    page.fill("#ticket_id", "MINE-7")
    page.click("#decide")
    expect(page.locator("#problem")).to_be_visible()
    expect(page.locator("#problem-title")).to_have_text("Not decided (422)")
    expect(page.locator("#problem-text")).to_contain_text("blank")
    expect(page.locator("#problem-id")).to_contain_text("Request ")
    expect(page.locator("#ticket_id")).to_have_value("MINE-7")
    page.fill("#complaint", "My payment failed.")
    page.click("#decide")
    expect(page.locator("#problem")).to_be_hidden()
    expect(page.locator("#outcome")).to_be_visible()


def test_service_that_does_not_answer_is_said_and_keeps_what_was_typed(page: Page) -> None:
    def cut(route: Route) -> None:
        route.abort()

    page.route("**/analyze-ticket", cut)
    page.fill("#complaint", "My payment failed.")
    page.click("#decide")
    expect(page.locator("#problem-title")).to_have_text("No answer")
    expect(page.locator("#complaint")).to_have_value("My payment failed.")
    expect(page.locator("#decide")).to_be_enabled()


def test_text_of_a_ticket_stays_text(page: Page) -> None:
    page.fill("#ticket_id", "<img src=x onerror=alert(1)>")
    page.fill("#complaint", "<script>alert(1)</script> My payment failed.")
    page.click("#decide")
    expect(page.locator("#outcome")).to_be_visible()
    assert page.locator("#outcome img, #outcome script").count() == 0


def test_phone_has_no_sideways_scroll_and_sees_the_decision(browser: Browser, url: str) -> None:
    page = browser.new_page(viewport=PHONE)
    page.goto(url)
    choose(page, "SAMPLE-03")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.click("#decide")
    expect(page.locator("#headline")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.close()


def test_guarded_service_asks_for_the_key_and_takes_it(browser: Browser, serve: Any) -> None:
    key = "a-key-for-the-page-0123"
    page = browser.new_page(viewport=DESK)
    page.goto(serve(api_keys=key).url)
    page.fill("#complaint", "My payment failed.")
    page.click("#decide")
    expect(page.locator("#problem-title")).to_have_text("Not decided (401)")
    page.fill("#api_key", key)
    page.click("#decide")
    expect(page.locator("#outcome")).to_be_visible()
    page.close()


def test_api_page_shows_every_operation_and_schema(page: Page, url: str) -> None:
    page.goto(f"{url}/docs")
    paths = page.request.get(f"{url}/openapi.json").json()["paths"]
    count = sum(len(operations) for operations in paths.values())
    assert count > 30
    expect(page.locator("#operations .operation")).to_have_count(count)
    expect(page.locator("#operations")).to_contain_text("/analyze-ticket")
    expect(page.locator("#schemas")).to_contain_text("relevant_transaction_id")
    expect(page.locator("#problem")).to_be_hidden()
