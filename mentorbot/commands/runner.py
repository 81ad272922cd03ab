"""Running a command: check the caller's rights, read the options, and run the handler in a transaction."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NoReturn

from pydantic import TypeAdapter

from mentorbot import metrics
from mentorbot.chat.cards import Answer, Card, Choice, Form
from mentorbot.chat.platform import ChatPlatform
from mentorbot.clock import Clock
from mentorbot.commands.context import CommandRequest, Context, PackContext
from mentorbot.commands.heard import Understood
from mentorbot.commands.prepared import FROM_PACK, QuestionAnswers
from mentorbot.commands.request_limits import RequestLimits
from mentorbot.commands.surroundings import CallerSurroundings
from mentorbot.domain.language_model import LanguageModel
from mentorbot.domain.people import Person
from mentorbot.errors import BadValue, DeadlockRetry, NotAllowed, PersonError
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.slash.converters import DATED, ParseContext, read
from mentorbot.slash.forms import MissingOption, example_of, form_for, missing_text, question_for, without_files
from mentorbot.slash.intents import is_open
from mentorbot.slash.parser import is_free_text
from mentorbot.slash.registry import CommandSpec, OptionType, Registry
from mentorbot.slash.tokenizer import clean, format_line
from mentorbot.storage import AlreadyProcessed, StalePlan, Store, UnitOfWork

_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
PROMPT = "?"
"""Value of an option that asks for the option again, as in `by:?`. What's said follows: `by:?friday`; not for free texts."""
MAX_BUTTONS = 5
"""Values offered as buttons when an option is missing."""
MAX_ATTEMPTS = 6
"""Runs of a handler that keeps conflicting with others over the same rows."""
_FOR_TEAMS = frozenset({"pair", "mentees"})
"""First words of commands that are about other people."""


def to_json(answer: Answer) -> dict[str, object]:
    """Turn an answer into plain JSON values."""
    data: dict[str, object] = _ANSWER.dump_python(answer, mode="json")
    return data


