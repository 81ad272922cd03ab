"""Replying to what was heard: run it, offer it, look it up, or say something back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import assert_never

from mentorbot.chat.cards import Answer, Card, Choice, Paragraph
from mentorbot.chat.platform import ChatPlatform
from mentorbot.commands.assistant import Turn
from mentorbot.commands.context import CommandRequest, Context
from mentorbot.commands.effects import EFFECTS, asks_something, can_be_supposed
from mentorbot.commands.guests import ensure_no_guest
from mentorbot.commands.heard import Heard, Hearing, Understood
from mentorbot.commands.prepared import PreparedAnswers
from mentorbot.commands.runner import PROMPT, CommandRunner, ensure_allowed, line_without, read_given, suggested_lines
from mentorbot.commands.surroundings import CallerSurroundings
from mentorbot.domain.conversation import SmallTalk
from mentorbot.domain.plan import monday
from mentorbot.errors import BadValue, PersonError
from mentorbot.services import mentoring
from mentorbot.services.forecasts import next_checkin_day
from mentorbot.slash.choices import find_choice, short
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.intents import is_open
from mentorbot.slash.parser import is_free_text
from mentorbot.slash.registry import CommandSpec, OptionSpec, OptionType, Registry
from mentorbot.slash.tokenizer import format_line
from mentorbot.storage import Store
from mentorbot.views.errors import question_card
from mentorbot.views.guests import is_about_finding_people
from mentorbot.views.labels import Labels, shown_value
from mentorbot.views.language_model import proposal_card, with_reading
from mentorbot.views.mentees import mentor_hello_card
from mentorbot.views.talk import (
    all_done_card,
    closest_card,
    effect_card,
    offer_card,
    several_card,
    short_first,
    small_talk_card,
    which_card,
    with_alternatives,
    with_misread,
    with_next,
    with_offer,
)

_LIST_NUMBER = re.compile(r"^\d+\. ")
_ARTICLES = (("brief",), ("skill",))
"""Commands with long answers: a conversation gets the first lines."""
_RESUME = ("checkin", "resume")
_MAX_NAME = 45
"""Characters of a step's name in a button, so that what else is said fits beside it."""
_MAX_QUESTION = 500
"""Characters of a message that are searched for: the length `ask` takes."""


