"""How the tests drive a real Chromium."""

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

IN_A_BROWSER = [
    pytest.mark.browser,
    # Where the checks decide about a change, a missing browser is a failure and no reason to skip.
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("CI") != "true", reason="there is no `chromium` on the PATH"
    ),
]

SPILLING = """() => [...document.querySelectorAll("body *")]
  .filter((node) => node.offsetParent && !node.closest(".sr, .skip, #sidebar"))
  .filter((node) => node.getBoundingClientRect().right > innerWidth + 1 || node.getBoundingClientRect().left < -1)
  .map((node) => `${node.tagName}.${node.className}: ${node.textContent.slice(0, 60)}`)"""
"""The visible elements that reach out of the window."""


async def watched(browser: Browser, url: str, complaints: list[str], **screen: object) -> Page:
    """A page, open at `url`; whatever the browser complains about is kept."""
    width, height = (390, 844) if screen.get("is_mobile") else (1280, 800)
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        is_mobile=bool(screen.get("is_mobile")),
        has_touch=bool(screen.get("is_mobile")),
        color_scheme="dark" if screen.get("dark") else "light",
        timezone_id="Europe/Berlin",
    )
    page = await context.new_page()
    page.on("console", lambda message: complaints.append(message.text))  # a CSP violation is told there too
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(url)
    return page


async def visit(page: Page, channel: str) -> None:
    await page.get_by_role("button", name=channel).click()
    await expect(page.locator("#place")).to_have_text(f"# {channel}")


async def say(page: Page, text: str) -> None:
    await page.locator("#composer-input").fill(text)
    await page.get_by_role("button", name="Send", exact=True).click()
