"""The dispatcher of requests: find the command, check the caller's rights, read the options, and run the handler.

`Dispatcher.answer` never raises: every error becomes a card.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from pydantic import TypeAdapter

from mentorbot import logs, metrics
from mentorbot.chat import dates
from mentorbot.chat.cards import Answer, Card, Choice
from mentorbot.chat.platform import ChatPlatform
from mentorbot.clock import Clock
from mentorbot.commands.assistant import Assistant, Turn
from mentorbot.commands.context import Caller, CommandRequest, Context, PackContext
from mentorbot.commands.ear import Ear
from mentorbot.commands.guests import ensure_no_guest
from mentorbot.commands.heard import Heard, Hearing, Understood
from mentorbot.commands.memory import Memory
from mentorbot.commands.prepared import FROM_PACK, PreparedAnswers
from mentorbot.commands.request_limits import RequestLimits
from mentorbot.domain.conversation import SmallTalk
from mentorbot.domain.language_model import LanguageModel, ModelBudget
from mentorbot.domain.plan import monday
from mentorbot.errors import (
    BadValue,
    DatabaseProblem,
    DeadlockRetry,
    NotAllowed,
    NotWhole,
    PersonError,
    RateLimited,
    SendError,
    TooFast,
)
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.services.dashboard import dashboard_figures
from mentorbot.services.forecasts import next_checkin_day
from mentorbot.services.learners import UTC
from mentorbot.slash.choices import find_choice, short
from mentorbot.slash.converters import DATED, ParseContext, read
from mentorbot.slash.converters import suggest as suggest_values
from mentorbot.slash.forms import MissingOption, example_of, form_for, missing_text, question_for, without_files
from mentorbot.slash.registry import CommandSpec, OptionSpec, OptionType, Registry
from mentorbot.slash.tokenizer import clean, format_line
from mentorbot.storage import AlreadyProcessed, StalePlan, Store, UnitOfWork
from mentorbot.views import errors
from mentorbot.views.ask import offers_plan, without_plan_offer
from mentorbot.views.dashboard import Dashboard, dashboard
from mentorbot.views.errors import error_card, question_card
from mentorbot.views.guests import is_about_finding_people, offers_mentoring, without_mentoring
from mentorbot.views.labels import Labels, shown_value
from mentorbot.views.language_model import proposal_card, with_reading
from mentorbot.views.talk import (
    closest_card,
    offer_card,
    short_first,
    small_talk_card,
    which_card,
    with_alternatives,
    with_misread,
    with_next,
)

log = logging.getLogger(__name__)
_ANSWER: TypeAdapter[Answer] = TypeAdapter(Answer)
_LIST_NUMBER = re.compile(r"^\d+\. ")
PROMPT = "?"
"""Value of an option that asks for the option again, as in `by:?`."""
MAX_BUTTONS = 5
"""Values offered as buttons when an option is missing."""
_ERASURE = "me forget confirm:yes"
"""After this, nothing is remembered of someone."""
_ARTICLES = (("brief",), ("skill",))
"""Commands with long answers: a conversation gets the first lines."""
_MAX_QUESTION = 500
"""Characters of a message that are searched for: the length `ask` takes."""
MAX_ATTEMPTS = 6
"""Runs of a handler that keeps conflicting with others over the same rows."""


def to_json(answer: Answer) -> dict[str, object]:
    """Turn an answer into plain JSON values."""
    data: dict[str, object] = _ANSWER.dump_python(answer, mode="json")
    return data


class Dispatcher:
    """Answers requests with the commands of a registry, a store and a library."""

    def __init__(
        self,
        registry: Registry,
        store: Store,
        library: Library,
        clock: Clock,
        limits: RequestLimits | None = None,
        *,
        model: LanguageModel | None = None,
        model_budget: ModelBudget | None = None,
    ) -> None:
        self._limits = limits
        self.registry = registry
        self.library = library
        self.clock = clock
        self._store = store
        self.ear = Ear(registry, library)
        self._prepared = PreparedAnswers(library)
        self.model = model
        self._budget = model_budget or ModelBudget()
        self._assistant = Assistant(model, store, registry, library, clock, self._budget) if model else None

    def with_model(self, model: LanguageModel) -> Dispatcher:
        """Return the same dispatcher with a different language model."""
        return Dispatcher(
            self.registry,
            self._store,
            self.library,
            self.clock,
            self._limits,
            model=model,
            model_budget=self._budget,
        )

    async def hear(self, request: CommandRequest) -> tuple[Heard, Heard]:
        """Tell what a text is heard as, without and with the language model. Nothing is run, and nothing remembered.

        Raises:
            PersonError: it's a command, but can't be read as one.
        """
        around = _Surroundings(self, request, *await self._reading(request.caller))
        heard = await self.ear.hear(request.line, around, None)
        return heard, await self._assistant.turn(request, around).hear(heard) if self._assistant else heard

    def warm_up(self) -> None:
        """Build what the first question and the first sentence need; it takes a second or two."""
        self.library.index()
        self.ear.warm_up()

    async def answer(self, request: CommandRequest, platform: ChatPlatform | None = None) -> Answer:
        """Answer a request with a card, or with a form if something is missing. Never raises."""
        with logs.request(), dates.written_for(request.caller.locale):
            answer = await self._answer_or_apologise(request, platform)
            if isinstance(answer, Card) and offers_mentoring(answer) and (await request.caller.standing()).is_guest:
                return without_mentoring(answer)
            return answer

    async def _answer_or_apologise(self, request: CommandRequest, platform: ChatPlatform | None) -> Answer:
        pack = self.library.default
        try:
            if self._limits is not None:
                self._limits.take(request.caller)
            pack, locale = await self._reading(request.caller)
            with dates.written_for(locale):
                return await self._answer(request, platform, pack, locale)
        except TooFast as error:
            return errors.platform_card(error.code, self._line_of(request), error.seconds)
        except PersonError as error:
            log.info("a request was refused: %s", error.code)
            card = error_card(error, self._labels(pack))
            if not isinstance(error, NotWhole):  # that's just a question
                card = errors.with_small_code(card, logs.request_code())
            await self._remember(request, card, request.line)
            return card
        except DatabaseProblem as error:
            log.exception("the database didn't answer")
            return errors.with_code(errors.database_card(error.code, _again(request)), logs.request_code())
        except StalePlan:
            return errors.with_code(errors.busy_card(_again(request)), logs.request_code())
        except SendError as error:
            log.warning("the platform didn't answer: %s", error)
            wait = error.retry_after if isinstance(error, RateLimited) else None
            card = errors.platform_card(error.code, _again(request), wait)
            return card if wait is not None else errors.with_code(card, logs.request_code())
        except Exception:
            log.exception("a command failed (code %s)", logs.request_code())
            return errors.broken_card(logs.request_code(), _again(request))

    async def _pack_of(self, caller: Caller) -> Pack:
        return (await self._reading(caller))[0]

    async def _reading(self, caller: Caller) -> tuple[Pack, str]:
        """Look up the pack of the role someone learns, and the locale their answers are written for."""
        if len(self.library.packs) == 1 and caller.locale:
            return self.library.default, caller.locale
        async with self._store.unit_of_work(caller.channel.workspace) as uow:
            role, locale = await uow.roles.with_locale(caller.user_id)
        return self.library.pack(role), caller.locale or locale

    def _labels(self, pack: Pack) -> Labels:
        return Labels(self.registry, ParseContext(pack, self.clock.now().date()))

    async def suggest(self, request: CommandRequest, option: str, typed: str) -> tuple[Choice, ...]:
        """Suggest up to 25 values, best first, for `option` of the command `request.line`; `typed` is typed so far.

        `request.options` holds the command's other options, as far as they're filled in.
        """
        declared = self.registry.find(tuple(request.line.split()))
        pack = await self._pack_of(request.caller)
        command = declared.for_pack(pack) if declared else None
        spec = command.option(option) if command else None
        if spec is None:
            return ()
        parse_context = ParseContext(pack, self.clock.now().date())
        if spec.declared.suggest is None:
            return suggest_values(spec, clean(typed), parse_context, None)
        async with self._store.unit_of_work(request.caller.channel.workspace) as uow:
            context = replace(self._context(request, uow, pack), typed=request.options)
            own_values = await spec.declared.suggest(context, typed)
        return suggest_values(spec, clean(typed), parse_context, own_values)

    async def dashboard(self, caller: Caller, *, admin: bool) -> Dashboard:
        """Build the dashboard of a mentor's learners, or of an admin's workspace."""
        pack, now = await self._pack_of(caller), self.clock.now()
        async with self._store.unit_of_work(caller.channel.workspace) as uow:
            return dashboard(pack, await dashboard_figures(uow, pack, now, caller.user_id, admin=admin))

    async def _answer(self, request: CommandRequest, platform: ChatPlatform | None, pack: Pack, locale: str) -> Answer:
        # With a language model, an answer may depend on who asks: on what they and their admin allow.
        if self._assistant is None and (prepared := self._prepared.get(request, pack, locale)) is not None:
            with metrics.counted(prepared.command):
                await self._remember(request, prepared.answer)
                return prepared.answer
        around = _Surroundings(self, request, pack, locale)
        memory = await self._recall(request, around) if request.spoken else None
        heard = await self.ear.hear(request.line, around, memory)
        if self._assistant is None:
            answer, missing = await self._act_on(heard, request, platform, around)
        else:
            around.turn = self._assistant.turn(request, around)
            heard, answer, missing = await self._act_with_model(heard, around.turn, request, platform, around)
        line = heard.commands[0].line if heard.commands else ""
        if line != _ERASURE:
            await self._remember(request, answer, heard.question or request.line, line, missing)
        return answer

    async def _act_with_model(
        self, heard: Heard, turn: Turn, request: CommandRequest, platform: ChatPlatform | None, around: _Surroundings
    ) -> tuple[Heard, Answer, str]:
        """Answer with the language model's help, or as if there were none if its proposal turns out to be of no use."""
        proposed = await turn.hear(heard)
        try:
            answer, missing = await self._act_on(proposed, request, platform, around)
        except PersonError:
            if not proposed.proposed:
                raise
            proposed = heard
            answer, missing = await self._act_on(heard, request, platform, around)
        return proposed, await turn.finish(answer), missing

    async def _act_on(
        self, heard: Heard, request: CommandRequest, platform: ChatPlatform | None, around: _Surroundings
    ) -> tuple[Answer, str]:
        """Answer what was heard. Also returns the option that the answer asks for, or ""."""
        try:
            match heard.hearing:
                case Hearing.RUN:
                    return await self._run_heard(heard, request, platform, around), ""
                case Hearing.OFFER:
                    return await self._offer(heard, request, around), ""
                case Hearing.QUESTION:
                    question = Understood(
                        self.registry.commands[("ask",)],
                        {"question": short(heard.question or request.line, _MAX_QUESTION)},
                    )
                    answer = await self._run_command(question, request, platform, around)
                    return with_alternatives(answer, await self._labelled(heard.commands, request, around)), ""
                case Hearing.SMALL_TALK:
                    small_talk = heard.small_talk or SmallTalk.NOTHING
                    return await self._small_talk(small_talk, request, platform, around.rough.pack), ""
                case Hearing.CLOSEST:
                    if len(heard.commands) == 1 and not await _can_be_read(heard.commands[0], around):
                        return await self._offer(heard, request, around), ""
                    return closest_card(await self._labelled(heard.commands, request, around)), ""
                case Hearing.WHICH:
                    return which_card(heard.choices), ""
                case _:
                    assert_never(heard.hearing)
        except MissingOption as missing:
            if not request.spoken:
                raise
            return question_card(missing, self._labels(around.rough.pack)), missing.option

    async def _run_heard(
        self, heard: Heard, request: CommandRequest, platform: ChatPlatform | None, around: _Surroundings
    ) -> Answer:
        """Run the first command that was heard, and offer the others."""
        command = heard.commands[0].command
        answer = await self._run_command(heard.commands[0], request, platform, around)
        if self._assistant is None and not heard.misread and len(heard.commands) == 1:
            self._prepared.keep(request, command, around.rough.pack, around.locale, answer)
        if request.spoken and not heard.in_full and command.path in _ARTICLES:
            answer = short_first(answer, heard.commands[0].line)
        answer = with_misread(answer, heard.misread, command)
        if heard.proposed and isinstance(answer, Card):
            answer = with_reading(answer, heard.commands[0].line)
        others = await self._labelled(heard.commands[1:], request, around)
        return (with_next if heard.several else with_alternatives)(answer, others)

    async def _run_command(
        self, understood: Understood, request: CommandRequest, platform: ChatPlatform | None, around: _Surroundings
    ) -> Answer:
        """Read the options of a command and run it."""
        command = understood.command.for_pack(around.rough.pack)
        with metrics.counted(command.name):
            return await self._run_counted(command, understood, request, platform, around)

    async def _run_counted(
        self,
        command: CommandSpec,
        understood: Understood,
        request: CommandRequest,
        platform: ChatPlatform | None,
        around: _Surroundings,
    ) -> Answer:
        await _ensure_allowed(request, command)
        if self._limits is not None:
            self._limits.take_command(request.caller.channel.workspace, command)
        dated = any(option.kind in DATED for option in command.options)
        parse_context = await around.local() if dated else around.rough
        raw = {**understood.raw, **_named_options(request.options, command)}
        try:
            _ask_for_prompted(command, raw)
            values = _read_options(command, raw, parse_context)
            answer = await self._run(request, command, values, platform, parse_context.pack)
            return await around.turn.improve(command, values, answer) if around.turn else answer
        except MissingOption as missing:
            if request.forms:
                return form_for(
                    command, raw, parse_context, required=missing.option, current=missing.current, alone=missing.alone
                )
            raise await self._asking_for(missing, command, raw, around) from missing
        except BadValue as error:
            error.understood_as = format_line(command.path, without_files(command, raw))
            error.suggestions = _suggested_lines(error, command, raw)
            raise

    async def _asking_for(
        self, missing: MissingOption, command: CommandSpec, raw: Mapping[str, str], around: _Surroundings
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
            missing_text(command, missing, raw, self.registry.prefix),
            suggestions=lines,
            question=question,
        )

    async def _offer(self, heard: Heard, request: CommandRequest, around: _Surroundings) -> Answer:
        """Show what would be done, without doing it. A value that can't be gets its error instead."""
        commands = await self._allowed(heard, request)
        first = commands[0]
        await _ensure_allowed(request, first.command)
        command = first.command.for_pack(around.rough.pack)
        try:
            _read_given(command, first.raw, await around.local())
        except BadValue as error:
            others = [each for each in commands[1:] if await _can_be_read(each, around)]
            if others and not heard.clear and _is_amount(command.option(error.option or "")):
                return await self._offer(replace(heard, commands=tuple(others)), request, around)
            error.suggestions = _suggested_lines(error, command, dict(first.raw))
            raise
        labelled = await self._labelled(commands, request, around)
        if heard.proposed and labelled:
            return proposal_card(*labelled[0], await _every_value(command, first.raw, around))
        if not heard.clear and len(labelled) > 1:
            return offer_card(labelled, heard.leftover, heard.misread, _change_line(first))
        values = await _every_value(command, first.raw, around)
        offer = offer_card(labelled[:1], heard.leftover, heard.misread, _change_line(first), values)
        return with_alternatives(offer, labelled[1:])

    @staticmethod
    async def _allowed(heard: Heard, request: CommandRequest) -> Sequence[Understood]:
        """Leave out what's for admins, unless that's clearly what was asked for: then the answer says so.

        Raises:
            NotAllowed: it's about finding people, and the caller is a guest.
        """
        if is_about_finding_people(heard.commands[0].line):
            await ensure_no_guest(request.caller)
        if heard.clear or not heard.commands[0].command.admin or (await request.caller.member()).admin:
            return heard.commands
        return [understood for understood in heard.commands if not understood.command.admin] or heard.commands

    async def _labelled(
        self, commands: Sequence[Understood], request: CommandRequest, around: _Surroundings
    ) -> list[tuple[str, str]]:
        """Give the label and the line of the buttons for some commands. Only admins get those for admins."""
        labelled = []
        for understood in commands:
            if understood.command.admin and not (await request.caller.member()).admin:
                continue
            if len(commands) > 1 and not await _can_be_read(understood, around):
                continue
            values = {
                option.name: await _readable(option, understood.raw[option.name], around)
                for option in understood.command.options
                if option.name in understood.raw
            }
            labelled.append((understood.command.label_for(values), (await _of_this_week(understood, around)).line))
        return labelled

    async def _small_talk(
        self, kind: SmallTalk, request: CommandRequest, platform: ChatPlatform | None, pack: Pack
    ) -> Answer:
        async with self._store.unit_of_work(request.caller.channel.workspace) as uow:
            context = self._context(request, uow, pack, platform)
            known = await uow.people.get(request.caller.user_id) is not None
            session = await context.learner() if known else None
            next_checkin = await next_checkin_day(session) if session and kind is SmallTalk.THANKS else None
            learner = session.snapshot if session else None
            return small_talk_card(kind, await context.name(), context.pack, learner, next_checkin)

    async def _recall(self, request: CommandRequest, around: _Surroundings) -> Memory | None:
        caller = request.caller
        async with self._store.unit_of_work(caller.channel.workspace) as uow:
            state = await uow.conversations.recall(caller.user_id, caller.channel.id)
        return Memory.from_state(state, (await around.local()).today) if state else None

    async def _remember(
        self, request: CommandRequest, answer: Answer, text: str = "", line: str = "", missing: str = ""
    ) -> None:
        """Save what the next message may refer to, in place of what was there, even if that's nothing.

        That's also the answer to a pressed button, and to a command typed in a direct message. A command in a channel has no
        part in what's said there.
        """
        caller = request.caller
        if request.background or not (request.spoken or request.pressed or caller.channel.direct):
            return
        memory = Memory.of(answer, text, line, missing, self.clock.now().date())
        try:
            async with self._store.unit_of_work(caller.channel.workspace) as uow:
                await uow.conversations.remember(caller.user_id, caller.channel.id, memory.to_state())
        except DatabaseProblem:
            # What was asked for is done. An error now would say that nothing has changed.
            log.exception("couldn't remember an answer")

    async def own_values(self, request: CommandRequest, option: OptionSpec, pack: Pack) -> Sequence[Choice]:
        """List the values an option can have among the caller's own data."""
        if option.declared.suggest is None:
            return ()
        async with self._store.unit_of_work(request.caller.channel.workspace) as uow:
            try:
                return await option.declared.suggest(self._context(request, uow, pack), "")
            except PersonError:
                return ()  # e.g. someone who mentors nobody has no learners to choose from

    async def value_at_hand(self, request: CommandRequest, option: OptionSpec, pack: Pack) -> str:
        """Give the one of the caller's own values that “it” means; "" if it could be several."""
        if option.declared.at_hand is None:
            return ""
        async with self._store.unit_of_work(request.caller.channel.workspace) as uow:
            return await option.declared.at_hand(self._context(request, uow, pack))

    async def parse_context(self, request: CommandRequest, pack: Pack) -> ParseContext:
        """Gather what reading dates depends on: the caller's local day."""
        async with self._store.unit_of_work(request.caller.channel.workspace) as uow:
            zone = await self._context(request, uow, pack).zone()
        return ParseContext(pack, self.clock.now().astimezone(zone or UTC).date())

    def _line_of(self, request: CommandRequest) -> str:
        """Write a request as a line that says the same, without files."""
        if not request.options:
            return request.line
        command = self.registry.find(tuple(request.line.split()))
        options = without_files(command, request.options) if command else request.options
        return format_line((request.line,), options)

    def _context(
        self, request: CommandRequest, uow: UnitOfWork, pack: Pack, platform: ChatPlatform | None = None
    ) -> Context:
        return Context(
            caller=request.caller,
            now=self.clock.now(),
            uow=uow,
            library=self.library,
            pack=pack,
            platform=platform,
            forms=request.forms,
            model=self.model,
            pressed=request.pressed,
        )

    async def _run(
        self,
        request: CommandRequest,
        command: CommandSpec,
        values: Mapping[str, object],
        platform: ChatPlatform | None,
        pack: Pack,
    ) -> Answer:
        """Run the handler, and run it again if someone else has changed or locked the rows it read."""
        if command.name in FROM_PACK:
            answer = await command.handler(PackContext(self.library, pack), **values)
            return await self._for_caller(answer, request, pack) if command.name == "ask" else answer
        for _ in range(MAX_ATTEMPTS - 1):
            try:
                return await self._run_once(request, command, values, platform, pack)
            except (StalePlan, DeadlockRetry):
                await asyncio.sleep(random.uniform(0, 0.05))  # noqa: S311  gives the other one time to finish
        return await self._run_once(request, command, values, platform, pack)

    async def _for_caller(self, answer: Answer, request: CommandRequest, pack: Pack) -> Answer:
        """Leave out the offer of a plan for someone who has one. What a whole channel reads stays as it is."""
        caller = request.caller
        if not isinstance(answer, Card) or not offers_plan(answer) or (request.spoken and not caller.channel.direct):
            return answer
        async with self._store.unit_of_work(caller.channel.workspace) as uow:
            has_plan = await uow.learner(caller.user_id, pack.info.role).plans.has_active_steps()
        return without_plan_offer(answer) if has_plan else answer

    async def _run_once(
        self,
        request: CommandRequest,
        command: CommandSpec,
        values: Mapping[str, object],
        platform: ChatPlatform | None,
        pack: Pack,
    ) -> Answer:
        """Run the handler in one transaction. A command that writes runs once per idempotency key."""
        workspace = request.caller.channel.workspace
        key = request.key if command.writes else None
        try:
            async with self._store.unit_of_work(workspace) as uow:
                if key and (earlier := await uow.interactions.answered(key)):
                    return _ANSWER.validate_json(earlier)
                answer = await command.handler(self._context(request, uow, pack, platform), **values)
                if key:
                    await uow.interactions.remember(key, _ANSWER.dump_json(answer).decode())
        except AlreadyProcessed:
            # The interaction was delivered twice at once, and the other delivery was first, so its answer counts.
            async with self._store.unit_of_work(workspace) as uow:
                return _ANSWER.validate_json(await uow.interactions.answered(key or "") or "")
        if command.writes and request.on_change is not None:
            request.on_change()
        return answer


