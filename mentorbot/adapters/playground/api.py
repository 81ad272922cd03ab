"""The playground's HTTP interface: two pages, their state, a stream of events, and the actions people can take."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter
from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request as HttpRequest
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from mentorbot.adapters.drafts import error_text
from mentorbot.adapters.playground.completion import PREFIX, complete
from mentorbot.adapters.playground.files import MessageFiles
from mentorbot.adapters.playground.local_only import LocalOnlyMiddleware
from mentorbot.adapters.playground.membership import Membership
from mentorbot.adapters.playground.platform import PlaygroundPlatform
from mentorbot.adapters.playground.requests import (
    MAX_SUBMIT_BYTES,
    person_and_channel_from,
    person_from,
    read_json_object,
    text_field,
)
from mentorbot.adapters.playground.sample_team import MENTORS, SampleTeam
from mentorbot.adapters.playground.team_chat import (
    BOT,
    CHANNELS,
    PEOPLE,
    ChatMessage,
    TeamChat,
    dm_channel_id,
)
from mentorbot.chat.cards import Answer, Button, Buttons, Card, Form, Paragraph, buttons_of, rich
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import LOCAL_WORKSPACE, Channel, Member
from mentorbot.clock import Clock
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.commands.runner import to_json
from mentorbot.views.dashboard import Dashboard

STATIC = Path(__file__).parent / "static"
_MENTION = re.compile(rf"@{BOT}\b[,:]?", re.IGNORECASE)

Preview = Callable[[Card], object]
"""Renders a card as the JSON another platform would get."""
LoadDashboard = Callable[[Member], Awaitable[Dashboard]]
"""Loads the dashboard of one person's learners."""
TravelTo = Callable[[datetime], Awaitable[None]]
"""Moves the clock to an instant and runs everything that becomes due on the way."""

_DASHBOARD_ADAPTER = TypeAdapter(Dashboard)


