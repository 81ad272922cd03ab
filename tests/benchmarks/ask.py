"""The hit rate of `ask`. The published figures are those of `held_out`, which is never tuned on."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import yaml
from rapidfuzz import fuzz, process, utils

from mentorbot.packs.library import Library
from mentorbot.packs.search import Search

QUESTIONS = Path(__file__).with_name("ask_questions.yaml")


def main() -> None:
    """Print hit@1 and hit@3 of each list, and how many unanswerable questions are refused."""
    questions: dict[str, list[Any]] = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    search = Library.open(None, "ai-architect").search
    for name in ("tuning", "held_out"):
        hit_1, hit_3, answered = _scores(search, questions[name])
        print(
            f"ask {name:9} {len(questions[name])} questions  hit@1 {hit_1:.3f}  hit@3 {hit_3:.3f}  answered {answered:.3f}"
        )
    distinct = [entry for entry in questions["held_out"] if not _near_copy(search, entry["ask"])]
    hit_1, hit_3, _ = _scores(search, distinct)
    print(f"ask held_out  {len(distinct)} that are no near copy of an alias  hit@1 {hit_1:.3f}  hit@3 {hit_3:.3f}")
    unknown = [_question(entry) for entry in questions["unknown"]]
    refused = sum(not search.find(question).confident for question in unknown) / len(unknown)
    print(f"ask unknown   {len(unknown)} questions  refused {refused:.3f}")
    began = time.perf_counter()
    for entry in questions["tuning"]:
        search.find(entry["ask"])
    print(f"ask takes {(time.perf_counter() - began) / len(questions['tuning']) * 1000:.2f} ms")


def _near_copy(search: Search, question: str) -> bool:
    """Tell whether a question stands almost word for word in the pack, by chance or not: it then measures nothing."""
    phrases = [phrase for document in search.documents for phrase in (document.title, *document.aliases)]
    return (
        process.extractOne(question, phrases, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=85)
        is not None
    )


def _question(entry: Any) -> str:
    return str(entry["ask"] if isinstance(entry, dict) else entry)


def _scores(search: Search, entries: list[Any]) -> tuple[float, float, float]:
    """Measure hit@1, hit@3, and the fraction that is answered and not refused."""
    hit_1 = hit_3 = answered = 0
    for entry in entries:
        result = search.find(entry["ask"])
        ids = [hit.document.id for hit in result.hits]
        hit_1 += bool(ids) and ids[0] in entry["answers"]
        hit_3 += any(document_id in entry["answers"] for document_id in ids[:3])
        answered += result.confident
    return hit_1 / len(entries), hit_3 / len(entries), answered / len(entries)


if __name__ == "__main__":
    main()
