"""The first minute: a welcome, two questions answered by tapping, and a first thing to do."""

from __future__ import annotations

from collections.abc import Sequence

from mentorbot.chat.cards import Bullets, Button, Buttons, Card, Footnote, Paragraph, rich
from mentorbot.domain.plan_draft import LevelBasis, PlanDraft
from mentorbot.domain.step_guide import NO_GUIDE
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short
from mentorbot.slash.tokenizer import format_line
from mentorbot.views.plan import MAX_NAME, calendar_order
from mentorbot.views.wording import full_stop

HOURS = (2, 4, 6)
"""Hours per week to choose from."""
FRESH = "fresh"
"""The persona of someone who starts from zero, offered by packs without personas too."""


def a_role(pack: Pack) -> str:
    """Name the role with its article: "an AI Architect"."""
    title = pack.info.title
    return f"{'an' if title[:1].upper() in 'AEIOU' else 'a'} {title}"


def welcome_card(pack: Pack, name: str) -> Card:
    """Say hello to a newcomer, and ask what brings them here."""
    role = a_role(pack)
    buttons = (
        Button(short(f"Become {role}", 75), "start goal:role", "primary"),
        Button("Look around", "start goal:look"),
        Button("I want to mentor", "start goal:mentor"),
    )
    text = (
        f"I help you become {role}: straight answers with sources, a plan that fits your week, "
        "one useful nudge every Friday. What brings you here?"
    )
    greeting = f"Hi {name}, I'm mentorbot 👋" if name else "Hi, I'm mentorbot 👋"
    return Card(greeting, (Paragraph(rich(text)), Buttons(buttons)))


def channel_welcome_card(pack: Pack) -> Card:
    """Say hello to everyone in a channel, once, when the bot has been invited."""
    help_text = Paragraph(rich(f"I help you become {a_role(pack)}: answers with sources, a private plan, a mentor."))
    promise = Paragraph(rich("Only you see what you tap. I post here only if an admin sets that up."))
    buttons = (
        Button("Start my plan", "start", "primary"),
        Button("Ask about the role", "ask"),
        Button("Set up", "admin setup"),
    )
    return Card("Hi all, I'm mentorbot", (help_text, promise, Buttons(buttons)), public=True)


def hours_question_card() -> Card:
    """Ask for the hours per week."""
    buttons = tuple(Button(f"{hours} h", f"start goal:role hours:{hours}") for hours in HOURS)
    return Card("How many hours a week do you really have?", (Buttons(buttons),))


def persona_question_card(pack: Pack, hours: int) -> Card:
    """Ask for what's closest to the person today."""
    line = f"start goal:role hours:{hours}"
    personas = [(persona.label, persona.id) for persona in pack.personas] or [("Starting fresh", FRESH)]
    buttons = [Button(label, f"{line} persona:{id_}") for label, id_ in personas]
    if not pack.personas:
        buttons.append(Button("I know some of it", "assess"))
    return Card("Which is closest to you today?", (Buttons(tuple(buttons)),))


def first_step_card(pack: Pack, draft: PlanDraft, basis: LevelBasis) -> Card:
    """A first step with its first 30 minutes, made from three taps."""
    step = min(draft.steps, key=calendar_order)
    guide = pack.step_guide(step) or NO_GUIDE
    lines = []
    if guide.first:
        lines.append(f"First 30 minutes: {full_stop(guide.first)}")
    elif guide.do:
        lines.append(guide.do)
    based_on = f"Based on “{basis.persona.lower()}”. " if basis.persona else ""
    lines.append(f"{based_on}The 2-minute check makes it yours.")
    options = {"title": draft.target.title, "hours": str(draft.plan.hours_per_week)}
    options |= {"persona": basis.persona_id} if basis.persona_id else {}
    buttons = (
        Button("Start", format_line(("plan", "save"), options), "primary"),
        Button("My plan", format_line(("plan", "new"), options)),
        Button("Take the check", "assess"),
    )
    title = f"Your first step: {short(step.text, MAX_NAME)}"
    return Card(title, (*(Paragraph(rich(line)) for line in lines), Buttons(buttons)))


def look_around_card(pack: Pack) -> Card:
    """Ways to look around without giving anything away."""
    role = a_role(pack)
    buttons = (
        Button("What they do", "brief", "primary"),
        *((Button("Pay", "salary"),) if pack.salaries else ()),
        Button("The path", "brief path"),
        Button("A tip", "tip"),
        Button("Make a plan", "start goal:role"),
    )
    text = f"Ask me anything about being {role}, in your own words. I'll answer with the source, or say I don't know."
    return Card("Have a look around", (Paragraph(rich(text)), Buttons(buttons)))


def mentor_start_card() -> Card:
    """The way in for someone who wants to mentor."""
    text = (
        "You choose the skills, how many learners you have room for, and when to stop. "
        "You only see what a learner shares."
    )
    buttons = (Button("Offer to mentor", "pair offer", "primary"), Button("How it works", "help pair"))
    return Card("Lovely, mentors are always welcome", (Paragraph(rich(text)), Buttons(buttons)))


def installed_card() -> Card:
    """Tell whoever has just installed the bot what to do next."""
    text = (
        "Pick a channel and a day for the weekly tip, and you're done. Everyone can write to me here already, "
        "and see their own week in my Home tab."
    )
    buttons = (Button("Set up", "admin setup", "primary"), Button("Look around", "start goal:look"))
    return Card("Thanks for installing me! One form, and I'm ready", (Paragraph(rich(text)), Buttons(buttons)))


def reinstall_card(gains: Sequence[str]) -> Card:
    """Tell an admin what the bot can't do until it's installed again; `gains` says it in a few words each."""
    blocks = (
        Paragraph(rich("I've learned things that need more Slack permissions. Reinstall me to add:")),
        Bullets(tuple(rich(gain) for gain in gains)),
        Paragraph(rich("Until then, everything else works as before, and nothing gets lost.")),
        Footnote(rich("Whoever runs this bot can print the new manifest with: mentorbot manifest slack")),
    )
    return Card("Reinstall me, and I can do more", blocks)
