"""From what a person did to what they are told: find the command, check the right, read the options, run the handler.

`Dispatcher.answer` never raises: whatever goes wrong becomes a card.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from mentorbot.chat.cards import Answer, Block, Button, Buttons, Card, Choice, Footnote, Paragraph, code, rich
from mentorbot.chat.platform import ChatPlatform
from mentorbot.clock import Clock
from mentorbot.commands.context import Caller, CommandRequest, Context
from mentorbot.errors import (
    BadValue,
    DatabaseProblem,
    DeadlockRetry,
    NotAllowed,
    PersonError,
    PlanFull,
    SendError,
    StepNotFound,
    StepSettled,
)
from mentorbot.packs.library import Library
from mentorbot.services.dashboard import dashboard_figures
from mentorbot.slash.converters import ParseContext, read
from mentorbot.slash.converters import suggest as suggest_values
from mentorbot.slash.forms import MissingOption, form_for, missing_text, without_files
from mentorbot.slash.parser import parse_command
from mentorbot.slash.registry import CommandSpec, OptionType, Registry
from mentorbot.slash.tokenizer import clean, format_line
from mentorbot.storage import AlreadyProcessed, StalePlan, Store
from mentorbot.views.dashboard import Dashboard, dashboard

log = logging.getLogger(__name__)
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
PROMPT = "?"
MAX_TRIES = 6


def to_json(answer: Answer) -> dict[str, object]:
    """The answer as plain JSON values."""
    data: dict[str, object] = _ANSWER.dump_python(answer, mode="json")
    return data


class Dispatcher:
    """Answers requests out of one registry, one store and one library."""

    def __init__(self, registry: Registry, store: Store, library: Library, clock: Clock) -> None:
        self.registry = registry
        self.library = library
        self.clock = clock
        self._store = store

    async def answer(self, request: CommandRequest, platform: ChatPlatform | None = None) -> Answer:
        """What the person is told: a card, or a form where something is still needed. Never raises."""
        try:
            return await self._answer(request, platform)
        except PersonError as error:
            return error_card(error)
        except DatabaseProblem:
            log.exception("the database did not answer")
            return _trouble("database", "I cannot reach my notes just now. Nothing was changed. Try again in a minute.")
        except StalePlan:
            return _trouble("busy", "Your plan was being changed from somewhere else. Nothing was lost; try again.")
        except SendError as error:
            log.warning("the platform did not answer: %s", error)
            return _trouble(error.code, "The chat platform did not answer me just now. Try again in a minute.")
        except Exception:
            log.exception("a command failed")
            return _trouble("internal", "Something broke on my side, and it is in my log. Nothing was changed.")

    async def suggest(self, request: CommandRequest, option: str, typed: str) -> tuple[Choice, ...]:
        """Values to offer while `option` of the command `request.line` is being typed, at most 25, best first."""
        found = self.registry.commands.get(tuple(request.line.split()))
        command = found.for_pack(self.library.default) if found else None
        spec = command.option(option) if command else None
        if spec is None:
            return ()
        now = self.clock.now()
        own = None
        if spec.declared.suggest:
            async with self._store.unit_of_work(request.caller.channel.workspace) as uow:
                own = await spec.declared.suggest(Context(request.caller, now, uow, self.library, None), typed)
        return suggest_values(spec, clean(typed), ParseContext(self.library.default, now.date()), own)

    async def dashboard(self, caller: Caller, *, admin: bool) -> Dashboard:
        """Show how the learners of a mentor, or of an admin's workspace, come on."""
        pack, now = self.library.default, self.clock.now()
        async with self._store.unit_of_work(caller.channel.workspace) as uow:
            return dashboard(pack, await dashboard_figures(uow, pack, now, caller.user_id, admin=admin))

    async def _answer(self, request: CommandRequest, platform: ChatPlatform | None) -> Answer:
        now = self.clock.now()
        parsed = parse_command(self.registry, request.line, ParseContext(self.library.default, now.date()))
        command = parsed.command
        await _check_right(request, command)
        parse_context = await self._parse_context(request, command, now)
        raw = parsed.options(parse_context) | _named_options(request.options, command)
        try:
            _ask_again(command, raw)
            values = _read(command, raw, parse_context)
            return await self._run(request, command, values, platform)
        except MissingOption as missing:
            if request.forms:
                return form_for(command, raw, parse_context, required=missing.option)
            missing.message, missing.suggestions = missing_text(command, missing, raw, self.registry.prefix), ()
            raise
        except BadValue as error:
            error.suggestions = _whole_lines(error, command, raw)
            error.understood_as = format_line(command.path, without_files(command, raw))
            raise

    async def _parse_context(self, request: CommandRequest, command: CommandSpec, now: datetime) -> ParseContext:
        """What the options depend on. The caller's own day matters only to a command that takes a date."""
        pack = self.library.default
        if not any(option.kind is OptionType.DATE for option in command.options):
            return ParseContext(pack, now.date())
        async with self._store.unit_of_work(request.caller.channel.workspace) as uow:
            zone = await Context(request.caller, now, uow, self.library, None).zone()
        return ParseContext(pack, now.astimezone(zone or ZoneInfo("UTC")).date())

    async def _run(
        self,
        request: CommandRequest,
        command: CommandSpec,
        values: Mapping[str, object],
        platform: ChatPlatform | None,
    ) -> Answer:
        """Run the handler; when somebody else was quicker to change what it had read, or to lock what it wanted, run it
        again on what is there now.
        """
        for _ in range(MAX_TRIES - 1):
            with suppress(StalePlan, DeadlockRetry):
                return await self._run_once(request, command, values, platform)
            await asyncio.sleep(random.uniform(0, 0.05))  # noqa: S311  lets the other one finish
        return await self._run_once(request, command, values, platform)

    async def _run_once(
        self,
        request: CommandRequest,
        command: CommandSpec,
        values: Mapping[str, object],
        platform: ChatPlatform | None,
    ) -> Answer:
        """Run the handler in one transaction; a command that writes runs once for each idempotency key."""
        workspace = request.caller.channel.workspace
        key = request.key if command.writes else None
        try:
            async with self._store.unit_of_work(workspace) as uow:
                if key and (earlier := await uow.interactions.answered(key)):
                    return _ANSWER.validate_json(earlier)
                context = Context(request.caller, self.clock.now(), uow, self.library, platform, request.forms)
                answer: Answer = await command.handler(context, **values)
                if key:
                    await uow.interactions.remember(key, _ANSWER.dump_json(answer).decode())
                return answer
        except AlreadyProcessed:
            # The same interaction, delivered twice at once: the other one was first, and its answer is the answer.
            async with self._store.unit_of_work(workspace) as uow:
                return _ANSWER.validate_json(await uow.interactions.answered(key or "") or "")


