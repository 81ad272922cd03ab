"""An evaluation of a language model: sentences and questions with known outcomes, with it and without it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

import yaml
from pydantic import SecretStr

from mentorbot.app import AppContext, open_context
from mentorbot.chat.cards import Card
from mentorbot.chat.platform import LOCAL_WORKSPACE, Channel, Member, Workspace
from mentorbot.clock import Clock
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.commands.heard import Heard, Hearing
from mentorbot.domain.language_model import REPLY_SECONDS, LanguageModel, ModelMode, Prompt, Reply, Usage
from mentorbot.errors import BadSettings, ModelUnavailable, PersonError
from mentorbot.settings import Settings
from mentorbot.views.language_model import is_grounded

_PERSON = "someone"
_MAX_OFFERS = 3
"""Buttons that are searched for the right action."""


class MeteredModel:
    """A model that counts what it's asked."""

    def __init__(self, inner: LanguageModel) -> None:
        self._inner = inner
        self.usages: list[Usage] = []
        self.failures = 0

    @property
    def model(self) -> str:
        """The model's name."""
        return self._inner.model

    @property
    def host(self) -> str:
        """The host the words go to."""
        return self._inner.host

    async def reply(self, prompt: Prompt, seconds: float = REPLY_SECONDS) -> Reply:
        """Ask the model. Raises `ModelUnavailable`."""
        try:
            reply = await self._inner.reply(prompt, seconds)
        except ModelUnavailable:
            self.failures += 1
            raise
        self.usages.append(reply.usage)
        return reply


@dataclass(frozen=True, slots=True)
class Tally:
    """The number of cases that came out right."""

    right: int = 0
    of: int = 0

    def count(self, right: bool) -> Tally:
        """Add a case."""
        return Tally(self.right + right, self.of + 1)

    def __str__(self) -> str:
        """Show it, e.g. “31 of 40”."""
        return f"{self.right} of {self.of}"


@dataclass
class Report:
    """The measurements. `plain` is the deterministic path."""

    model: str
    host: str
    actions: Tally = field(default_factory=Tally)
    plain_actions: Tally = field(default_factory=Tally)
    answered: Tally = field(default_factory=Tally)
    plain_answered: Tally = field(default_factory=Tally)
    grounded: Tally = field(default_factory=Tally)
    refused: Tally = field(default_factory=Tally)
    plain_refused: Tally = field(default_factory=Tally)
    usages: Sequence[Usage] = ()
    failures: int = 0

    @property
    def usage(self) -> Usage:
        """All calls together."""
        return sum(self.usages, Usage())

    def cost(self, sent: float, received: float) -> float:
        """Give the cost in US dollars, with prices per million tokens."""
        return (self.usage.prompt_tokens * sent + self.usage.reply_tokens * received) / 1_000_000

    def _latencies(self) -> tuple[float, float]:
        seconds = sorted(usage.seconds for usage in self.usages) or [0.0]
        return median(seconds), seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))]

    def lines(self) -> Iterable[str]:
        """Show it at a terminal."""
        yield f"{self.model} at {self.host}"
        yield f"Right actions:    {self.actions} (without it: {self.plain_actions})"
        yield f"Answered:         {self.answered} (without it: {self.plain_answered})"
        yield f"  worded by it:   {self.grounded}; every one passed the check against its sources"
        yield f"Refused, rightly: {self.refused} (without it: {self.plain_refused})"
        middle, slow = self._latencies()
        yield f"Calls: {len(self.usages)} answered, {self.failures} failed; median {middle:.2f} s, 95th percentile {slow:.2f} s"
        yield f"Tokens: {self.usage.prompt_tokens:,} sent, {self.usage.reply_tokens:,} received"

    def as_json(self) -> dict[str, object]:
        """Give it as JSON values."""
        names = ("actions", "plain_actions", "answered", "plain_answered", "grounded", "refused", "plain_refused")
        tallies = {name: {"right": getattr(self, name).right, "of": getattr(self, name).of} for name in names}
        middle, slow = self._latencies()
        return tallies | {
            "model": self.model,
            "host": self.host,
            "calls": len(self.usages),
            "failures": self.failures,
            "median_seconds": middle,
            "p95_seconds": slow,
            "tokens_sent": self.usage.prompt_tokens,
            "tokens_received": self.usage.reply_tokens,
        }


async def evaluate(settings: Settings, sentences: Path | None, questions: Path | None, limit: int) -> Report:
    """Run both sets in a database of their own.

    Raises:
        BadSettings: no model is configured, or a file isn't such a set.
    """
    if not settings.llm_base:
        raise BadSettings("MENTORBOT_LLM_URL isn't set, so there's no language model to evaluate.")
    with tempfile.TemporaryDirectory() as folder:
        own = settings.model_copy(
            update={
                "database_url": SecretStr(f"sqlite:///{folder}/eval.db"),
                "llm_person_budget": 10**6,
                "llm_workspace_budget": 10**6,
            }
        )
        async with open_context(own, Clock()) as context:
            return await _Evaluation(context).run(_cases(sentences), _questions(questions), limit)


