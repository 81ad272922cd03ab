"""Talk around commands: offers, small talk, and the closest thing to what wasn't understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from mentorbot.chat import dates
from mentorbot.chat.cards import (
    ActionLine,
    Answer,
    Block,
    Bullets,
    Button,
    Buttons,
    Card,
    FieldList,
    Footnote,
    Heading,
    Paragraph,
    bold,
    rich,
)
from mentorbot.domain.conversation import SmallTalk
from mentorbot.domain.learner import LearnerSnapshot
from mentorbot.packs.schema import Pack
from mentorbot.slash.choices import short
from mentorbot.slash.registry import CommandSpec
from mentorbot.views.start import a_role, welcome_card
from mentorbot.views.wording import joined, weekday

Labelled = Sequence[tuple[str, str]]
"""Buttons to be: what each says, and the line it runs."""
_MAX_TITLE_LENGTH, _MAX_LABEL_LENGTH, _MAX_CHANGE_LENGTH = 140, 70, 60
_CHANGE = "Change it"
_LONG_PAUSE = timedelta(weeks=6)
"""The length of the pause to offer people who say “stop”, from this week's Monday."""


def offer_card(
    offers: Labelled,
    leftover: str = "",
    misread: str = "",
    change: str = "",
    values: Sequence[tuple[str, str]] = (),
    changes: Sequence[tuple[str, str]] = (),
    effect: str = "",
    *,
    only_asks: bool = False,
) -> Card:
    """Say what would be done, with a button to do it. Nothing has happened yet. `change` is a line that asks for a value.

    `effect` says what would follow from it.

    Of the `values` it'd use, each with its name, those that the label doesn't say in full stand below. `changes` are the values
    that an earlier offer had, and has now. If the button `only_asks` for more, nobody could think that anything's been changed.
    """
    untold = tuple((name, rich(value)) for name, value in values if value not in short(offers[0][0], _MAX_TITLE_LENGTH))
    blocks: list[Block] = [FieldList(untold)] if untold else []
    if misread:
        blocks.append(Paragraph(rich(f"I'm not sure I understood “{short(misread, 40)}”.")))
    if leftover:
        blocks.append(Paragraph(rich(f"I left out “{short(leftover, 120)}”.")))
    if changes:
        blocks.append(Paragraph(rich(f"Now {_changes_text(changes)}.")))
    if effect:
        blocks.append(Paragraph(rich(f"What it'd do: {effect}")))
    if len(offers) == 1 and not only_asks:
        blocks.append(Paragraph(rich("Nothing's changed yet.")))
    title = f"{short(offers[0][0], _MAX_TITLE_LENGTH)}?" if len(offers) == 1 else "What would you like to do?"
    style: Literal["plain", "primary"] = "primary" if len(offers) == 1 else "plain"
    buttons = [Button(_label(label), line, style) for label, line in offers]
    others = (Button(_CHANGE, change),) if change and len(offers) == 1 and not only_asks else ()
    return Card(title, (*blocks, Buttons((*buttons, *others))))


def several_card(offers: Labelled, leftover: str = "") -> Card:
    """Offer several things that are all meant, with a button for each. Nothing has happened yet."""
    if len(offers) == 1:
        return offer_card(offers, leftover)
    left = (Paragraph(rich(f"I left out “{short(leftover, 120)}”.")),) if leftover else ()
    buttons = Buttons(tuple(Button(_label(label), line) for label, line in offers))
    unchanged = Paragraph(rich("Nothing's changed yet."))
    return Card(f"{len(offers)} things, a tap for each", (*left, unchanged, buttons))


def all_done_card(answers: Sequence[Answer]) -> Answer:
    """Say in one card what several commands did; the last one's buttons are those that still hold."""
    cards = [answer for answer in answers if isinstance(answer, Card)]
    if not cards:
        return answers[-1]
    others = [Paragraph(rich(bold(card.title))) for card in cards[1:]]
    return replace(cards[-1], title=cards[0].title, blocks=(*others, *cards[-1].blocks))


def _label(label: str) -> str:
    return short(label, _MAX_LABEL_LENGTH)


def _changes_text(changes: Sequence[tuple[str, str]]) -> str:
    """Word how an offer differs from the one before, by the old and the new value of each change; "" is none."""
    cut = [(short(old, _MAX_CHANGE_LENGTH), short(new, _MAX_CHANGE_LENGTH)) for old, new in changes]
    added, gone = [new for old, new in cut if not old], [old for old, new in cut if not new]
    replaced = [f"{new} instead of {old}" for old, new in cut if old and new]
    more = [f"with {joined(added)}"] if added else []
    less = [f"without {joined(gone)}"] if gone else []
    return joined([*replaced, *more, *less])


