"""Measure how well `ask` answers: questions people ask, each answer judged by reading it.

`develop.yaml` may be looked at while weights, synonyms or aliases are chosen. `held_out.yaml` only measures refusals now: the
pack's short answers were written after it had been read. `documents.yaml` has questions with the documents that answer them:
the search's weights are fitted to them (`ask_weights.py`), so it measures nothing that's published. `conversations.yaml` has
questions that go on with others.
A verdict in `verdicts.yaml` is a person's, on an answer with that title; an answer with another title counts as not judged.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import yaml

from mentorbot.chat.cards import Answer, Card
from mentorbot.commands.ask import ask
from mentorbot.commands.context import Context
from mentorbot.packs.follow_ups import FollowUps
from mentorbot.packs.library import Library
from mentorbot.packs.search import Match, Search

QUESTIONS = Path(__file__).with_name("ask_questions")
REFUSED = "That's beyond me, sorry"


def main() -> None:
    """Print the shares of good and partly good answers, of right refusals, and what a question costs."""
    library = Library.open(None, "ai-architect")
    verdicts = read("verdicts")
    for name in ("develop", "held_out"):
        questions = read(name)
        judged = Counter(
            verdicts.get(entry["ask"], {}).get(title_of(library, entry["ask"]), "not judged")
            for entry in questions["forum"]
        )
        refused = sum(title_of(library, question) == REFUSED for question in questions["unanswerable"])
        total = len(questions["forum"])
        shares = ", ".join(f"{verdict} {count / total:.2f}" for verdict, count in sorted(judged.items()))
        print(f"ask {name:9} {total} questions: {shares}; refused {refused} of {len(questions['unanswerable'])}")
    hits = _document_hits(library.search, "newer")
    unknown = [entry["ask"] for entry in read("documents")["unknown"] if "pack" not in entry]
    refused = sum(title_of(library, question) == REFUSED for question in unknown)
    print(f"ask documents {hits:.2f} hit@1 by document (for developing only); refused {refused} of {len(unknown)}")
    for name in ("developed", "fresh"):
        shares = ", ".join(f"{outcome} {share:.2f}" for outcome, share in sorted(_follow_ups(library, name).items()))
        print(f"ask conversations {name:9} {shares}")
    print(f"ask takes {asyncio.run(_cost(library)) * 1000:.2f} ms of CPU")


async def _cost(library: Library) -> float:
    """Measure the seconds of CPU that the handler takes for a question, card included."""
    context = _context(library)
    questions = [entry["ask"] for entry in read("develop")["forum"]]
    began = time.process_time()
    for question in questions:
        await ask(context, question)
    return (time.process_time() - began) / len(questions)


def _context(library: Library) -> Context:
    return cast(Context, SimpleNamespace(pack=library.default, library=library))


def read(name: str) -> dict[str, Any]:
    """Read one of the files of questions."""
    return cast(dict[str, Any], yaml.safe_load((QUESTIONS / f"{name}.yaml").read_text(encoding="utf-8")))


def answer_to(library: Library, question: str) -> Card:
    """Ask a question as a person would, but for the chat around it."""

    async def answered() -> Answer:
        return await ask(_context(library), question)

    answer = asyncio.run(answered())
    assert isinstance(answer, Card)
    return answer


def title_of(library: Library, question: str) -> str:
    """Give the title of the answer."""
    return answer_to(library, question).title


def _document_hits(search: Search, group: str) -> float:
    entries = read("documents")[group]
    hits = 0
    for entry in entries:
        result = search.find(entry["ask"])
        found = result.hits[0].passage.document if result.match is not Match.NONE else ""
        hits += found in entry["answers"] or (found.startswith("pay:") and "section:salary" in entry["answers"])
    return hits / len(entries)


def _follow_ups(library: Library, group: str) -> Mapping[str, float]:
    """Measure how many last turns are answered rightly, wrongly, or with saying that nothing tells it."""
    outcomes = Counter(_last_turn(library, **entry) for entry in read("conversations")[group])
    return {outcome: count / outcomes.total() for outcome, count in outcomes.items()}


def _last_turn(library: Library, turns: Sequence[str], answers: Sequence[str] = (), pack: str = "ai-architect") -> str:
    search = library.search_of(library.packs[pack])
    follow_ups = FollowUps(search)
    before: tuple[str, ...] = ()
    for turn in turns[:-1]:
        before = (*before, turn) if follow_ups.goes_on(before, turn) else (turn,)
    found = follow_ups.answer(before, turns[-1]) if follow_ups.goes_on(before, turns[-1]) else None
    if found is not None and not found.told:
        return "untold"
    result = search.find(turns[-1]) if found is None else found.result
    shown = result.hits[0].passage.document if result.match is not Match.NONE else ""
    return "right" if shown in answers or (found is None and not answers) else "wrong"


if __name__ == "__main__":
    main()
