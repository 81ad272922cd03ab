"""The app manifest: valid against Slack's schema, and every scope has an explanation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mentorbot.adapters.slack.manifest import SCOPES, manifest
from mentorbot.commands import load_commands

CONTRACTS = Path(__file__).parents[4] / "shared" / "contracts" / "slack"
MANIFESTS = {
    "socket": manifest(load_commands(), url=None),
    "http": manifest(load_commands(), url="https://a.example.org/"),
    "distributed": manifest(load_commands(), url="https://a.example.org/", distributed=True),
    "agent": manifest(load_commands(), url=None, agent=True),
}


@pytest.mark.skipif(
    not CONTRACTS.exists(), reason="Slack's schemas are not beside this checkout (../shared/contracts/slack)"
)
@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
@pytest.mark.parametrize("kind", MANIFESTS)
def test_manifest_matches_slack_schema(kind: str, version: str) -> None:
    schema = json.loads((CONTRACTS / f"manifest.schema.{version}.json").read_text())
    errors = list(jsonschema.validators.validator_for(schema)(schema).iter_errors(MANIFESTS[kind]))
    assert [error.message for error in errors] == []


def test_long_description_length_and_scope_explanations() -> None:
    data: Any = MANIFESTS["socket"]
    assert 174 <= len(data["display_information"]["long_description"]) <= 4_000
    assert data["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert all(SCOPES.values())


def test_signed_http_uses_one_request_url() -> None:
    data: Any = MANIFESTS["http"]
    url = "https://a.example.org/slack/events"
    assert data["settings"]["interactivity"]["request_url"] == url
    assert data["settings"]["event_subscriptions"]["request_url"] == url
    assert data["features"]["slash_commands"][0]["url"] == url
    assert data["settings"]["socket_mode_enabled"] is False


def test_agent_is_extra_and_the_default_works_for_guests() -> None:
    plain: Any = MANIFESTS["socket"]
    agent: Any = MANIFESTS["agent"]
    assert "agent_view" not in plain["features"]
    assert "assistant:write" not in plain["oauth_config"]["scopes"]["bot"]
    assert len(agent["features"]["agent_view"]["suggested_prompts"]) == 4
    assert "assistant:write" in agent["oauth_config"]["scopes"]["bot"]


@pytest.mark.skipif(
    not CONTRACTS.exists(), reason="Slack's schemas are not beside this checkout (../shared/contracts/slack)"
)
def test_workflow_steps_are_functions_of_their_own_manifest() -> None:
    data: Any = manifest(load_commands(), url=None, workflow_steps=True)
    schema = json.loads((CONTRACTS / "manifest.schema.1.0.0.json").read_text())
    errors = list(jsonschema.validators.validator_for(schema)(schema).iter_errors(data))
    assert [error.message for error in errors] == []
    assert data["_metadata"]["major_version"] == 1, "version 2 declares parameters in a different way"
    assert [function["title"] for function in data["functions"].values()] == ["Post a tip", "Send a check-in"]
    assert "function_executed" in data["settings"]["event_subscriptions"]["bot_events"]
    assert (data["settings"]["function_runtime"], data["settings"]["org_deploy_enabled"]) == ("remote", True)
    for other in MANIFESTS.values():
        assert "functions" not in other
        assert "function_executed" not in str(other)


def test_distributed_app_has_its_redirect_and_rotates_tokens() -> None:
    data: Any = MANIFESTS["distributed"]
    assert data["oauth_config"]["redirect_urls"] == ["https://a.example.org/slack/oauth_redirect"]
    assert data["settings"]["token_rotation_enabled"] is True
    assert data["settings"]["org_deploy_enabled"] is True
