"""`tips me | me-off`: a weekly tip to one person, for the skill in which they have furthest to go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import Answer, Button, Buttons, Card, FieldList, Footnote, Paragraph, rich
from mentorbot.commands import registry
from mentorbot.commands.cadences import NINE, own_zone, recurring, weeks, when_rows
from mentorbot.commands.coming import Outlook
from mentorbot.commands.context import Context
from mentorbot.commands.desk import Desk, needs
from mentorbot.commands.reach import CLOSED_TO_ME
from mentorbot.commands.tips import all_tips, tip_card
from mentorbot.domain.curriculum import Levels
from mentorbot.domain.records import Schedule
from mentorbot.domain.recurrence import Recurrence
from mentorbot.domain.tips import next_personal_tip
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option, Weekdays
from mentorbot.storage.schedules import OWN_TIP, direct_to

_STOP = Button("Stop it", "tips me-off")


@registry.command(
    "tips me",
    "A weekly tip for you alone, for your weakest skill.",
    writes=True,
    examples=("tips me monday 09:00", "tips me tue,thu 08:30 Europe/Berlin"),
)
async def tips_me(
    context: Context,
    day: Annotated[Weekdays | None, Option("Day of the week, or several")] = None,
    at: Annotated[time | None, Option("Local time, as 09:00. Else 09:00")] = None,
    zone: Annotated[ZoneInfo | None, Option("Time zone, as Europe/Berlin")] = None,
    every: Annotated[str | None, Option("How often", choices=weeks)] = None,
) -> Answer:
    """Start it, or change what is given; without anything, show it."""
    person, role = context.caller.user_id, context.pack.info.role
    known = await context.uow.schedules.get(f"@{person}", OWN_TIP)
    if day is None and known is None:
        raise MissingOption("day")
    if known is not None and (day, at, zone, every) == (None,) * 4:
        return await _card(context, known)
    theirs = known.cadence.zone if known is not None and zone is None else await own_zone(context, zone)
    before = known.cadence if known is not None else Recurrence(day or (), NINE, theirs)
    changed = replace(before, weekdays=day or before.weekdays, at=at or before.at, zone=theirs)
    cadence = recurring(changed, context.now, every=every)
    place = direct_to(context.caller.channel.workspace, person, context.caller.name)
    return await _card(context, await context.uow.schedules.start(place, cadence, role, person, context.now, OWN_TIP))


async def _card(context: Context, schedule: Schedule) -> Card:
    if schedule.state == "paused":
        again = Button("Choose the day again", "tips me day:?", "primary")
        trouble = Paragraph(rich(CLOSED_TO_ME))
        return Card("Your own weekly tip", (trouble, Buttons((again, _STOP))))
    outlook = await Outlook.open(context)
    rows = when_rows(schedule.cadence, outlook.coming()[schedule.id], outlook.on_its_way(schedule))
    facts = FieldList(tuple(rows))
    text = "It comes in our direct messages, and counts as one of your messages a week."
    level = Button("Say where I stand", "assess")
    return Card("Your own weekly tip", (facts, Footnote(rich(text)), Buttons((level, _STOP))))


@registry.command("tips me-off", "No more weekly tips for you alone.", writes=True)
async def tips_me_off(context: Context) -> Answer:
    """Stop it."""
    stopped = await context.uow.schedules.stop(f"@{context.caller.user_id}", OWN_TIP)
    text = "No more tips come to you alone." if stopped else "You had no weekly tip of your own."
    return Card("Your own weekly tip", (Paragraph(rich(text)), Buttons((Button("Set one", "tips me day:?"),))))


def own_tip_card(desk: Desk, tip: str, levels: Levels, late: str | None) -> Card:
    """A tip as it is sent to a person who has these levels, with the reason why it is this one."""
    pack = desk.context.pack
    card = tip_card(pack, all_tips(pack)[tip][0], scheduled=True, late=late)
    why = Footnote(rich(_reason(desk, all_tips(pack)[tip][1], levels)))
    return replace(card, public=False, blocks=(*card.blocks[:-1], why, card.blocks[-1]))


def _reason(desk: Desk, skill: str, levels: Levels) -> str:
    name = next(entry.title for entry in desk.context.pack.skills if entry.id == skill)
    aim, level = needs(desk.context, desk.learner.title).get(skill, 0), levels.get(skill)
    if level is None:
        return f"Chosen for {name}, since you have not said where you stand in it: /mentor assess."
    if aim > level:
        return f"Chosen for {name}: you stand at {level} of 4, and the title you aim at asks for {aim}."
    return f"Chosen for {name}: you stand at {level} of 4."


def choose_tip(desk: Desk, used: Sequence[str], levels: Levels) -> str | None:
    """Choose the tip that helps most after `used` (ids); None without tips."""
    pack = desk.context.pack
    return next_personal_tip(pack.tip_entries, used, levels, pack.title_needs(desk.learner.title))
