"""Finding people by what others call them."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from mentorbot.domain.person_names import people_called, split_name


@dataclass(frozen=True, slots=True)
class Someone:
    user_id: str
    name: str


PEOPLE = [
    Someone("U1", "Ben Smith"),
    Someone("U2", "Zoë Núñez"),
    Someone("U3", "Benedikt"),
    Someone("U4", "U1"),
    Someone("812345678901234567", "Ada"),
]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("ben smith", ["U1"]),
        ("smith", ["U1"]),
        ("ben", ["U1", "U3"]),
        ("benedikt", ["U3"]),
        ("zoe", ["U2"]),
        ("@Zoë", ["U2"]),
        ("NUNEZ", ["U2"]),
        ("ben.", ["U1", "U3"]),
        ("<@U2>", ["U2"]),
        ("<@!812345678901234567>", ["812345678901234567"]),
        ("<@U9|ada>", []),
        ("U1", ["U1"]),  # an id used as a name doesn't match
        ("en", []),
        ("…", []),
        ("", []),
    ],
)
def test_people_are_found_by_name_mention_or_id(text: str, ids: list[str]) -> None:
    assert [person.user_id for person in people_called(text, PEOPLE)] == ids


@pytest.mark.parametrize(
    ("text", "words"), [("Ben Smith well done", 2), ("ben well done", 0), ("Ada well done", 1), ("", 0)]
)
def test_a_full_name_at_the_start_of_a_text_is_counted(text: str, words: int) -> None:
    assert split_name(text, PEOPLE) == words
