"""Advice for closed channels fits the platform."""

from __future__ import annotations

import pytest

from mentorbot.views.channel_access import access_help, access_notice

CODES = (
    *("not_in_channel", "channel_not_found", "is_archived", "thread_archived", "missing_access", "missing_permissions"),
    *("restricted_action", "cannot_dm", "token_revoked", "50001"),
)


@pytest.mark.parametrize("code", CODES)
def test_nobody_is_asked_to_invite_anyone_on_discord(code: str) -> None:
    assert "/invite" not in access_help(code, "discord") + access_notice(code, "discord")


@pytest.mark.parametrize("code", ["not_in_channel", "channel_not_found"])
def test_slack_says_how_to_invite(code: str) -> None:
    assert "/invite @mentorbot here" in access_help(code, "slack")
    assert "/invite @mentorbot there" in access_notice(code, "slack")


def test_archived_thread_is_no_question_of_rights() -> None:
    assert "Reopen it" in access_notice("thread_archived", "discord")
