"""The workspace of a payload that names several teams, as in a channel shared with another company (Slack Connect)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mentorbot.adapters.slack.events import workspace

from .harness import HttpHarness, visible_text, wait_until
from .payloads import event_body, mention, press, submission
from .server import SlackServer
from .state import TEAM

OTHER = "T2"
GUEST = {"id": "U1", "username": "ada", "team_id": OTHER}
"""A person of the other company."""
ORG = {"is_enterprise_install": True, "enterprise": {"id": "E1"}}


def event(**authorization: Any) -> dict[str, Any]:
    return {"team_id": OTHER, "enterprise_id": "E2", "authorizations": [authorization], "event": {"type": "message"}}


@pytest.mark.parametrize(
    ("payload", "tenant"),
    [
        ({"command": "/mentor", "team_id": TEAM, "user_id": "U1"}, TEAM),
        ({"command": "/mentor", "team_id": TEAM, "enterprise_id": "E1", "is_enterprise_install": "false"}, TEAM),
        ({"command": "/mentor", "team_id": TEAM, "enterprise_id": "E1", "is_enterprise_install": "true"}, "E1"),
        ({"type": "block_actions", "team": {"id": TEAM}, "user": GUEST}, TEAM),
        ({"type": "block_actions", "team": None, "user": GUEST, **ORG}, "E1"),
        (
            {"type": "block_actions", "team": {"id": OTHER}, "user": GUEST, "view": {"app_installed_team_id": TEAM}},
            TEAM,
        ),
        (
            {"type": "view_submission", "team": {"id": OTHER}, "user": GUEST, "view": {"app_installed_team_id": TEAM}},
            TEAM,
        ),
        (
            {"type": "view_submission", "team": None, "user": GUEST, "view": {"app_installed_team_id": TEAM}, **ORG},
            "E1",
        ),
        ({"type": "view_closed", "team": {"id": OTHER}, "user": GUEST, "view": {"app_installed_team_id": TEAM}}, TEAM),
        ({"type": "shortcut", "team": {"id": TEAM}, "user": GUEST}, TEAM),
        ({"type": "message_action", "team": {"id": TEAM}, "user": GUEST}, TEAM),
        ({"type": "shortcut", "team": None, "user": {"id": "U1", "team_id": TEAM}}, TEAM),
        (event(team_id=TEAM, enterprise_id=None, is_enterprise_install=False), TEAM),
        (event(team_id=TEAM, enterprise_id="E1", is_enterprise_install=False), TEAM),
        (event(team_id=None, enterprise_id="E1", is_enterprise_install=True), "E1"),
        (event(team_id=TEAM, enterprise_id="E1", is_enterprise_install=True), "E1"),
    ],
)
def test_the_app_s_installation_is_the_tenant(payload: dict[str, Any], tenant: str) -> None:
    assert workspace(payload).id == tenant


@pytest.mark.parametrize("payload", [{}, {"team_id": ""}, {"team": None}, {"is_enterprise_install": True}])
def test_payload_without_a_team_is_refused(payload: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="workspace"):
        workspace(payload)


async def test_guest_s_form_lands_where_their_buttons_read(http: HttpHarness, slack: SlackServer) -> None:
    view = await http.ask("plan add")
    payload = submission(slack, {**view, "app_installed_team_id": TEAM}, {"what": "Draw the path", "by": ""})
    await http.interact({**payload, "team": {"id": OTHER}, "user": GUEST})
    await wait_until(lambda: slack.responses)
    await http.interact({**press(slack, "plan"), "user": GUEST})
    await wait_until(lambda: len(slack.responses) > 1)
    assert "Draw the path" in visible_text(slack.responses[1])
    assert "Draw the path" not in visible_text(await http.say("plan", team_id=OTHER))


async def test_guest_s_message_reads_that_workspace(http: HttpHarness, slack: SlackServer) -> None:
    await http.say("plan add Draw the path")
    body = {**event_body(mention("<@UBOT> plan")), "team_id": OTHER}
    before = len(slack.calls)
    assert (await http.slack.send(json.dumps(body), "application/json")).status_code == 200
    await wait_until(lambda: any("Draw the path" in str(call) for call in slack.calls[before:]))
