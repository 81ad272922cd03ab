"""Learners as their mentor sees them: the digest, the list, one learner, and what a learner agrees to share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mentorbot.chat import dates
from mentorbot.chat.cards import (
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    Footnote,
    Paragraph,
    RichText,
    Span,
    Table,
    person,
    rich,
)
from mentorbot.domain.checkins import if_then
from mentorbot.domain.dashboard import standing_of
from mentorbot.domain.learner import CheckIn, CheckInState
from mentorbot.domain.mentoring import LearnerOverview, Mentorship, RecentProgress, SharedLearner
from mentorbot.domain.plan import PlanStep
from mentorbot.domain.progress_figures import LearnerProgress
from mentorbot.domain.visibility import Visibility
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short
from mentorbot.views.mentoring import MY_LEARNERS, SHARED, message_button
from mentorbot.views.rhythms import sentence_start
from mentorbot.views.wording import joined, of_hours

VISIBILITY_LABELS = {
    Visibility.NOTHING: "Only my name and target role",
    Visibility.PROGRESS: "My progress and what I'm stuck on",
    Visibility.CHECKINS: "My progress and my check-ins",
}
MAX_STUCK, MAX_LINES = 3, 6
"""Stuck learners in a digest, and learners listed on one card. A card has eight lines."""
_NUMBERS = ("none", "one", "both", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


# All learners.


def digest_card(overviews: Sequence[LearnerOverview], late: str | None = None) -> Card:
    """Tell a mentor who's stuck, longest first, then what else happened. `late` says in one line why it comes late."""
    stuck = sorted((item for item in overviews if _days_stuck(item) is not None), key=_days_stuck_first)
    others = [item for item in overviews if item not in stuck]
    blocks: list[Block] = [
        Paragraph(rich(_stuck_on(item, names_learner=item is not stuck[0]))) for item in stuck[:MAX_STUCK]
    ]
    blocks += [Paragraph(rich(text))] if (text := _news_text(others, len(stuck) - MAX_STUCK)) else []
    blocks += [Footnote(rich(late))] if late else []
    in_need = next(iter((*stuck, *_silent(others))), None)
    first = in_need or _to_cheer(others)
    buttons: tuple[Button, ...] = (MY_LEARNERS,)
    if first is not None:
        mentorship = first.mentorship
        cheer = Button(f"Cheer {short(mentorship.learner_name, 40)}", f"pair note {mentorship.id}", "primary")
        buttons = (message_button(mentorship.id, mentorship.learner_name, "primary") if in_need else cheer, *buttons)
    return Card(_stuck_title(stuck[0]) if stuck else _calm_title(overviews), (*blocks, Buttons(buttons)))


def mentor_hello_card(name: str, overviews: Sequence[LearnerOverview], asking: Sequence[Mentorship]) -> Card:
    """Say hello to a mentor: who's `asking` for them comes first, then how their learners are doing."""
    digest = digest_card(overviews)
    if not asking:
        return replace(digest, title=f"Hi {name}! {digest.title}")
    first, more = asking[0], (MY_LEARNERS,) if overviews else ()
    accept = Button(f"Accept {short(first.learner_name, 40)}", f"pair accept {first.id}", "primary")
    buttons = Buttons((accept, Button("Not now", f"pair decline {first.id}"), *more))
    news = (Paragraph(rich(f"{digest.title}.")),) if overviews else ()
    names = joined([short(mentorship.learner_name, 40) for mentorship in asking])
    return Card(f"Hi {name}! {names} would like you as a mentor", (*news, buttons))


def _silent(overviews: Sequence[LearnerOverview]) -> list[LearnerOverview]:
    """List those who've let weeks go by without a sign of life, longest first."""
    silent = [item for item in overviews if item.progress is not None and item.progress.is_silent]
    return sorted(silent, key=lambda item: -item.progress.silent_weeks if item.progress else 0)


def _days_stuck(overview: LearnerOverview) -> int | None:
    return overview.progress.days_stuck if overview.progress else None


def _days_stuck_first(overview: LearnerOverview) -> int:
    return -(_days_stuck(overview) or 0)


