"""`checkin skip | snooze | pause | resume`: weeks that go another way, and break nothing."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from mentorbot.chat.cards import Answer, Button, Buttons, Card, Paragraph, rich
from mentorbot.commands import registry
from mentorbot.commands.checkin_cards import CHECKIN, answered, checkin_card
from mentorbot.commands.coming import Outlook
from mentorbot.commands.context import Context
from mentorbot.commands.desk import Desk
from mentorbot.domain import plan_edits
from mentorbot.domain.plan import WEEK
from mentorbot.domain.recurrence import DAY, instant_of
from mentorbot.errors import BadValue
from mentorbot.slash.forms import MissingOption
from mentorbot.slash.registry import Option


@registry.command("checkin skip", "Skip this week; your steps move on, your streak stays.", writes=True)
async def checkin_skip(context: Context) -> Answer:
    """No check-in and no work in the present week."""
    desk = await Desk.open(context)
    await context.uow.people.ensure(context.caller.user_id, context.caller.name)
    await context.uow.checkins.skip(context.caller.user_id, context.pack.info.role, desk.week)
    await answered(context)
    await desk.save(plan_edits.add_weeks_off(desk.plan, desk.week, desk.week + WEEK, desk.today), "the skipped week")
    text = "Your steps have moved on. Nothing is lost, and your streak stays."
    return _rest_card("This week is skipped", text, Button("I am here after all", "checkin resume", "primary"))


@registry.command("checkin snooze", "Ask me again tomorrow at this time.", writes=True)
async def checkin_snooze(context: Context) -> Answer:
    """Send the check-in once more, in a day; whoever asks again has it a day after that."""
    outlook = await Outlook.open(context)
    zone = outlook.desk.zone
    local = context.now.astimezone(zone)
    at = instant_of(local.date() + DAY, local.time(), zone)
    coming = outlook.once(at)
    if coming.at is None:
        return _rest_card("Tomorrow I cannot", f"I would not ask you again tomorrow: {coming.skipped}.")
    await context.uow.notices.take_back(CHECKIN, context.caller.user_id)
    await answered(context)
    await context.uow.people.ensure(context.caller.user_id, context.caller.name)
    await context.uow.notices.add(
        context.caller.user_id, context.pack.info.role, CHECKIN, at, key=f"c{int(at.timestamp()):x}"
    )
    return _rest_card("Until tomorrow", f"I will ask you again on {coming.in_words(zone)}.")


@registry.command(
    "checkin pause", "No check-ins and no work until a day.", writes=True, examples=("checkin pause 2027-01-11",)
)
async def checkin_pause(
    context: Context, until: Annotated[date | None, Option("The day on which you are back")] = None
) -> Answer:
    """Weeks off until the one in which the learner is back."""
    if until is None:
        raise MissingOption("until")
    desk = await Desk.open(context)
    if not desk.today < until <= desk.today + plan_edits.MAX_PAUSE:
        raise BadValue(
            "A pause lasts from one day to one year. Write the day on which you are back, from tomorrow on; "
            "you can pause again then.",
            option="until",
        )
    until = max(until, desk.week + WEEK)  # the present week is off as a whole, or it would break the streak
    await context.uow.people.ensure(context.caller.user_id, context.caller.name)
    await answered(context)
    free = plan_edits.end_weeks_off(
        desk.plan, desk.today
    )  # an earlier pause gives way, or a shorter one would change nothing
    await desk.save(plan_edits.add_weeks_off(free, desk.week, until, desk.today), "the pause")
    await context.uow.learners.set_pause(context.caller.user_id, context.pack.info.role, until)
    text = f"I will leave you in peace until {until:%A, %-d %B %Y}. Your steps have moved on, and your streak stays."
    return _rest_card("You are on a break", text, Button("I am back", "checkin resume", "primary"))


@registry.command("checkin resume", "I am back: end a pause or a skipped week.", writes=True)
async def checkin_resume(context: Context) -> Answer:
    """End a pause, or take up a skipped week after all."""
    desk = await Desk.open(context)
    await context.uow.people.ensure(context.caller.user_id, context.caller.name)
    await desk.save(plan_edits.end_weeks_off(desk.plan, desk.today), "the end of the pause")
    await desk.come_back()
    return await checkin_card(desk, "Welcome back. This is what fits this week.")


def _rest_card(title: str, text: str, *more: Button) -> Card:
    return Card(title, (Paragraph(rich(text)), Buttons((*more, Button("My plan", "plan show")))))