class _Surroundings:
    """Everything hearing a request depends on, looked up at most once."""

    def __init__(self, dispatcher: Dispatcher, request: CommandRequest, pack: Pack, locale: str) -> None:
        self._dispatcher, self._request, self.locale = dispatcher, request, locale
        self._local: ParseContext | None = None
        self._own: dict[object, Sequence[Choice]] = {}
        self.turn: Turn | None = None
        self.rough = ParseContext(pack, dispatcher.clock.now().date())

    async def local(self) -> ParseContext:
        """Return the parse context with the caller's local day."""
        if self._local is None:
            self._local = await self._dispatcher.parse_context(self._request, self.rough.pack)
        return self._local

    async def is_admin(self) -> bool:
        """Return True if the caller manages the workspace."""
        return (await self._request.caller.member()).admin

    async def at_hand(self, option: OptionSpec) -> str:
        """Give the one of these values that “it” means, e.g. the step under way; "" if it could be several."""
        return await self._dispatcher.value_at_hand(self._request, option, self.rough.pack)

    async def own_values(self, option: OptionSpec) -> Sequence[Choice]:
        """List the values an option can have among the caller's own data."""
        source = option.declared.suggest
        if source not in self._own:
            self._own[source] = await self._dispatcher.own_values(self._request, option, self.rough.pack)
        return self._own[source]