def with_misread(answer: Answer, misread: str, command: CommandSpec) -> Answer:
    """Say in the title of an answer which slip it was read in spite of; its own title comes below."""
    if not misread or not isinstance(answer, Card):
        return answer
    label = command.label_for({})
    name = command.name if label in command.summary else f"{label[:1].lower()}{label[1:]}"
    title = f"I took “{short(misread, 40)}” as “{name}”"
    return replace(answer, title=title, blocks=(Paragraph(rich(bold(answer.title))), *answer.blocks))


def with_alternatives(answer: Answer, offers: Labelled) -> Answer:
    """Add to an answer what else the words may have asked for. That may name a step of the person's, so it's for them alone."""
    return _with_buttons(answer, "Or did you mean:", offers)


def with_next(answer: Answer, offers: Labelled) -> Answer:
    """Add to an answer what was asked for beside it."""
    return _with_buttons(answer, "You also asked:", offers)


def _with_buttons(answer: Answer, lead: str, offers: Labelled) -> Answer:
    if not offers or not isinstance(answer, Card):
        return answer
    others = Buttons(tuple(Button(_label(label), line) for label, line in offers))
    return replace(answer, blocks=(*answer.blocks, Footnote(rich(lead)), others), shareable=False)


def effect_card(effect: str, told: str, offers: Labelled) -> Card:
    """Say what something does, whose first sentence is the title, and what follows from it; it stays offered."""
    title, _, rest = effect.partition(". ")
    lines = (rest, told, "Nothing's changed yet." if offers else "")
    blocks = tuple(Paragraph(rich(line)) for line in lines if line)
    return Card(title.removesuffix("."), (*blocks, *_offer_row(offers)))


def with_offer(answer: Answer, offers: Labelled, *, is_tried: bool) -> Answer:
    """Show how things would be after what's offered, if that's been tried. It stays the only thing to press."""
    if not isinstance(answer, Card) or not offers:
        return answer
    shown = (_unpressable(block) for block in answer.blocks if not isinstance(block, Buttons))
    label = f"That's with “{short(offers[0][0], _MAX_TITLE_LENGTH)}”. " if is_tried and _is_one(offers) else ""
    unchanged = Paragraph(rich(f"{label}Nothing's changed yet."))
    return replace(answer, blocks=(*shown, unchanged, *_offer_row(offers)), shareable=False, updates=False)


def _unpressable(block: Block) -> Block:
    """Leave out the button at the end of a line."""
    return Paragraph(block.words) if isinstance(block, ActionLine) else block


def _is_one(offers: Labelled) -> bool:
    """Return True for one thing to do, perhaps with a button that changes it."""
    return len([label for label, _ in offers if label != _CHANGE]) == 1


def _offer_row(offers: Labelled) -> tuple[Buttons, ...]:
    styles: list[Literal["plain", "primary"]] = [
        "primary" if not index and _is_one(offers) else "plain" for index in range(len(offers))
    ]
    row = tuple(Button(_label(label), line, style) for (label, line), style in zip(offers, styles, strict=True))
    return (Buttons(row),) if offers else ()


MAX_CHAT_LINES = 8
"""Lines of an answer in a conversation, a row of buttons counting as one."""
_MAX_MORE = 2


def short_first(answer: Answer, line: str) -> Answer:
    """Cut a long article to its first lines, its source and a button for all of it, which runs `line`."""
    if not isinstance(answer, Card) or 1 + sum(map(_height, answer.blocks)) <= MAX_CHAT_LINES:
        return answer
    buttons = [button for block in answer.blocks if isinstance(block, Buttons) for button in block.buttons]
    others = tuple(replace(button, style="plain") for button in buttons[:_MAX_MORE])
    more = Buttons((Button("More", line, "primary"), *others))
    return replace(answer, blocks=(*_beginning(answer.blocks, MAX_CHAT_LINES - 2), more))


