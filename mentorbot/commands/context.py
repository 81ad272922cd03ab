"""A handler's context: the caller, the channel, the time, and everything the handler may use."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from mentorbot.chat.platform import Channel, ChatPlatform, Member, Standing, Workspace
from mentorbot.chat.safe_text import clean
from mentorbot.domain.deliveries import Destination
from mentorbot.domain.language_model import LanguageModel
from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.errors import DatabaseProblem, SendError
from mentorbot.packs.library import Library
from mentorbot.packs.schema import Pack
from mentorbot.services.checkins import hear
from mentorbot.services.learners import LearnerSession, week_snapshot
from mentorbot.storage import LearnerRepository, UnitOfWork


def _unknown() -> None:
    """Know nobody's standing without asking the platform."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The person who asks, and the channel they ask in.

    `member` looks them up on the platform, so call it only if needed; `known_standing` takes no call, but may not know. `locale`
    is that of their app, e.g. "de-DE", if the platform has said so already. `name` may be a `handle` they never see, as in
    Slack's commands; then their own name is looked up before it's saved.
    """

    channel: Channel
    user_id: str
    name: str
    member: Callable[[], Awaitable[Member]]
    locale: str = ""
    handle: bool = False
    known_standing: Callable[[], Standing | None] = _unknown

    def __post_init__(self) -> None:
        """Clean the name, which people choose as freely as anything else they type."""
        object.__setattr__(self, "name", clean(self.name))

    async def standing(self) -> Standing:
        """Tell what to offer the person; the least if neither the platform nor the database that has its tokens answers.

        It may be some hours old, so it's no permission: rights are checked with `member`.
        """
        if (known := self.known_standing()) is not None:
            return known
        try:
            return (await self.member()).standing
        except (SendError, DatabaseProblem):
            return Standing()


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """One thing a person did: typed a line, pressed a button, sent a form.

    `line` is the text after `/mentor`; `options` are values that already have a name, from a form or from Discord's own
    option fields. `key`, the platform's id of this interaction, is the idempotency key: a redelivery has the same one.
    `forms` is True if the platform can show a form now. `spoken` is True for a message in plain language (a DM, a mention, the
    playground's box), which wasn't typed as a command, and `pressed` for a button, whose card may be old. It's in the
    `background` if a card is only brought up to date, so it's no part of a conversation. `on_change` is called once something
    the person did has been saved.
    """

    caller: Caller
    line: str
    options: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    forms: bool = True
    spoken: bool = False
    pressed: bool = False
    background: bool = False
    on_change: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class PackContext:
    """The context of `FROM_PACK` commands. It knows nobody, so their answers can be kept and given to everyone."""

    library: Library
    pack: Pack
    """The pack that answers."""


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a handler gets. `uow` is an open transaction that sees only the caller's workspace."""

    caller: Caller
    now: datetime
    uow: UnitOfWork
    library: Library
    pack: Pack
    """The pack of the role the caller learns."""
    platform: ChatPlatform | None
    forms: bool = True
    model: LanguageModel | None = None
    """The language model, if the operator has configured one."""
    pressed: bool = False
    typed: Mapping[str, str] = field(default_factory=dict)
    """While someone types an option: what the command's options hold so far. A handler gets its values as arguments instead."""

    @property
    def role(self) -> str:
        """The id of the role people learn."""
        return self.pack.info.role

    @property
    def workspace(self) -> Workspace:
        """The caller's workspace."""
        return self.caller.channel.workspace

    @property
    def repository(self) -> LearnerRepository:
        """Everything stored about the caller as a learner."""
        return self.uow.learner(self.caller.user_id, self.role)

    @property
    def to_channel(self) -> Destination:
        """The channel the caller asks in, as a destination."""
        return Destination(self.workspace, self.caller.channel)

    @property
    def to_caller(self) -> Destination:
        """The caller's direct messages, as a destination."""
        return Destination(self.workspace, user_id=self.caller.user_id)

    async def ensure_caller(self) -> None:
        """Record the caller, so that something can be saved for them."""
        await self.uow.people.ensure(self.caller.user_id, await self.name(), self.caller.locale)

    async def name(self) -> str:
        """Give the caller's name as others see it; their handle if the platform doesn't answer."""
        caller = self.caller
        if not caller.handle:
            return caller.name
        if (known := await self.uow.people.get(caller.user_id)) is not None:
            return known.name
        try:
            return (await caller.member()).name
        except SendError:
            return caller.name

    async def learner(self) -> LearnerSession:
        """Open the caller's session, with their plan as it stands today."""
        caller = self.caller
        session = await LearnerSession.open(
            self.uow, self.pack, user_id=caller.user_id, name=await self.name(), now=self.now, zone=await self.zone()
        )
        await hear(session)  # whatever they say, they're back
        return session

    async def this_week(self) -> LearnerSnapshot:
        """Read the caller for a card about this week. Their plan has only the steps such a card is about."""
        caller, person = self.caller, await self.uow.people.get(self.caller.user_id)
        learner = None
        if person is not None and not person.silence.weeks:  # anyone else has to be recorded as back
            learner = await week_snapshot(
                self.uow,
                self.pack,
                user_id=caller.user_id,
                name=await self.name(),
                now=self.now,
                zone=await self.zone(),
            )
        return learner or (await self.learner()).snapshot

    async def zone(self) -> ZoneInfo | None:
        """Give the caller's zone: the one they named, otherwise the platform's; None if neither is known."""
        person = await self.uow.people.get(self.caller.user_id)
        if person is not None and person.zone is not None:
            return person.zone
        try:
            return (await self.caller.member()).zone
        except SendError:
            return None  # the platform is out of reach, and every command can do without a zone or ask for it
