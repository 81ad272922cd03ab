"""An admin's first day: a weekly tip for the channel, days off, and what others may not do."""

from __future__ import annotations

import pytest

from .team import Team

pytestmark = pytest.mark.slow


async def test_admins_first_day(team: Team) -> None:
    ada, ben = team.ada, team.ben
    await ada.types("tips here")
    if not team.door.knows_zones:
        await ada.types("tips here zone:Berlin")
    ada.sees("Weekly tip in #general, Mondays 09:00, Berlin time?", "First one: Monday, 7 Dec.", "pings nobody")
    assert team.rows("schedules") == 0
    await ada.presses("Turn on")
    ada.sees("Weekly tip is on in #general: Mondays 09:00, Berlin time")
    assert team.rows("schedules") == 1

    await ben.types("tips here")
    ben.sees("You need ", "Want a weekly tip of your own?", buttons=["Get a weekly tip"])
    await ben.types("help")
    assert "Admin" not in ben.last.labels
    assert all("admin" not in line for line in ben.last.lines)

    await ada.types("admin calendar")
    ada.sees("Days off", "I still answer.", buttons=["Add days", "Change region"])
    await ada.presses("Change region")
    ada.sees_a_form("")
    await ada.fills_in(country="Germany")
    ada.sees("Days off: Germany", "Christmas Day, Friday, 25 Dec")
    await ada.asks_in_public("salary senior")
    ben.sees("Senior: $200K–$280K+ a year")  # nothing personal, so everyone sees it
    await ada.asks_in_public("show my plan")
    assert ben.last.title in ("Senior: $200K–$280K+ a year", "I've sent that to your DMs")
    await team.wait_until("2026-12-07 09:01")
    for person in team.people.values():
        person.has_been_told("Tip of the week: ")
    await ben.presses("Add to my plan", on="Tip of the week")
    assert ben.last.private
    assert len((await ben.plan()).active) == 1
    ada.has_been_told("Tip of the week: ")  # the public tip stays as it is
    await ada.types("admin report")
    ada.sees(f"Learning in this {'server' if team.door.platform == 'discord' else 'workspace'}", "once there are 5")
