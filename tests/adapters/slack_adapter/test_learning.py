"""A learner's life over Slack: the form of levels, a plan, a check-in; and every button behind every command."""

from __future__ import annotations

from collections import deque

from mentorbot.commands import load_commands

from .harness import Http, buttons, shown, until
from .payloads import press, submission
from .server import SlackServer
from .state import Json


async def answers(http: Http, slack: SlackServer, line: str) -> list[Json]:
    """What comes of a line that is typed: the messages, wherever they come; none when it is answered with a form."""
    responses, views = len(slack.responses), len(slack.views)
    at_once = await http.say(line)
    if at_once:
        return [at_once]
    await until(lambda: len(slack.responses) > responses or len(slack.views) > views)
    return slack.responses[responses:]


async def pressed(http: Http, slack: SlackServer, line: str) -> list[Json]:
    """The same of a button."""
    responses, views = len(slack.responses), len(slack.views)
    await http.interact(press(slack, line))
    await until(lambda: len(slack.responses) > responses or len(slack.views) > views)
    return slack.responses[responses:]


async def test_from_the_levels_to_a_plan_and_its_first_check_in(http: Http, slack: SlackServer) -> None:
    view = await http.ask("assess")
    fields = [block for block in view["blocks"] if block["type"] == "input"]
    assert len(fields) == 7
    levels = {block["block_id"].removeprefix("field:"): "1" for block in fields}
    await http.interact(submission(slack, view, levels))
    await until(lambda: slack.responses)
    assert "Kept: your levels in 7 skills." in shown(slack.responses[-1])
    drafts = await answers(http, slack, "plan new ai-solutions-architect hours:5")
    keep = next(line for message in drafts for line in buttons(message) if line.startswith("plan keep"))
    (kept,) = await pressed(http, slack, keep)
    assert "on the way to AI Solutions Architect" in shown(kept)
    (week,) = await answers(http, slack, "checkin")
    mark = next(line for line in buttons(week) if line.endswith("doing"))
    assert "Still on it" in shown((await pressed(http, slack, mark))[0])


async def test_every_command_and_every_button_behind_it_is_answered(http: Http, slack: SlackServer) -> None:
    """Everything that can be asked without a word more, and every button that comes of it; none is a dead end."""
    ready = [spec.name for spec in load_commands() if not any(option.required for option in spec.options)]
    waiting = deque([message for line in ready for message in await answers(http, slack, line)])
    seen: set[str] = set()
    while waiting and len(seen) < 120:
        for line in buttons(waiting.popleft()):
            if line not in seen and len(seen) < 120:
                seen.add(line)
                for message in await pressed(http, slack, line):
                    assert "Sorry" not in shown(message), line
                    waiting.append(message)
    assert len(seen) > 50