class PlaygroundApi:
    """HTTP handlers for the page's requests. Without `dashboard`, everyone sees their own learners."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        clock: Clock,
        team_chat: TeamChat,
        previews: Mapping[str, Preview],
        travel: TravelTo,
        *,
        dashboard: LoadDashboard | None = None,
        sample_team: SampleTeam | None = None,
        membership: Membership | None = None,
    ) -> None:
        self._sample_team, self._membership = sample_team, membership
        self._dispatcher, self._clock, self._team_chat = dispatcher, clock, team_chat
        self._previews, self._travel = previews, travel
        self._load_dashboard = dashboard or self._own_dashboard
        self._platform = PlaygroundPlatform(team_chat, clock)

    def app(self, get_port: Callable[[], int]) -> Starlette:
        """Build the ASGI application. `get_port` returns the port that requests must name in their Host header."""
        files = MessageFiles(self._team_chat)
        routes = [
            Route("/", self.page),
            Route("/dashboard", self.dashboard_page),
            Route("/api/dashboard", self.dashboard),
            Route("/api/state", self.state),
            Route("/api/complete", self.complete),
            Route("/api/view", self.view),
            Route("/api/picture", files.picture),
            Route("/api/document", files.document),
            Route("/api/say", self.say, methods=["POST"]),
            Route("/api/press", self.press, methods=["POST"]),
            Route("/api/submit", self.submit, methods=["POST"]),
            Route("/api/clock", self.move_clock, methods=["POST"]),
            Route("/api/note", self.note, methods=["POST"]),
            Route("/api/sample-team", self.sample_team, methods=["POST"]),
            Route("/api/membership", self.membership, methods=["POST"]),
            Route("/events", self.events),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]
        return Starlette(routes=routes, middleware=[Middleware(LocalOnlyMiddleware, port=get_port)])

    async def page(self, _: HttpRequest) -> Response:
        """The chat page."""
        return FileResponse(STATIC / "index.html")

    async def dashboard_page(self, _: HttpRequest) -> Response:
        """The dashboard page for mentors."""
        return FileResponse(STATIC / "dashboard.html")

    async def dashboard(self, request: HttpRequest) -> Response:
        """Everything the dashboard page shows."""
        person = person_from(request.query_params)
        dashboard = _DASHBOARD_ADAPTER.dump_python(await self._load_dashboard(person), mode="json")
        people = [{"id": member.id, "name": member.name} for member in PEOPLE]
        sample = await self._sample_team.is_here() if self._sample_team else None
        now = self._clock.now().isoformat()
        return JSONResponse({"people": people, "now": now, "dashboard": dashboard, "sample": sample})

    async def _own_dashboard(self, person: Member) -> Dashboard:
        caller = self._caller(person, Channel(LOCAL_WORKSPACE, dm_channel_id(person.id), direct=True))
        return await self._dispatcher.dashboard(caller, admin=person.admin)

    async def note(self, request: HttpRequest) -> Response:
        """Send a note that was written on the dashboard; the answer is the title of the card a command would give."""
        data = await read_json_object(request)
        person = person_from(data)
        caller = self._caller(person, Channel(LOCAL_WORKSPACE, dm_channel_id(person.id), direct=True))
        options = {"who": text_field(data, "to"), "text": text_field(data, "text")}
        answer = await self._dispatcher.answer(CommandRequest(caller, "pair note", options=options, forms=False))
        return JSONResponse({"title": answer.title, "error": answer.error if isinstance(answer, Card) else "missing"})

    async def sample_team(self, request: HttpRequest) -> Response:
        """Fill the playground with an invented team, or remove it; the answer names a mentor of it."""
        data = await read_json_object(request)
        if self._sample_team is None:
            raise HTTPException(404, "There's no sample team here.")
        await (self._sample_team.clear() if data.get("remove") else self._sample_team.fill())
        return JSONResponse({"mentor": MENTORS[0][0]})

    async def membership(self, request: HttpRequest) -> Response:
        """Remove the bot from the team, or invite it (`present`). Only admins can."""
        data = await read_json_object(request)
        if self._membership is None:
            raise HTTPException(404, "Nobody can remove the bot here.")
        if not person_from(data).admin:
            raise HTTPException(403, "Only admins can do that.")
        await (self._membership.invite() if data.get("present") else self._membership.remove())
        return JSONResponse({"has_bot": self._team_chat.has_bot})

    async def state(self, request: HttpRequest) -> Response:
        """Everything the page needs to start: people, channels, messages, the clock."""
        person = person_from(request.query_params)
        return JSONResponse(
            {
                "people": [{"id": member.id, "name": member.name, "admin": member.admin} for member in PEOPLE],
                "channels": [*CHANNELS],
                "direct": dm_channel_id(person.id),
                "bot": BOT,
                "now": self._clock.now().isoformat(),
                "moved": bool(self._clock.offset),
                "has_bot": self._team_chat.has_bot,
                "can_be_removed": self._membership is not None,
                "views": ["text", *self._previews],
                "messages": [message.to_json() for message in self._team_chat.messages_for(person.id)],
            }
        )

    async def events(self, request: HttpRequest) -> Response:
        """Stream server-sent events: `message` and `clock`."""
        person = person_from(request.query_params)

        async def stream() -> AsyncIterator[dict[str, str]]:
            async for event, data in self._team_chat.watch(person.id):
                yield {"event": event, "data": json.dumps(data)}

        return EventSourceResponse(stream(), ping=20)

    async def complete(self, request: HttpRequest) -> Response:
        """Completions of the text typed so far."""
        person, channel = person_and_channel_from(dict(request.query_params))
        if not self._team_chat.has_bot:
            return JSONResponse([])
        completions = await complete(
            self._dispatcher, self._caller(person, channel), request.query_params.get("text", "")
        )
        return JSONResponse([asdict(completion) for completion in completions])

    async def view(self, request: HttpRequest) -> Response:
        """One message as plain text, or as the JSON another platform would get."""
        person = person_from(request.query_params)
        message = self._team_chat.find(request.query_params.get("message", ""), person.id)
        kind = request.query_params.get("kind", "")
        if message is None or message.card is None or (kind != "text" and kind not in self._previews):
            raise HTTPException(404, "There's no such message or view.")
        return JSONResponse(plain_text(message.card) if kind == "text" else self._previews[kind](message.card))

    async def say(self, request: HttpRequest) -> Response:
        """Handle a line typed into a channel: a slash command, a message to others, or a message to the bot."""
        data = await read_json_object(request)
        person, channel = person_and_channel_from(data)
        text = text_field(data, "text")
        if not text.strip():
            return JSONResponse({})
        caller, is_command = self._caller(person, channel), text.startswith("/")
        if is_command:
            self._require_bot()
        mentions = _MENTION.search(text) is not None
        # As on Slack and Discord, nobody else sees a command, and the bot hears only what's meant for it.
        only_for = person.id if is_command and not channel.direct else None
        self._team_chat.post(channel.id, person.id, self._clock.now(), text=text, only_for=only_for)
        if is_command:
            line = text if text.split(maxsplit=1)[0] == PREFIX else text.removeprefix("/")
            return await self._respond(channel, CommandRequest(caller, line))
        if not (channel.direct or mentions) or not self._team_chat.has_bot:
            return JSONResponse({})
        if self._membership is not None and not await self._membership.answers_in(channel):
            return JSONResponse({})
        line = " ".join(_MENTION.sub(" ", text).split(" ")).strip() if mentions else text
        # A mention without words is a greeting. No form can open in answer to a message.
        return await self._respond(channel, CommandRequest(caller, line or "hi", forms=False, spoken=True))

    async def press(self, request: HttpRequest) -> Response:
        """Handle a pressed button. What the button says is shown as the person's own words."""
        data = await read_json_object(request)
        person, channel = person_and_channel_from(data)
        line = text_field(data, "line")
        self._require_bot()
        message = self._team_chat.find(text_field(data, "message"), person.id)
        command = CommandRequest(self._caller(person, channel), line, pressed=True)
        return await self._respond(channel, command, message, said=_label_of(message, line))

    async def submit(self, request: HttpRequest) -> Response:
        """Handle a submitted form. After an error it stays open, as on Slack."""
        data = await read_json_object(request, MAX_SUBMIT_BYTES)
        person, channel = person_and_channel_from(data)
        values = data.get("options")
        self._require_bot()
        if not isinstance(values, dict):
            raise HTTPException(422, "`options` must be an object.")
        options = {str(name): str(value) for name, value in values.items()}
        line = text_field(data, "line")
        message = self._team_chat.find(text_field(data, "message"), person.id)
        command = CommandRequest(self._caller(person, channel), line, options=options, forms=False)
        return await self._respond(channel, command, message, said=text_field(data, "title"))

    async def move_clock(self, request: HttpRequest) -> Response:
        """Move the clock and run everything that becomes due on the way."""
        data = await read_json_object(request)
        await self._travel(_travel_target(text_field(data, "to"), self._clock, text_field(data, "zone")))
        clock_state: dict[str, object] = {"now": self._clock.now().isoformat(), "moved": bool(self._clock.offset)}
        self._team_chat.announce(clock_state)
        return JSONResponse(clock_state)

    def _require_bot(self) -> None:
        """Refuse what only the bot could answer, as Slack and Discord do once it was removed."""
        if not self._team_chat.has_bot:
            raise HTTPException(409, "mentorbot isn't in this team any more. An admin can invite it again.")

    def _caller(self, person: Member, channel: Channel) -> Caller:
        async def member() -> Member:
            return person

        return Caller(channel, person.id, person.name, member)

    async def _respond(
        self, channel: Channel, request: CommandRequest, pressed: ChatMessage | None = None, *, said: str = ""
    ) -> Response:
        """Run the command and show its answer below what the person `said`; a form goes back to the page instead."""
        answer: Answer = await self._dispatcher.answer(request, self._platform)
        if isinstance(answer, Form) and not request.spoken:
            return JSONResponse({"form": to_json(answer)})
        card = answer if isinstance(answer, Card) else _form_card(answer)
        if card.error and request.options:
            field = card.error_option if card.error_option in request.options else ""
            return JSONResponse({"error": {"field": field, "text": error_text(card)}})
        return JSONResponse({"message": self._show(channel, request, card, pressed, said).id})

    def _show(
        self, channel: Channel, request: CommandRequest, card: Card, pressed: ChatMessage | None, said: str
    ) -> ChatMessage:
        person, now = request.caller.user_id, self._clock.now()
        # A message others see stays as it is: one person's answer must not replace it.
        replaceable = pressed is not None and pressed.card and (pressed.only_for or channel.direct)
        if pressed is not None and replaceable and card.updates and not card.public and not card.error:
            return self._team_chat.replace(pressed, card, now)
        only_for = None if channel.direct else person
        if said:
            self._team_chat.post(channel.id, person, now, text=said, only_for=only_for)
        public = card.public or (request.spoken and card.shareable)
        return self._team_chat.post(channel.id, BOT, now, card=card, only_for=None if public else only_for)


