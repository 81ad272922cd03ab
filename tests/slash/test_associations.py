"""Signs that words give of what's wanted."""

from __future__ import annotations

import pytest

from mentorbot.commands import load_commands, registry
from mentorbot.commands.heard import Kind
from mentorbot.commands.lexicon import INTENT_WEIGHTS
from mentorbot.slash.associations import Associations, signs_of, text_of
from mentorbot.slash.intents import IntentMatcher, Wording, words_of
from tests.benchmarks.intent_evidence import Sentence, digest_of, learn, learned, shares_of, wording_for

load_commands()
WORDING = Wording(())
NAMES = ["end", "pause", "talk"]
KNOWN = Associations.of(
    text_of("", NAMES, {"gone": [1.0, 2.0, 0.0], "gone until": [0.0, 3.0, -1.0], "bye": [0.0, 0.0, 2.0]})
)


def terms_of(sentence: str) -> list[tuple[str, int, int]]:
    return WORDING.terms_of(words_of(sentence))


def test_shares_go_by_the_weights_of_words_and_pairs() -> None:
    sentence = "gone until monday"
    shares = KNOWN.shares(words_of(sentence), terms_of(sentence))
    assert shares["pause"] > 0.9
    assert sum(shares.values()) == pytest.approx(1.0)
    assert KNOWN.words_for("pause", words_of(sentence), terms_of(sentence)) == {0, 1}
    assert KNOWN.shares(["strange"], terms_of("strange")) == pytest.approx(dict.fromkeys(NAMES, 1 / 3))


def test_all_numbers_are_alike() -> None:
    assert signs_of(words_of("4 hours"), terms_of("4 hours")) == signs_of(words_of("12 hours"), terms_of("12 hours"))


def test_what_is_learned_tells_sentences_apart_that_are_new() -> None:
    sentences = [
        *(Sentence("pause", f"I'm away until {day}") for day in ("monday", "friday", "may")),
        *(Sentence("talk", f"what a nice {thing}") for thing in ("day", "idea", "picture")),
    ]
    known = Associations.of(learn(WORDING, sentences))
    assert shares_of(known, WORDING, "away until june")["pause"] > 0.7
    assert shares_of(known, WORDING, "nice weather, what a day")["talk"] > 0.7


def test_the_weights_are_for_all_that_people_want() -> None:
    names = set(Associations.of(INTENT_WEIGHTS.read_text(encoding="utf-8")).names)
    kinds = {kind.value for kind in Kind}
    assert kinds <= names <= kinds | {command.name for command in registry}
    assert {command.name for command in registry if command.intents} <= names


def test_the_weights_follow_from_the_sentences() -> None:
    """After a change to sentences, wording or names: `python -m tests.benchmarks.intent_evidence`."""
    learned_from = INTENT_WEIGHTS.read_text(encoding="utf-8").partition("\n")[0]
    assert learned_from == digest_of(wording_for(), learned())


def test_a_denied_request_isnt_taken_for_one() -> None:
    known = Associations.of(text_of("", ["me forget", "plan show"], {"w:vanish": [9.0, 0.0]}))
    matcher = IntentMatcher(registry, wording_for(), known)
    assert matcher.rank("make it vanish", ())[0].command.name == "me forget"
    assert all(match.command.name != "me forget" for match in matcher.rank("don't make it vanish", ()))