def _beginning(blocks: Sequence[Block], lines: int) -> list[Block]:
    """Take the first lines in their order, with whatever says whose words they are: a source is below its facts."""
    texts = [block for block in blocks if isinstance(block, Paragraph | Bullets | FieldList | Heading | Footnote)]
    source = next((block for block in texts if isinstance(block, Footnote)), None)
    kept: list[Block] = []
    for block in texts:
        reserved = source is not None and source is not block and source not in kept
        if (left := lines - sum(map(_height, kept)) - reserved) <= 0:
            break
        kept.append(_first_lines(block, left))
    if source is not None and source not in kept:
        kept.append(source)
    return kept[:-1] if isinstance(kept[-1], Heading) else kept


def _height(block: Block) -> int:
    match block:
        case Bullets(items=items):
            return len(items)
        case FieldList(rows=rows):
            return len(rows)
        case Paragraph(words=words):
            return len("".join(span.text for span in words).strip().splitlines())
    return 1


def _first_lines(block: Block, lines: int) -> Block:
    match block:
        case Bullets(items=items):
            return replace(block, items=items[:lines])
        case FieldList(rows=rows):
            return replace(block, rows=rows[:lines])
    return block


def closest_card(offers: Labelled) -> Card:
    """Admit that a text wasn't understood, and offer the closest things."""
    if offers:
        buttons = [Button(_label(label), line) for label, line in offers]
        return Card("Did you mean one of these?", (Buttons((*buttons, Button("Help", "help"))),))
    return Card(
        "That's beyond me, sorry",
        (
            Paragraph(rich("I know the role, your plan, and how to get you from here to there.")),
            Buttons((Button("What's the role?", "brief"), Button("My plan", "plan show"), Button("Help", "help"))),
        ),
    )


def which_card(choices: Labelled) -> Card:
    """Ask someone who said “yes” to several things which one they mean."""
    return Card("Which one?", (Buttons(tuple(Button(_label(label), line) for label, line in choices)),))


def small_talk_card(
    kind: SmallTalk,
    name: str,
    pack: Pack,
    learner: LearnerSnapshot | None,
    next_checkin: date | None,
    offers: Labelled,
) -> Card:
    """Answer small talk in one warm line, with `offers` that may help. `next_checkin` is a day in the learner's zone."""
    match kind:
        case SmallTalk.HELLO:
            return _hello(name, pack, learner)
        case SmallTalk.THANKS:
            return Card(f"Any time, {name}.{_see_you(learner, next_checkin)}", ())
        case SmallTalk.BYE:
            return Card(f"Talk soon, {name}.", ())
        case SmallTalk.WHO:
            text = Paragraph(rich("I don't store your questions. Your plan is yours."))
            buttons = Buttons((Button("Help", "help", "primary"), Button("Your data", "me show")))
            return Card(f"I'm mentorbot, a bot that helps you become {a_role(pack)}", (text, buttons))
        case SmallTalk.STOP:
            text = Paragraph(rich("I'll still answer when you write."))
            stop, choose = Button("Stop all messages", "checkin settings budget:0"), Button("Choose", "settings")
            return Card("What should I stop?", (text, Buttons((stop, *_pause(learner), choose))))
        case SmallTalk.UNABLE if offers:
            nearest = Buttons(tuple(Button(_label(label), line) for label, line in offers))
            return Card("That's not something I can do, sorry", (Paragraph(rich("The closest I have:")), nearest))
        case _:
            title, body, *own = _IN_A_LINE[kind]
            row = (*own, *(Button(_label(label), line) for label, line in offers))
            return Card(
                title.format(name=name),
                (*((Paragraph(rich(body)),) if body else ()), *((Buttons(row),) if row else ())),
            )


