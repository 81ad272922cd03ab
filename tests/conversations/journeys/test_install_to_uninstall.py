"""A team from the day it gets the bot to the day nothing of it is left: set-up, first plan, tip, check-in, mentor, removal."""

from __future__ import annotations

import pytest

from .doors import NAMES
from .team import Team, gets_started

pytestmark = pytest.mark.slow


async def is_set_up(team: Team) -> None:
    """Install the bot, and set up a weekly tip on Thursdays in its one form."""
    ada = team.ada
    await team.door.install()
    await ada.presses("Set up")
    ada.sees_a_form("Set up mentorbot")
    await ada.fills_in(channel=team.door.channel_id, day="thursday", zone="Berlin")
    ada.sees("All set: a weekly tip in #general, Thursdays 09:00, Berlin time", "First one: Thursday, 3 Dec")
    assert team.rows("schedules") == 1


async def test_install_to_uninstall(team_without_bot: Team) -> None:
    team, ada, ben, chen = team_without_bot, team_without_bot.ada, team_without_bot.ben, team_without_bot.chen
    await is_set_up(team)
    await gets_started(chen)
    chen.sees("Saved. Check-ins: Fridays", "Next check-in: Friday, 4 Dec, 15:00.")

    await team.wait_until("2026-12-03 09:01")
    for person in team.people.values():
        person.has_been_told("Tip of the week: ")
    await team.wait_until("2026-12-04 15:01")
    chen.sees("How did your week go, Chen?", "6 h planned")
    await chen.presses("Worked on it")
    await chen.presses("4 h")
    await chen.presses("Nothing")
    assert (await chen.plan()).step(1).hours_logged == 4

    await ben.says("pair offer")
    await ben.presses("Offer")
    await chen.says("find me a mentor")
    await chen.presses("Ask for a mentor")
    await team.wait(minutes=5)
    await ben.presses("Accept", on="Chen would like you as a mentor")
    await team.wait(minutes=5)
    chen.has_been_told("Ben's your mentor now")
    await ada.types("admin report")
    ada.sees(f"Learning in this {team.workspace.term}")

    await team.door.uninstall()
    await team.noticed(removed=True)
    heard = {name: len(team.door.seen[name]) for name in NAMES}
    await team.wait_until("2026-12-31 20:00")
    await team.maintain()
    assert {name: len(team.door.seen[name]) for name in NAMES} == heard
    assert team.rows("plans") == 1  # they may come back
    await team.wait_until("2027-01-04 20:00")
    await team.maintain()
    assert await team.context.store.workspaces.everything(team.workspace) == {}
    assert {name: len(team.door.seen[name]) for name in NAMES} == heard


async def test_removed_by_mistake(team_without_bot: Team) -> None:
    team, chen = team_without_bot, team_without_bot.chen
    await is_set_up(team)
    await gets_started(chen)
    await team.wait_until("2026-12-03 09:01")
    await team.door.uninstall()
    await team.noticed(removed=True)
    await team.wait_until("2026-12-07 09:00")
    assert chen.has_heard("How did your week go") == 0
    await team.door.install()
    await team.noticed(removed=False)
    await team.wait_until("2026-12-11 15:01")
    chen.has_been_told("How did your week go, Chen?", "6 h planned")
    assert team.ada.has_heard("Tip of the week: ") == 2
    await chen.says("what should I do this week?")
    chen.sees("This week: 6 h", "Check your target role against ten job ads")
