"""`tips me | me-off`: a weekly tip to one person, for the skill in which they have furthest to go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import time
from typing import Annotated, get_args
from zoneinfo import ZoneInfo

from mentorbot.cadence import Cadence
from mentorbot.cards import Answer, Button, Buttons, Card, Facts, Note, Paragraph, words
from mentorbot.commands.cadences import NINE, own_zone, recurring, weeks, when_rows
from mentorbot.commands.call import Call
from mentorbot.commands.coming import Outlook
from mentorbot.commands.declare import registry
from mentorbot.commands.desk import Desk, needs
from mentorbot.commands.forms import MissingOption
from mentorbot.commands.options import Option, Weekdays
from mentorbot.commands.reach import CLOSED_TO_ME
from mentorbot.commands.tips import all_tips, tip_card
from mentorbot.learning.route import Levels
from mentorbot.packs.model import Pack
from mentorbot.packs.practice import TipLevel
from mentorbot.storage import Schedule
from mentorbot.storage.schedules import OWN_TIP, direct_to

_LEVELS = get_args(TipLevel)
_STOP = Button("Stop it", "tips me-off")


@registry.command(
    "tips me",
    "A weekly tip for you alone, for your weakest skill.",
    writes=True,
    examples=("tips me monday 09:00", "tips me tue,thu 08:30 Europe/Berlin"),
)
async def tips_me(
    call: Call,
    day: Annotated[Weekdays | None, Option("Day of the week, or several")] = None,
    at: Annotated[time | None, Option("Local time, as 09:00. Else 09:00")] = None,
    zone: Annotated[ZoneInfo | None, Option("Time zone, as Europe/Berlin")] = None,
    every: Annotated[str | None, Option("How often", choices=weeks)] = None,
) -> Answer:
    """Start it, or change what is given; without anything, show it."""
    person, role = call.caller.person, call.pack.info.role
    known = await call.unit.schedules.get(f"@{person}", OWN_TIP)
    if day is None and known is None:
        raise MissingOption("day")
    if known is not None and (day, at, zone, every) == (None,) * 4:
        return await _card(call, known)
    theirs = known.cadence.zone if known is not None and zone is None else await own_zone(call, zone)
    before = known.cadence if known is not None else Cadence(day or (), NINE, theirs)
    changed = replace(before, weekdays=day or before.weekdays, at=at or before.at, zone=theirs)
    cadence = recurring(changed, call.now, every=every)
    place = direct_to(call.caller.channel.workspace, person, call.caller.name)
    return await _card(call, await call.unit.schedules.start(place, cadence, role, person, call.now, OWN_TIP))


async def _card(call: Call, schedule: Schedule) -> Card:
    if schedule.state == "paused":
        again = Button("Choose the day again", "tips me day:?", "primary")
        trouble = Paragraph(words(CLOSED_TO_ME))
        return Card("Your own weekly tip", (trouble, Buttons((again, _STOP))))
    outlook = await Outlook.open(call)
    rows = when_rows(schedule.cadence, outlook.coming()[schedule.id], outlook.on_its_way(schedule))
    facts = Facts(tuple(rows))
    text = "It comes in our direct messages, and counts as one of your messages a week."
    level = Button("Say where I stand", "assess")
    return Card("Your own weekly tip", (facts, Note(words(text)), Buttons((level, _STOP))))


@registry.command("tips me-off", "No more weekly tips for you alone.", writes=True)
async def tips_me_off(call: Call) -> Answer:
    """Stop it."""
    stopped = await call.unit.schedules.stop(f"@{call.caller.person}", OWN_TIP)
    text = "No more tips come to you alone." if stopped else "You had no weekly tip of your own."
    return Card("Your own weekly tip", (Paragraph(words(text)), Buttons((Button("Set one", "tips me day:?"),))))


def own_tip_card(desk: Desk, tip: str, levels: Levels, late: str | None) -> Card:
    """A tip as it is sent to a person who has these levels, with the reason why it is this one."""
    pack = desk.call.pack
    card = tip_card(pack, all_tips(pack)[tip][0], scheduled=True, late=late)
    why = Note(words(_reason(desk, all_tips(pack)[tip][1], levels)))
    return replace(card, public=False, blocks=(*card.blocks[:-1], why, card.blocks[-1]))


def _reason(desk: Desk, skill: str, levels: Levels) -> str:
    name = next(entry.title for entry in desk.call.pack.skills if entry.id == skill)
    aim, level = needs(desk.call, desk.learner.title).get(skill, 0), levels.get(skill)
    if level is None:
        return f"Chosen for {name}, since you have not said where you stand in it: /mentor assess."
    if aim > level:
        return f"Chosen for {name}: you stand at {level} of 4, and the title you aim at asks for {aim}."
    return f"Chosen for {name}: you stand at {level} of 4."


def choose_tip(desk: Desk, used: Sequence[str], levels: Levels) -> str | None:
    """The id of the tip that helps most after `used` (ids): none twice before all have come; None without tips.

    First the skill that is furthest from what the title aimed at asks for, in it the tips from foundation to mastery.
    """
    pack = desk.call.pack
    ranks = skill_ranks(pack, levels, needs(desk.call, desk.learner.title))
    had = Counter(used)
    order = [
        (had[tip.id], ranks[tips.skill], _LEVELS.index(tip.level), tip.id) for tips in pack.tips for tip in tips.tips
    ]
    return min(order)[-1] if order else None


def skill_ranks(pack: Pack, levels: Mapping[str, int], aims: Mapping[str, int]) -> dict[str, int]:
    """The place of each skill, 0 for the one with furthest to go, then for the lowest level; else as the pack has them."""
    far = sorted(
        (levels.get(entry.id, 0) - aims.get(entry.id, 0), levels.get(entry.id, 0), place, entry.id)
        for place, entry in enumerate(pack.skills)
    )
    return {skill: rank for rank, (*_, skill) in enumerate(far)}