_MY_PLAN, _HELP = Button("My plan", "plan show"), Button("Help", "help")
_IN_A_LINE: Mapping[SmallTalk, tuple[str, str, *tuple[Button, ...]]] = {
    SmallTalk.NOTHING: ("OK, nothing's changed.", ""),
    SmallTalk.AGREEING: ("Yes to what? I must have missed something.", "Tell me in a few words and I'll get on it."),
    SmallTalk.REMARK: ("Alright! I'm here when you need me.", ""),
    SmallTalk.LATER: ("Sounds good. No rush, I'm here when you need me.", ""),
    SmallTalk.STORY: ("Thanks for telling me, {name}", "If there's something I should do about it, just say so."),
    SmallTalk.LAUGH: ("Ha, I hear you 😄", ""),
    SmallTalk.GLAD: ("Glad to hear it, {name}!", ""),
    SmallTalk.SORRY: ("Oh no, sorry to hear that.", "If I can make things lighter for you, just say so."),
    SmallTalk.PRAISE: ("That's great to hear, {name}!", ""),
    SmallTalk.UPSET: ("Sorry about that, {name}", "Tell me what you were after, and I'll try again.", _HELP),
    SmallTalk.WISH: ("Thank you, {name}. The same to you!", ""),
    SmallTalk.NEWS: (
        "Congratulations, {name}! 🎉",
        "If it changes your plans, tell me the new date or your hours per week.",
    ),
    SmallTalk.LOW: (
        "Many people feel that way, {name}",
        "You've come further than it feels. Have a look.",
    ),
    SmallTalk.DONE: ("Yes, that's done", "If it isn't what you wanted, I'll take it back."),
    SmallTalk.REVOCABLE: ("You can change that any time, just tell me", "Nothing's changed yet."),
    SmallTalk.UNABLE: (
        "That's not something I can do, sorry",
        "I keep your plan, ask how your week went, and answer questions about the role. I only read what you write to me.",
        _HELP,
    ),
    SmallTalk.THEIRS: ("That one's theirs to change", "I can pass on a message, though."),
    SmallTalk.APPOINTS: (
        "Mentors sign up themselves",
        "They tell me “I'd like to mentor”, and stop the same way. I'll find their learners someone else then.",
    ),
    SmallTalk.MISREAD: ("Sorry, I got you wrong", "What did you have in mind?"),
    SmallTalk.CHEER: ("That's great, {name}! 🎉 Well done", ""),
    SmallTalk.SETBACK: ("Ouch, that stings, {name}", "It happens to the best. Talking it through usually helps."),
    SmallTalk.ILL: ("Get well soon, {name}", "Your plan can wait, and your streak is safe."),
    SmallTalk.GRIEF: ("I'm so sorry, {name}", "Take the time you need. Your plan can wait."),
    SmallTalk.FAMILY: ("Congratulations, {name}! 🎉", "Take the time you need. Your plan can wait."),
    SmallTalk.DRAINED: ("That sounds like a lot, {name}", "Less is fine, and so is a week off. Your streak is safe."),
    SmallTalk.PRACTISED: ("Good work. That's enough for today", "Ask for another question any time."),
    SmallTalk.LOST: ("That happens to everyone, {name}", "Let's find a smaller way in."),
    SmallTalk.PUZZLED: (
        "What would you like to know?",
        "Just ask in your own words, e.g. “what's next?” or “I'm stuck”.",
        _MY_PLAN,
        _HELP,
    ),
    SmallTalk.OTHERS: ("That may not have been for me", "If it was, tell me what you'd like me to do."),
    SmallTalk.FOREIGN: (
        "I only understand English so far, sorry",
        "A few simple words will do, e.g. “my plan” or “help”.",
        _MY_PLAN,
        _HELP,
    ),
}
"""A title, what stands below it, and buttons, for each kind that needs to know no more than the name."""


def _see_you(learner: LearnerSnapshot | None, next_checkin: date | None) -> str:
    if learner is None or next_checkin is None or next_checkin <= learner.today:
        return ""
    within_days = next_checkin - learner.today < timedelta(weeks=1)
    return f" Talk on {dates.weekday(next_checkin) if within_days else weekday(next_checkin, learner.today)}."


def _pause(learner: LearnerSnapshot | None) -> tuple[Button, ...]:
    """Offer a pause that ends on a Monday, to someone who has anything to pause."""
    if learner is None or learner.is_paused:
        return ()
    back = learner.week + _LONG_PAUSE
    return (Button(f"Pause until {weekday(back, learner.today)}", f"checkin pause until:{back}"),)


def _hello(name: str, pack: Pack, learner: LearnerSnapshot | None) -> Card:
    if learner is None:
        return welcome_card(pack, name)
    if not learner.plan.active:
        text = Paragraph(rich(f"I help you become {a_role(pack)}: straight answers and a plan that fits your week."))
        buttons = Buttons(
            (Button("Start", "start", "primary"), Button("What's the role?", "brief"), Button("Help", "help"))
        )
        return Card(f"Hi {name}!", (text, buttons))
    steps = learner.plan.steps_in_week(learner.week)
    free = "This week's off." if learner.week_is_off else "You're done for this week."
    title = f"Hi {name}! This week: {short(steps[0].text, 80)}" if steps else f"Hi {name}! {free}"
    step = (Button("Open step", f"plan step {steps[0].number}", "primary"),) if steps else ()
    return Card(title, (Buttons((*step, Button("My plan", "plan show"), Button("Help", "help"))),))