def _stuck_title(overview: LearnerOverview) -> str:
    name, days = overview.mentorship.learner_name, _days_stuck(overview) or 0
    return f"{name}'s been stuck {_days_text(days)}" if days else f"{name} got stuck today"


def _days_text(days: int) -> str:
    return "as of today" if days == 0 else "for a day" if days == 1 else f"for {days} days"


def _stuck_on(overview: LearnerOverview, *, names_learner: bool) -> str:
    """Name the step someone's stuck on, with their reason in quotes."""
    if overview.progress is None:
        return ""
    step = overview.progress.blocked[0]
    who = f"{_stuck_title(overview)} on " if names_learner else ""
    return f"{who}{_step_text(step)}"


def _step_text(step: PlanStep) -> str:
    why = f': "{short(step.blocker, 120)}"' if step.blocker else ""
    return f"{short(step.text, 80)}{why}"


def _calm_title(overviews: Sequence[LearnerOverview]) -> str:
    if silent := _silent(overviews):
        names = joined([short(item.mentorship.learner_name, 40) for item in silent[:MAX_STUCK]], "or")
        return f"I haven't heard from {names} lately"
    count = len(overviews)
    if any(overview.progress is None or overview.progress.is_quiet for overview in overviews):
        return "Nobody's stuck, as far as I can see"
    if count == 1:
        return f"{overviews[0].mentorship.learner_name}'s doing fine"
    if count == 2:
        return "Both are doing fine"
    return f"All {_NUMBERS[count] if count < len(_NUMBERS) else count} are doing fine"


def _news_text(overviews: Sequence[LearnerOverview], more_stuck: int) -> str:
    """Say in a short sentence for each learner how their week went: finished steps first, breaks last."""
    ordered = sorted(overviews, key=_news_order)
    sentences = [f"{item.mentorship.learner_name}{_news_of(item.progress)}." for item in ordered[:MAX_LINES]]
    more = max(0, len(ordered) - MAX_LINES) + max(0, more_stuck)
    return " ".join((*sentences, *((f"And {more} more.",) if more else ())))


def _news_order(overview: LearnerOverview) -> int:
    progress = overview.progress
    if progress is None:
        return 4
    if progress.is_silent:
        return -1
    return 0 if progress.finished else 3 if progress.is_away else 1 if progress.hours or progress.moved else 2


def _news_of(progress: RecentProgress | None) -> str:
    if progress is None:
        return " isn't sharing progress"
    if progress.finished:
        return " finished a step" if progress.finished == 1 else f" finished {progress.finished} steps"
    if progress.is_away:
        return "'s on a break"
    if progress.is_silent:
        return f" hasn't answered me for {progress.silent_weeks} weeks"
    if progress.hours:
        return f" worked {progress.hours} h"
    return " started a step" if progress.moved else " had a quiet week"


def _to_cheer(overviews: Sequence[LearnerOverview]) -> LearnerOverview | None:
    ordered = sorted(overviews, key=_news_order)
    return ordered[0] if ordered and 0 <= _news_order(ordered[0]) <= 1 else None


def learners_card(
    pack: Pack,
    overviews: Sequence[LearnerOverview],
    asking: Sequence[Mentorship] = (),
    room: int = 0,
    *,
    can_sum_up: bool = False,
) -> Card:
    """List a mentor's learners, those who are stuck first, with a button for each, and one for a summary if that's possible.

    Below stands who's `asking` for them, and for how many more there's `room`.
    """
    ordered = in_order(overviews)
    lines = tuple(rich(_learner(item.mentorship), f": {overview_line(pack, item)}") for item in ordered[:MAX_LINES])
    table = Table(
        ("Learner", "Target role", "Hours", "Lately"),
        tuple((rich(_learner(item.mentorship)), *_cells(pack, item)) for item in ordered[:MAX_LINES]),
        lines,
    )
    more = f"And {len(ordered) - MAX_LINES} more. " if len(ordered) > MAX_LINES else ""
    buttons = tuple(
        Button(short(item.mentorship.learner_name, 60), f"mentees {item.mentorship.id}") for item in ordered
    )
    sum_up = (Button("Sum it up", "mentees summary:yes"),) if can_sum_up else ()
    listed = (table if len(lines) > 1 else Bullets(lines),) if lines else ()
    answers = (Button("Accept", "pair accept"), Button("Decline", "pair decline")) if asking else ()
    waiting = Footnote(rich(f"{more}{_waiting(asking, room)}"))
    title = "Your learners" if lines else "You don't have any learners yet"
    return Card(title, (*listed, waiting, Buttons((*answers, *buttons, *sum_up))))


