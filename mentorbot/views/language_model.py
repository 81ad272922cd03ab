"""The optional language model on cards: the notice before it's used, answers it worded, and the switches for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from mentorbot.chat.cards import (
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
    code,
    rich,
)
from mentorbot.domain.language_model import Consent, LanguageModel, ModelMode
from mentorbot.packs.grounding import GroundedSentence
from mentorbot.packs.passages import Passage
from mentorbot.slash.choices import short
from mentorbot.views.wording import full_stop

_MAX_TITLE_LENGTH, _MAX_NAME_LENGTH, _MAX_LABEL_LENGTH = 120, 60, 70
MODE_LABELS = {
    ModelMode.OFF: "Off",
    ModelMode.PACK: "Answers from the role pack",
    ModelMode.GENERAL: "Also general answers, marked as such",
}
_FEEDBACK = re.compile(r"^(strength|gap|better)\s*:\s*(\S.*)$", re.IGNORECASE | re.MULTILINE)
_WORDED_BY = "Written by"
_STRENGTHS, _MAX_LINE_LENGTH = 2, 400


def model_name(model: str) -> str:
    """Give a model's name, at a length that fits a sentence."""
    return short(model, _MAX_NAME_LENGTH)


# Understanding.


def proposal_card(label: str, line: str, values: Sequence[tuple[str, str]]) -> Card:
    """Say exactly what a button would do that the model proposed: every value it'd use. Nothing has happened yet."""
    facts = (FieldList(tuple((name, rich(value)) for name, value in values)),) if values else ()
    label = short(label, _MAX_LABEL_LENGTH)
    buttons = Buttons((Button(label, line, "primary"), Button("Help", "help")))
    note = Paragraph(rich("Nothing's changed yet."))
    return Card(f"{label}?", (*facts, note, buttons))


def with_reading(card: Card, line: str) -> Card:
    """Say below an answer how a text was read."""
    return replace(card, blocks=(*card.blocks, Footnote(rich("I took that as ", code(short(line, 200)), "."))))


# Answers.


def grounded_card(answer: Card, sentences: Sequence[GroundedSentence], passages: Sequence[Passage], model: str) -> Card:
    """Show an answer that passed the check, each sentence with its sources; the buttons stay those of the plain answer."""
    used = list(dict.fromkeys(number for sentence in sentences for number in sentence.passages))
    lines = [f"{sentence.text} {_marks(sentence, used)}" for sentence in sentences]
    first = sentences[0].text.rstrip(".")
    is_title = len(first) <= _MAX_TITLE_LENGTH
    title = (
        f"{first} {_marks(sentences[0], used)}" if is_title else short(passages[used[0] - 1].topic, _MAX_TITLE_LENGTH)
    )
    shown = lines[1:] if is_title else lines
    sources = tuple(
        rich(f"[{position}] {full_stop(short(passages[number - 1].topic, 80))} {passages[number - 1].label}")
        for position, number in enumerate(used, start=1)
    )
    note = Footnote(rich(f"{_WORDED_BY} {model_name(model)} from these sources."))
    blocks = (*(Paragraph(rich(line)) for line in shown), *map(Footnote, sources), note, *_buttons_of(answer))
    return replace(answer, title=title, blocks=blocks)


def is_grounded(card: Card) -> bool:
    """Return True for an answer that a model worded and that passed the check."""
    notes = (block for block in card.blocks if isinstance(block, Footnote))
    return any(span.text.startswith(_WORDED_BY) for note in notes for span in note.words)


def _marks(sentence: GroundedSentence, used: Sequence[int]) -> str:
    """Number the sources of a sentence in the order they're listed in."""
    return "".join(f"[{used.index(number) + 1}]" for number in sentence.passages)


def general_card(answer: Card, text: str, model: str) -> Card:
    """Show an answer that isn't from the role pack, marked as such."""
    note = f"A general answer by {model_name(model)}, not from my role pack. Nobody has checked it."
    blocks = (Paragraph(rich(text)), Footnote(rich(note)), *_buttons_of(answer))
    return replace(answer, title="Not from my role pack", blocks=blocks)


def _buttons_of(card: Card) -> tuple[Block, ...]:
    return tuple(block for block in card.blocks if isinstance(block, Buttons))


# Coaching.


@dataclass(frozen=True, slots=True)
class Feedback:
    """Feedback on a typed answer to an interview question."""

    strengths: tuple[str, str]
    gap: str
    better: str

    @property
    def lines(self) -> tuple[str, ...]:
        """All of it, line by line."""
        return (*self.strengths, self.gap, self.better)

    def revealed(self, reveal: Callable[[str], str]) -> Feedback:
        """Put names back."""
        first, second, gap, better = map(reveal, self.lines)
        return Feedback((first, second), gap, better)


