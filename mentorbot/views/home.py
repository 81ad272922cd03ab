"""A person's start page: this week first, then who waits for them as a mentor, then what's broken in their workspace."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from mentorbot.chat.cards import (
    ActionLine,
    Block,
    Button,
    Buttons,
    Card,
    Divider,
    Footnote,
    Paragraph,
    Span,
    bold,
    person,
    rich,
)
from mentorbot.domain.deliveries import MessageKind, Schedule, ScheduleState
from mentorbot.domain.forecast import next_in_channel
from mentorbot.domain.home import AdminHome, Home
from mentorbot.domain.mentoring import Mentorship, MentorshipState
from mentorbot.domain.visibility import MIN_GROUP_SIZE
from mentorbot.domain.work_calendar import country_name
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short
from mentorbot.views.channel_access import CLOSED_TO_ME, access_notice
from mentorbot.views.channel_schedules import channel_text
from mentorbot.views.deliveries import KIND_NAMES, reason_text
from mentorbot.views.help import PRIVACY
from mentorbot.views.mentees import in_order, overview_line
from mentorbot.views.mentions import mentions_text
from mentorbot.views.mentoring import message_button
from mentorbot.views.plan import next_step, step_name_and_bar, this_week
from mentorbot.views.rhythms import moment, rhythm_text
from mentorbot.views.start import a_role, welcome_card
from mentorbot.views.wording import count, day

MAX_REQUESTS, MAX_LEARNERS, MAX_SCHEDULES = 5, 10, 5
"""Lines of each list. The rest is a button away."""
_SETTINGS, _HELP = Button("Settings", "settings"), Button("Help", "help")


def home_card(pack: Pack, home: Home) -> Card:
    """The start page. A newcomer gets one thing to do, and nothing else but what they manage."""
    if home.is_new:
        title, blocks = f"Become {a_role(pack)}, a few hours a week", list(_welcome(pack, home))
    else:
        title, blocks = _week(home)
        blocks += _course(home)
        blocks += _messages(pack, home)
        blocks += _mentor(home.mentorship)
    if home.is_mentor:
        blocks += [Divider(), *_learners(pack, home)]
    if home.admin is not None:
        blocks += [Divider(), *_workspace(home.admin, home)]
    return Card(title, (*blocks, Buttons((_SETTINGS, _HELP))))


def _welcome(pack: Pack, home: Home) -> Iterator[Block]:
    yield from welcome_card(pack, home.learner.name).blocks
    yield Footnote(rich(PRIVACY[-1]))


# The learner's own week.


def _week(home: Home) -> tuple[str, list[Block]]:
    """Word this week, with its one or more steps and the check-in."""
    learner = home.learner
    plan, steps = learner.plan, learner.plan.steps_in_week(learner.week)
    check_in = Button("Check in", "checkin now")
    if not plan.active:
        finished = bool(plan.steps)
        make = Button("New plan", "plan new title:?", "primary") if finished else _MAKE_A_PLAN
        return "Every step is done" if finished else "You don't have a plan yet", [Buttons((make,))]
    title, lines = this_week(learner, steps)
    if learner.week_is_off:
        return title, [*(Paragraph(rich(line)) for line in lines), Buttons((_COME_BACK,))]
    if len(steps) == 1:
        opener = Button("Open step", f"plan step {steps[0].number}", "primary")
        return f"This week: {step_name_and_bar(steps[0], plan)}", [Buttons((opener, check_in))]
    if not steps:
        following = next_step(learner, steps)
        start = [Button("Start next", f"plan start {following.number}", "primary")] if following else []
        return title, [Buttons((*start, check_in))]
    openers = [Button(short(step.text, 40), f"plan step {step.number}") for step in steps[:3]]
    return title, [*(Paragraph(rich(line)) for line in lines), Buttons((*openers, check_in))]


_MAKE_A_PLAN = Button("Make a plan", "start goal:role", "primary")
_COME_BACK = Button("I'm back", "checkin resume", "primary")


def _course(home: Home) -> Iterator[Block]:
    learner = home.learner
    if not learner.plan.steps:
        return
    end = learner.plan.end_date
    words = [f"Streak: {count(home.streak, 'week')}."] if home.streak else []
    words += [f"On course for {day(end, learner.today)}."] if end and learner.plan.active else []
    if words:
        yield Paragraph(rich(" ".join(words)))
    yield Buttons((Button("My plan", "plan show"), Button("Progress", "progress")))


def _messages(pack: Pack, home: Home) -> Iterator[Block]:
    """The next check-in and the last tip."""
    schedules = {schedule.kind: schedule for schedule in home.forecast.schedules}
    if any(schedule.paused_reason for schedule in schedules.values()):
        yield ActionLine(rich(CLOSED_TO_ME), Button("Settings", "settings", "primary"))
    elif (checkin := schedules.get(MessageKind.CHECKIN)) is not None:
        yield ActionLine(rich("Next check-in: ", _next(home, checkin)), Button("Change", "settings change:checkin"))
    elif home.learner.plan.active:
        yield ActionLine(rich("Check-ins: off"), Button("Turn on", "checkin settings friday 15:00"))
    if home.last_tip in pack.tips_by_id:
        tip = pack.tips_by_id[home.last_tip][0]
        yield ActionLine(rich(f"Last tip: {tip.title}"), Button("Add to my plan", f"plan add tip:{tip.id}"))


def _next(home: Home, schedule: Schedule) -> str | Span:
    message = home.forecast.next_messages().get(schedule.id)
    if message is None or message.at is None:
        skipped = message.skipped if message else None
        return reason_text(skipped) if skipped else "none"
    return moment(message.at, schedule.recurrence.zone, home.forecast.now)


def _mentor(mentorship: Mentorship | None) -> Iterator[Block]:
    match mentorship.state if mentorship else None:
        case MentorshipState.ACTIVE if mentorship is not None:
            name = short(mentorship.mentor_name, 40)
            yield Paragraph(rich("Mentor: ", person(mentorship.mentor_name, mentorship.mentor)))
            yield Buttons((message_button(mentorship.id, name), Button(f"What {name} sees", "pair share")))
        case MentorshipState.REQUESTED if mentorship is not None:
            text = rich(f"Mentor: I've asked {mentorship.mentor_name}")
            yield ActionLine(text, Button("Cancel request", "pair end"))
        case MentorshipState.WAITING:
            yield ActionLine(rich("Mentor: you're on the waitlist"), Button("Leave waitlist", "pair end"))
        case _:
            yield ActionLine(rich("Mentor: nobody yet"), Button("Find a mentor", "pair list"))


# For mentors.


def _learners(pack: Pack, home: Home) -> Iterator[Block]:
    for request in home.requests[:MAX_REQUESTS]:
        yield Paragraph(rich(person(request.learner_name, request.learner), " asks for a mentor"))
        accept = Button("Accept", f"pair accept {request.id}", "primary")
        yield Buttons((accept, Button("Not now", f"pair decline {request.id}")))
    for overview in in_order(home.learners)[:MAX_LEARNERS]:
        mentorship = overview.mentorship
        words = rich(bold(mentorship.learner_name), f": {overview_line(pack, overview)}")
        yield ActionLine(words, Button("Open", f"mentees {mentorship.id}"))
    if home.learners:
        more = len(home.learners) - MAX_LEARNERS
        label = f"And {more} more" if more > 0 else "All my learners"
        yield Buttons((Button(label, "mentees"),))
    if home.offer is not None and home.offer.offering:
        room = home.offer.room
        text = f"You have room for {room} more" if room else "You have no room for more learners"
        yield ActionLine(rich(text), Button("Change", "pair offer"))


# For admins.


def _workspace(admin: AdminHome, home: Home) -> Iterator[Block]:
    stopped = [schedule for schedule in admin.schedules if schedule.state is ScheduleState.PAUSED]
    ordered = [*stopped, *(schedule for schedule in admin.schedules if schedule not in stopped)]
    yield from (_schedule_line(schedule, admin, home) for schedule in ordered[:MAX_SCHEDULES])
    if not ordered:
        yield ActionLine(rich("Channels: no weekly tip yet"), Button("Set up", "admin setup"))
    report = admin.report
    learners = f"shown from {MIN_GROUP_SIZE}" if report.learners is None else f"{report.learners.learners} with a plan"
    waiting = f"fewer than {MIN_GROUP_SIZE}" if report.waiting is None else report.waiting or "nobody"
    yield ActionLine(rich(f"Learners: {learners}. Waitlist: {waiting}."), Button("Report", "admin report"))
    where = country_name(admin.calendar.country) if admin.calendar.country else "no region yet"
    yield ActionLine(rich(f"Days off: {where}"), Button("Change", "admin calendar"))
    yield ActionLine(rich(mentions_text(admin.muted)), Button("Change", "admin mentions"))
    if len(ordered) > MAX_SCHEDULES:
        yield Buttons((Button(f"All {len(ordered)} schedules", "admin schedules"),))


def _schedule_line(schedule: Schedule, admin: AdminHome, home: Home) -> Block:
    channel, name = bold(channel_text(schedule)), KIND_NAMES[schedule.kind]
    if schedule.state is ScheduleState.PAUSED:
        why = access_notice(schedule.paused_reason or "", schedule.workspace.platform)
        fix = Button("Fix", f"admin fix retry:{schedule.id}", "primary")
        return ActionLine(rich(channel, f": I can't post the {name}. {why}"), fix)
    coming = next_in_channel(schedule, admin.calendar).at
    zone: ZoneInfo = schedule.recurrence.zone
    when = moment(coming, zone, home.forecast.now) if coming else rhythm_text(schedule.recurrence)
    return ActionLine(rich(channel, f": {name}, ", when), Button("Change", f"admin fix move:{schedule.id}"))