class Replies:
    """Replies to what was heard, with a registry's commands."""

    def __init__(self, registry: Registry, store: Store, runner: CommandRunner, prepared: PreparedAnswers) -> None:
        self._registry, self._store, self._runner, self._prepared = registry, store, runner, prepared

    async def reply(
        self, heard: Heard, request: CommandRequest, platform: ChatPlatform | None, around: CallerSurroundings
    ) -> tuple[Heard, Answer, str]:
        """Reply to what was heard. Also returns what that turned out to be, and the option that the answer asks for, or ""."""
        if around.turn is not None:
            return await self._with_model(heard, around.turn, request, platform, around)
        return heard, *await self._act_on(heard, request, platform, around)

    async def _with_model(
        self,
        heard: Heard,
        turn: Turn,
        request: CommandRequest,
        platform: ChatPlatform | None,
        around: CallerSurroundings,
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
        self, heard: Heard, request: CommandRequest, platform: ChatPlatform | None, around: CallerSurroundings
    ) -> tuple[Answer, str]:
        """Answer what was heard. Also returns the option that the answer asks for, or ""."""
        try:
            match heard.hearing:
                case Hearing.RUN:
                    return await self._run_heard(heard, request, platform, around), ""
                case Hearing.OFFER:
                    if _only_asks(heard):
                        return await self._run_heard(heard, request, platform, around), ""
                    refused = await self._refused(heard.commands, request, around)
                    return refused or await self._offer(heard, request, around), ""
                case Hearing.QUESTION:
                    question = Understood(
                        self._registry.commands[("ask",)],
                        {"question": short(heard.question or request.line, _MAX_QUESTION)},
                    )
                    answer = await self._runner.run(question, request, platform, around)
                    return with_alternatives(answer, await self._labelled(heard.commands, request, around)), ""
                case Hearing.SMALL_TALK:
                    return await self._small_talk(heard, request, platform, around), ""
                case Hearing.CLOSEST:
                    if len(heard.commands) == 1 and not await _can_be_read(heard.commands[0], around):
                        return await self._offer(heard, request, around), ""
                    return closest_card(await self._labelled(heard.commands, request, around)), ""
                case Hearing.WHICH:
                    return which_card(heard.choices), ""
                case _:
                    assert_never(heard.hearing)
        except MissingOption as missing:
            if not (request.spoken or request.pressed):
                raise
            return question_card(missing, Labels(self._registry, around.rough)), missing.option

    async def _run_heard(
        self, heard: Heard, request: CommandRequest, platform: ChatPlatform | None, around: CallerSurroundings
    ) -> Answer:
        """Run the first command that was heard, and offer the others; run all if several were offered and agreed to."""
        if heard.several and heard.in_full:
            return await self._run_all(heard.commands, request, platform, around)
        command = heard.commands[0].command
        answer = await self._runner.run(heard.commands[0], request, platform, around)
        if around.turn is None and not heard.misread and len(heard.commands) == 1:
            self._prepared.keep(request, command, around.rough.pack, around.locale, answer)
        if request.spoken and not heard.in_full and command.path in _ARTICLES:
            answer = short_first(answer, heard.commands[0].line)
        answer = with_misread(answer, heard.misread, command)
        if heard.proposed and isinstance(answer, Card):
            answer = with_reading(answer, heard.commands[0].line)
        others = await self._labelled(heard.commands[1:], request, around)
        return (with_next if heard.several else with_alternatives)(answer, others)

    async def _run_all(
        self,
        commands: Sequence[Understood],
        request: CommandRequest,
        platform: ChatPlatform | None,
        around: CallerSurroundings,
    ) -> Answer:
        """Run some commands one after the other, and answer with what each did."""
        answers = []
        for index, each in enumerate(commands):
            own = replace(request, key=f"{request.key}-{index}" if request.key and index else request.key)
            answers.append(await self._runner.run(await _as_told(each, around), own, platform, around))
        return all_done_card(answers)

    async def _refused(
        self, offered: Sequence[Understood], request: CommandRequest, around: CallerSurroundings
    ) -> Card | None:
        """Say at once that someone who's named isn't whom the command is for, or that there's no break to end."""
        first = offered[0]
        if first.command.path == _RESUME and len(offered) == 1:
            return await self._runner.refusal_of(first, request, around)
        option = next((each for each in first.command.options if each.kind is OptionType.PERSON), None)
        if option is None or option.name not in first.raw or first.command.only_asks(first.raw):
            return None
        own = await around.own_values(option)
        if first.raw[option.name] in {choice.value for choice in own}:
            return None
        await ensure_allowed(request, first.command)
        return await self._runner.refusal_of(first, request, around)

    async def _offer(self, heard: Heard, request: CommandRequest, around: CallerSurroundings) -> Answer:
        """Show what would be done, without doing it. A value that can't be gets its error instead."""
        commands = await self._allowed(heard, request)
        first = commands[0]
        await ensure_allowed(request, first.command)
        command = first.command.for_pack(around.rough.pack)
        try:
            read_given(command, first.raw, await around.local())
        except BadValue as error:
            others = [each for each in commands[1:] if await _can_be_read(each, around)]
            if others and not heard.clear and _is_amount(command.option(error.option or "")):
                return await self._offer(replace(heard, commands=tuple(others)), request, around)
            error.suggestions = suggested_lines(error, command, dict(first.raw))
            error.left_open = line_without(command, first.raw, error.option)
            raise
        labelled = await self._labelled(commands, request, around)
        change_line = _change_line(await _as_told(first, around))
        if heard.proposed and labelled:
            return proposal_card(*labelled[0], await _every_value(command, first.raw, around))
        if heard.several:
            lost = [each for each in commands if not await _can_be_read(each, around)]
            said = [heard.leftover, *(text for each in lost for text in _as_said(each))]
            return several_card(labelled, ", ".join(filter(None, said)))
        if not heard.clear and len(labelled) > 1:
            return offer_card(labelled, heard.leftover, heard.misread, change_line)
        values = await _every_value(command, first.raw, around)
        changes = await _changes(command, heard.amends.raw, first.raw, around) if heard.amends else ()
        is_asked = heard.amends is not None and asks_something(heard.leftover)
        answer = EFFECTS.get(command.name, "") if is_asked else ""
        offer = offer_card(
            labelled[:1],
            "" if answer else heard.leftover,
            heard.misread,
            change_line,
            values,
            changes,
            (await self._effect_of(first, request, around) or EFFECTS.get(command.name, ""))
            if heard.supposes
            else answer,
            only_asks=first.command.only_asks(first.raw),
        )
        return with_alternatives(offer, labelled[1:])

    async def _effect_of(self, understood: Understood, request: CommandRequest, around: CallerSurroundings) -> str:
        """Say what a change of the plan would lead to; "" if there's nothing to say."""
        answer = await self._runner.tried_out(understood, request, around)
        blocks = answer.blocks if isinstance(answer, Card) else ()
        texts = (block.words for block in blocks if isinstance(block, Paragraph))
        return " ".join("".join(span.text for span in words) for words in texts)

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
        self, commands: Sequence[Understood], request: CommandRequest, around: CallerSurroundings
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
            labelled.append((understood.command.label_for(values), (await _as_told(understood, around)).line))
        return labelled

    async def _of_effect(
        self, heard: Heard, request: CommandRequest, platform: ChatPlatform | None, around: CallerSurroundings
    ) -> Answer:
        """Say what follows from what's offered or was done, by how things would be then, or else in the command's own words."""
        first, is_done = heard.commands[0], heard.small_talk is SmallTalk.DID
        offers = () if is_done else heard.choices or await self._labelled(heard.commands, request, around)
        if heard.shows is not None and (answer := await self._as_it_would_be(heard, request, platform, around)):
            return with_offer(answer, offers, is_tried=not is_done and can_be_supposed(first))
        effect = EFFECTS.get(first.command.name, first.command.summary)
        told = "" if is_done else await self._effect_of(first, request, around)
        return effect_card(effect, told, offers)

    async def _as_it_would_be(
        self, heard: Heard, request: CommandRequest, platform: ChatPlatform | None, around: CallerSurroundings
    ) -> Answer | None:
        """Show the state that's asked about as it'd be after what's offered, or as it is if that has nothing to do with it."""
        first, shows = heard.commands[0], heard.shows
        if shows is None:
            return None
        try:
            if heard.small_talk is SmallTalk.WOULD and can_be_supposed(first):
                return await self._runner.supposed(first, shows, request, around)
            return await self._runner.run(shows, request, platform, around)
        except PersonError:
            return None

    async def _small_talk(
        self, heard: Heard, request: CommandRequest, platform: ChatPlatform | None, around: CallerSurroundings
    ) -> Answer:
        if heard.small_talk in (SmallTalk.WOULD, SmallTalk.DID):
            return await self._of_effect(heard, request, platform, around)
        kind, pack = heard.small_talk or SmallTalk.NOTHING, around.rough.pack
        helping = await self._labelled(heard.commands, request, around)
        async with self._store.unit_of_work(request.caller.channel.workspace) as uow:
            context = self._runner.context(request, uow, pack, platform)
            known = await uow.people.get(request.caller.user_id) is not None
            session = await context.learner() if known else None
            next_checkin = await next_checkin_day(session) if session and kind is SmallTalk.THANKS else None
            learner = session.snapshot if session else None
            if kind is SmallTalk.HELLO and learner and not learner.plan.active and (hello := await _to_mentor(context)):
                return hello
            return small_talk_card(kind, await context.name(), context.pack, learner, next_checkin, helping)


