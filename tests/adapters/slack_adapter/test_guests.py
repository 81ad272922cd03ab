"""Guests of a single channel, and people from other companies, aren't offered mentoring anywhere; everything else is theirs."""

from __future__ import annotations

from typing import Any

import pytest

from .harness import HttpHarness, button_lines, visible_text, wait_until
from .payloads import direct_message, interaction, press
from .server import SlackServer

GUESTS: dict[str, dict[str, Any]] = {
    "single-channel guest": {"is_restricted": True, "is_ultra_restricted": True},
    "someone from another company": {"team_id": "T9"},
    "a stranger": {"is_stranger": True},
}
COLLEAGUES: dict[str, dict[str, Any]] = {
    "a member": {"team_id": "T1"},
    "a multi-channel guest": {"is_restricted": True, "is_ultra_restricted": False},
}
OFFERS = ("pair request", "pair list", "pair offer", "pair accept", "start goal:mentor")


def offers(answer: Any) -> list[str]:
    """The lines of an answer that are about finding people."""
    return [line for line in button_lines(answer) if line.startswith(OFFERS)]


@pytest.fixture(params=GUESTS)
def guest(request: pytest.FixtureRequest, slack: SlackServer) -> str:
    slack.users["U2"] |= GUESTS[request.param]
    slack.conversations["DU2"] = slack.conversations["DU2"]
    return "U2"


async def test_no_card_offers_mentoring(http: HttpHarness, slack: SlackServer, guest: str) -> None:
    await http.say("pair offer any max:2")
    for line in ("help", "start", "home", "pair show", "pair end", "help pair", "plan add Read", "home", "checkin now"):
        # The first answers of all may be too slow for an acknowledgement.
        answer = await http.say(line, user=guest) or await http.say(line, user=guest)
        assert offers(answer) == [], line
    assert "Mentors and learners" not in visible_text(await http.say("help all", user=guest))
    assert offers(await http.say("help")), "others are offered it"


async def test_whoever_asks_hears_why_not(http: HttpHarness, slack: SlackServer, guest: str) -> None:
    for line in ("pair list", "pair request any", "pair offer any max:2", "start goal:mentor"):
        answer = await http.say(line, user=guest)
        assert "Mentoring isn't open to guests" in visible_text(answer), line
        assert button_lines(answer) == ["plan show"]
    await http.slack.event(direct_message("find me a mentor", user=guest))
    await wait_until(lambda: slack.conversations["DU2"].messages)
    assert "Mentoring isn't open to guests" in visible_text(slack.conversations["DU2"].messages[-1])


async def test_neither_the_home_tab_nor_a_shortcut_offers_it(http: HttpHarness, slack: SlackServer, guest: str) -> None:
    await http.say("plan add Read", user=guest)
    await http.slack.event({"type": "app_home_opened", "user": guest, "tab": "home", "channel": "DU2"})
    await wait_until(lambda: slack.homes[guest])
    await http.adapter._in_flight.drained()
    assert "This week: Read" in visible_text(slack.homes[guest][-1])
    assert "Mentor" not in visible_text(slack.homes[guest][-1])
    await http.interact(interaction(slack, "shortcut", user=guest, callback_id="mentor_check_in"))
    await wait_until(lambda: slack.views)
    assert offers(slack.views[-1]) == []
    await http.interact(press(slack, "pair list", user=guest))
    await wait_until(lambda: slack.responses)
    assert "Mentoring isn't open to guests" in visible_text(slack.responses[-1])


@pytest.mark.parametrize("kind", COLLEAGUES)
async def test_everyone_else_is_offered_it(http: HttpHarness, slack: SlackServer, kind: str) -> None:
    slack.users["U2"] |= COLLEAGUES[kind]
    assert offers(await http.say("help", user="U2")) == ["pair list"]
    assert "Thanks for offering" in visible_text(await http.say("pair offer any max:2", user="U2"))


async def test_a_colleague_from_the_same_organisation_is_no_guest(http: HttpHarness, slack: SlackServer) -> None:
    slack.users["U2"] |= {"team_id": "T8", "enterprise_user": {"id": "W2", "enterprise_id": "E1"}}
    http.adapter._clients.authorization.enterprise_id = "E1"  # type: ignore[union-attr]  # a bot with one token
    assert offers(await http.say("help", user="U2")) == ["pair list"]
