"""The manifest is valid against Slack's own schema, and asks for nothing that it does not explain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from mentorbot.adapters.slack.manifest import SCOPES, manifest
from mentorbot.commands import load_commands

CONTRACTS = Path(__file__).parents[4] / "shared" / "contracts" / "slack"
MADE = {
    "socket": manifest(load_commands(), socket=True, url=None),
    "http": manifest(load_commands(), socket=False, url="https://a.example.org/"),
}


@pytest.mark.skipif(
    not CONTRACTS.exists(), reason="Slack's schemas are not beside this checkout (../shared/contracts/slack)"
)
@pytest.mark.parametrize("version", ["1.0.0", "2.0.0"])
@pytest.mark.parametrize("kind", MADE)
def test_valid_against_slacks_schema(kind: str, version: str) -> None:
    schema = json.loads((CONTRACTS / f"manifest.schema.{version}.json").read_text())
    faults = list(jsonschema.validators.validator_for(schema)(schema).iter_errors(MADE[kind]))
    assert [fault.message for fault in faults] == []


def test_what_the_page_says_is_long_enough_and_every_scope_is_explained() -> None:
    made: Any = MADE["socket"]
    assert 174 <= len(made["display_information"]["long_description"]) <= 4_000
    assert made["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert all(SCOPES.values())


def test_signed_http_names_one_address_everywhere() -> None:
    made: Any = MADE["http"]
    url = "https://a.example.org/slack/events"
    assert made["settings"]["interactivity"]["request_url"] == url
    assert made["settings"]["event_subscriptions"]["request_url"] == url
    assert made["features"]["slash_commands"][0]["url"] == url
    assert made["settings"]["socket_mode_enabled"] is False
