"""The dispatcher of requests: hear what's asked for, have it replied to, and remember that.

`Dispatcher.answer` never raises: every error becomes a card.
"""

from __future__ import annotations

import logging
from contextlib import nullcontext
from dataclasses import replace

from mentorbot import logs, metrics
from mentorbot.chat import dates
from mentorbot.chat.cards import Answer, Card, Choice
from mentorbot.chat.platform import ChatPlatform
from mentorbot.clock import Clock
from mentorbot.commands.assistant import Assistant
from mentorbot.commands.context import Caller, CommandRequest, Context
from mentorbot.commands.ear import Ear
from mentorbot.commands.heard import Heard, Hearing
from mentorbot.commands.memory import Memories
from mentorbot.commands.prepared import PreparedAnswers
from mentorbot.commands.replies import Replies
from mentorbot.commands.request_limits import RequestLimits
from mentorbot.commands.runner import CommandRunner
from mentorbot.commands.surroundings import CallerSurroundings
from mentorbot.domain.language_model import LanguageModel, ModelBudget
from mentorbot.domain.people import Person
from mentorbot.errors import BadValue, DatabaseProblem, NotWhole, PersonError, RateLimited, SendError, TooFast
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.precedence import Precedence
from mentorbot.services.dashboard import dashboard_figures
from mentorbot.slash.converters import ParseContext
from mentorbot.slash.converters import suggest as suggest_values
from mentorbot.slash.forms import without_files
from mentorbot.slash.registry import Registry
from mentorbot.slash.tokenizer import clean, format_line
from mentorbot.storage import StalePlan, Store, UnitOfWork
from mentorbot.views import errors
from mentorbot.views.dashboard import Dashboard, dashboard
from mentorbot.views.errors import error_card
from mentorbot.views.guests import offers_mentoring, without_mentoring
from mentorbot.views.labels import Labels

log = logging.getLogger(__name__)
_ERASURE = "me forget confirm:yes"
"""After this, nothing is remembered of someone."""


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
        precedence: Precedence | None = None,
    ) -> None:
        self.registry = registry
        self.library = library
        self.clock = clock
        self.precedence = precedence or Precedence()
        self._store = store
        self.ear = Ear(registry, library)
        self.runner = CommandRunner(registry, store, library, clock, limits, model)
        self._prepared = PreparedAnswers(library)
        self._replies = Replies(registry, store, self.runner, self._prepared)
        self._memories = Memories(store, clock)
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
            self.runner.limits,
            model=model,
            model_budget=self._budget,
            precedence=self.precedence,
        )

    async def hear(self, request: CommandRequest) -> tuple[Heard, Heard]:
        """Tell what a text is heard as, without and with the language model. Nothing is run, and nothing remembered.

        Raises:
            PersonError: it's a command, but can't be read as one.
        """
        around = self._surroundings(request, *await self._look_up(request.caller))
        heard = await self.ear.hear(request.line, around, None)
        return heard, await self._assistant.turn(request, around).hear(heard) if self._assistant else heard

    def warm_up(self) -> None:
        """Build what the first question and the first sentence need; it takes a second or two."""
        self.library.index()
        self.ear.warm_up()

    async def answer(self, request: CommandRequest, platform: ChatPlatform | None = None) -> Answer:
        """Answer a request with a card, or with a form if something is missing. Never raises."""
        counted = nullcontext() if request.background else self.precedence.answering()
        with counted, logs.request(), dates.written_for(request.caller.locale):
            answer = await self._answer_or_apologise(request, platform)
            if isinstance(answer, Card) and offers_mentoring(answer) and (await request.caller.standing()).is_guest:
                return without_mentoring(answer)
            return answer

    async def _answer_or_apologise(self, request: CommandRequest, platform: ChatPlatform | None) -> Answer:
        pack = self.library.default
        try:
            if self.runner.limits is not None:
                self.runner.limits.take(request.caller)
            pack, locale, person = await self._look_up(request.caller)
            with dates.written_for(locale):
                return await self._answer(request, platform, self._surroundings(request, pack, locale, person))
        except TooFast as error:
            return errors.platform_card(error.code, self._line_of(request), error.seconds)
        except PersonError as error:
            log.info("a request was refused: %s", error.code)
            card = error_card(error, self._labels(pack))
            if not isinstance(error, NotWhole):  # that's just a question
                card = errors.with_small_code(card, logs.request_code())
            missing = error.option if isinstance(error, BadValue) and error.left_open else ""
            await self._memories.keep(request, card, request.line, error.left_open, missing)
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
        return (await self._look_up(caller))[0]

    async def _look_up(self, caller: Caller) -> tuple[Pack, str, Person | None]:
        """Look up the pack of the role someone learns, the locale their answers are written for, and who they are, if need be."""
        if len(self.library.packs) == 1 and caller.locale:
            return self.library.default, caller.locale, None
        async with self._store.unit_of_work(caller.channel.workspace) as uow:
            role, person = await uow.roles.with_person(caller.user_id)
        return self.library.pack(role), caller.locale or (person.locale if person else ""), person

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
            context = replace(self.runner.context(request, uow, pack), typed=request.options)
            own_values = await spec.declared.suggest(context, typed)
        return suggest_values(spec, clean(typed), parse_context, own_values)

    async def dashboard(self, caller: Caller, *, admin: bool) -> Dashboard:
        """Build the dashboard of a mentor's learners, or of an admin's workspace."""
        pack, now = await self._pack_of(caller), self.clock.now()
        async with self._store.unit_of_work(caller.channel.workspace) as uow:
            return dashboard(pack, await dashboard_figures(uow, pack, now, caller.user_id, admin=admin))

    async def _answer(
        self, request: CommandRequest, platform: ChatPlatform | None, around: CallerSurroundings
    ) -> Answer:
        # With a language model, an answer may depend on who asks: on what they and their admin allow.
        if self._assistant is None and (prepared := self._prepared.get(request, around.rough.pack, around.locale)):
            with metrics.counted(prepared.command):
                await self._memories.keep(request, prepared.answer)
                return prepared.answer
        memory = await self._memories.recall(request, around) if request.spoken else None
        heard = await self.ear.hear(request.line, around, memory)
        if self._assistant is not None:
            around.turn = self._assistant.turn(request, around)
        heard, answer, missing = await self._replies.reply(heard, request, platform, around)
        line = heard.line
        if line != _ERASURE and not heard.changes_nothing:
            offer = heard.still_offered(memory.offer if memory is not None else "")
            text, several = heard.question or request.line, heard.several and heard.hearing is Hearing.OFFER
            await self._memories.keep(request, answer, text, line, missing, offer, several=several)
        return answer

    def _surroundings(
        self, request: CommandRequest, pack: Pack, locale: str, person: Person | None
    ) -> CallerSurroundings:
        def context_in(uow: UnitOfWork) -> Context:
            return self.runner.context(request, uow, pack, person=person)

        return CallerSurroundings(request, self._store, context_in, pack, locale, person, self.clock.now().date())

    def _line_of(self, request: CommandRequest) -> str:
        """Write a request as a line that says the same, without files."""
        if not request.options:
            return request.line
        command = self.registry.find(tuple(request.line.split()))
        options = without_files(command, request.options) if command else request.options
        return format_line((request.line,), options)


def _again(request: CommandRequest) -> str:
    """The line that does the same again, with the values of a form in it."""
    return format_line((request.line.strip(),), {name: value for name, value in request.options.items() if value})
