"""The unit of work that a command's handler gets."""

from __future__ import annotations

from mentorbot.storage.people import People
from mentorbot.storage.plans import Plans
from mentorbot.storage.requests import Requests
from mentorbot.storage.schedules import Schedules
from mentorbot.storage.scope import Scope


class Unit:
    """A transaction that sees one workspace. It connects at the first query, so one that asks nothing costs nothing."""

    def __init__(self, scope: Scope) -> None:
        self.people = People(scope)
        self.plans = Plans(scope, self.people)
        self.schedules = Schedules(scope)
        self.requests = Requests(scope)