class _Tried(Exception):
    """Ends a transaction without saving it, with the answer of the command that was tried."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


class CommandRunner:
    """Runs commands for their callers, with a store, a library and perhaps a language model."""

    def __init__(
        self,
        registry: Registry,
        store: Store,
        library: Library,
        clock: Clock,
        limits: RequestLimits | None,
        model: LanguageModel | None,
    ) -> None:
        self._registry, self._store, self._library = registry, store, library
        self._clock, self._model = clock, model
        self._questions = QuestionAnswers(library)
        self.limits = limits

    def context(
        self,
        request: CommandRequest,
        uow: UnitOfWork,
        pack: Pack,
        platform: ChatPlatform | None = None,
        *,
        person: Person | None = None,
    ) -> Context:
        """Give a handler what it may use in one transaction. A caller who has just been read, as `person`, isn't read again."""
        if person is not None:
            uow.people.prefetch(person)
        return Context(
            caller=request.caller,
            now=self._clock.now(),
            uow=uow,
            library=self._library,
            pack=pack,
            platform=platform,
            forms=request.forms,
            model=self._model,
            pressed=request.pressed,
        )

    async def run(
        self, understood: Understood, request: CommandRequest, platform: ChatPlatform | None, around: CallerSurroundings
    ) -> Answer:
        """Read the options of a command and run it."""
        command = understood.command.for_pack(around.rough.pack)
        with metrics.counted(command.name):
            return await self._run_counted(command, understood, request, platform, around)

    async def refusal_of(
        self, understood: Understood, request: CommandRequest, around: CallerSurroundings
    ) -> Card | None:
        """Give the answer of a command that'd refuse what it's asked for; None for any other. Nothing is saved or sent."""
        command = understood.command.for_pack(around.rough.pack)
        values = _read_options(command, understood.raw, await around.local())
        try:
            await self._try(command, values, request, around)
        except _Tried as tried:
            return tried.answer if isinstance(tried.answer, Card) and tried.answer.error else None

    async def _try(
        self,
        command: CommandSpec,
        values: Mapping[str, object],
        request: CommandRequest,
        around: CallerSurroundings,
    ) -> NoReturn:
        """Run the handler in a transaction that's rolled back, and without the platform, where nothing can be taken back."""
        async with self._store.unit_of_work(request.caller.channel.workspace) as uow:
            context = self.context(request, uow, around.rough.pack, person=around.person)
            raise _Tried(await command.handler(context, **values))

    async def _run_counted(
        self,
        command: CommandSpec,
        understood: Understood,
        request: CommandRequest,
        platform: ChatPlatform | None,
        around: CallerSurroundings,
    ) -> Answer:
        await ensure_allowed(request, command)
        if self.limits is not None:
            self.limits.take_command(request.caller.channel.workspace, command)
        dated = any(option.kind in DATED for option in command.options)
        parse_context = await around.local() if dated else around.rough
        raw = {**understood.raw, **_named_options(request.options, command)}
        try:
            _ask_for_prompted(command, raw)
            values = _read_options(command, raw, parse_context)
            answer = await self._run(request, command, values, platform, around)
            return await around.turn.improve(command, values, answer) if around.turn else answer
        except MissingOption as missing:
            if request.forms:
                return await self._form(missing, command, raw, parse_context, around)
            raise await self._asking_for(missing, command, raw, around) from missing
        except BadValue as error:
            error.understood_as = format_line(command.path, without_files(command, raw))
            error.suggestions = suggested_lines(error, command, raw)
            error.left_open = line_without(command, raw, error.option)
            raise

    async def _form(
        self,
        missing: MissingOption,
        command: CommandSpec,
        raw: Mapping[str, str],
        parse_context: ParseContext,
        around: CallerSurroundings,
    ) -> Form:
        """Build the form that asks for a missing option, with what's saved, and with the people the caller can mean."""
        people = [option for option in command.options if option.kind is OptionType.PERSON]
        return form_for(
            command,
            {**raw, missing.option: missing.said} if missing.said else raw,
            parse_context,
            required=missing.option,
            saved=await around.saved_options(command),
            own={option.name: await around.own_values(option) for option in people},
            alone=missing.alone,
        )

    async def _asking_for(
        self, missing: MissingOption, command: CommandSpec, raw: Mapping[str, str], around: CallerSurroundings
    ) -> MissingOption:
        """Word the question for a missing option, with the values the caller is likely to mean as buttons."""
        option = command.option(missing.option)
        choices: Sequence[Choice] = ()
        if option is not None and option.declared.choices is not None:
            choices = option.declared.choices(around.rough.pack)
        elif option is not None and option.declared.suggest is not None:
            choices = await around.own_values(option)
        given = without_files(command, raw)
        lines = [format_line(command.path, {**given, missing.option: choice.value}) for choice in choices[:MAX_BUTTONS]]
        question = question_for(option) if option else ""
        if option is not None and not lines and (example := example_of(option)):
            question = f"{question} For example: {example}."
        return MissingOption(
            missing.option,
            missing_text(command, missing, raw, self._registry.prefix),
            suggestions=lines,
            question=question,
        )

    async def _run(
        self,
        request: CommandRequest,
        command: CommandSpec,
        values: Mapping[str, object],
        platform: ChatPlatform | None,
        around: CallerSurroundings,
    ) -> Answer:
        """Run the handler, and run it again if someone else has changed or locked the rows it read."""
        pack = around.rough.pack
        if command.name == "ask":
            return await self._ask(request, command, values, pack, around.locale)
        if command.name in FROM_PACK:
            return await command.handler(PackContext(self._library, pack), **values)
        for _ in range(MAX_ATTEMPTS - 1):
            try:
                return await self._run_once(request, command, values, platform, around)
            except (StalePlan, DeadlockRetry):
                await asyncio.sleep(random.uniform(0, 0.05))  # noqa: S311  gives the other one time to finish
        return await self._run_once(request, command, values, platform, around)

    async def _ask(
        self, request: CommandRequest, command: CommandSpec, values: Mapping[str, object], pack: Pack, locale: str
    ) -> Answer:
        """Answer a question, with the offer of a plan for anyone who has none. What a whole channel reads keeps it."""
        asked = self._questions.get(pack, locale, values)
        if asked is None:
            answer = await command.handler(PackContext(self._library, pack), **values)
            asked = self._questions.keep(pack, locale, values, answer)
        caller = request.caller
        if not asked.offers_plan or (request.spoken and not caller.channel.direct):
            return asked.answer
        async with self._store.unit_of_work(caller.channel.workspace) as uow:
            has_plan = await uow.learner(caller.user_id, pack.info.role).plans.has_active_steps()
        return asked.with_plan if has_plan else asked.answer

    async def tried_out(
        self, understood: Understood, request: CommandRequest, around: CallerSurroundings
    ) -> Answer | None:
        """Give the answer that a change of the caller's plan would have, without keeping the change; None for other commands."""
        command = understood.command.for_pack(around.rough.pack)
        if command.path[0] != "plan" or command.path == ("plan", "save") or not command.writes:
            return None
        try:
            values = _read_options(command, dict(understood.raw), await around.local())
            await self._try(command, values, request, around)
        except _Tried as tried:
            return tried.answer
        except PersonError:
            return None

    async def supposed(
        self, change: Understood, shows: Understood, request: CommandRequest, around: CallerSurroundings
    ) -> Answer:
        """Give the answer of a command as it'd be after a change, which isn't kept.

        Raises:
            PersonError: the change can't be made, or there's nothing to show.
        """
        pack = around.rough.pack
        first, command = change.command.for_pack(pack), shows.command.for_pack(pack)
        local = await around.local()
        before = _read_options(first, change.raw, local)
        values = _read_options(command, shows.raw, local)

        async def changed_and_shown(context: Context, **values: object) -> Answer:
            await first.handler(context, **before)
            return await command.handler(self.context(request, context.uow, pack, person=around.person), **values)

        try:
            await self._try(replace(command, handler=changed_and_shown), values, request, around)
        except _Tried as tried:
            return tried.answer

    async def _run_once(
        self,
        request: CommandRequest,
        command: CommandSpec,
        values: Mapping[str, object],
        platform: ChatPlatform | None,
        around: CallerSurroundings,
    ) -> Answer:
        """Run the handler in one transaction. A command that writes runs once per idempotency key."""
        workspace = request.caller.channel.workspace
        key = request.key if command.writes else None
        try:
            async with self._store.unit_of_work(workspace) as uow:
                if key and (earlier := await uow.interactions.answered(key)):
                    return _ANSWER.validate_json(earlier)
                context = self.context(request, uow, around.rough.pack, platform, person=around.person)
                answer = await command.handler(context, **values)
                if key:
                    await uow.interactions.remember(key, _ANSWER.dump_json(answer).decode())
        except AlreadyProcessed:
            # The interaction was delivered twice at once, and the other delivery was first, so its answer counts.
            async with self._store.unit_of_work(workspace) as uow:
                return _ANSWER.validate_json(await uow.interactions.answered(key or "") or "")
        if command.writes and request.on_change is not None:
            request.on_change()
        return answer