def _waiting(asking: Sequence[Mentorship], room: int) -> str:
    """Say who's waiting for the mentor's answer, and how many more they'd take."""
    names = joined(
        [
            short(mentorship.learner_name, 40) + (f" (“{short(mentorship.wish, 40)}”)" if mentorship.wish else "")
            for mentorship in asking
        ]
    )
    verb = "is" if len(asking) == 1 else "are"
    waiting = f"{names} {verb} waiting for your answer." if asking else "Nobody's waiting for your answer."
    return f"{waiting} You have room for {room} more." if room else waiting


def _learner(mentorship: Mentorship) -> Span:
    return person(mentorship.learner_name, mentorship.learner)


def _cells(pack: Pack, overview: LearnerOverview) -> tuple[RichText, RichText, RichText]:
    """Say how a learner is doing in the columns of a table: their target role, their hours, and what's new."""
    title, progress = rich(sentence_start(_title_name(pack, overview.title))), overview.progress
    if progress is None:
        return title, (), rich("Not sharing progress")
    hours = rich(of_hours(progress.hours_done, progress.hours_total))
    if progress.days_stuck is not None:
        return title, hours, rich(f"Stuck {_days_text(progress.days_stuck)} on {_step_text(progress.blocked[0])}")
    return title, hours, rich(sentence_start(_news_of(progress).removeprefix("'s").strip()))


def in_order(overviews: Sequence[LearnerOverview]) -> list[LearnerOverview]:
    """Sort learners: those who are stuck first, longest first; the others as they are."""
    return sorted(overviews, key=lambda item: _days_stuck_first(item) if _days_stuck(item) is not None else 1)


def overview_line(pack: Pack, overview: LearnerOverview) -> str:
    """Say in a line how a learner is doing, as far as they share it."""
    title, progress = _title_name(pack, overview.title), overview.progress
    if progress is None:
        return f"{title}, not sharing progress"
    if progress.days_stuck is not None:
        return f"stuck {_days_text(progress.days_stuck)} on {_step_text(progress.blocked[0])}"
    news = _news_of(progress).removeprefix("'s").strip()
    return f"{title}, {of_hours(progress.hours_done, progress.hours_total)}, {news}"


def _title_name(pack: Pack, title: str) -> str:
    return pack.title_name(title) or "no target role yet"


# One learner.


def learner_card(pack: Pack, mentorship: Mentorship, learner: SharedLearner) -> Card:
    """Show a mentor one learner, as far as the learner shares it."""
    buttons = (
        message_button(mentorship.id, mentorship.learner_name, "primary"),
        MY_LEARNERS,
        Button("End mentorship", f"pair end {mentorship.id}"),
    )
    return Card(mentorship.learner_name, (*_shared_blocks(pack, learner), Buttons(buttons)))


def _shared_blocks(pack: Pack, learner: SharedLearner) -> list[Block]:
    """Everything a mentor sees of a learner, in the preview word for word as on the mentor's own card."""
    who = f"{learner.name}, {_title_name(pack, learner.title)}."
    progress = learner.progress
    if progress is None:
        return [Paragraph(rich(f"{who} Nothing else is shared."))]
    plan = progress.snapshot.plan
    steps = sum(step.active for step in plan.steps) + progress.steps_done
    figures = f"{of_hours(plan.hours_done, plan.hours_total)}, {progress.steps_done} of {steps} steps."
    blocks: list[Block] = [
        Paragraph(rich(f"{who} {figures if plan.steps else 'No plan yet.'}")),
        Paragraph(rich(f"{_levels_text(pack, progress.levels)} {_stuck_text(progress)}")),
    ]
    return [*blocks, *_checkin_blocks(learner.checkins)]


