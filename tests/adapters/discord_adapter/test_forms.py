"""Forms as modals: every limit held, nothing that was given is lost, and what comes back is read as it was written."""

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
from mentorbot.chat.cards import Buttons, Card, Choice, Field, Form, Paragraph, text_of
from mentorbot.slash.tokenizer import format_line

texts = st.one_of(
    st.text(max_size=120), st.sampled_from(["", " ", "@everyone", "x" * 5_000, "\x00", "😀" * 60, "`a` **b**"])
)
names = st.from_regex(r"[a-z][a-z-]{0,31}", fullmatch=True)
choices = st.lists(st.builds(Choice, texts, texts), max_size=30).map(tuple)
fields = st.lists(
    st.builds(
        Field, names, texts, st.sampled_from(["text", "long_text", "choice", "file"]), st.booleans(), texts, texts,
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
    return [part for part in build_modal(form).to_dict()["components"] if part["type"] == 18]


def sent_back(form: Form, **written: str) -> dict[str, Any]:
    """A modal's submission, as Discord sends it: what was filled in already, and what was written."""
    made = build_modal(form).to_dict()
    parts: list[dict[str, Any]] = []
    for part in labels(form):
        inner = part["component"]
        value = written.get(inner["custom_id"], inner.get("value") or "")
        listed = inner["type"] in (3, 19)
        said: dict[str, Any] = {"values": [value] if value else []} if listed else {"value": value}
        parts.append(
            {"type": 18, "id": 1, "component": {"custom_id": inner["custom_id"], "type": inner["type"], **said}}
        )
    return {"custom_id": made["custom_id"], "components": [*parts, {"type": 10, "id": 9}]}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(any_form, keys)
def test_every_limit_is_held(form: Form, key: str) -> None:
    if not fits_modal(form, key):
        assert preview(fallback_card(form, key))
        return
    made = build_modal(form, key).to_dict()
    assert 1 <= size(made["custom_id"]) <= limits.CUSTOM_ID
    assert 1 <= size(made["title"]) <= limits.MODAL_TITLE
    assert 1 <= len(made["components"]) <= limits.MODAL_FIELDS
    assert (parse_submission({"custom_id": made["custom_id"]}) or ("", {}, None))[2] == key
    for part in (part for part in made["components"] if part["type"] == 18):
        assert 1 <= size(part["label"]) <= limits.LABEL_TEXT
        assert size(part.get("description") or "") <= limits.LABEL_DESCRIPTION
        control = part["component"]
        assert 1 <= len(control["custom_id"]) <= limits.CUSTOM_ID
        assert 1 <= control.get("max_length", 1) <= limits.INPUT_TEXT
        assert size(control.get("value") or "") <= control.get("max_length", 0)
        for option in control.get("options", []):
            assert 1 <= size(option["label"]) <= limits.OPTION_TEXT
            assert 1 <= size(option["value"]) <= limits.OPTION_TEXT


def test_what_is_written_comes_back_with_the_line() -> None:
    form = replace(ASK, line="plan add by:fri")
    assert parse_submission(sent_back(form, what="Read it")) == ("plan add by:fri", {"what": "Read it"}, "")


def test_another_bots_modal_is_none_of_ours() -> None:
    assert parse_submission({"custom_id": "feedback", "components": []}) is None


def test_a_modal_in_the_old_way_is_read_too() -> None:
    row = {"type": 1, "components": [{"type": 4, "custom_id": "what", "value": "Read it"}]}
    assert parse_submission({"custom_id": "f:plan add", "components": [row]}) == ("plan add", {"what": "Read it"}, "")


def test_a_choice_is_a_menu_and_one_that_no_menu_holds_is_written() -> None:
    days = Field("day", "Day", "choice", choices=(Choice("Monday", "mon"), Choice("Friday", "fri")), value="fri")
    menu = labels(Form("T", "tips here", (days,)))[0]["component"]
    assert menu["type"] == 3
    assert [(one["label"], one["value"], one["default"]) for one in menu["options"]] == [
        ("Monday", "mon", False),
        ("Friday", "fri", True),
    ]
    many = replace(days, choices=tuple(Choice(str(number), str(number)) for number in range(26)), value="")
    assert labels(Form("T", "tips here", (many,)))[0]["component"]["type"] == 4


def test_a_long_label_is_whole_below_its_short_form() -> None:
    asked = "What would have to be true for you to call this a success?"
    (part,) = labels(Form("T", "plan add", (Field("what", asked),)))
    assert part["label"].endswith("…")
    assert part["description"] == asked


def test_an_option_too_long_for_the_line_is_a_field_that_is_filled_in() -> None:
    text = 'Read "the paper" on ' + "x" * 200
    form = Form("Plan add", format_line(("plan", "add"), {"what": text, "tip": "t1"}), (Field("by", "By when"),))
    assert fits_modal(form)
    line, values, _ = parse_submission(sent_back(form, by="fri")) or ("", {}, "")
    assert line == "plan add tip:t1"
    assert values == {"what": text, "by": "fri"}


def test_more_fields_than_fit_required_first_and_the_others_are_named() -> None:
    asked = tuple(Field(f"f{number}", f"Field {number}", required=number > 4) for number in range(8))
    made = build_modal(Form("T", "plan add", asked)).to_dict()
    assert [part["label"] for part in made["components"][:4]] == ["Field 5", "Field 6", "Field 7", "Field 0"]
    assert made["components"][4]["content"] == "You can also type: f1, f2, f3, f4."


def test_required_fields_beyond_the_first_page_are_announced() -> None:
    asked = tuple(Field(f"f{number}", f"Field {number}") for number in range(6))
    assert build_modal(Form("T", "plan add", asked)).to_dict()["components"][4]["content"] == (
        "After this I ask for: Field 4, Field 5."
    )


def test_a_paged_form_shows_its_first_five_fields_and_says_nothing_of_the_others() -> None:
    asked = tuple(Field(f"f{number}", f"Field {number}", required=number > 4) for number in range(8))
    made = build_modal(Form("T", "plan add", asked, paged=True)).to_dict()
    assert [part.get("label") for part in made["components"]] == [f"Field {number}" for number in range(5)]


def test_a_key_travels_with_the_form_and_leaves_room_for_the_line() -> None:
    key, line = "d-1234567890-abcdefg", "plan add by:" + "x" * 60
    made = build_modal(replace(ASK, line=line), key).to_dict()
    assert size(made["custom_id"]) <= limits.CUSTOM_ID
    assert parse_submission(made | {"components": []}) == (line, {}, key)
    tight = format_line(("plan", "add"), {"by": "x" * 70})
    assert fits_modal(replace(ASK, line=tight), key)
    assert parse_submission(build_modal(replace(ASK, line=tight), key).to_dict() | {"components": []}) == (
        "plan add",
        {},
        key,
    )


@pytest.mark.parametrize("required", [True, False])
def test_a_place_for_one_file_with_its_hint_below(required: bool) -> None:
    (part,) = labels(Form("T", "read", (Field("table", "Your table", "file", required, hint="skills.csv"),)))
    assert part["description"] == "skills.csv"
    place = part["component"]
    assert (place["type"], place["custom_id"], place["required"]) == (19, "table", required)
    assert (place["min_values"], place["max_values"]) == (int(required), 1)


@pytest.mark.parametrize("line", ["x" * 300, 'plan add what:"left open ' + "x" * 100])
def test_a_form_that_never_fits_says_what_to_type(line: str) -> None:
    form = Form("T", line, (Field("by", "By when"),))
    assert not fits_modal(form)
    card = fallback_card(form)
    (said,) = card.blocks
    assert isinstance(said, Paragraph)
    assert text_of(said.words) == f"Type /mentor {line} and add: by."


def test_a_form_that_is_offered_opens_with_a_button() -> None:
    card: Card = fallback_card(ASK)
    (row,) = (block for block in card.blocks if isinstance(block, Buttons))
    assert [button.line for button in row.buttons] == ["plan add"]
    assert parse_custom_id(preview(card)[0]["components"][0]["components"][-1]["components"][0]["custom_id"]) == (
        "",
        "plan add",
    )
