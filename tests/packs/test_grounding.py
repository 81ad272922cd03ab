"""The check of answers a model writes: what isn't in the passages it cites is never shown."""

from __future__ import annotations

import pytest

from mentorbot.packs.grounding import grounded
from mentorbot.packs.passages import Kind, Passage

PAY = Passage(
    "pay:senior",
    Kind.PAY,
    "Pay of seniors",
    (
        "Seniors earn $200K to $280K a year in the USA.",
        "San Francisco and New York pay the most.",
        "Figures are from 2026.",
    ),
    "salary senior",
    "Job brief, USA, 2026",
)
PATH = Passage(
    "section:path",
    Kind.BRIEF,
    "The path",
    ("It takes five to ten years from scratch.", "Most architects start as engineers who run Kubernetes clusters."),
    "brief path",
    "Job brief",
)
PASSAGES = (PAY, PATH)


@pytest.mark.parametrize(
    ("answer", "cited"),
    [
        ("Seniors earn $200K to $280K a year [1].", [(1,)]),
        ("Seniors earn $200K to $280K a year. [1] It takes 5 to 10 years [2].", [(1,), (2,)]),
        ("**Seniors** earn $200K in New York [1][2].", [(1, 2)]),
        ("Most start as engineers [2, 1]", [(2, 1)]),
        ("An AI Architect starts as an engineer [2].", [(2,)]),
    ],
)
def test_an_answer_in_its_passages_passes(answer: str, cited: list[tuple[int, ...]]) -> None:
    assert [sentence.passages for sentence in grounded(answer, PASSAGES, "AI Architect")] == cited


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "Seniors earn $200K to $280K a year.",  # no source
        "Seniors earn $200K a year [1]. They also get stock.",  # a sentence without one
        "Seniors earn $200K a year [3].",  # a passage that doesn't exist
        "Seniors earn $200K a year [0].",
        "Seniors earn $200K a year [99999999999999999999].",
        "Seniors earn $290K a year [1].",  # a figure that isn't there
        "Seniors earn $200K a year [2].",  # there, but in a different passage
        "It takes three to ten years from scratch [2].",  # a figure in words
        "Seniors earn 200% a year [1].",
        "Seniors in Berlin earn $200K a year [1].",  # a name
        "Google seniors earn $200K a year [1].",  # a name at the start
        "Figures are from March 2026 [1].",  # a date
        "Figures are from 2025 [1].",
        "Quit your job tomorrow and buy bitcoin instead [1].",  # nothing of it is there
        "Seniors earn $200K a year, see https://evil.example [1].",
        "Seniors earn $200K a year, see evil.com [1].",
        "Seniors earn $200K a year, ask <@U1> [1].",
        "Seniors earn $200K a year, @everyone [1].",
        "Seniors earn [$200K](evil) a year [1].",
        "Seniors earn $200K a year [1]. " * 60,  # too long for a chat
    ],
)
def test_any_other_answer_is_none(answer: str) -> None:
    assert grounded(answer, PASSAGES, "AI Architect") == ()
