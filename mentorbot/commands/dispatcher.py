"""Dispatching requests: find the command, check the caller's rights, read the options, and run the handler.

`Dispatcher.answer` never raises: every error becomes a card.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Mapping
from datetime import datetime

from pydantic import TypeAdapter

from mentorbot.chat.cards import Answer, Choice
from mentorbot.chat.platform import ChatPlatform
from mentorbot.clock import Clock
from mentorbot.commands.context import Caller, CommandRequest, Context
from mentorbot.errors import BadValue, DatabaseProblem, DeadlockRetry, NotAllowed, PersonError, SendError
from mentorbot.packs.library import Library
from mentorbot.services.dashboard import dashboard_figures
from mentorbot.services.learners import UTC
from mentorbot.slash.converters import ParseContext, read
from mentorbot.slash.converters import suggest as suggest_values
from mentorbot.slash.forms import MissingOption, form_for, missing_text, without_files
from mentorbot.slash.parser import parse_command
from mentorbot.slash.registry import CommandSpec, OptionType, Registry
from mentorbot.slash.tokenizer import clean, format_line
from mentorbot.storage import AlreadyProcessed, StalePlan, Store, UnitOfWork
from mentorbot.views.dashboard import Dashboard, dashboard
from mentorbot.views.errors import error_card, failure_card

log = logging.getLogger(__name__)
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
PROMPT = "?"
"""Value of an option that asks for the option again, as in `by:?`."""
MAX_ATTEMPTS = 6
"""Runs of a handler that keeps conflicting with others over the same rows."""


def to_json(answer: Answer) -> dict[str, object]:
    """Turn an answer into plain JSON values."""
    data: dict[str, object] = _ANSWER.dump_python(answer, mode="json")
    return data


class Dispatcher:
    """Answers requests with the commands of a registry, a store and a library."""

    def __init__(self, registry: Registry, store: Store, library: Library, clock: Clock) -> None:
        self.registry = registry
        self.library = library
        self.clock = clock
        self._store = store

    async def answer(self, request: CommandRequest, platform: ChatPlatform | None = None) -> Answer:
        """Answer a request with a card, or with a form if something is missing. Never raises."""
        try:
            return await self._answer(request, platform)
        except PersonError as error:
            return error_card(error)
        except DatabaseProblem:
            log.exception("the database did not answer")
            return failure_card(
                "database", "I cannot reach my notes just now. Nothing was changed. Try again in a minute."
            )
        except StalePlan:
            return failure_card("busy", "Your plan was being changed from somewhere else. Nothing was lost; try again.")
        except SendError as error:
            log.warning("the platform did not answer: %s", error)
            return failure_card(error.code, "The chat platform did not answer me just now. Try again in a minute.")
        except Exception:
            log.exception("a command failed")
            return failure_card("internal", "Something broke on my side, and it is in my log. Nothing was changed.")

    async def suggest(self, request: CommandRequest, option: str, typed: str) -> tuple[Choice, ...]:
        """Suggest up to 25 values, best first, for `option` of the command `request.line`, of which `typed` is typed so far."""
        declared = self.registry.find(tuple(request.line.split()))
        command = declared.for_pack(self.library.default) if declared else None
        spec = command.option(option) if command else None
        if spec is None:
            return ()
        parse_context = ParseContext(self.library.default, self.clock.now().date())
        if spec.declared.suggest is None:
            return suggest_values(spec, clean(typed), parse_context, None)
        async with self._store.unit_of_work(request.caller.channel.workspace) as uow:
            own_values = await spec.declared.suggest(self._context(request, uow), typed)
        return suggest_values(spec, clean(typed), parse_context, own_values)

    async def dashboard(self, caller: Caller, *, admin: bool) -> Dashboard:
        """Build the dashboard of a mentor's learners, or of an admin's workspace."""
        pack, now = self.library.default, self.clock.now()
        async with self._store.unit_of_work(caller.channel.workspace) as uow:
            return dashboard(pack, await dashboard_figures(uow, pack, now, caller.user_id, admin=admin))

    async def _answer(self, request: CommandRequest, platform: ChatPlatform | None) -> Answer:
        now = self.clock.now()
        parsed = parse_command(self.registry, request.line, ParseContext(self.library.default, now.date()))
        command = parsed.command
        await _ensure_allowed(request, command)
        parse_context = await self._parse_context(request, command, now)
        raw = parsed.options(parse_context) | _named_options(request.options, command)
        try:
            _ask_for_prompted(command, raw)
            values = _read_options(command, raw, parse_context)
            return await self._run(request, command, values, platform)
        except MissingOption as missing:
            if request.forms:
                return form_for(command, raw, parse_context, required=missing.option, current=missing.current)
            text = missing_text(command, missing, raw, self.registry.prefix)
            raise MissingOption(missing.option, text) from missing
        except BadValue as error:
            raise BadValue(
                error.message,
                option=error.option,
                suggestions=_suggested_lines(error, command, raw),
                understood_as=format_line(command.path, without_files(command, raw)),
            ) from error

    async def _parse_context(self, request: CommandRequest, command: CommandSpec, now: datetime) -> ParseContext:
        """Gather what reading the options depends on. Only a command that takes a date needs the caller's local day."""
        pack = self.library.default
        if not any(option.kind in (OptionType.DATE, OptionType.DATE_RANGE) for option in command.options):
            return ParseContext(pack, now.date())
        async with self._store.unit_of_work(request.caller.channel.workspace) as uow:
            zone = await self._context(request, uow).zone()
        return ParseContext(pack, now.astimezone(zone or UTC).date())

    def _context(self, request: CommandRequest, uow: UnitOfWork, platform: ChatPlatform | None = None) -> Context:
        return Context(
            caller=request.caller,
            now=self.clock.now(),
            uow=uow,
            library=self.library,
            platform=platform,
            forms=request.forms,
        )

    async def _run(
        self,
        request: CommandRequest,
        command: CommandSpec,
        values: Mapping[str, object],
        platform: ChatPlatform | None,
    ) -> Answer:
        """Run the handler, and run it again if someone else has changed or locked the rows it read."""
        for _ in range(MAX_ATTEMPTS - 1):
            try:
                return await self._run_once(request, command, values, platform)
            except (StalePlan, DeadlockRetry):
                await asyncio.sleep(random.uniform(0, 0.05))  # noqa: S311  gives the other one time to finish
        return await self._run_once(request, command, values, platform)

    async def _run_once(
        self,
        request: CommandRequest,
        command: CommandSpec,
        values: Mapping[str, object],
        platform: ChatPlatform | None,
    ) -> Answer:
        """Run the handler in one transaction. A command that writes runs once per idempotency key."""
        workspace = request.caller.channel.workspace
        key = request.key if command.writes else None
        try:
            async with self._store.unit_of_work(workspace) as uow:
                if key and (earlier := await uow.interactions.answered(key)):
                    return _ANSWER.validate_json(earlier)
                answer = await command.handler(self._context(request, uow, platform), **values)
                if key:
                    await uow.interactions.remember(key, _ANSWER.dump_json(answer).decode())
                return answer
        except AlreadyProcessed:
            # The interaction was delivered twice at once, and the other delivery was first, so its answer counts.
            async with self._store.unit_of_work(workspace) as uow:
                return _ANSWER.validate_json(await uow.interactions.answered(key or "") or "")


