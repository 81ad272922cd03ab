"""`plan new | save | adjust`: draft a plan for a target role, change it, and save it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from mentorbot.chat.cards import Answer, Choice
from mentorbot.commands import registry
from mentorbot.commands.context import Context
from mentorbot.domain.deliveries import MessageKind
from mentorbot.domain.plan import MAX_HOURS_PER_WEEK, MIN_HOURS_PER_WEEK
from mentorbot.domain.plan_draft import PlanDraft
from mentorbot.packs.schema import Pack
from mentorbot.services import plans
from mentorbot.services.learners import LearnerSession
from mentorbot.services.progress import level_basis
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option
from mentorbot.views import plan_draft as views
from mentorbot.views.plan import adjust_card, adjust_form, calendar_order

TITLE_WORDS = ("role", "target", "goal", "as", "for")


def title_choices(pack: Pack) -> tuple[Choice, ...]:
    """List the titles of the pack."""
    return tuple(Choice(title.name, title.id) for title in pack.titles.titles)


TargetTitle = Annotated[str | None, Option("Your target role", choices=title_choices, called=TITLE_WORDS)]
TargetDate = Annotated[
    date | None, Option("When you want to be there by", called=("until", "before", "due", "deadline", "on"))
]
HoursPerWeek = Annotated[
    int | None,
    Option(
        "Hours per week",
        unit="hours",
        weekly=True,
        low=MIN_HOURS_PER_WEEK,
        high=MAX_HOURS_PER_WEEK,
        called=("hour", "h", "time", "pace"),
    ),
]
CurrentTitle = Annotated[str | None, Option("Your role today", choices=title_choices, called=("now", "today", "from"))]
PersonaId = Annotated[str | None, Option("A typical starting point, by its id", keyword_only=True)]


@registry.command(
    "plan new",
    "Make a plan; you'll see it before it's saved.",
    examples=("plan new {title} by:2027-09-01 hours:5", "plan new {title} current:{title.2}"),
    intents=(
        "make me a plan",
        "plan for {title} by {by} {hours}",
        "i want to become {title}",
        "i want to be {title} by {by}",
        "switch to {title}",
        "aim for {title}",
        "how do I get there from where I am",
        "I need a learning plan",
        "start over",
        "start from scratch",
        "I want to start my plan over",
        "throw my plan away and make a new one",
        "make me a plan {hours!} by {by!}",
    ),
    label="Make a plan[ for {title}][, {hours} h a week][, by {by}]",
)
async def plan_new(
    context: Context,
    title: TargetTitle = None,
    by: TargetDate = None,
    hours: HoursPerWeek = None,
    current: CurrentTitle = None,
    persona: PersonaId = None,
    anyway: Annotated[str | None, Option("Show the plan even if it takes years", keyword_only=True)] = None,
    page: Annotated[int | None, Option("Page of its steps", keyword_only=True, low=1, high=999)] = None,
) -> Answer:
    """Show a draft of the plan. Only the learner's present title is saved, if they give it."""
    session = await context.learner()
    if current is not None:
        await plans.set_current_title(session, current)
    draft = await plans.draft_for(session, title or _present_title(session), by, hours, persona or "")
    basis = await level_basis(session, persona or "")
    if not draft.steps:
        return views.nothing_to_plan_card(context.pack, draft, basis)
    if page is not None:
        return views.draft_steps_card(context.pack, session.snapshot, draft, basis, page).in_place()
    if draft.is_late:
        alternatives = plans.alternatives_to(session, draft)
        return views.too_tight_card(session.snapshot, draft, basis, alternatives)
    if anyway is None and by is None and (nearer := plans.nearer_title_than(session, draft)):
        return views.far_away_card(context.pack, draft, basis, nearer)
    return views.draft_card(context.pack, session.snapshot, draft, basis)


def _present_title(session: LearnerSession) -> str:
    """Give the title the present plan is made for.

    Raises:
        MissingOption: the plan has none, or the pack no longer has it.
    """
    if all(title.id != session.plan.title for title in session.pack.titles.titles):
        raise MissingOption("title")
    return session.plan.title


@registry.command(
    "plan save",
    "Save the plan you were shown.",
    writes=True,
    label="Save the plan[ for {title}]",
    examples=("plan save {title} hours:5",),
    aliases=("plan keep",),
)
async def plan_save(
    context: Context,
    title: TargetTitle = None,
    by: TargetDate = None,
    hours: HoursPerWeek = None,
    persona: PersonaId = None,
) -> Answer:
    """Draft the same plan again, and save it. Finished steps and those the learner added stay."""
    session = await context.learner()
    draft = await plans.draft_for(session, title or _present_title(session), by, hours, persona or "")
    if not draft.steps:
        return views.nothing_to_plan_card(context.pack, draft, await level_basis(session, persona or ""))
    await plans.save_draft(session, draft, persona or "")
    checkin = await context.uow.schedules.get(context.to_caller, MessageKind.CHECKIN)
    return views.draft_saved_card(
        context.pack,
        session.snapshot,
        await context.zone(),
        _first_minutes(context.pack, draft),
        has_checkin=checkin is not None,
    ).in_place()


def _first_minutes(pack: Pack, draft: PlanDraft) -> str:
    """Give the first 30 minutes of a draft's first step; "" if the pack has none."""
    guide = pack.step_guide(min(draft.steps, key=calendar_order))
    return guide.first if guide else ""


@registry.command(
    "plan adjust",
    "Change your plan's target role, hours or end date.",
    examples=("plan adjust",),
    intents=(
        "adjust my plan",
        "change my target role",
        "my plan is too much for me",
        "I want to finish by {by!}",
        "be done by {by!} with {hours!} a week",
    ),
    label="Adjust the plan[ for {title}][, {hours} h a week][, done by {by}]",
)
async def plan_adjust(
    context: Context,
    title: TargetTitle = None,
    by: TargetDate = None,
    hours: HoursPerWeek = None,
    persona: PersonaId = None,
) -> Answer:
    """Ask for the target role, hours and date of a plan; the options fill in the form."""
    session = await context.learner()
    plan = session.plan
    if not context.forms:
        if (title, by, hours) == (None, None, None):
            return adjust_card(session.snapshot)
        return await plan_new(context, title, by, hours or plan.hours_per_week)
    form = adjust_form(
        context.pack, session.snapshot, title or plan.title, hours or plan.hours_per_week, by or plan.target_date
    )
    return replace(form, line=f"{form.line} persona:{persona}") if persona else form


@registry.fills_in("plan new")
@registry.fills_in("plan adjust")
async def _saved_aims(context: Context) -> dict[str, str]:
    """Give the target role, hours and date of the present plan as options."""
    session = await context.learner()
    plan, current = session.plan, session.profile.current_title
    by = plan.target_date.isoformat() if plan.target_date else ""
    return {"title": plan.title, "hours": str(plan.hours_per_week), "by": by, "current": current}
