"""A card, a form and a dashboard with something of every kind in them."""

from __future__ import annotations

from datetime import date, datetime

from mentorbot.adapters.playground.adapter import PlaygroundAdapter
from mentorbot.adapters.playground.api import LoadDashboard
from mentorbot.adapters.playground.team_chat import BOT, ChatMessage
from mentorbot.app import AppContext
from mentorbot.chat.cards import Card, Chart, ChartImage, Field, FileBlock, Form, Paragraph, Series, rich
from mentorbot.chat.platform import Member
from mentorbot.clock import Clock
from mentorbot.storage import Store
from mentorbot.views.dashboard import BlockedStep, Dashboard, LearnerSummary

CHART = Chart(
    "bars",
    ("System design", "Machine learning <operations>", "Talking with stakeholders"),
    (Series("Now", (2, 3, 1)), Series("At the start", (1, 1, None), "before"), Series("Asked for", (4, 4, 3), "goal")),
    "level",
    4,
)
ALT = 'System design 2 of 4, operations 3 of 4, "talking" <1> of 3.'
PLAN = "# Ada’s plan\n\n- [ ] <b>Draw</b> our inference path\n"
CARD = Card(
    "How you have come on",
    (
        Paragraph(rich("Since the third of March:")),
        ChartImage("skills", ALT, CHART),
        FileBlock("Ada's plan – 1/2.md", PLAN),
        FileBlock("plan.ics", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
        FileBlock("notes.xyz", ""),
    ),
)
IMPORT = Form(
    "Bring a plan along",
    "plan add",
    (
        Field("what", "Your plan", "file", hint="plan.csv"),
        Field("by", "By when", value="in 2 weeks"),
        Field("skill", "Skill", required=False),
        Field("hours", "Hours", required=False),
        Field("why", "Why", "long_text", required=False),
        Field("link", "Link", required=False),
    ),
    paged=True,
)


def post_card(adapter: PlaygroundAdapter, only_for: str | None = "ada", channel: str = "general") -> ChatMessage:
    """Post `CARD` as the bot."""
    return adapter.team_chat.post(channel, BOT, Clock().now(), card=CARD, only_for=only_for)


HOSTILE = "<img src=x onerror=alert(1)> $x$ </svg>"
DASHBOARD = Dashboard(
    "Ada’s learners",
    (
        LearnerSummary("Ben", "Draw our inference path", 5, 7, 22, 60),
        LearnerSummary(
            "Chen",
            "Measure the cost of one answer",
            2,
            9,
            8,
            48,
            (
                BlockedStep("Get access to the cluster", date(2026, 3, 2), "Nobody answers my ticket"),
                BlockedStep("Ask the lawyers"),
            ),
        ),
        LearnerSummary("Dee", "", 0, 0, 0, 0, (BlockedStep(f"Read {HOSTILE}", date(2026, 3, 10)),)),
    ),
    Chart(
        "lines",
        tuple(f"week {number}" for number in range(1, 13)),
        (
            Series("Hours done", (0, 4, 9, 12, 18, 23, 30, *(None,) * 5)),
            Series("Hours planned", tuple(range(0, 108, 9)), "goal"),
        ),
        "hours",
    ),
    Chart("bars", ("2 Mar", "9 Mar", "16 Mar", "23 Mar"), (Series("Answered", (100, 67, None, 33)),), "%", 100),
    "Counted from plans that their owners share with you.",
)


async def load_dashboard(person: Member) -> Dashboard:
    """A dashboard with learners for Ada, the admin, and an empty one for everyone else."""
    return DASHBOARD if person.id == "ada" and person.admin else Dashboard(f"Learners of {HOSTILE}")


async def start_playground(
    app_context: AppContext, dashboard: LoadDashboard | None, store: Store | None = None
) -> PlaygroundAdapter:
    """Start a playground with that dashboard on a free port; the caller stops it. With a `store` it can have a sample team."""

    async def stay(_: datetime) -> None:
        return None

    adapter = PlaygroundAdapter(
        app_context.dispatcher,
        app_context.clock,
        previews={},
        travel=stay,
        port=0,
        dashboard=dashboard,
        store=store,
    )
    await adapter.start()
    return adapter
