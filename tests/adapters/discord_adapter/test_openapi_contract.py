"""Every message of ours is one that Discord's own OpenAPI file, and its rules beyond it, let through."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.adapters.discord_adapter.test_hostile_cards import any_card, keys, texts

from mentorbot.adapters.discord import forms
from mentorbot.adapters.discord.render import render
from mentorbot.chat.cards import Card, Choice, Field, Form
from tests.adapters.discord_adapter import contract

PATIENT = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"

names = st.from_regex(r"[a-z][a-z-]{0,31}", fullmatch=True)
choices = st.lists(st.builds(Choice, texts, texts), max_size=30).map(tuple)
fields = st.builds(
    Field,
    names,
    texts,
    st.sampled_from(["text", "long_text", "choice"]),
    st.booleans(),
    texts,
    texts,
    choices,
    st.integers(1, 6_000),
)
some_fields = st.lists(fields, min_size=1, max_size=8, unique_by=lambda field: field.name).map(tuple)
any_form = st.builds(
    Form, texts, st.sampled_from(["plan add", "tips here", "plan add what:" + "x" * 150]), some_fields, texts
)


def faults(card: Card, key: str) -> list[str | None]:
    bodies: list[dict[str, Any]] = [
        {"components": view.to_components(), "flags": contract.V2} for view in render(card, key)
    ]
    found = [contract.refusal(body) for body in bodies]
    return found + [contract.fault("POST", "/channels/{channel_id}/messages", body) for body in bodies]


@PATIENT
@given(any_card, keys)
def test_no_card_is_refused(card: Card, key: str) -> None:
    assert not [fault for fault in faults(card, key) if fault]


@PATIENT
@given(any_form)
def test_no_form_is_refused(form: Form) -> None:
    if not forms.fits_modal(form):
        assert not [fault for fault in faults(forms.fallback_card(form), "") if fault]
        return
    data = forms.build_modal(form).to_dict()
    assert contract.fault("POST", CALLBACK, {"type": 9, "data": data}) is None
    assert contract.modal_refusal(data) is None


@pytest.mark.skipif(not contract.OPENAPI.exists(), reason=contract.ABSENT)
def test_the_file_notices_what_is_wrong() -> None:
    path = "/channels/{channel_id}/messages"
    text = [{"type": 10, "content": "text"}]
    assert contract.fault("POST", path, {"flags": contract.V2, "components": text}) is None
    assert contract.fault("POST", path, {"flags": contract.V2, "components": [{"type": 10}]}) is not None
    assert contract.fault("POST", CALLBACK, {"type": 9, "data": {"title": "x" * 46, "custom_id": "f"}}) is not None
