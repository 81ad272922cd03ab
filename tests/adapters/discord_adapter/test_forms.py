"""Forms as modals: every limit is respected, no value is lost, and submissions are read exactly as written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorbot.adapters.discord import limits
from mentorbot.adapters.discord.forms import build_modal, fallback_card, fits_modal, parse_submission
from mentorbot.adapters.discord.markup import size
from mentorbot.adapters.discord.render import parse_custom_id, preview
from mentorbot.chat.cards import Buttons, Card, Choice, Field, Form, Input, Paragraph, text_of
from mentorbot.slash.tokenizer import format_line

texts = st.one_of(
    st.text(max_size=120), st.sampled_from(["", " ", "@everyone", "x" * 5_000, "\x00", "😀" * 60, "`a` **b**"])
)
names = st.from_regex(r"[a-z][a-z-]{0,31}", fullmatch=True)
choices = st.lists(st.builds(Choice, texts, texts), max_size=30).map(tuple)
fields = st.lists(
    st.builds(
        Field, names, texts, st.sampled_from(["text", "long_text", "choice", "choices", "file"]), st.booleans(), texts, texts,
        choices,
        st.integers(1, 9_000),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda field: field.name,
)  # fmt: skip
lines = st.one_of(texts, st.builds(format_line, st.just(("plan", "add")), st.dictionaries(names, texts, max_size=4)))
any_form = st.builds(Form, texts, lines, fields.map(tuple), paged=st.booleans())
keys = st.sampled_from(["", "d-12345-abcdef"])

ASK = Form("Plan add", "plan add", (Field("what", "What you will do", "long_text", max_length=300),))


def labels(form: Form) -> list[dict[str, Any]]:
    return [component for component in build_modal(form).to_dict()["components"] if component["type"] == 18]


def submission(form: Form, **written: str) -> dict[str, Any]:
    """A modal's submission as Discord sends it: defaults, replaced by the values in `written`."""
    modal = build_modal(form).to_dict()
    components: list[dict[str, Any]] = []
    for component in labels(form):
        inner = component["component"]
        value = written.get(inner["custom_id"], inner.get("value") or "")
        listed = inner["type"] in (3, 19)
        answer: dict[str, Any] = {"values": [value] if value else []} if listed else {"value": value}
        components.append(
            {"type": 18, "id": 1, "component": {"custom_id": inner["custom_id"], "type": inner["type"], **answer}}
        )
    return {"custom_id": modal["custom_id"], "components": [*components, {"type": 10, "id": 9}]}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(any_form, keys)
def test_modal_respects_every_limit(form: Form, key: str) -> None:
    if not fits_modal(form, key):
        assert preview(fallback_card(form, key))
        return
    modal = build_modal(form, key).to_dict()
    assert 1 <= size(modal["custom_id"]) <= limits.CUSTOM_ID
    assert 1 <= size(modal["title"]) <= limits.MODAL_TITLE
    assert 1 <= len(modal["components"]) <= limits.MODAL_FIELDS
    assert (parse_submission({"custom_id": modal["custom_id"]}) or ("", {}, None))[2] == key
    for component in (component for component in modal["components"] if component["type"] == 18):
        assert 1 <= size(component["label"]) <= limits.LABEL_TEXT
        assert size(component.get("description") or "") <= limits.LABEL_DESCRIPTION
        control = component["component"]
        assert 1 <= len(control["custom_id"]) <= limits.CUSTOM_ID
        assert 1 <= control.get("max_length", 1) <= limits.INPUT_TEXT
        assert size(control.get("value") or "") <= control.get("max_length", 0)
        for option in control.get("options", []):
            assert 1 <= size(option["label"]) <= limits.OPTION_TEXT
            assert 1 <= size(option["value"]) <= limits.OPTION_TEXT


def test_submission_returns_line_and_values() -> None:
    form = replace(ASK, line="plan add by:fri")
    assert parse_submission(submission(form, what="Read it")) == ("plan add by:fri", {"what": "Read it"}, "", "")


def test_modal_of_another_bot_is_ignored() -> None:
    assert parse_submission({"custom_id": "feedback", "components": []}) is None


def test_submission_with_action_rows_is_read() -> None:
    row = {"type": 1, "components": [{"type": 4, "custom_id": "what", "value": "Read it"}]}
    assert parse_submission({"custom_id": "f:plan add", "components": [row]}) == (
        "plan add",
        {"what": "Read it"},
        "",
        "",
    )


def test_choice_is_a_menu_or_a_text_input_if_there_are_too_many() -> None:
    days = Field("day", "Day", "choice", choices=(Choice("Monday", "mon"), Choice("Friday", "fri")), value="fri")
    menu = labels(Form("T", "tips here", (days,)))[0]["component"]
    assert menu["type"] == 3
    assert [(option["label"], option["value"], option["default"]) for option in menu["options"]] == [
        ("Monday", "mon", False),
        ("Friday", "fri", True),
    ]
    many = replace(days, choices=tuple(Choice(str(number), str(number)) for number in range(26)), value="")
    assert labels(Form("T", "tips here", (many,)))[0]["component"]["type"] == 4


def test_several_choices_are_picked_in_one_menu() -> None:
    days = tuple(Choice(name, name.lower()) for name in ("Monday", "Tuesday", "Friday"))
    form = Form("T", "tips me", (Field("day", "Days", "choices", choices=days, value="monday,friday"),))
    menu = labels(form)[0]["component"]
    assert (menu["type"], menu["max_values"]) == (3, 3)
    assert [option["value"] for option in menu["options"] if option["default"]] == ["monday", "friday"]
    filled_in = submission(form)
    filled_in["components"][0]["component"]["values"] = ["tuesday", "friday"]
    parsed = parse_submission(filled_in)
    assert parsed is not None
    assert parsed.values == {"day": "tuesday,friday"}


