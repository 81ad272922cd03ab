"""Every rendered card and modal satisfies Discord's OpenAPI file and its rules beyond that file."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorbot.adapters.discord import forms
from mentorbot.adapters.discord.render import render
from mentorbot.chat.cards import Card, Choice, Field, Form, Input
from tests.adapters.discord_adapter import discord_rules
from tests.adapters.discord_adapter.card_strategies import any_card, keys, texts

SLOW_SETTINGS = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"

names = st.from_regex(r"[a-z][a-z-]{0,31}", fullmatch=True)
choices = st.lists(st.builds(Choice, texts, texts), max_size=30).map(tuple)
fields = st.builds(
    Field,
    names,
    texts,
    st.sampled_from(get_args(Input)),
    st.booleans(),
    texts | st.from_regex(r"[1-9][0-9]{16}", fullmatch=True),
    texts,
    choices,
    st.integers(1, 6_000),
)
some_fields = st.lists(fields, min_size=1, max_size=8, unique_by=lambda field: field.name).map(tuple)
any_form = st.builds(
    Form, texts, st.sampled_from(["plan add", "tips here", "plan add what:" + "x" * 150]), some_fields, texts
)


def violations_of(card: Card, key: str) -> list[str | None]:
    bodies: list[dict[str, Any]] = [
        {"components": view.to_components(), "flags": discord_rules.V2} for view in render(card, key)
    ]
    violations = [discord_rules.message_violation(body) for body in bodies]
    return violations + [
        discord_rules.schema_violation("POST", "/channels/{channel_id}/messages", body) for body in bodies
    ]


@SLOW_SETTINGS
@given(any_card, keys)
def test_every_card_satisfies_the_openapi_file(card: Card, key: str) -> None:
    assert not [violation for violation in violations_of(card, key) if violation]


@SLOW_SETTINGS
@given(any_form)
def test_every_modal_satisfies_the_openapi_file(form: Form) -> None:
    if not forms.fits_modal(form):
        assert not [violation for violation in violations_of(forms.fallback_card(form), "") if violation]
        return
    data = forms.build_modal(form).to_dict()
    assert discord_rules.schema_violation("POST", CALLBACK, {"type": 9, "data": data}) is None
    assert discord_rules.modal_violation(data) is None


@pytest.mark.skipif(not discord_rules.OPENAPI.exists(), reason=discord_rules.ABSENT)
def test_openapi_file_detects_invalid_messages() -> None:
    path = "/channels/{channel_id}/messages"
    text = [{"type": 10, "content": "text"}]
    assert discord_rules.schema_violation("POST", path, {"flags": discord_rules.V2, "components": text}) is None
    assert (
        discord_rules.schema_violation("POST", path, {"flags": discord_rules.V2, "components": [{"type": 10}]})
        is not None
    )
    assert (
        discord_rules.schema_violation("POST", CALLBACK, {"type": 9, "data": {"title": "x" * 46, "custom_id": "f"}})
        is not None
    )