def _label_of(message: ChatMessage | None, line: str) -> str:
    """Find the label of the button that runs `line`; "" if the message is gone."""
    blocks = message.card.blocks if message and message.card else ()
    return next((button.label for button in buttons_of(blocks) if button.line == line), "")


def _form_card(form: Form) -> Card:
    """Turn a form that can't open now into a button that opens it."""
    text = Paragraph(rich("I need a little more from you."))
    return Card(form.title, (text, Buttons((Button("Fill it in", form.line, "primary"),))))


def _travel_target(to: str, clock: Clock, zone: str) -> datetime:
    """The instant to move the clock to.

    `to` is hour, day, week (relative to the clock), monday (the next Monday 09:00 in the IANA zone `zone`) or now (real time).

    Raises:
        HTTPException: 422 for any other `to` or an unknown zone.
    """
    now = clock.now()
    offsets = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
    if to in offsets:
        return now + offsets[to]
    if to == "now":
        return now - clock.offset
    if to != "monday":
        raise HTTPException(422, "`to` is one of hour, day, week, monday, now.")
    try:
        local = now.astimezone(ZoneInfo(zone))
    except (KeyError, ValueError, OSError) as error:
        raise HTTPException(422, "`zone` isn't an IANA time zone.") from error
    nine = local.replace(hour=9, minute=0, second=0, microsecond=0)
    monday = nine + timedelta(days=(7 - local.weekday()) % 7)
    return monday if monday > local else monday + timedelta(days=7)