def _levels_text(pack: Pack, levels: Mapping[str, int]) -> str:
    """Name the two highest levels and count the others."""
    named = sorted((skill for skill in pack.skill_titles if skill in levels), key=lambda skill: -levels[skill])
    if not named:
        return "No levels yet."
    shown = [f"{pack.skill_titles[skill]} {levels[skill]}" for skill in named[:2]]
    others = len(named) - len(shown)
    return f"{', '.join((*shown, *((f'{others} more levels' if others > 1 else '1 more level',) if others else ())))}."


def _stuck_text(progress: LearnerProgress) -> str:
    snapshot = progress.snapshot
    if not snapshot.plan.blocked:
        current = standing_of(snapshot).current
        return f"Nothing stuck. Now: {short(current.text, 80)}." if current else "Nothing stuck."
    blocked = sorted(snapshot.plan.blocked, key=lambda step: step.status_since or snapshot.today)
    stuck = (
        f"{_days_text((snapshot.today - (step.status_since or snapshot.today)).days)} on {_step_text(step)}"
        for step in blocked
    )
    return f"Stuck {'; '.join(stuck)}."


def _checkin_blocks(checkins: Sequence[CheckIn]) -> list[Block]:
    items = tuple(
        rich(f"Week of {dates.long_day(checkin.week)}: {_checkin_text(checkin)}") for checkin in reversed(checkins)
    )
    return [Bullets(items)] if items else []


def _checkin_text(checkin: CheckIn) -> str:
    if not checkin.fallback:
        return "checked in" if checkin.state is CheckInState.HELD else "took the week off"
    return f"{checkin.next_step}. {if_then(checkin.obstacle, checkin.fallback)}"


# Visibility, which a learner agrees to.


def visibility_card(pack: Pack, learner: SharedLearner, shown: Visibility, current: Visibility, mentor: str) -> Card:
    """Show a learner exactly what a mentor would see with the visibility `shown`, before they agree to it.

    `mentor` is a name, "" for a learner who has none yet.
    """
    would = "would see" if shown is not current else "sees" if mentor else "will see"
    mentor = mentor or "your mentor"
    agree = "Share this" if shown.shows_progress else "Share nothing"
    buttons = [] if shown is current else [Button(agree, f"pair share {shown.value} agree:yes", "primary")]
    if shown is Visibility.CHECKINS:
        buttons.append(Button("Leave out check-ins", "pair share progress"))
    else:
        buttons.append(Button("Add check-ins" if shown.shows_progress else "Add progress", _more(shown)))
    if shown is not Visibility.NOTHING:
        buttons.append(Button("Share nothing", "pair share nothing agree:yes"))
    limit = {
        Visibility.NOTHING: f"{mentor} sees nothing else.",
        Visibility.PROGRESS: f"{mentor} won't see your check-ins.",
        Visibility.CHECKINS: f"{mentor} sees your last five check-ins.",
    }[shown]
    blocks = (*_shared_blocks(pack, learner), Paragraph(rich(sentence_start(limit))), Buttons(tuple(buttons)))
    return Card(f"This is exactly what {mentor} {would}", blocks)


def _more(shown: Visibility) -> str:
    return "pair share checkins" if shown.shows_progress else "pair share progress"


def shared_card(shared: Visibility, before: Visibility, mentor: str) -> Card:
    """Confirm a change of visibility. `mentor` is a name, "" for a learner who has none yet."""
    undo = () if before is shared else (Button("Undo", f"pair share {before.value} agree:yes"),)
    title = f"{mentor} now sees {SHARED[shared]}" if mentor else f"Your mentor will see {SHARED[shared]}"
    buttons = Buttons((Button("See it", f"pair share {shared.value}"), *undo))
    return Card(title, (Paragraph(rich("Change it any time.")), buttons))
