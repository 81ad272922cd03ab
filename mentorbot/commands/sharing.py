"""Answers that a whole channel may read when someone asks in it: those made from the role pack alone.

Anything else may say something about a person, so only they see it. Commands are private unless they're listed here.
"""

from __future__ import annotations

from dataclasses import replace
from functools import wraps

from mentorbot.chat.cards import Answer, Card
from mentorbot.commands.context import Context
from mentorbot.slash.registry import Handler, Registry

SHAREABLE = ("ask", "brief", "skill", "salary", "help", "about", "interview")


def mark_shareable(registry: Registry) -> None:
    """Mark the answers of all `SHAREABLE` commands. Doing it twice changes nothing."""
    for name in SHAREABLE:
        spec = registry.find(tuple(name.split()))
        if spec is None:
            raise ValueError(f"{name} isn't a command")
        if not hasattr(spec.handler, "__wrapped__"):
            registry.commands[spec.path] = replace(spec, handler=_shareable(spec.handler))


def _shareable(handler: Handler) -> Handler:
    @wraps(handler)
    async def answer(context: Context, **options: object) -> Answer:
        card = await handler(context, **options)
        is_own = bool(options.get("answer"))  # an answer given in an interview is its author's
        return (
            replace(card, shareable=True)
            if isinstance(card, Card) and not card.error and not card.shareable and not is_own
            else card
        )

    return answer
