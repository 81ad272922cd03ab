"""People of a workspace: what a card offers them takes no call to Slack for each of them, and rights are always looked up."""

from __future__ import annotations

import pytest

from .harness import HttpHarness, button_lines, visible_text, wait_until
from .server import SlackServer
from .state import TEAM

ADMINS = ["admin schedules", "help admin"]
DEMOTED = {"is_admin": False}


async def listed(http: HttpHarness, slack: SlackServer) -> None:
    """Have someone ask for help, and wait until their workspace is listed. Only then do the calls count."""
    await http.say("help")
    await wait_until(lambda: not http.adapter.platform.members._tasks)
    http.adapter.platform.members._cached.clear()
    slack.calls.clear()


async def test_help_asks_slack_about_nobody(http: HttpHarness, slack: SlackServer) -> None:
    for number in range(3, 30):
        slack.users[f"U{number}"] = {"id": f"U{number}", "name": "somebody", "is_owner": number == 3}
    slack.page_size = 10
    slack.users["U4"]["is_ultra_restricted"] = True
    await listed(http, slack)
    lines = {user: button_lines(await http.say("help", user=user)) for user in slack.users}
    assert slack.calls == []
    assert {user for user in lines if lines[user][-2:] == ADMINS} == {"U1", "U3"}
    assert {user for user in lines if "pair list" not in lines[user]} == {"U4"}


async def test_somebody_new_is_looked_up(http: HttpHarness, slack: SlackServer) -> None:
    await listed(http, slack)
    slack.users["U3"] = {"id": "U3", "name": "chen", "is_admin": True}
    assert button_lines(await http.say("help", user="U3"))[-2:] == ADMINS
    assert [method for method, _ in slack.calls] == ["users.info"]


@pytest.mark.parametrize("refusal", ["missing_scope", "500", "page"])
async def test_everyone_is_looked_up_if_slack_gives_no_list(
    http: HttpHarness, slack: SlackServer, refusal: str
) -> None:
    slack.fail("users.list", refusal)
    await listed(http, slack)
    assert button_lines(await http.say("help"))[-2:] == ADMINS
    assert button_lines(await http.say("help", user="U2"))[-1] == "help all"
    assert [method for method, _ in slack.calls] == ["users.info", "users.info"], "the list isn't tried again at once"


async def test_a_list_goes_on_after_slack_asks_to_wait(http: HttpHarness, slack: SlackServer) -> None:
    slack.page_size = 1
    slack.fail("users.list", "", "429:0")
    await listed(http, slack)
    await http.say("help", user="U2")
    assert slack.calls == []


async def test_rights_never_come_from_the_list(http: HttpHarness, slack: SlackServer) -> None:
    await listed(http, slack)
    slack.users["U1"] |= DEMOTED
    assert "You need admin rights for that" in visible_text(await http.say("admin report"))
    assert button_lines(await http.say("help"))[-1] == "help all", "whoever was looked up since is shown what they may"


async def test_a_demotion_that_slack_tells_of_counts_at_once(http: HttpHarness, slack: SlackServer) -> None:
    await listed(http, slack)
    await http.say("admin report")
    slack.users["U1"] |= DEMOTED
    await http.slack.event({"type": "user_change", "user": slack.users["U1"]})
    await http.adapter._in_flight.drained()
    slack.calls.clear()
    assert button_lines(await http.say("help"))[-1] == "help all"
    assert slack.calls == []
    assert "You need admin rights for that" in visible_text(await http.say("admin report"))


async def test_a_new_status_changes_nothing(http: HttpHarness, slack: SlackServer) -> None:
    await listed(http, slack)
    await http.say("admin report")
    slack.calls.clear()
    await http.slack.event({"type": "user_change", "user": slack.users["U1"] | {"profile": {"status_text": "Away"}}})
    await http.slack.event({"type": "user_change", "user": {"id": "U404", "name": "somebody elsewhere"}})
    await http.adapter._in_flight.drained()
    assert button_lines(await http.say("help"))[-2:] == ADMINS
    await http.say("admin report")
    assert slack.calls == []


async def test_a_workspace_that_removes_the_app_is_forgotten(http: HttpHarness, slack: SlackServer) -> None:
    await listed(http, slack)
    await http.slack.event({"type": "app_uninstalled"})
    await http.adapter._in_flight.drained()
    assert TEAM not in {workspace.id for workspace in http.adapter.platform.members._listings}
