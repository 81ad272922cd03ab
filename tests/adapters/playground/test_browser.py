"""The playground in a real Chromium, used by keyboard and by pointer."""

from __future__ import annotations

import json
import re

from playwright.async_api import Browser, Page, expect

from mentorbot.adapters.playground.adapter import PlaygroundAdapter

from .browser import BROWSER_MARKS, FIND_BROKEN_WORDS, FIND_OVERFLOWING, open_channel, open_page, say
from .visitor import Visitor

pytestmark = BROWSER_MARKS


async def test_command_is_completed_and_sent_by_keyboard(page: Page) -> None:
    await open_channel(page, "general")
    box = page.locator("#composer-input")
    await expect(box).to_be_focused()
    await page.keyboard.type("/men")
    await page.keyboard.press("Tab")
    await expect(box).to_have_value("/mentor ")
    await page.keyboard.type("sal")
    await expect(page.locator("#offers li")).to_have_count(1)
    await page.keyboard.press("ArrowDown")
    await expect(box).to_have_attribute("aria-activedescendant", "offer-0")
    await page.keyboard.press("Enter")
    await expect(box).to_have_value("/mentor salary ")
    await page.keyboard.type("sen")
    await page.keyboard.press("Tab")
    await expect(box).to_have_value("/mentor salary senior ")
    await page.keyboard.press("Enter")
    await expect(page.locator(".card")).to_contain_text("$200K–$280K+")
    await expect(page.locator(".message").last).to_contain_text("Only you see this")
    await expect(page.locator(".said")).to_have_text("/mentor salary senior")
    await expect(box).to_have_value("")


async def test_button_pressed_by_keyboard_is_shown_and_answered_below(page: Page) -> None:
    await open_channel(page, "general")
    await say(page, "/mentor salary")
    await page.get_by_role("button", name="Senior").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".card h3").last).to_contain_text("Senior: $200K")
    await expect(page.locator(".said").last).to_have_text("Senior")
    await expect(page.locator(".message")).to_have_count(4)


async def test_form_with_an_error_keeps_everything(page: Page) -> None:
    await open_channel(page, "random")
    await say(page, "/mentor plan add")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("What you'll do").fill("Draw our inference path")
    await dialog.get_by_label("By when").fill("2020-01-31")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("2020")
    await expect(dialog.get_by_label("By when")).to_be_focused()
    await expect(dialog.get_by_label("What you'll do")).to_have_value("Draw our inference path")
    await dialog.get_by_label("By when").fill("2099-01-02")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_be_hidden()
    await expect(page.locator(".card")).to_contain_text("Draw our inference path")


async def test_form_is_filled_in_and_sent(page: Page) -> None:
    await open_channel(page, "random")
    await say(page, "/mentor plan add")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("What you'll do").fill("Draw our <b>inference</b> path")
    await dialog.get_by_label("By when").fill("2099-01-02")
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_be_hidden()
    await expect(page.locator(".card")).to_contain_text("Draw our <b>inference</b> path")


async def test_days_are_ticked(page: Page) -> None:
    await open_channel(page, "random")
    await say(page, "/mentor settings change:tips")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Monday")).to_be_checked()
    await dialog.get_by_label("Thursday").check()
    await dialog.get_by_label("Time zone or city").fill("Berlin")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.locator(".card")).to_contain_text("Mondays and Thursdays 09:00, Berlin time")


async def test_form_is_closed_with_escape(page: Page) -> None:
    await open_channel(page, "random")
    await say(page, "/mentor plan add")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    await expect(page.locator(".card")).to_have_count(0)


async def test_private_answer_is_hidden_from_others(page: Page) -> None:
    await open_channel(page, "general")
    await say(page, "hello all")
    await say(page, "/mentor salary senior")
    await expect(page.locator(".card")).to_be_visible()
    await page.get_by_role("radio", name="Ben").check(force=True)
    await expect(page.locator(".message")).to_have_count(1)
    await expect(page.locator(".message")).to_contain_text("hello all")
    await page.get_by_role("radio", name="Ada").check(force=True)
    await expect(page.locator(".card")).to_contain_text("$200K–$280K+")


async def test_moving_the_clock_posts_the_weekly_tip(page: Page) -> None:
    await open_channel(page, "general")
    await say(page, "/mentor tips here monday 09:00 Europe/Berlin")
    await expect(page.locator(".card h3")).to_have_text(re.compile("^Weekly tip is on in #"))
    await open_channel(page, "random")
    await page.locator("#clock summary").click()
    await page.get_by_role("button", name="Monday 09:00", exact=True).click()
    await expect(page.locator("#now")).to_have_text(re.compile(r"Mon \d+ \w+ 09:00"))
    await page.get_by_role("button", name="general (new)").click()
    tip = page.locator(".message").last
    await expect(tip).to_contain_text("Tip of the week")
    await expect(tip.locator("time")).to_have_text("09:00")
    await expect(page.locator(".day").last).to_contain_text("Monday")
    await tip.get_by_role("button", name="Add to my plan").click()
    await expect(page.locator(".message").last).to_contain_text("Added: ")
    await expect(page.locator(".message", has_text="Tip of the week")).to_have_count(1)