async def _every_value(command: CommandSpec, raw: Mapping[str, str], around: _Surroundings) -> list[tuple[str, str]]:
    """List every value a command would be run with, each with its option's description."""
    given = [option for option in command.options if option.name in raw]
    return [(option.description, await _readable(option, raw[option.name], around)) for option in given]


async def _of_this_week(understood: Understood, around: _Surroundings) -> Understood:
    """Name the week on a button for a check-in's answer, so that it's over when the week is."""
    if understood.command.option("week") is None or "week" in understood.raw:
        return understood
    today = (await around.local()).today
    return replace(understood, raw={**understood.raw, "week": monday(today).isoformat()})


async def _readable(option: OptionSpec, text: str, around: _Surroundings) -> str:
    """Give an option's value as people read it: a step's words, a day's date."""
    choices = await around.own_values(option) if option.declared.suggest else ()
    if option.declared.choices is not None:
        choices = option.declared.choices(around.rough.pack)
    if choice := next((choice for choice in choices if choice.value == text), None) or find_choice(text, choices):
        return _LIST_NUMBER.sub("", choice.label)
    return shown_value(option, text, await around.local())


def _change_line(understood: Understood) -> str:
    """Give the line that asks for the value given last again; "" if there's none to ask for."""
    names = [
        option.name
        for option in understood.command.options
        if not option.declared.keyword_only and not option.declared.greedy
    ]
    asked = next((name for name in reversed(names) if name in understood.raw), names[0] if names else "")
    return format_line(understood.command.path, {**understood.raw, asked: PROMPT}) if asked else ""


