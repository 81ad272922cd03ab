"""How well `ask` finds the right document. The published figures are those of `held_out`, which is never tuned on."""

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
        first, third, sure = _scores(search, questions[name])
        print(
            f"ask {name:9} {len(questions[name])} questions  hit@1 {first:.3f}  hit@3 {third:.3f}  answered {sure:.3f}"
        )
    apart = [entry for entry in questions["held_out"] if not _near_copy(search, entry["ask"])]
    first, third, _ = _scores(search, apart)
    print(f"ask held_out  {len(apart)} that are no near copy of an alias  hit@1 {first:.3f}  hit@3 {third:.3f}")
    unknown = [_asked(entry) for entry in questions["unknown"]]
    refused = sum(not search.find(question).confident for question in unknown) / len(unknown)
    print(f"ask unknown   {len(unknown)} questions  refused {refused:.3f}")
    began = time.perf_counter()
    for entry in questions["tuning"]:
        search.find(entry["ask"])
    print(f"ask takes {(time.perf_counter() - began) / len(questions['tuning']) * 1000:.2f} ms")


def _near_copy(search: Search, question: str) -> bool:
    """Whether a question stands almost word for word in the pack, by chance or not: it then measures nothing."""
    phrases = [phrase for document in search.documents for phrase in (document.title, *document.aliases)]
    return (
        process.extractOne(question, phrases, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=85)
        is not None
    )


def _asked(entry: Any) -> str:
    return str(entry["ask"] if isinstance(entry, dict) else entry)


def _scores(search: Search, entries: list[Any]) -> tuple[float, float, float]:
    """hit@1, hit@3, and the share that is answered and not refused."""
    first = third = sure = 0
    for entry in entries:
        found = search.find(entry["ask"])
        ids = [hit.document.id for hit in found.hits]
        first += bool(ids) and ids[0] in entry["answers"]
        third += any(found_id in entry["answers"] for found_id in ids[:3])
        sure += found.confident
    return first / len(entries), third / len(entries), sure / len(entries)


if __name__ == "__main__":
    main()