def read_feedback(text: str) -> Feedback | None:
    """Read two strengths, one gap and one better sentence; None if it's anything else."""
    found: dict[str, list[str]] = {"strength": [], "gap": [], "better": []}
    for kind, line in _FEEDBACK.findall(text):
        found[kind.lower()].append(short(line.strip(), _MAX_LINE_LENGTH))
    if [len(lines) for lines in found.values()] != [_STRENGTHS, 1, 1]:
        return None
    first, second = found["strength"]
    return Feedback((first, second), found["gap"][0], found["better"][0])


def coached_card(answer: Card, feedback: Feedback, model: str) -> Card:
    """Put feedback on top of the signs of a strong answer and the trap."""
    blocks: list[Block] = [
        Heading("What's strong"),
        Bullets(tuple(rich(strength) for strength in feedback.strengths)),
        Paragraph(rich(bold("What's missing: "), feedback.gap)),
        Paragraph(rich(bold("Try saying: "), feedback.better)),
        Footnote(rich(f"Feedback from {model_name(model)}. Check it against the list below.")),
    ]
    return replace(answer, blocks=(*blocks, *answer.blocks), shareable=False)


def summary_card(answer: Card, text: str, model: str) -> Card:
    """Put a summary on top of a mentor's list of learners."""
    note = f"Summarised by {model_name(model)}, only from what's shared, and without those who've declined."
    return replace(answer, blocks=(Paragraph(rich(text)), Footnote(rich(note)), *answer.blocks))


# Consent.


def with_model_named(about: Card, model: LanguageModel) -> Card:
    """Add the model and its endpoint to what the bot says about itself."""
    row = ("Language model", rich(f"{model_name(model.model)} at {model.host}"))
    blocks = tuple(FieldList((*block.rows, row)) if isinstance(block, FieldList) else block for block in about.blocks)
    return replace(about, blocks=(*blocks, Buttons((Button("Language model", "me model"),))))


def with_notice(answer: Card, model: LanguageModel) -> Card:
    """Tell a person once, below an answer, what will be sent from now on."""
    text = (
        f"From now on, I'll ask {model_name(model.model)} at {model.host} when a message isn't clear, and to word my answers. "
        "It gets the message, with names taken out. It also gets what you share with a mentor, if they ask for a summary. "
        "Nothing's been sent yet, and you can say no."
    )
    buttons = Buttons((Button("Not for me", "me model off"), Button("Fine", "me model on")))
    blocks = (*answer.blocks, Paragraph(rich(bold("A language model helps me here. "), text)), buttons)
    return replace(answer, blocks=blocks, shareable=False, public=False)


def no_model_card() -> Card:
    """Say that there's no model, so there's nothing to choose."""
    text = "I do everything without one. Whoever runs this bot can connect one."
    return Card("I don't use a language model", (Paragraph(rich(text)),))


def choice_card(model: LanguageModel, mode: ModelMode, consent: Consent) -> Card:
    """A person's own choice, and what it means."""
    if mode is ModelMode.OFF:
        text = f"An admin can let {model_name(model.model)} at {model.host} help. You'd be told before anything's sent."
        return Card("No language model helps me here", (Paragraph(rich(text)),))
    if consent is Consent.DECLINED:
        text = "Nothing you say is sent to it. I understand a bit less without it."
        return Card("I don't use a language model for you", (Paragraph(rich(text)), Buttons((_USE,))))
    text = (
        f"I ask {model_name(model.model)} at {model.host} when a message isn't clear, and to word my answers. It gets the "
        "message, with names taken out. If your mentor asks for a summary, it gets what you share with them. The rest of "
        "your plan and notes stays here. I save neither what I send nor the reply."
    )
    title = "A language model helps me here" if consent is Consent.GIVEN else "A language model could help me here"
    buttons = (_DONT_USE,) if consent is Consent.GIVEN else (_USE, _DONT_USE)
    return Card(title, (Paragraph(rich(text)), Buttons(buttons)))


_USE, _DONT_USE = Button("Use it", "me model on"), Button("Don't use it for me", "me model off")


def mode_card(model: LanguageModel, mode: ModelMode, *, changed: bool) -> Card:
    """The model's mode in a workspace, for admins."""
    text = (
        f"{model_name(model.model)} at {model.host} only gets what I don't understand, and puts answers from the role pack "
        "into words. I check every figure, name and date. Everyone's told once and can opt out."
    )
    buttons = tuple(
        Button(label, f"admin model {other.value}") for other, label in MODE_LABELS.items() if other is not mode
    )
    lead = "Saved. " if changed else ""
    return Card(f"{lead}Language model: {MODE_LABELS[mode].lower()}", (Paragraph(rich(text)), Buttons(buttons)))