class _Evaluation:
    """One run. The same person asks with the model in one workspace and without it in another."""

    def __init__(self, context: AppContext) -> None:
        dispatcher = context.dispatcher
        if dispatcher.model is None:
            raise BadSettings("There's no language model to evaluate.")
        self._metered = MeteredModel(dispatcher.model)
        self._context, self._dispatcher = context, dispatcher.with_model(self._metered)

    async def run(
        self, cases: Sequence[tuple[str, Sequence[str]]], questions: tuple[Sequence[str], Sequence[str]], limit: int
    ) -> Report:
        """Run every case once."""
        async with self._context.store.unit_of_work(LOCAL_WORKSPACE) as uow:
            await uow.language_model.set_mode(ModelMode.PACK)
            await uow.language_model.choose(_PERSON, declined=False)
        report = Report(self._metered.model, self._metered.host)
        for text, actions in cases[:limit]:
            plain, heard = await self._hear(text)
            report.plain_actions = report.plain_actions.count(_is_right(plain, actions))
            report.actions = report.actions.count(_is_right(heard, actions))
        for question in questions[0][:limit]:
            plain_card, card = await self._ask(question)
            report.plain_answered = report.plain_answered.count(not _is_refusal(plain_card))
            report.answered = report.answered.count(not _is_refusal(card))
            report.grounded = report.grounded.count(is_grounded(card))
        for question in questions[1][:limit]:
            plain_card, card = await self._ask(question)
            report.plain_refused = report.plain_refused.count(_is_refusal(plain_card))
            report.refused = report.refused.count(_is_refusal(card))
        return replace(report, usages=tuple(self._metered.usages), failures=self._metered.failures)

    async def _hear(self, text: str) -> tuple[Heard, Heard]:
        try:
            return await self._dispatcher.hear(_request(text, LOCAL_WORKSPACE))
        except PersonError:  # a command with a value that can't be, which gets an answer of its own
            return Heard(Hearing.CLOSEST), Heard(Hearing.CLOSEST)

    async def _ask(self, question: str) -> tuple[Card, Card]:
        without = Workspace(LOCAL_WORKSPACE.platform, f"{LOCAL_WORKSPACE.id}-plain")
        answers = [
            await self._dispatcher.answer(_request(question, where, spoken=True))
            for where in (without, LOCAL_WORKSPACE)
        ]
        plain, card = (answer if isinstance(answer, Card) else Card("") for answer in answers)
        return plain, card


def _request(text: str, workspace: Workspace, *, spoken: bool = False) -> CommandRequest:
    async def member() -> Member:
        return Member(_PERSON, _PERSON)

    # Each request has a channel of its own, so none is taken for a follow-up of the one before.
    caller = Caller(Channel(workspace, f"eval-{hash(text)}", "eval"), _PERSON, _PERSON, member)
    return CommandRequest(caller, text, forms=False, spoken=spoken)


def _is_right(heard: Heard, actions: Sequence[str]) -> bool:
    """Return True if a right action is what was heard, or among the first few that are offered."""
    if heard.hearing is Hearing.QUESTION:
        return "ask" in actions
    if heard.hearing in (Hearing.SMALL_TALK, Hearing.CLOSEST):
        return {Hearing.SMALL_TALK: "smalltalk", Hearing.CLOSEST: "closest"}[heard.hearing] in actions
    return any(understood.command.name in actions for understood in heard.commands[:_MAX_OFFERS])


def _is_refusal(card: Card) -> bool:
    return card.title.startswith(("That's beyond me", "Did you mean"))


def _cases(path: Path | None) -> list[tuple[str, Sequence[str]]]:
    data = _read(path) or []
    try:
        return [(str(case["say"]), _listed(case["expect"]["action"])) for case in data]
    except (TypeError, KeyError):
        raise BadSettings(f"{path}: each sentence needs `say` and `expect: action`.") from None


def _listed(value: Any) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]


def _questions(path: Path | None) -> tuple[list[str], list[str]]:
    data = _read(path) or {}
    try:
        return [str(each["ask"]) for each in data.get("forum", [])], [
            str(each) for each in data.get("unanswerable", [])
        ]
    except (AttributeError, TypeError, KeyError):
        raise BadSettings(f"{path}: it needs `forum` (each with `ask`) and `unanswerable`.") from None


def _read(path: Path | None) -> Any:
    if path is None:
        return None
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadSettings(f"{path} can't be read as YAML: {type(error).__name__}.") from None
