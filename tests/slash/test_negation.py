"""Negations: what a sentence says isn't so, or isn't to happen."""

from __future__ import annotations

import pytest

from mentorbot.slash.intents import denied_in, words_of


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("please don't delete anything", "delete anything"),
        ("I haven't finished step 3, why do you say that", "finished step 3"),
        ("I never said stop", "said stop"),
        ("i dont want a new plan, i want the old one back", "want a new plan"),
        ("not on holiday but ill", "on holiday"),
        ("I almost finished it", "finished it"),
        ("don't forget to remind me", "forget"),
        ("why didn't my check-in come", ""),
        ("can't you pause it", ""),
        ("I'm not sure what's next", ""),
        ("I don't have a mentor", ""),
        ("not until january please", ""),
        ("stop the tips", ""),
    ],
)
def test_a_negation_denies_the_rest_of_its_clause(text: str, denied: str) -> None:
    words = words_of(text)
    assert " ".join(words[index] for index in sorted(denied_in(text))) == denied