def _read_given(command: CommandSpec, raw: Mapping[str, str], parse_context: ParseContext) -> None:
    """Read the options given. Raises `BadValue` if one can't be used."""
    for option in command.options:
        if option.name in raw:
            read(option, raw[option.name], parse_context)


def _is_amount(option: OptionSpec | None) -> bool:
    """Return True for an option like hours: people mention amounts for all kinds of reasons."""
    return option is not None and bool(option.declared.unit)


async def _can_be_read(understood: Understood, around: _Surroundings) -> bool:
    """Return False if a value given is none: nobody means “at most 45 messages a week”."""
    try:
        _read_given(understood.command.for_pack(around.rough.pack), understood.raw, await around.local())
    except BadValue:
        return False
    return True


_FOR_TEAMS = frozenset({"pair", "mentees"})
"""First words of commands that are about other people."""


async def _ensure_allowed(request: CommandRequest, command: CommandSpec) -> None:
    if request.caller.channel.workspace.is_personal and (command.admin or command.path[0] in _FOR_TEAMS):
        raise NotAllowed(
            "That only works in a server. Ask me in one we share, or invite me to yours.", suggestions=("help",)
        )
    if command.admin and not (await request.caller.member()).admin:
        rights = "Manage Server" if request.caller.channel.workspace.platform == "discord" else "admin"
        raise NotAllowed(f"You need {rights} rights for that. Want a weekly tip of your own?", suggestions=("tips me",))


def _again(request: CommandRequest) -> str:
    """The line that does the same again, with the values of a form in it."""
    return format_line((request.line.strip(),), {name: value for name, value in request.options.items() if value})


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
            # [Pick a city] comes with a day and a time, so nothing but the city is asked for.
            raise MissingOption(option.name, alone=bool(raw) and option.kind is OptionType.ZONE)


def _suggested_lines(error: BadValue, command: CommandSpec, raw: dict[str, str]) -> tuple[str, ...]:
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