def test_long_label_is_repeated_in_full_below() -> None:
    form_fields = "What would have to be true for you to call this a success?"
    (component,) = labels(Form("T", "plan add", (Field("what", form_fields),)))
    assert component["label"].endswith("…")
    assert component["description"] == form_fields


def test_option_too_long_for_the_custom_id_becomes_a_prefilled_field() -> None:
    text = 'Read "the paper" on ' + "x" * 200
    form = Form("Plan add", format_line(("plan", "add"), {"what": text, "tip": "t1"}), (Field("by", "By when"),))
    assert fits_modal(form)
    line, values, *_ = parse_submission(submission(form, by="fri")) or ("", {}, "", "")
    assert line == "plan add tip:t1"
    assert values == {"what": text, "by": "fri"}


def test_too_many_fields_show_required_ones_first_and_name_the_rest() -> None:
    form_fields = tuple(Field(f"f{number}", f"Field {number}", required=number > 4) for number in range(8))
    modal = build_modal(Form("T", "plan add", form_fields)).to_dict()
    assert [component["label"] for component in modal["components"][:4]] == ["Field 5", "Field 6", "Field 7", "Field 0"]
    assert modal["components"][4]["content"] == "You can also type: f1, f2, f3, f4."


def test_required_fields_on_the_next_modal_are_announced() -> None:
    form_fields = tuple(Field(f"f{number}", f"Field {number}") for number in range(6))
    assert build_modal(Form("T", "plan add", form_fields)).to_dict()["components"][4]["content"] == (
        "Next, I'll ask for: Field 4, Field 5."
    )


def test_paged_form_shows_its_first_five_fields_without_a_note() -> None:
    form_fields = tuple(Field(f"f{number}", f"Field {number}", required=number > 4) for number in range(8))
    modal = build_modal(Form("T", "plan add", form_fields, paged=True)).to_dict()
    assert [component.get("label") for component in modal["components"]] == [f"Field {number}" for number in range(5)]


def test_key_and_line_fit_the_custom_id() -> None:
    key, line = "d-1234567890-abcdefg", "plan add by:" + "x" * 60
    modal = build_modal(replace(ASK, line=line), key).to_dict()
    assert size(modal["custom_id"]) <= limits.CUSTOM_ID
    assert parse_submission(modal | {"components": []}) == (line, {}, key, "")
    tight = format_line(("plan", "add"), {"by": "x" * 70})
    assert fits_modal(replace(ASK, line=tight), key)
    assert parse_submission(build_modal(replace(ASK, line=tight), key).to_dict() | {"components": []}) == (
        "plan add",
        {},
        key,
        "",
    )


@pytest.mark.parametrize("required", [True, False])
def test_file_field_is_an_upload_with_its_hint_below(required: bool) -> None:
    (component,) = labels(Form("T", "read", (Field("table", "Your table", "file", required, hint="skills.csv"),)))
    assert component["description"] == "skills.csv"
    control = component["component"]
    assert (control["type"], control["custom_id"], control["required"]) == (19, "table", required)
    assert (control["min_values"], control["max_values"]) == (int(required), 1)


@pytest.mark.parametrize("line", ["x" * 300, 'plan add what:"left open ' + "x" * 100])
def test_form_that_never_fits_says_what_to_type(line: str) -> None:
    form = Form("T", line, (Field("by", "By when"),))
    assert not fits_modal(form)
    card = fallback_card(form)
    (answer,) = card.blocks
    assert isinstance(answer, Paragraph)
    assert text_of(answer.words) == f"Type /mentor {line} and add: by."


def test_fallback_card_opens_the_form_with_a_button() -> None:
    card: Card = fallback_card(ASK)
    (row,) = (block for block in card.blocks if isinstance(block, Buttons))
    assert [button.line for button in row.buttons] == ["plan add"]
    assert parse_custom_id(preview(card)[0]["components"][0]["components"][-1]["components"][0]["custom_id"]) == (
        "",
        "plan add",
    )


def test_form_kept_on_the_server_takes_a_line_of_any_length() -> None:
    short, long = "plan add by:fri", "plan add what:" + "x" * 500
    for line, read_back in ((short, short), (long, "draft:0123456789abcdef")):
        modal = build_modal(replace(ASK, line=line), "d-12-abc", "draft:0123456789abcdef").to_dict()
        assert size(modal["custom_id"]) <= limits.CUSTOM_ID
        assert parse_submission(modal | {"components": []}) == (read_back, {}, "d-12-abc", "draft:0123456789abcdef")


def test_people_and_channels_are_picked_and_dates_are_typed() -> None:
    inputs: tuple[Input, ...] = ("people", "channel", "date", "time", "zone")
    form = Form("T", "plan add", tuple(Field(name, name, name) for name in inputs))
    assert [component["component"]["type"] for component in labels(form)] == [5, 8, 4, 4, 4]
    chosen, typed = (Field("who", "Who", "people", value=value) for value in ("660000000000000001", "ben"))
    (menu,), (text,) = labels(Form("T", "note", (chosen,))), labels(Form("T", "note", (typed,)))
    assert menu["component"]["default_values"] == [{"id": 660000000000000001, "type": "user"}]
    assert (text["component"]["type"], text["component"]["value"]) == (4, "ben")