async def _ensure_allowed(request: CommandRequest, command: CommandSpec) -> None:
    if command.admin and not (await request.caller.member()).admin:
        raise NotAllowed(
            f"“{command.name}” is for people who manage this workspace. Ask one of them, "
            "or look at what you can do yourself.",
            suggestions=("help",),
        )


def _named_options(options: Mapping[str, str], command: CommandSpec) -> dict[str, str]:
    """Clean the named options of a form or of Discord, and drop empty ones."""
    kinds = {option.name: option.kind for option in command.options}
    known = ((name, value) for name, value in options.items() if name in kinds)
    # Files have parsers of their own, and cleaning a megabyte takes a while.
    cleaned = (
        (name, value.replace("\r\n", "\n") if kinds[name] is OptionType.FILE else clean(value)) for name, value in known
    )
    return {name: text for name, value in cleaned if (text := value.strip())}


def _read_options(command: CommandSpec, raw: Mapping[str, str], parse_context: ParseContext) -> dict[str, object]:
    """Read the options into the handler's parameters. Options made per entry of the pack are collected in one parameter."""
    values: dict[str, object] = {}
    collected: dict[str, dict[str, object]] = {}
    for option in command.options:
        if option.name in raw:
            target = collected.setdefault(option.parameter, {}) if option.parameter else values
            target[option.name] = read(option, raw[option.name], parse_context)
    missing = next((option for option in command.options if option.required and option.name not in raw), None)
    if missing:
        raise MissingOption(missing.name)
    return {name.replace("-", "_"): value for name, value in (values | collected).items()}


def _ask_for_prompted(command: CommandSpec, raw: dict[str, str]) -> None:
    """Ask for the option of `name:?`, which buttons use to lead back to a form with one wrong value."""
    for option in command.options:
        if raw.get(option.name) == PROMPT and not option.declared.greedy:
            del raw[option.name]
            raise MissingOption(option.name)


def _suggested_lines(error: BadValue, command: CommandSpec, raw: dict[str, str]) -> tuple[str, ...]:
    """Turn suggested values into whole lines for buttons; without any, lead back to the form with the rest filled in."""
    option, raw = command.option(error.option), without_files(command, raw)
    if option is None:
        return error.suggestions
    if error.suggestions:
        return tuple(format_line(command.path, raw | {error.option: value}) for value in error.suggestions)
    if option.kind is OptionType.TEXT and option.declared.choices is None:
        others = {name: value for name, value in raw.items() if name != error.option}
        return (format_line(command.path, others),) if option.required and others else ()
    return (format_line(command.path, raw | {error.option: PROMPT}),)