async def _check_right(request: CommandRequest, command: CommandSpec) -> None:
    if command.admin and not (await request.caller.member()).admin:
        raise NotAllowed(
            f"“{command.name}” is for people who manage this workspace. Ask one of them, "
            "or look at what you can do yourself.",
            suggestions=("help",),
        )


def _named_options(options: Mapping[str, str], command: CommandSpec) -> dict[str, str]:
    """The named options of a form or of Discord, cleaned; an empty one was not given."""
    kinds = {option.name: option.kind for option in command.options}
    known = ((name, value) for name, value in options.items() if name in kinds)
    # A file is read by a parser of its own, and a megabyte takes a while to clean.
    read = (
        (name, value.replace("\r\n", "\n") if kinds[name] is OptionType.FILE else clean(value)) for name, value in known
    )
    return {name: text for name, value in read if (text := value.strip())}


def _read(command: CommandSpec, raw: Mapping[str, str], parse_context: ParseContext) -> dict[str, object]:
    values: dict[str, object] = {}
    parts: dict[str, dict[str, object]] = {}
    for option in command.options:
        if option.name in raw:
            place = parts.setdefault(option.parameter, {}) if option.parameter else values
            place[option.name] = read(option, raw[option.name], parse_context)
    missing = next((option for option in command.options if option.required and option.name not in raw), None)
    if missing:
        raise MissingOption(missing.name)
    return {name.replace("-", "_"): value for name, value in (values | parts).items()}


def _ask_again(command: CommandSpec, raw: dict[str, str]) -> None:
    """`name:?` asks for that option: it is how a button leads back to a form in which one value was wrong."""
    for option in command.options:
        if raw.get(option.name) == PROMPT and not option.declared.greedy:
            del raw[option.name]
            raise MissingOption(option.name)


def _whole_lines(error: BadValue, command: CommandSpec, raw: dict[str, str]) -> tuple[str, ...]:
    """A better value becomes a whole line that can be pressed; without one, the form again with the rest kept."""
    option, raw = command.option(error.option), without_files(command, raw)
    if option is None:
        return error.suggestions
    if error.suggestions:
        return tuple(format_line(command.path, raw | {error.option: value}) for value in error.suggestions)
    if option.kind is OptionType.TEXT and option.declared.choices is None:
        kept = {name: value for name, value in raw.items() if name != error.option}
        return (format_line(command.path, kept),) if option.required and kept else ()
    return (format_line(command.path, raw | {error.option: PROMPT}),)


def error_card(error: PersonError) -> Card:
    """What went wrong and what to type instead."""
    blocks: list[Block] = [Paragraph(rich(error.message))]
    if error.understood_as:
        blocks.append(Footnote(rich("I read it as: ", code(f"/mentor {error.understood_as}"))))
    if lines := error.suggestions or _SUGGESTIONS.get(type(error), ()):
        blocks.append(Buttons(tuple(Button(_label(line), line) for line in lines)))
    card = Card(_TITLES.get(error.code, "That did not work"), tuple(blocks), error=error.code)
    return replace(card, error_option=error.option or None) if isinstance(error, BadValue) else card


def _label(line: str) -> str:
    return f"/mentor {line}" if len(line) <= 60 else f"/mentor {line[:59]}…"


_SUGGESTIONS: Mapping[type[PersonError], tuple[str, ...]] = {
    StepNotFound: ("plan show",),
    PlanFull: ("plan show",),
    StepSettled: ("plan show", "plan undo"),
}
"""Command lines to suggest for errors of the domain, which knows no commands."""
_TITLES = {
    "not_understood": "I did not get that",
    "bad_value": "Almost there",
    "missing_option": "One thing is missing",
    "not_found": "I cannot find that",
    "conflict": "That can't be done now",
    "not_allowed": "Not for you to do",
    "unreachable": "I cannot post there",
}


def _trouble(code: str, text: str) -> Card:
    return Card("Sorry", (Paragraph(rich(text)),), error=code)
