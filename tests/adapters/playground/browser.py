"""Helpers for tests in a real Chromium."""

from __future__ import annotations

import os
import shutil

import pytest
from playwright.async_api import Browser, Page, expect

CHROMIUM = shutil.which("chromium")
ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

BROWSER_MARKS = [
    pytest.mark.browser,
    # In CI a missing browser must fail the tests instead of skipping them.
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("CI") != "true", reason="there is no `chromium` on the PATH"
    ),
]

FIND_OVERFLOWING = """() => [...document.querySelectorAll("body *")]
  .filter((node) => node.offsetParent && !node.closest(".sr, .skip, #sidebar"))
  .filter((node) => node.getBoundingClientRect().right > innerWidth + 1 || node.getBoundingClientRect().left < -1)
  .map((node) => `${node.tagName}.${node.className}: ${node.textContent.slice(0, 60)}`)"""
"""A script that lists visible elements reaching out of the window."""
FIND_BROKEN_WORDS = """() => [...document.querySelectorAll(".card td")].flatMap((cell) => {
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), broken = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) for (const word of node.data.matchAll(/\\S+/g)) {
    const range = document.createRange();
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    if (range.getClientRects().length > 1) broken.push(word[0]);
  }
  return broken;
})"""
"""A script that lists the words in tables that don't stand on one line."""


async def open_page(browser: Browser, url: str, console_messages: list[str], **screen: object) -> Page:
    """Open a page at `url`; everything the browser's console reports is added to `console_messages`."""
    width, height = (390, 844) if screen.get("is_mobile") else (1280, 800)
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        is_mobile=bool(screen.get("is_mobile")),
        has_touch=bool(screen.get("is_mobile")),
        color_scheme="dark" if screen.get("dark") else "light",
        timezone_id="Europe/Berlin",
    )
    page = await context.new_page()
    page.on("console", lambda message: console_messages.append(message.text))  # CSP violations are reported there, too
    page.on("pageerror", lambda error: console_messages.append(str(error)))
    await page.goto(url)
    return page


async def open_channel(page: Page, channel: str) -> None:
    await page.get_by_role("button", name=channel).click()
    await expect(page.locator("#place")).to_have_text(f"# {channel}")


async def say(page: Page, text: str) -> None:
    await page.locator("#composer-input").fill(text)
    await page.get_by_role("button", name="Send", exact=True).click()
