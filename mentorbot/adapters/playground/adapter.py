"""The playground adapter: a team chat with a welcome message, and a web page on loopback."""

from __future__ import annotations

import webbrowser
from collections.abc import Mapping

import click

from mentorbot.adapters.drafts import Drafts
from mentorbot.adapters.playground.api import LoadDashboard, PlaygroundApi, Preview, TravelTo
from mentorbot.adapters.playground.membership import Membership
from mentorbot.adapters.playground.platform import PlaygroundPlatform
from mentorbot.adapters.playground.sample_team import SampleTeam
from mentorbot.adapters.playground.team_chat import BOT, PEOPLE, TeamChat, dm_channel_id
from mentorbot.adapters.web_server import WebServer
from mentorbot.clock import Clock
from mentorbot.commands.dispatcher import Dispatcher
from mentorbot.storage import Store
from mentorbot.views.start import welcome_card

LOOPBACK = "127.0.0.1"


class PlaygroundAdapter:
    """The playground as a chat adapter. `url` is valid after `start`; port 0 picks a free port.

    With a `store`, it can be filled with an invented team, and an admin can remove the bot or turn its answers off in a channel.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        clock: Clock,
        *,
        previews: Mapping[str, Preview],
        travel: TravelTo,
        port: int,
        open_browser: bool = False,
        dashboard: LoadDashboard | None = None,
        store: Store | None = None,
    ) -> None:
        self.team_chat = TeamChat()
        self.platform = PlaygroundPlatform(self.team_chat, clock)
        self._clock, self._library = clock, dispatcher.library
        self._open_browser = open_browser
        sample_team = SampleTeam(dispatcher, store, clock) if store else None
        self._membership = (
            Membership(self.team_chat, store, clock, dispatcher.library, Drafts(dispatcher, store)) if store else None
        )
        api = PlaygroundApi(
            dispatcher,
            clock,
            self.team_chat,
            previews,
            travel,
            dashboard=dashboard,
            sample_team=sample_team,
            membership=self._membership,
        )
        self._server = WebServer(api.app(lambda: self._server.port), LOOPBACK, port)

    @property
    def url(self) -> str:
        """The page's address."""
        return f"http://{LOOPBACK}:{self._server.port}/"

    async def start(self, *, listen: bool = True) -> None:  # noqa: ARG002  the playground always listens
        """Serve the page and post a welcome to each person.

        Raises:
            BadSettings: the port is taken.
        """
        await self._server.start("Choose another port with --port, for instance: mentorbot demo --port 8421")
        if self._membership is not None:
            await self._membership.recorded()
        for member in PEOPLE:
            welcome = welcome_card(self._library.default, member.name)
            self.team_chat.post(dm_channel_id(member.id), BOT, self._clock.now(), card=welcome)
        click.echo(f"Your mentor is at {self.url}  (press Ctrl+C to stop)")
        if self._open_browser:
            webbrowser.open(self.url)

    async def trouble(self) -> str:
        """Say whether the page's server has ended; "" if not."""
        return self._server.trouble()

    async def stop(self) -> None:
        """Close the page's streams, then the server; answers in flight finish first."""
        self.team_chat.close()
        await self._server.stop()
