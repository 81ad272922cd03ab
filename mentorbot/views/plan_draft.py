"""A draft of a plan as a card: this week first, an honest end, and ways to make it fit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from mentorbot.chat import dates
from mentorbot.chat.cards import Button, Buttons, Card, Paragraph, rich
from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.domain.plan import MAX_HOURS_PER_WEEK, PlanStep, monday
from mentorbot.domain.plan_builder import WEEKS_PER_YEAR
from mentorbot.domain.plan_draft import DraftAlternatives, LevelBasis, NearerTitle, PlanDraft
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short
from mentorbot.slash.tokenizer import format_line
from mentorbot.views.plan import MAX_NAME, calendar_order, planned_time
from mentorbot.views.rhythms import sentence_start, zone_time
from mentorbot.views.wording import about_hours, count, day, full_stop, joined, start_of, steps_title, weeks_or_months

STEPS_PER_PAGE = 8
"""Steps of a page. With a title and two rows of buttons, that's within the twelve lines of a preview."""


def draft_card(pack: Pack, learner: LearnerSnapshot, draft: PlanDraft, basis: LevelBasis) -> Card:
    """A draft that isn't saved yet: its size and end, this week, and what comes next."""
    steps = sorted(draft.steps, key=calendar_order)
    lines = [f"{_size(draft)}. {_end(draft, learner.today)}"]
    lines += [_first_week(steps[0], learner.today)]
    if len(steps) > 1:
        lines.append(f"Next: {short(steps[1].text, MAX_NAME)}, {steps[1].hours} h{_from(steps[1], learner.today)}")
    based_on = _based_on(pack, basis)
    rest = f"And {len(steps) - 2} more" if len(steps) > 2 else "That's all"
    lines.append(f"{rest}{f', {based_on}' if based_on else ''}. Not saved yet.")
    if not based_on:
        lines.append(_FROM_ZERO)
    lines += [*_job(draft), *_notes(pack, learner, draft)]
    buttons = [
        Button("Start", _line("plan save", draft, basis), "primary"),
        Button("All steps", f"{_line('plan new', draft, basis)} page:1"),
        Button("Adjust", _adjust_line(draft, basis)),
    ]
    if not based_on:
        buttons.append(Button("Take the check", "assess"))
    title = f"Your plan: {pack.title_name(draft.target.title)}"
    return Card(title, (*(Paragraph(rich(line)) for line in lines), Buttons(tuple(buttons))))


_FROM_ZERO = "I've assumed you're starting from zero. The 2-minute check skips what you know."


def _notes(pack: Pack, learner: LearnerSnapshot, draft: PlanDraft) -> Iterable[str]:
    if draft.uncovered:
        yield f"I don't have any steps for part of {_skills(pack, draft)}."
    old = learner.plan.title and {step.number for step in learner.plan.active} - {
        step.number for step in draft.plan.active
    }
    if old:
        yield f"This replaces {count(len(old), 'step')} in your plan. Your own steps stay."


def _job(draft: PlanDraft) -> Iterable[str]:
    """Say that a job comes first, if one does: nobody gets a senior title by doing exercises."""
    if job := draft.job:
        first = f", starting as {draft.target.first_job}" if draft.target.first_job else ""
        years = round(job.weeks / WEEKS_PER_YEAR)
        yield f"It includes {'a year' if years <= 1 else f'{years} years'} on the job{first}."


def _size(draft: PlanDraft) -> str:
    return f"{count(len(draft.steps), 'step')}, {about_hours(draft.hours_left)}"


def _end(draft: PlanDraft, today: date) -> str:
    plan = draft.plan
    if plan.milestones_end is None or draft.exceeds_layout:
        return f"At {plan.hours_per_week} h a week it'd take more than ten years."
    in_time = f", in time for {day(plan.target_date, today)}" if plan.target_date and not draft.is_late else ""
    return f"At {plan.hours_per_week} h a week you'd finish in {dates.month(plan.milestones_end, year=True)}{in_time}."


def _first_week(step: PlanStep, today: date) -> str:
    """Word the first week of the plan: "This week: Know one cloud's building blocks, 6 of 30 h"."""
    if not step.allocations:
        return f"First: {short(step.text, MAX_NAME)}, {step.hours} h"
    week, hours = step.allocations[0].week, step.allocations[0].hours
    when = "This week" if week == monday(today) else f"From {start_of(week, today)}"
    share = f"{hours} of {step.hours} h" if hours < step.hours else f"{step.hours} h"
    return f"{when}: {short(step.text, MAX_NAME)}, {share}"


