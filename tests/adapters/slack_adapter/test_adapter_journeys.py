"""A learner's journey on Slack from assessment to check-in, and a crawl through every command and button."""

from __future__ import annotations

from collections import deque

from mentorbot.commands import load_commands

from .harness import HttpHarness, button_lines, visible_text, wait_until
from .payloads import press, submission
from .server import SlackServer
from .state import Json


async def type_line(http: HttpHarness, slack: SlackServer, line: str) -> list[Json]:
    """Type a line, and return the answering messages from anywhere; none if the answer is a form."""
    responses, views = len(slack.responses), len(slack.views)
    immediate = await http.say(line)
    if immediate:
        return [immediate]
    await wait_until(lambda: len(slack.responses) > responses or len(slack.views) > views)
    return slack.responses[responses:]


async def press_button(http: HttpHarness, slack: SlackServer, line: str) -> list[Json]:
    """Press a button, and return the answering messages; none if the answer is a form or a view."""
    responses, views = len(slack.responses), len(slack.views)
    await http.interact(press(slack, line))
    await wait_until(lambda: len(slack.responses) > responses or len(slack.views) > views)
    return slack.responses[responses:]


async def test_assess_plan_and_check_in(http: HttpHarness, slack: SlackServer) -> None:
    view = await http.ask("assess")
    fields = [block for block in view["blocks"] if block["type"] == "input"]
    assert len(fields) == 7
    levels = {block["block_id"].removeprefix("field:"): "1" for block in fields}
    await http.interact(submission(slack, view, levels))
    await wait_until(lambda: slack.responses)
    assert "Saved: your levels in 7 skills" in visible_text(slack.responses[-1])
    drafts = await type_line(http, slack, "plan new ml-architect hours:20")
    save_line = next(line for message in drafts for line in button_lines(message) if line.startswith("plan save"))
    (saved,) = await press_button(http, slack, save_line)
    assert "Next stop: ML Architect" in visible_text(saved)
    (week,) = await type_line(http, slack, "checkin")
    worked_line = next(line for line in button_lines(week) if line.startswith("checkin worked "))
    (worked,) = await press_button(http, slack, worked_line)
    if "Which one did you work on?" in visible_text(worked):  # a full week may hold more than one step
        (worked,) = await press_button(http, slack, button_lines(worked)[0])
    assert "About how many hours?" in visible_text(worked)


async def test_every_command_and_button_is_answered(http: HttpHarness, slack: SlackServer) -> None:
    """Crawl from every command without required options through all buttons; none may be a dead end."""
    lines = [spec.name for spec in load_commands() if not any(option.required for option in spec.options)]
    queue = deque([message for line in lines for message in await type_line(http, slack, line)])
    pressed_lines: set[str] = set()
    while queue and len(pressed_lines) < 120:
        for line in button_lines(queue.popleft()):
            if line not in pressed_lines and len(pressed_lines) < 120:
                pressed_lines.add(line)
                for message in await press_button(http, slack, line):
                    assert "Sorry" not in visible_text(message), line
                    queue.append(message)
    assert len(pressed_lines) > 50
