"""Opening the playground: a room with a welcome, and a web page on loopback."""

from __future__ import annotations

import webbrowser
from collections.abc import Mapping

import click

from mentorbot.adapters.playground.api import Overview, Playground, Preview, Travel
from mentorbot.adapters.playground.platform import PlaygroundPlatform
from mentorbot.adapters.playground.room import BOT, PEOPLE, Room, direct
from mentorbot.adapters.web import WebServer
from mentorbot.chat.cards import Button, Buttons, Card, Paragraph, code, rich
from mentorbot.clock import Clock
from mentorbot.commands.dispatcher import Dispatcher

LOOPBACK = "127.0.0.1"


class PlaygroundAdapter:
    """The playground as a door. `url` is known after `start`; port 0 takes a free one."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        clock: Clock,
        *,
        previews: Mapping[str, Preview],
        travel: Travel,
        port: int,
        open_browser: bool = False,
        dashboard: Overview | None = None,
    ) -> None:
        self.room = Room()
        self.platform = PlaygroundPlatform(self.room, clock)
        self._clock = clock
        self._open_browser = open_browser
        playground = Playground(dispatcher, clock, self.room, previews, travel, dashboard=dashboard)
        self._server = WebServer(playground.app(lambda: self._server.port), LOOPBACK, port)

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://{LOOPBACK}:{self._server.port}/"

    async def start(self, *, listen: bool = True) -> None:  # noqa: ARG002  it has nothing to do but listen
        """Serve the page; raises `BadSettings` when the port is taken."""
        await self._server.start("Choose another port with --port, for instance: mentorbot demo --port 8421")
        for member in PEOPLE:
            self.room.post(direct(member.id), BOT, self._clock.now(), card=welcome(member.name))
        click.echo(f"mentorbot playground: {self.url}  (stop it with Ctrl+C)")
        if self._open_browser:
            webbrowser.open(self.url)

    async def stop(self) -> None:
        """Close; answers in flight finish first."""
        self.room.close()
        await self._server.stop()


def welcome(name: str) -> Card:
    """The first message that somebody finds."""
    return Card(
        f"Hello {name}, I am your mentor",
        (
            Paragraph(
                rich(
                    "I know one role well: AI Architect. Ask me what it is, what it pays and how to get there, "
                    "keep a plan with me, and let me post one useful thing a week."
                )
            ),
            Paragraph(rich("Try one of these, or type ", code("/mentor"), " in any channel:")),
            Buttons(
                (
                    Button("What is an AI Architect?", "brief", "primary"),
                    Button("What does a senior earn?", "salary senior"),
                    Button("Give me something to do", "tip"),
                    Button("Make me a plan", "plan new"),
                )
            ),
        ),
    )
