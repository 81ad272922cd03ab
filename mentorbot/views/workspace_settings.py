"""Everything an admin has decided for a workspace, on one card: what's posted where, days off, and the role."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mentorbot.chat.cards import ActionLine, Block, Button, Buttons, Card, rich
from mentorbot.chat.platform import Channel
from mentorbot.domain.deliveries import MessageKind, Schedule, ScheduleState
from mentorbot.domain.work_calendar import WorkCalendar, country_name
from mentorbot.packs.schema import Pack
from mentorbot.views.channel_schedules import schedule_line
from mentorbot.views.mentions import mentions_text
from mentorbot.views.mentor_role import CHANGE, CHOOSE
from mentorbot.views.wording import count

MAX_SCHEDULES = 4
"""Schedules on the card; the rest is a button away."""
_OFF = {
    MessageKind.TIP: ("Weekly tip: off", Button("Set up", "admin setup")),
    MessageKind.REPORT: ("Weekly report: off", Button("Post it here", "admin here")),
}


def workspace_settings_card(
    platform: str,
    schedules: Sequence[Schedule],
    calendar: WorkCalendar,
    pack: Pack,
    others: int,
    muted: Sequence[Channel],
    *,
    mentors_have_role: bool | None,
) -> Card:
    """Show the settings, each with the button that changes it. `others` counts the roles people could learn instead.

    `mentors_have_role` says whether mentors get a role that others see; None where there are no such roles.
    """
    place = "server" if platform == "discord" else "workspace"
    blocks: list[Block] = list(_schedule_lines(schedules))
    region = country_name(calendar.country) if calendar.country else "none"
    blocks.append(ActionLine(rich(f"Public holidays: {region}"), Button("Change", "admin calendar country:?")))
    added = sum(bool(name) for name in calendar.overrides.values())
    blocks.append(ActionLine(rich(f"Days off you've added: {added or 'none'}"), Button("Change", "admin calendar")))
    spread = f"are spread over {calendar.spread_minutes} minutes" if calendar.spread_minutes else "go out all at once"
    blocks.append(ActionLine(rich(f"Check-ins {spread}"), Button("Change", "admin calendar spread:?")))
    role = rich(f"Default role: {pack.info.title}")
    blocks.append(
        ActionLine(role, Button("Change", "admin role")) if others else ActionLine(role, Button("See it", "brief"))
    )
    blocks.append(ActionLine(rich(mentions_text(muted)), Button("Change", "admin mentions")))
    if mentors_have_role is not None:
        mentors = rich("Mentors get a role here" if mentors_have_role else "Mentors don't get a role here")
        blocks.append(ActionLine(mentors, CHANGE if mentors_have_role else CHOOSE))
    if len(schedules) > MAX_SCHEDULES:
        blocks.append(Buttons((Button(f"All {count(len(schedules), 'schedule')}", "admin schedules"),)))
    return Card(f"This {place}'s settings", tuple(blocks))


def _schedule_lines(schedules: Sequence[Schedule]) -> Iterator[Block]:
    """The schedules posted in channels, stopped ones first; then those that aren't posted anywhere."""
    for schedule in sorted(schedules, key=lambda each: each.state is not ScheduleState.PAUSED)[:MAX_SCHEDULES]:
        stopped = schedule.state is ScheduleState.PAUSED
        button = Button("Fix", f"admin fix retry:{schedule.id}", "primary") if stopped else None
        yield ActionLine(schedule_line(schedule), button or Button("Move", f"admin fix move:{schedule.id}"))
    kinds = {schedule.kind for schedule in schedules}
    for kind, (text, button) in _OFF.items():
        if kind not in kinds:
            yield ActionLine(rich(text), button)