async def test_views_show_the_slack_and_discord_versions(page: Page) -> None:
    await page.locator("#view").select_option(label="Slack JSON")
    (slack,) = json.loads(await page.locator("pre.wire").inner_text())
    assert slack["blocks"][0]["text"]["text"] == "Hi Ada, I'm mentorbot 👋"
    await page.locator("#view").select_option(label="Discord JSON")
    await expect(page.locator("pre.wire")).to_contain_text('"components"')
    await page.locator("#view").select_option(label="Plain text")
    await expect(page.locator("pre.wire")).to_contain_text("[Look around] /mentor start goal:look")
    await page.locator("#view").select_option(label="Slack look")
    await expect(page.locator(".slack .header")).to_have_text("Hi Ada, I'm mentorbot 👋")
    await page.locator(".slack").get_by_role("button", name="Look around").click()
    await expect(page.locator(".slack .header").last).to_have_text("Have a look around")


async def test_question_in_the_dm_is_answered(page: Page) -> None:
    await say(page, "how much money does someone with a lot of experience make?")
    await expect(page.locator(".card").last).to_contain_text("$200K–$280K+")


async def test_theme_follows_the_system_until_chosen(
    browser: Browser, adapter: PlaygroundAdapter, console_messages: list[str]
) -> None:
    page = await open_page(browser, adapter.url, console_messages, dark=True)
    await expect(page.locator(".card")).to_be_visible()
    colour = "() => getComputedStyle(document.body).backgroundColor"
    dark = await page.evaluate(colour)
    await page.get_by_role("button", name="Switch theme").click()
    light = await page.evaluate(colour)
    assert (dark, light) == ("rgb(22, 24, 31)", "rgb(255, 255, 255)")
    await page.reload()
    await expect(page.locator(".card")).to_be_visible()
    assert await page.evaluate(colour) == light


async def test_channel_drawer_on_a_phone(phone: Page) -> None:
    assert not await phone.get_by_role("button", name="random").is_visible()
    await phone.get_by_role("button", name="Channels").click()
    await phone.get_by_role("button", name="random").click()
    await expect(phone.locator("#place")).to_have_text("# random")
    await expect(phone.locator("#sidebar")).to_be_hidden()
    await phone.get_by_role("button", name="Channels").click()
    await phone.keyboard.press("Escape")
    await expect(phone.locator("#sidebar")).to_be_hidden()


async def test_nothing_overflows_on_a_phone(phone: Page) -> None:
    for line in ("/mentor", "/mentor skill mlops", "/mentor salary", "/mentor tips here monday 09:00 Europe/Berlin"):
        before = await phone.locator(".card").count()
        await say(phone, line)
        await expect(phone.locator(".card")).to_have_count(before + 1)
    await say(phone, "W" * 3000)
    await expect(phone.locator(".said").last).to_contain_text("WWW")
    for view in ("chat", "slackview", "slack", "text"):
        await phone.locator("#view").select_option(view)
        await expect(phone.locator(".wide > *")).not_to_have_count(0)
        assert await phone.evaluate(FIND_OVERFLOWING) == []
    await phone.locator("#clock summary").click()
    assert await phone.evaluate(FIND_OVERFLOWING) == []
    await phone.locator("#composer-input").fill("/mentor ")
    await expect(phone.locator("#offers li").first).to_be_visible()
    assert await phone.evaluate(FIND_OVERFLOWING) == []
    assert await phone.evaluate("document.documentElement.scrollWidth") == 390


async def test_a_table_keeps_its_words_whole_and_is_a_list_on_a_phone(page: Page, phone: Page, ada: Visitor) -> None:
    for person in ("ben", "chen"):
        await ada.as_person(person, f"dm-{person}").say("/mentor pair offer ml-infrastructure, data-pipelines")
    for screen in (page, phone):
        await say(screen, "/mentor pair list")
        await expect(screen.locator(".card td").first).to_have_text("Ben")
        assert await screen.evaluate(FIND_BROKEN_WORDS) == []
        assert await screen.evaluate(FIND_OVERFLOWING) == []
        assert await screen.evaluate("document.documentElement.scrollHeight <= innerHeight")
    cells = [await phone.locator(".card td").nth(number).bounding_box() for number in range(3)]
    assert len({cell["x"] for cell in cells if cell}) == 1  # one below the other


async def test_hostile_text_is_not_parsed_as_html(page: Page) -> None:
    await open_channel(page, "general")
    await say(page, '<img src="x" onerror="console.log(1)"><script>console.log(2)</script> @everyone')
    await expect(page.locator(".said")).to_contain_text("<script>console.log(2)</script> @everyone")
    assert await page.locator(".said *").count() == 0


async def test_empty_channel_suggests_something_to_say(page: Page) -> None:
    await open_channel(page, "learning")
    await page.get_by_role("button", name="tips here monday").click()
    await expect(page.locator("#composer-input")).to_have_value("@mentorbot tips here monday 09:00 Europe/Berlin")
    await page.keyboard.press("Enter")
    await expect(page.locator(".card h3")).to_have_text(re.compile("^Weekly tip is on in #"))


async def test_lost_server_is_reported_and_keeps_the_typed_text(browser: Browser, adapter: PlaygroundAdapter) -> None:
    page = await open_page(browser, adapter.url, [])
    await expect(page.locator(".card")).to_be_visible()
    await adapter.stop()
    await expect(page.get_by_role("alert")).to_contain_text("isn't answering")
    await say(page, "salary senior")
    await expect(page.locator("#composer-input")).to_have_value("salary senior")
