"""Learn what words tell about the command that's wanted, from sentences that were written to be learned from.

It first says how often the right command comes first and among three, for sentences left out and for the cases of
`tests/conversations`, which were written by others and aren't learned from. Then it writes what it has learned into
`mentorbot/commands`: for the commands, and for the kinds of things people say.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from mentorbot.commands import load_commands, registry
from mentorbot.commands.heard import Kind
from mentorbot.commands.lexicon import INTENT_EVIDENCE, KIND_EVIDENCE
from mentorbot.commands.wording import SYNONYMS
from mentorbot.packs.language import word_frequencies
from mentorbot.slash.associations import NOTHING, Associations, signs_of
from mentorbot.slash.intents import IntentMatcher, Wording, words_of
from tests.benchmarks import ask

SENTENCES = Path(__file__).with_name("intent_sentences.tsv")
BY_KIND = Path(__file__).with_name("kind_sentences.tsv")
CASES = Path(__file__).parents[1] / "conversations"
_ANSWERED = ("tuning", "newer", "strangers")
_FOLDS = 6
_MIN_SENTENCES = 2
"""A sign that only one sentence has tells nothing."""
_MIN_EVIDENCE = 0.7
_SMOOTHING, _DOUBT = 0.5, 0.02


def main() -> None:
    """Print how well sentences are told apart, and write the evidence."""
    load_commands()
    wording = wording_for()
    sentences = list(read(SENTENCES))
    folds = [
        _hits(learn(wording, _others(sentences, fold)), wording, sentences[fold::_FOLDS]) for fold in range(_FOLDS)
    ]
    _show("left out", [sum(column) for column in zip(*folds, strict=True)])
    evidence = learn(wording, sentences)
    _show("cases", _hits(evidence, wording, list(_cases())))
    _write(INTENT_EVIDENCE, evidence)
    _write(KIND_EVIDENCE, learn(wording, by_kind()))


def by_kind() -> list[tuple[str, str]]:
    """List sentences with their kinds: those written by kind, those that ask for commands, and questions for `ask`."""
    questions = ask.read("documents")
    return [
        *read(BY_KIND),
        *((Kind.REQUEST.value, said) for name, said in read(SENTENCES) if name not in (NOTHING, "ask")),
        *((Kind.LEARN.value, each["ask"]) for name in _ANSWERED for each in questions[name]),
        *((Kind.OFF.value, each["ask"]) for each in questions["unknown"]),
    ]


def _write(path: Path, evidence: Mapping[str, Mapping[str, float]]) -> None:
    lines = (f"{json.dumps(sign)}: {json.dumps(of, sort_keys=True)}" for sign, of in sorted(evidence.items()))
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def wording_for() -> Wording:
    """Build the wording that the bot hears with."""
    wording = Wording(SYNONYMS, word_frequencies().__contains__)
    IntentMatcher(registry, wording)
    return wording


def read(path: Path) -> Iterator[tuple[str, str]]:
    """Read sentences, each with the name of the command it asks for."""
    for line in path.read_text(encoding="utf-8").splitlines():
        command, _, sentence = line.partition("\t")
        yield command, sentence


def learn(wording: Wording, sentences: Sequence[tuple[str, str]]) -> dict[str, dict[str, float]]:
    """Weigh what each sign tells about each command."""
    seen = [(command, set(_signs(wording, sentence))) for command, sentence in sentences]
    everywhere = Counter(sign for _, signs in seen for sign in signs)
    counts: Mapping[str, Counter[str]] = defaultdict(Counter)
    for command, signs in seen:
        counts[command].update(sign for sign in signs if everywhere[sign] >= _MIN_SENTENCES)
    asked = Counter(command for command, _ in seen)
    evidence: dict[str, dict[str, float]] = defaultdict(dict)
    for command, signs_of_it in counts.items():
        for sign, count in signs_of_it.items():
            usual = _SMOOTHING * everywhere[sign] / len(seen)
            here = (count + usual) / (asked[command] + _SMOOTHING)
            elsewhere = (everywhere[sign] - count + usual + _DOUBT) / (len(seen) - asked[command] + _SMOOTHING)
            if (weight := round(math.log(here / elsewhere), 1)) >= _MIN_EVIDENCE:
                evidence[sign][command] = weight
    return dict(evidence)


def _signs(wording: Wording, sentence: str) -> dict[str, set[int]]:
    words = words_of(sentence)
    return signs_of(words, wording.terms_of(words))


def _others(sentences: Sequence[tuple[str, str]], fold: int) -> list[tuple[str, str]]:
    return [each for index, each in enumerate(sentences) if index % _FOLDS != fold]


def _cases() -> Iterator[tuple[str, str]]:
    for path in CASES.glob("*_cases.yaml"):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            if case["expect"]["action"]:
                yield case["expect"]["action"][0], case["say"]


def _hits(
    evidence: Mapping[str, Mapping[str, float]], wording: Wording, sentences: Sequence[tuple[str, str]]
) -> list[int]:
    """Count how often the right command is first, how often it's among three, and the sentences."""
    known, first, among, count = Associations(evidence, sharpness=1.0), 0, 0, 0
    learned = {command for commands in evidence.values() for command in commands}
    for command, sentence in sentences:
        if command == NOTHING:
            continue
        words = words_of(sentence)
        shares = known.shares(words, wording.terms_of(words))
        best = sorted(shares, key=lambda name: -shares[name])[:3]
        count += command in learned
        first += best[:1] == [command]
        among += command in best
    return [first, among, count]


def _show(name: str, hits: Sequence[int]) -> None:
    first, among, count = hits
    print(f"{name:9} {count} sentences: right first {first / count:.2f}, among three {among / count:.2f}")


if __name__ == "__main__":
    main()