async def _to_mentor(context: Context) -> Card | None:
    """Say hello to someone who mentors others, or is asked to; None to anyone else."""
    uow, user_id = context.uow, context.caller.user_id
    overviews = await mentoring.learner_overviews(uow, context.pack, user_id, context.now)
    asking = await mentoring.asking(uow, context.role, user_id)
    return mentor_hello_card(await context.name(), overviews, asking) if overviews or asking else None


def _only_asks(heard: Heard) -> bool:
    """Return True if what's meant only reads, or can do nothing yet but ask for more, so that there's nothing to agree to."""
    first, is_sure = heard.commands[0], heard.clear or len(heard.commands) == 1
    if not is_sure or heard.leftover or heard.misread or heard.proposed:
        return False
    return not first.command.writes or first.command.only_asks(first.raw)


def _as_said(understood: Understood) -> list[str]:
    """List the values of a command as they were typed, without those that stand for an entry of a list."""
    named = (option for option in understood.command.options if option.declared.suggest is None)
    return [understood.raw[option.name] for option in named if option.name in understood.raw]


async def _every_value(
    command: CommandSpec, raw: Mapping[str, str], around: CallerSurroundings
) -> list[tuple[str, str]]:
    """List every value people give a command that it would be run with, each with its option's description."""
    told = (option for option in command.options if option.is_typed or option.declared.suggest is not None)
    given = [option for option in told if option.name in raw]
    return [(option.description, await _readable(option, raw[option.name], around)) for option in given]