async def ensure_allowed(request: CommandRequest, command: CommandSpec) -> None:
    """Check that someone may use a command.

    Raises:
        NotAllowed: they may not, or not in a conversation that belongs to no team.
    """
    if request.caller.channel.workspace.is_personal and (command.admin or command.path[0] in _FOR_TEAMS):
        raise NotAllowed(
            "That only works in a server. Ask me in one we share, or invite me to yours.", suggestions=("help",)
        )
    if command.admin and not (await request.caller.member()).admin:
        rights = "Manage Server" if request.caller.channel.workspace.platform == "discord" else "admin"
        raise NotAllowed(f"You need {rights} rights for that. Want a weekly tip of your own?", suggestions=("tips me",))


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


def read_given(command: CommandSpec, raw: Mapping[str, str], parse_context: ParseContext) -> None:
    """Read the options given. Raises `BadValue` if one can't be used."""
    for option in command.options:
        if option.name in raw:
            read(option, raw[option.name], parse_context)


def _ask_for_prompted(command: CommandSpec, raw: dict[str, str]) -> None:
    """Ask for the option of `name:?`, which buttons use to lead back to a form with one wrong value."""
    for option in command.options:
        value = raw.get(option.name, "")
        is_asked = value == PROMPT or (value.startswith(PROMPT) and not is_free_text(option))
        if is_asked and not option.declared.greedy:
            del raw[option.name]
            # [Pick a city] comes with a day and a time, and “Other hours” from a menu, so nothing else is asked for.
            alone = value == PROMPT and (
                option.kind is OptionType.CUSTOM or (option.kind is OptionType.ZONE and bool(raw))
            )
            raise MissingOption(option.name, said=value.removeprefix(PROMPT), alone=alone)


def line_without(command: CommandSpec, raw: Mapping[str, str], name: str) -> str:
    """Write a command without one value, which a single word may replace; "" if any words would do."""
    option = command.option(name)
    others = {each: value for each, value in without_files(command, dict(raw)).items() if each != name}
    return "" if option is None or is_open(option) else format_line(command.path, others)


def suggested_lines(error: BadValue, command: CommandSpec, raw: dict[str, str]) -> tuple[str, ...]:
    """Turn suggested values into whole lines for buttons; without any, lead back to the form with the rest filled in."""
    option, raw = command.option(error.option), without_files(command, raw)
    if option is None:
        return error.suggestions
    if error.suggestions:
        return tuple(format_line(command.path, raw | {error.option: value}) for value in error.suggestions)
    if option.kind in (OptionType.TEXT, OptionType.PERSON) and option.declared.choices is None:
        others = {name: value for name, value in raw.items() if name != error.option}
        return (format_line(command.path, others),) if option.required and others else ()
    return (format_line(command.path, raw | {error.option: PROMPT}),)
