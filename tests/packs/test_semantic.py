"""Re-ranking with embeddings: the real library, with a tiny model that the test makes."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from model2vec import StaticModel
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace

from mentorbot.errors import BadSettings
from mentorbot.packs.library import Library
from mentorbot.packs.semantic import Embeddings

# Each word's meaning is a direction: up for release, right for pay, and nothing for the rest.
WORDS = {"rollback": (0, 1), "canary": (0, 1), "bird": (0, 1), "release": (0, 1), "pay": (1, 0), "salary": (1, 0)}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    vocabulary = {"[UNK]": 0, **{word: number for number, word in enumerate(WORDS, 1)}}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer, tokenizer.pre_tokenizer = Lowercase(), Whitespace()
    vectors = np.array([(0, 0), *WORDS.values()], dtype=np.float32)
    StaticModel(vectors, tokenizer, normalize=True).save_pretrained(tmp_path / "model")
    return tmp_path / "model"


def test_vectors_of_a_saved_model_are_near_when_meanings_are(model: Path) -> None:
    rollback, canary, pay, unknown = Embeddings.load(model).vectors(["rollback", "Canary bird", "pay", "zebra"])
    assert rollback @ canary == pytest.approx(1)
    assert rollback @ pay == pytest.approx(0)
    assert unknown @ pay == pytest.approx(0)


def test_a_model_moves_the_nearest_passages_up_and_finds_no_others(model: Path) -> None:
    question = "how do I test a release"
    plain = Library.open(None, "ai-architect").search.find(question, 40).hits
    reranked = Library.open(None, "ai-architect", model).search.find(question, 40).hits
    assert {hit.passage for hit in plain} == {hit.passage for hit in reranked}
    assert [hit.passage for hit in plain] != [hit.passage for hit in reranked]
    near = [hit for hit in reranked if re.search(r"\brelease\b", hit.passage.text)]
    before = {hit.passage: hit.score for hit in plain}
    assert near
    assert all(hit.score > before[hit.passage] for hit in near)


def test_a_missing_or_broken_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="MENTORBOT_SEMANTIC_MODEL: there is no model"):
        Library.open(None, "ai-architect", tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"nonsense")
    with pytest.raises(BadSettings, match="can't be read"):
        Library.open(None, "ai-architect", tmp_path)