async def _changes(
    command: CommandSpec, old: Mapping[str, str], new: Mapping[str, str], around: CallerSurroundings
) -> list[tuple[str, str]]:
    """List what's different about a command: the value that each option had, and has now; "" for none."""
    changes = []
    for option in command.options:
        was, now = old.get(option.name, ""), new.get(option.name, "")
        if was != now and not is_open(option):  # a text stands there in full
            changes.append((option, await _amount(option, was, around), await _amount(option, now, around)))
    changed = [(option, was, now) for option, was, now in changes if was != now]
    added, gone = ([each for each in changed if not each[place]] for place in (1, 2))
    if command.instead and len(added) == len(gone) == 1:  # one came in the place of the other
        replaced = (_with_side(gone[0][0], gone[0][1]), _with_side(added[0][0], added[0][2]))
        return [*((was, now) for _, was, now in changed if was and now), replaced]
    return [(was, now) for _, was, now in changed]


def _with_side(option: OptionSpec, readable: str) -> str:
    """Say on which side of another thing something is put: “after “Read a paper””."""
    return f"{option.name} “{readable}”" if option.declared.led else readable


async def _amount(option: OptionSpec, text: str, around: CallerSurroundings) -> str:
    """Give an option's value as people read it, with its unit."""
    readable = await _readable(option, text, around) if text else ""
    unit = option.declared.unit.removesuffix("s") if readable == "1" else option.declared.unit
    return f"{readable} {unit}" if readable.isdecimal() and unit else readable


async def _as_told(understood: Understood, around: CallerSurroundings) -> Understood:
    """Name the week on a button for a check-in's answer, so that it's over when the week is.

    Hours someone tells of come on top of those logged before, unlike those a card asks for.
    """
    command, raw = understood.command, understood.raw
    if command.option("week") is None or "week" in raw:
        return understood
    added = {"added": "yes"} if command.option("added") and "hours" in raw else {}
    today = (await around.local()).today
    return replace(understood, raw={**raw, **added, "week": monday(today).isoformat()})


async def _readable(option: OptionSpec, text: str, around: CallerSurroundings) -> str:
    """Give an option's value as people read it: a step's words, a day's date."""
    choices: Sequence[Choice] = (*await around.own_values(option), *await around.former_values(option))
    if option.declared.choices is not None:
        choices = option.declared.choices(around.rough.pack)
    if choice := next((choice for choice in choices if choice.value == text), None) or find_choice(text, choices):
        name = _LIST_NUMBER.sub("", choice.label)
        return name if name == choice.label else short(name, _MAX_NAME)
    shown = shown_value(option, text, await around.local())
    return shown.removeprefix("@") if option.kind is OptionType.PERSON else shown


def _change_line(understood: Understood) -> str:
    """Give the line that asks for the value given last again, with it filled in; "" if there's none to ask for."""
    names = [
        option.name
        for option in understood.command.options
        if not option.declared.keyword_only and not option.declared.greedy
    ]
    asked = next((name for name in reversed(names) if name in understood.raw), names[0] if names else "")
    option = understood.command.option(asked)
    if option is None:
        return ""
    said = "" if is_free_text(option) else understood.raw.get(asked, "")
    return format_line(understood.command.path, {**understood.raw, asked: PROMPT + said})


def _is_amount(option: OptionSpec | None) -> bool:
    """Return True for an option like hours: people mention amounts for all kinds of reasons."""
    return option is not None and bool(option.declared.unit)


async def _can_be_read(understood: Understood, around: CallerSurroundings) -> bool:
    """Return False if a value given is none: nobody means “at most 45 messages a week”."""
    try:
        read_given(understood.command.for_pack(around.rough.pack), understood.raw, await around.local())
    except BadValue:
        return False
    return True
