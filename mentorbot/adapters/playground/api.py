"""The playground's HTTP interface: two pages, their state, a stream of events, and what one can do."""

from __future__ import annotations

import json
import textwrap
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

from mentorbot.adapters.playground.completion import PREFIX, complete
from mentorbot.adapters.playground.files import Files
from mentorbot.adapters.playground.platform import PlaygroundPlatform
from mentorbot.adapters.playground.requests import MAX_SUBMIT, Guard, body_of, text_of, who_and_channel, who_of
from mentorbot.adapters.playground.room import BOT, CHANNELS, LOCAL_WORKSPACE, PEOPLE, Message, Room, direct
from mentorbot.chat.cards import Answer, Card, Form
from mentorbot.chat.plain_text import plain_text
from mentorbot.chat.platform import Channel, Member
from mentorbot.clock import Clock
from mentorbot.commands.context import Caller, CommandRequest
from mentorbot.commands.dispatcher import Dispatcher, to_json
from mentorbot.commands.overview import Dashboard

STATIC = Path(__file__).parent / "static"

Preview = Callable[[Card], object]
Overview = Callable[[Member], Awaitable[Dashboard]]
Travel = Callable[[datetime], Awaitable[None]]

_DASHBOARD = TypeAdapter(Dashboard)


class Playground:
    """The requests that the page makes. `previews` draw a card as another platform gets it; `travel` moves
    the clock and runs what becomes due on the way; `dashboard` tells how a mentor's learners come on."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        clock: Clock,
        room: Room,
        previews: Mapping[str, Preview],
        travel: Travel,
        *,
        dashboard: Overview | None = None,
    ) -> None:
        self._dispatcher, self._clock, self._room = dispatcher, clock, room
        self._previews, self._travel = previews, travel
        self._overview = dashboard or self._learners
        self._platform = PlaygroundPlatform(room, clock)

    def app(self, ports: Callable[[], int]) -> Starlette:
        """The ASGI application. `ports` tells the port that requests must name in their Host header."""
        files = Files(self._room)
        routes = [
            Route("/", self.page),
            Route("/dashboard", self.board),
            Route("/api/dashboard", self.dashboard),
            Route("/api/state", self.state),
            Route("/api/complete", self.complete),
            Route("/api/view", self.view),
            Route("/api/picture", files.picture),
            Route("/api/document", files.document),
            Route("/api/say", self.say, methods=["POST"]),
            Route("/api/press", self.press, methods=["POST"]),
            Route("/api/submit", self.submit, methods=["POST"]),
            Route("/api/clock", self.jump, methods=["POST"]),
            Route("/events", self.events),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]
        return Starlette(routes=routes, middleware=[Middleware(Guard, port=ports)])

    async def page(self, _: HttpRequest) -> Response:
        """The page itself."""
        return FileResponse(STATIC / "index.html")

    async def board(self, _: HttpRequest) -> Response:
        """The page for mentors."""
        return FileResponse(STATIC / "dashboard.html")

    async def dashboard(self, request: HttpRequest) -> Response:
        """Everything that the page for mentors shows."""
        who = who_of(request.query_params)
        shown = _DASHBOARD.dump_python(await self._overview(who), mode="json")
        people = [{"id": member.id, "name": member.name} for member in PEOPLE]
        return JSONResponse({"people": people, "now": self._clock.now().isoformat(), "dashboard": shown})

    async def _learners(self, who: Member) -> Dashboard:
        caller = self._caller(who, Channel(LOCAL_WORKSPACE, direct(who.id), direct=True))
        return await self._dispatcher.overview(caller, admin=who.admin)

    async def state(self, request: HttpRequest) -> Response:
        """Everything that the page needs to begin: people, channels, messages, the clock."""
        who = who_of(request.query_params)
        return JSONResponse(
            {
                "people": [{"id": member.id, "name": member.name, "admin": member.admin} for member in PEOPLE],
                "channels": [*CHANNELS],
                "direct": direct(who.id),
                "bot": BOT,
                "now": self._clock.now().isoformat(),
                "moved": bool(self._clock.offset),
                "views": ["text", *self._previews],
                "messages": [message.to_json() for message in self._room.seen_by(who.id)],
            }
        )

    async def events(self, request: HttpRequest) -> Response:
        """Server-sent events: `message` and `clock`."""
        who = who_of(request.query_params)

        async def stream() -> AsyncIterator[dict[str, str]]:
            async for event, data in self._room.watch(who.id):
                yield {"event": event, "data": json.dumps(data)}

        return EventSourceResponse(stream(), ping=20)

    async def complete(self, request: HttpRequest) -> Response:
        """Completions of what is typed so far."""
        who, place = who_and_channel(dict(request.query_params))
        offers = await complete(self._dispatcher, self._caller(who, place), request.query_params.get("text", ""))
        return JSONResponse([asdict(offer) for offer in offers])

    async def view(self, request: HttpRequest) -> Response:
        """One message as plain text, or as another platform would get it."""
        who = who_of(request.query_params)
        message = self._room.find(request.query_params.get("message", ""), who.id)
        kind = request.query_params.get("kind", "")
        if message is None or message.card is None or (kind != "text" and kind not in self._previews):
            raise HTTPException(404, "There is no such message or view.")
        return JSONResponse(plain_text(message.card) if kind == "text" else self._previews[kind](message.card))

    async def say(self, request: HttpRequest) -> Response:
        """A line typed into a channel: a slash command, a message to the others, or a question to the bot."""
        data = await body_of(request)
        who, place = who_and_channel(data)
        text = text_of(data, "text")
        if not text.strip():
            return JSONResponse({})
        if text.split(maxsplit=1)[0] == PREFIX:
            return await self._answered(who, place, CommandRequest(self._caller(who, place), text), asked=text)
        self._room.post(place.id, who.id, self._clock.now(), text=text)
        if not place.direct:
            return JSONResponse({})
        return await self._answered(who, place, self._talk(self._caller(who, place), text))

    def _talk(self, caller: Caller, text: str) -> CommandRequest:
        """What a line in a direct conversation means: a command without its `/mentor`, else a question."""
        if text.startswith("/") or text.split(maxsplit=1)[0].lower() in self._dispatcher.registry.children():
            return CommandRequest(caller, text.removeprefix("/"))
        return CommandRequest(caller, "ask", {"question": text})

    async def press(self, request: HttpRequest) -> Response:
        """A button was pressed. On a message that one person sees, the answer takes its place."""
        data = await body_of(request)
        who, place = who_and_channel(data)
        line = text_of(data, "line")
        message = self._room.find(text_of(data, "message"), who.id)
        return await self._answered(who, place, CommandRequest(self._caller(who, place), line), message, asked=line)

    async def submit(self, request: HttpRequest) -> Response:
        """A form was sent."""
        data = await body_of(request, MAX_SUBMIT)
        who, place = who_and_channel(data)
        given = data.get("options")
        if not isinstance(given, dict):
            raise HTTPException(422, "`options` must be an object.")
        options = {str(name): str(value) for name, value in given.items()}
        line = text_of(data, "line")
        message = self._room.find(text_of(data, "message"), who.id)
        return await self._answered(
            who, place, CommandRequest(self._caller(who, place), line, options), message, asked=line
        )

    async def jump(self, request: HttpRequest) -> Response:
        """Move the clock, then run what has become due."""
        data = await body_of(request)
        await self._travel(_target(text_of(data, "to"), self._clock, text_of(data, "zone")))
        moved: dict[str, object] = {"now": self._clock.now().isoformat(), "moved": bool(self._clock.offset)}
        self._room.announce(moved)
        return JSONResponse(moved)

    def _caller(self, who: Member, place: Channel) -> Caller:
        async def member() -> Member:
            return who

        return Caller(place, who.id, who.name, member)

    async def _answered(
        self, who: Member, place: Channel, request: CommandRequest, pressed: Message | None = None, *, asked: str = ""
    ) -> Response:
        answer: Answer = await self._dispatcher.answer(request, self._platform)
        if isinstance(answer, Form):
            return JSONResponse({"form": to_json(answer)})
        now = self._clock.now()
        shown = _as_asked(asked)
        if pressed is not None and pressed.card and (pressed.only_for or place.direct) and not answer.public:
            message = self._room.replace(pressed, answer, now, shown)
        else:
            only_for = None if answer.public or place.direct else who.id
            message = self._room.post(place.id, BOT, now, card=answer, only_for=only_for, asked=shown)
        return JSONResponse({"message": message.id})


def _as_asked(line: str) -> str:
    """The command above its answer, so that one can see what led to it, and type it oneself."""
    words = line.removeprefix(PREFIX).split()
    return textwrap.shorten(" ".join((PREFIX, *words)), 120, placeholder=" …") if words else ""


def _target(to: str, clock: Clock, zone: str) -> datetime:
    """The instant that a jump leads to; `monday` is the next Monday 09:00 in `zone`."""
    now = clock.now()
    steps = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}
    if to in steps:
        return now + steps[to]
    if to == "now":
        return now - clock.offset
    if to != "monday":
        raise HTTPException(422, "`to` is one of hour, day, week, monday, now.")
    try:
        local = now.astimezone(ZoneInfo(zone))
    except (KeyError, ValueError, OSError) as error:
        raise HTTPException(422, "`zone` is not an IANA time zone.") from error
    nine = local.replace(hour=9, minute=0, second=0, microsecond=0)
    monday = nine + timedelta(days=(7 - local.weekday()) % 7)
    return monday if monday > local else monday + timedelta(days=7)
