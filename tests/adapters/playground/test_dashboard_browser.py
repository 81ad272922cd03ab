"""The mentors' dashboard in a real browser: both themes, on a phone and by keyboard."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from playwright.async_api import Browser, Page, expect

from mentorbot.adapters.playground.adapter import PlaygroundAdapter
from mentorbot.app import AppContext
from mentorbot.chat.cards import Chart, Series
from mentorbot.chat.platform import Member
from mentorbot.views.dashboard import Dashboard, LearnerSummary

from .browser import BROWSER_MARKS, FIND_OVERFLOWING, open_page
from .sample_cards import DASHBOARD, HOSTILE, load_dashboard, start_playground

pytestmark = BROWSER_MARKS


@pytest.fixture
async def adapter(app_context: AppContext) -> AsyncIterator[PlaygroundAdapter]:
    """A playground where Ada has learners."""
    started = await start_playground(app_context, load_dashboard)
    yield started
    await started.stop()


@pytest.fixture
async def board(browser: Browser, adapter: PlaygroundAdapter, console_messages: list[str]) -> Page:
    page = await open_page(browser, f"{adapter.url}dashboard?as=ada", console_messages)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ada’s learners")
    return page


async def test_blocked_steps_are_sorted_by_waiting_time(board: Page) -> None:
    blocked = board.locator(".blocked li")
    await expect(blocked.locator("h3")).to_have_text(["Chen", "Dee", "Chen"])
    await expect(blocked.first).to_contain_text("Get access to the cluster")
    await expect(blocked.first).to_contain_text(re.compile(r"for \d+ days, since 2 March"))
    await expect(blocked.last).to_contain_text("Not sure since when")


async def test_tiles_show_totals(board: Page) -> None:
    await expect(board.locator(".tile")).to_have_text(
        ["learners3", "stuck2", "steps done7 of 23", "hours done30 of 108"]
    )
    await expect(board.get_by_role("progressbar", name="5 of 12 steps")).to_be_visible()
    await expect(board.get_by_role("row", name="Dee")).to_contain_text("no open step")


async def test_charts_have_labels_and_a_table(board: Page) -> None:
    plans = board.get_by_role("img", name="Plans, week by week. Hours done: 30 hours at week 7.")
    await expect(plans.locator(".goal .line")).to_have_count(1)
    await expect(plans.locator(".main circle")).to_have_count(7)  # weeks in the future are a gap
    rate = board.get_by_role("img", name="Check-ins, week by week. Answered: 33 % at 23 Mar.")
    heights = await rate.locator("rect").evaluate_all("all => all.map((one) => Number(one.getAttribute('height')))")
    assert heights == sorted(heights, reverse=True)
    await board.locator("summary").last.focus()
    await board.keyboard.press("Enter")
    await expect(board.get_by_role("row", name="16 Mar –")).to_be_visible()


async def test_dashboard_and_playground_link_to_each_other(board: Page) -> None:
    await board.get_by_role("combobox", name="You are").select_option("Dee")
    await expect(board.get_by_role("heading", name="Nothing to see yet")).to_be_visible()
    await expect(board.locator("main")).to_contain_text("tell me you want to mentor")
    await expect(board.locator("h1")).to_have_text(f"Learners of {HOSTILE}")
    await board.get_by_role("link", name="back to the playground").click()
    await expect(board.get_by_role("radio", name="Dee")).to_be_checked()
    await board.get_by_role("link", name="Dashboard").click()
    await expect(board).to_have_url(re.compile(r"/dashboard\?as=dee$"))
    await expect(board.get_by_role("combobox", name="You are")).to_have_value("dee")


async def test_hostile_names_are_not_parsed_as_html(board: Page) -> None:
    await expect(board.locator(".blocked li").nth(1)).to_contain_text(HOSTILE)
    assert await board.locator("main img").count() == 0


async def test_everything_is_reachable_by_keyboard(board: Page) -> None:
    await board.keyboard.press("Tab")
    await expect(board.get_by_role("link", name="Skip to the figures")).to_be_focused()
    await board.keyboard.press("Enter")
    await expect(board.locator("#board")).to_be_focused()
    for _ in range(2):
        await board.keyboard.press("Tab")
        assert await board.evaluate("document.activeElement.tagName") == "SUMMARY"


@pytest.mark.parametrize("dark", [False, True])
async def test_nothing_overflows_on_a_small_phone(
    browser: Browser, adapter: PlaygroundAdapter, console_messages: list[str], dark: bool
) -> None:
    page = await open_page(browser, f"{adapter.url}dashboard?as=ada", console_messages, is_mobile=True, dark=dark)
    for width in (380, 820, 390):
        await page.set_viewport_size({"width": width, "height": 844})
        await expect(page.locator(".plot svg").first).to_be_visible()
        assert await page.evaluate(FIND_OVERFLOWING) == []
        assert await page.evaluate("document.documentElement.scrollWidth") == width
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == ("rgb(22, 24, 31)" if dark else "rgb(255, 255, 255)")


async def test_extreme_values_are_drawn(browser: Browser, app_context: AppContext, console_messages: list[str]) -> None:
    many = tuple(f"a week of a very long name {number}" for number in range(60))
    button_lines = Chart(
        "lines",
        many,
        (Series("x", (None,) * 30 + (0.25,) + (None,) * 29), Series(HOSTILE * 5, (1_234_567,) * 60, "goal")),
    )
    bars = Chart(
        "bars", ("W" * 300,), (Series("a", (0,)), Series("b", (None,), "before"), Series("c", (0,), "goal")), HOSTILE
    )
    wide = LearnerSummary("W" * 300, "W" * 300, 12, 0, 9_999, 10, DASHBOARD.people[1].blocked * 20)

    async def extreme(viewer: Member) -> Dashboard:
        return replace(
            DASHBOARD, title="W" * 300, people=(wide,), burn_up=button_lines, rate=bars if viewer.id == "ada" else None
        )

    adapter = await start_playground(app_context, extreme)
    for name in ("ada", "ben"):
        page = await open_page(browser, f"{adapter.url}dashboard?as={name}", console_messages, is_mobile=True)
        await expect(page.locator(".plot svg").first).to_be_visible()
        assert await page.evaluate(FIND_OVERFLOWING) == []
        assert "NaN" not in await page.locator("main").inner_html()
    await adapter.stop()


async def test_empty_data_and_a_lost_server_are_explained(browser: Browser, app_context: AppContext) -> None:
    async def broken(viewer: Member) -> Dashboard:
        return Dashboard("Fine", (replace(DASHBOARD.people[0]),))

    adapter = await start_playground(app_context, broken)
    page = await open_page(browser, f"{adapter.url}dashboard?as=ada", [])
    await expect(page.locator("h1")).to_have_text("Fine")
    await expect(page.locator(".pair .calm").first).to_contain_text("Once a plan has hours")
    await expect(page.locator("main")).to_contain_text("Nobody. Everyone's moving.")
    await adapter.stop()
    await page.get_by_role("combobox", name="You are").select_option("Ben")
    await expect(page.get_by_role("alert")).to_contain_text("can't read the figures right now")


async def test_a_note_is_written_on_the_dashboard_of_a_sample_team(
    browser: Browser, app_context: AppContext, console_messages: list[str]
) -> None:
    adapter = await start_playground(app_context, None, store=app_context.store)
    page = await open_page(browser, adapter.url, console_messages)
    await page.get_by_role("button", name="Show a sample team").click()
    await expect(page).to_have_url(re.compile(r"/dashboard\?as=ben$"), timeout=60_000)
    stuck = page.locator("section").first
    await expect(stuck.get_by_role("heading", level=2)).to_have_text("Who's stuck")
    await expect(stuck).to_contain_text("for 9 days")
    await stuck.get_by_role("button", name="Message Ella Example").click()
    await page.get_by_label("Your message").fill("Shall we look at it together?")
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("status")).to_have_text("Sent to Ella Example")
    await page.get_by_role("button", name="Remove the sample team").click()
    await expect(page.get_by_role("heading", name="Nothing to see yet")).to_be_visible()
    await adapter.stop()