def _from(step: PlanStep, today: date) -> str:
    return f", {planned_time(step, today)}" if step.allocations else ""


def _based_on(pack: Pack, basis: LevelBasis) -> str:
    """Name the origin of the levels; "" if they're all zero."""
    if basis.persona:
        return f"based on “{basis.persona.lower()}”"
    if basis.assessed:
        return "based on your 2-minute check"
    return f"based on {pack.title_name(basis.current_title)}, your role today" if basis.current_title else ""


def _skills(pack: Pack, draft: PlanDraft) -> str:
    return joined([pack.skill_names.get(skill, skill) for skill in draft.uncovered])


def draft_steps_card(pack: Pack, learner: LearnerSnapshot, draft: PlanDraft, basis: LevelBasis, page: int) -> Card:
    """A page of the steps of a draft, from 1. Work that needs a job says so; the step itself says what to do without one."""
    steps = sorted(draft.steps, key=calendar_order)
    pages = max(1, -(-len(steps) // STEPS_PER_PAGE))
    page = min(max(1, page), pages)
    shown = steps[(page - 1) * STEPS_PER_PAGE : page * STEPS_PER_PAGE]
    lines = [
        f"{short(step.text, MAX_NAME)}, {step.hours} h{_from(step, learner.today)}{_at_work(pack, step)}"
        for step in shown
    ]
    line = _line("plan new", draft, basis)
    more = [Button("More", f"{line} page:{page + 1}")] if page < pages else []
    buttons = (Button("Start", _line("plan save", draft, basis), "primary"), *more, Button("Back", line))
    title = steps_title(len(steps)) + (f" ({page} of {pages})" if pages > 1 else "")
    return Card(title, (*(Paragraph(rich(text)) for text in lines), Buttons(buttons)))


def _at_work(pack: Pack, step: PlanStep) -> str:
    guide = pack.step_guide(step)
    return ", at work" if guide and guide.without_job else ""


def far_away_card(pack: Pack, draft: PlanDraft, basis: LevelBasis, nearer: NearerTitle) -> Card:
    """A draft that takes years, and a nearer title on the way."""
    name, near = pack.title_name(draft.target.title), pack.title_name(nearer.draft.target.title)
    until = (
        dates.month(draft.plan.milestones_end, year=True)
        if draft.plan.milestones_end and not draft.exceeds_layout
        else ""
    )
    title = f"{name} would take until {until}" if until else f"{name} would take more than ten years"
    all_steps = f"All {count(nearer.shared, 'step')} count" if nearer.shared > 1 else "That step counts"
    if nearer.shared < len(nearer.draft.steps):
        all_steps = f"{nearer.shared} of {count(len(nearer.draft.steps), 'step')} count"
    end = nearer.draft.plan.milestones_end
    based_on = _based_on(pack, basis)
    lines = [
        f"{_size(draft)} at {draft.plan.hours_per_week} h a week.",
        f"Nearer: {near}{f' in {dates.month(end, year=True)}' if end else ''}. {all_steps} towards {name}.",
        f"It's {based_on}." if based_on else _FROM_ZERO,
    ]
    if nearer.draft.job and (job := nearer.draft.target.first_job):
        lines.insert(2, f"Either way, you'd work as {job} first. It's in the plan.")
    buttons = (
        Button(short(f"Start with {near}", 75), f"{_line('plan new', nearer.draft, basis)} anyway:yes", "primary"),
        Button(short(f"{name} anyway", 75), f"{_line('plan new', draft, basis)} anyway:yes"),
        *(() if basis.assessed == basis.skills else (Button("Take the check", "assess"),)),
    )
    return Card(title, (*(Paragraph(rich(line)) for line in lines), Buttons(buttons)))


def too_tight_card(
    learner: LearnerSnapshot, draft: PlanDraft, basis: LevelBasis, alternatives: DraftAlternatives
) -> Card:
    """A draft that ends after its date: the sum, then ways out."""
    target = draft.plan.target_date or learner.today
    weeks = max(1, (monday(target) - monday(learner.today)) // timedelta(weeks=1) + 1)
    hours, time = about_hours(draft.hours_left), count(weeks, "week")
    amount = f"{sentence_start(hours)} in {time}"
    if needed := alternatives.more_hours:
        text = f"{amount} is {needed} h a week. You have {draft.plan.hours_per_week}."
    elif draft.hours_left > weeks * MAX_HOURS_PER_WEEK:
        text = f"Nobody can fit {hours} into {time}. You have {draft.plan.hours_per_week} h a week."
    else:
        longest = max(draft.steps, key=lambda step: step.weeks)
        text = f"{amount}, but some of it just takes time: {short(longest.text, MAX_NAME)}, {weeks_or_months(longest.weeks)}."
    buttons = tuple(_ways_out(learner, draft, basis, alternatives))
    return Card(f"{day(target, learner.today)} is too tight", (Paragraph(rich(text)), Buttons(buttons)))


def _ways_out(
    learner: LearnerSnapshot, draft: PlanDraft, basis: LevelBasis, alternatives: DraftAlternatives
) -> Iterable[Button]:
    if later := alternatives.later_date:
        line = _line("plan new", draft, basis, target_date=later)
        yield Button(f"Finish {day(later, learner.today)}", f"{line} anyway:yes", "primary")
    if hours := alternatives.more_hours:
        yield Button(f"{hours} h a week", _line("plan new", draft, basis, hours=hours))
    if smaller := alternatives.smaller:
        yield _smaller_button(learner, smaller, basis)
    if not any((alternatives.later_date, alternatives.more_hours, alternatives.smaller)):
        yield Button("Adjust", _adjust_line(draft, basis), "primary")


def _smaller_button(learner: LearnerSnapshot, smaller: PlanDraft, basis: LevelBasis) -> Button:
    """Offer a smaller target, with a date it can be reached by if the one that was asked for is too early for that as well."""
    end = smaller.plan.milestones_end
    if not smaller.is_late or smaller.exceeds_layout or end is None:
        return Button("Fewer steps", _line("plan new", smaller, basis))
    label = short(f"{smaller.target.name}, {day(end, learner.today)}", 75)
    return Button(label, f"{_line('plan new', smaller, basis, target_date=end)} anyway:yes")


def _line(
    command: str, draft: PlanDraft, basis: LevelBasis, *, target_date: date | None = None, hours: int | None = None
) -> str:
    """The command line that drafts the plan again, with something changed."""
    by = target_date or draft.plan.target_date
    options = {"title": draft.target.title, "hours": str(hours or draft.plan.hours_per_week)}
    options |= {"by": by.isoformat()} if by else {}
    options |= {"persona": basis.persona_id} if basis.persona_id else {}
    return format_line(command.split(), options)


def _adjust_line(draft: PlanDraft, basis: LevelBasis) -> str:
    return _line("plan adjust", draft, basis)


def nothing_to_plan_card(pack: Pack, draft: PlanDraft, basis: LevelBasis) -> Card:
    """Say why there's nothing to plan for a title."""
    name = pack.title_name(draft.target.title)
    title, text = (
        f"You're already there: {name}",
        f"You have every level {name} needs. Choose a new target role, or show what you've done.",
    )
    if draft.levels_to_climb:
        title = "I'm out of steps for you"
        text = (
            f"You've done all my steps towards {name}, but your check puts you below it in {_skills(pack, draft)}. "
            "Take it again, or add steps of your own."
        )
    elif not basis.assessed and basis.current_title:
        text = f"Going by your role today, you have every level {name} needs. The 2-minute check tells you for sure."
    buttons = Buttons(
        (Button("Take the check", "assess"), Button("Add a step", "plan add"), Button("Portfolio", "portfolio"))
    )
    return Card(title, (Paragraph(rich(text)), buttons))


def draft_saved_card(
    pack: Pack, learner: LearnerSnapshot, zone: ZoneInfo | None, first: str, *, has_checkin: bool
) -> Card:
    """A plan that was just saved, with one question: when to check in. `first` are the first 30 minutes of its first step."""
    title = f"Plan saved. Next stop: {pack.title_name(learner.plan.title)}"
    lines = [f"First 30 minutes: {full_stop(first)}"] if first else []
    undo = Button("Undo", f"plan undo seen:{learner.version}")
    if has_checkin:
        buttons: tuple[Button, ...] = (Button("My plan", "plan show", "primary"), undo)
        return Card(title, (*(Paragraph(rich(line)) for line in lines), Buttons(buttons)))
    if zone is None:
        lines.append("Shall I check in on Fridays at 15:00? In which city's time?")
        yes = Button("Pick a city", "checkin settings day:friday at:15:00 zone:?", "primary")
        buttons = (yes, Button("No check-ins", "plan show"), undo)
    else:
        lines.append(f"Shall I check in on Fridays at 15:00, {zone_time(zone)}?")
        yes = Button("Yes", f"checkin settings day:friday at:15:00 zone:{zone.key}", "primary")
        buttons = (yes, Button("Change", "settings change:checkin"), Button("No check-ins", "plan show"), undo)
    return Card(title, (*(Paragraph(rich(line)) for line in lines), Buttons(buttons)))
