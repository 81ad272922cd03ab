"""The step someone means by what they call it: its number, some of its words, or "this week's step". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from mentorbot.domain.plan import Plan, PlanStep, StepState
from mentorbot.errors import NumberedStep, StepNotFound, StepUnclear
from mentorbot.slash.choices import normalize, short

_NUMBER = re.compile(r"(?:step\s*|no\.?\s*|#\s*)?#?(\d{1,6})(?=[\s,.:;]|$)[\s,.:;]*", re.IGNORECASE)
_FILLERS = frozenset({"the", "a", "an", "my", "step", "steps", "on", "with", "to", "of", "and", "in", "it", "is"})
"""Words that tell no step from another."""
_CURRENT = frozenset(
    {"this", "it", "that", "current", "now", "this week", "this step", "this one", "my step", "this weeks"}
)
"""Ways to say the step of this week."""
_MIN_FUZZY_LENGTH, _MIN_LIKENESS = 4, 80
"""A shorter word that's misspelled could be anything; the likeness is rapidfuzz's, from 0 to 100."""
MAX_SUGGESTED_STEPS = 5
_MAX_LABEL = 60


@dataclass(frozen=True, slots=True)
class FoundStep:
    """A step, and the words after its name."""

    step: PlanStep
    rest: str = ""


def find_step(plan: Plan, text: str) -> PlanStep:
    """Find the step that `text` names as a whole: by its number, or by words that begin words of it.

    Open steps come before finished ones.

    Raises:
        StepNotFound: no step has that number or those words. Its `steps` are the ones to offer instead.
        StepUnclear: several steps have those words. Its `steps` are those.
    """
    if number := _NUMBER.fullmatch(text.strip()):
        return _by_number(plan, int(number[1]))
    matches = _matches(plan, text)
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise StepUnclear(f"Several steps match “{short(text, 40)}”.", steps=matches[:MAX_SUGGESTED_STEPS])
    raise _not_found(plan, f"I can't find a step called “{short(text, 40)}”.")


def find_step_and_rest(plan: Plan, text: str) -> FoundStep:
    """Find the step that the first words of `text` name, as many of them as still name one. The other words are the rest.

    Raises:
        StepNotFound: the first words name no step.
        StepUnclear: the first words name several.
    """
    text = text.strip()
    if number := _NUMBER.match(text):
        return FoundStep(_by_number(plan, int(number[1])), text[number.end() :])
    words = [*re.finditer(r"\S+", text)]
    # A filler tells nothing, so it belongs to the words after the name: “done rag | it works now”.
    ends = [word.end() for word in words if word is words[-1] or normalize(word[0]) not in _FILLERS]
    for end in reversed(ends):
        if len(matches := _matches(plan, text[:end], fuzzy=end == ends[-1])) == 1:
            return FoundStep(matches[0], text[end:].strip())
    for end in reversed(ends):
        if matches := _matches(plan, text[:end]):
            message = f"Several steps match “{short(text[:end], 40)}”."
            raise StepUnclear(message, steps=matches[:MAX_SUGGESTED_STEPS], rest=text[end:].strip())
    raise _not_found(plan, f"I can't find a step called “{short(text, 40)}”.")


def current_steps(plan: Plan) -> tuple[PlanStep, ...]:
    """List the steps to offer first: those of this week, or else the ones that come next."""
    week = plan.laid_out_week
    return (plan.steps_in_week(week) if week else ()) or plan.active


def _by_number(plan: Plan, number: int) -> PlanStep:
    match = next((step for step in plan.steps if step.number == number), None)
    if match is None:
        raise _not_found(plan, f"You don't have a step {number}.")
    return match


def _not_found(plan: Plan, message: str) -> StepNotFound:
    steps = current_steps(plan)[:MAX_SUGGESTED_STEPS]
    return StepNotFound(message, steps=steps, suggestions=[f"plan step {step.number}" for step in steps])


def _matches(plan: Plan, text: str, *, fuzzy: bool = True) -> Sequence[PlanStep]:
    """List the steps that `text` may mean, the open ones if there are any."""
    folded = normalize(text)
    if folded in _CURRENT:
        return _under_way(plan)
    words = [word for word in folded.split() if word not in _FILLERS]
    if not words:
        return ()
    settled = [step for step in plan.steps if step.state is StepState.DONE]
    for steps in (plan.active, settled):
        exact = [step for step in steps if normalize(step.text) == folded]
        if found := exact[:1] or [step for step in steps if _has_words(step, words)]:
            return found
    return [step for step in plan.active if fuzzy and _has_similar_words(step, words)]


def _under_way(plan: Plan) -> Sequence[PlanStep]:
    """List the steps that "this one" may mean: those under way, or else all of this week."""
    steps = current_steps(plan) if plan.laid_out_week and plan.steps_in_week(plan.laid_out_week) else ()
    return [step for step in steps if step.state is StepState.DOING] or steps


def _has_words(step: PlanStep, words: Sequence[str]) -> bool:
    """Check that each of `words` begins a different word of the step's text."""
    left = normalize(step.text).split()
    for word in words:
        match = next((own for own in left if own.startswith(word)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def _has_similar_words(step: PlanStep, words: Sequence[str]) -> bool:
    return all(_similar(word, normalize(step.text).split()) for word in words)


def _similar(word: str, own_words: Sequence[str]) -> bool:
    if any(own.startswith(word) for own in own_words):
        return True
    if len(word) < _MIN_FUZZY_LENGTH:
        return False
    return process.extractOne(word, own_words, scorer=fuzz.ratio, score_cutoff=_MIN_LIKENESS) is not None


def step_labels(steps: Sequence[NumberedStep]) -> Iterator[tuple[str, NumberedStep]]:
    """Yield a short name for each step, with its number only if two have the same name."""
    names = [short(step.text, _MAX_LABEL) for step in steps]
    for name, step in zip(names, steps, strict=True):
        yield (f"{step.number}. {name}" if names.count(name) > 1 else name), step
