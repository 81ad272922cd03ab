"""What words tell about the command that's wanted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mentorbot.commands import load_commands, registry
from mentorbot.commands.heard import Kind
from mentorbot.commands.lexicon import INTENT_EVIDENCE, KIND_EVIDENCE
from mentorbot.slash.associations import NOTHING, Associations, signs_of
from mentorbot.slash.intents import IntentMatcher, Wording, words_of
from tests.benchmarks.intent_evidence import SENTENCES, by_kind, learn, read, wording_for

load_commands()
WORDING = Wording(())


def learned_in(path: Path) -> set[str]:
    """Name everything a file has evidence for."""
    return {name for names in json.loads(path.read_text(encoding="utf-8")).values() for name in names}


def terms_of(sentence: str) -> list[tuple[str, int, int]]:
    return WORDING.terms_of(words_of(sentence))


def test_shares_go_by_the_evidence_of_words_and_pairs() -> None:
    known = Associations(
        {"gone": {"pause": 2.0, "end": 1.0}, "gone until": {"pause": 3.0}, "bye": {NOTHING: 2.0}}, sharpness=12.0
    )
    sentence = "gone until monday"
    shares = known.shares(words_of(sentence), terms_of(sentence))
    assert shares["pause"] > 0.9
    assert sum(shares.values()) == pytest.approx(1.0)
    assert known.words_for("pause", words_of(sentence), terms_of(sentence)) == {0, 1}
    assert known.shares(["nothing", "known"], terms_of("nothing known")) == {}


def test_all_numbers_are_alike() -> None:
    assert signs_of(words_of("4 hours"), terms_of("4 hours")) == signs_of(words_of("12 hours"), terms_of("12 hours"))


def test_evidence_is_about_commands_that_exist() -> None:
    assert learned_in(INTENT_EVIDENCE) <= {command.name for command in registry} | {NOTHING}
    assert learned_in(KIND_EVIDENCE) == {kind.value for kind in Kind}


def test_the_evidence_is_what_the_sentences_tell() -> None:
    """After a change to sentences, wording or names: `python -m tests.benchmarks.intent_evidence`."""
    wording = wording_for()
    assert learn(wording, list(read(SENTENCES))) == json.loads(INTENT_EVIDENCE.read_text(encoding="utf-8"))
    assert learn(wording, by_kind()) == json.loads(KIND_EVIDENCE.read_text(encoding="utf-8"))


def test_a_denied_request_isnt_taken_for_one() -> None:
    matcher = IntentMatcher(registry, wording_for(), Associations({"vanish": {"me forget": 9.0}}, sharpness=12.0))
    assert matcher.rank("make it vanish", ())[0].command.name == "me forget"
    assert all(match.command.name != "me forget" for match in matcher.rank("don't make it vanish", ()))
